//! Token requests that a client signs: `X-Auth-Token` holds a bitcoin-auth token
//! over the path and the very body.

use super::client::Client;
use super::credentials::{Credentials, SignedRequest};
use super::error::{ErrorCode, OAuthError};

use crate::crypto::auth_token::{self, AuthToken, AuthTokenError};
use crate::wallet::Timestamp;

/// How far the client's clock may be from ours, in milliseconds: what
/// bitcoin-auth itself allows.
const MAX_AGE_MS: u64 = 5 * 60 * 1000;

/// Demands the signature of a client that has a key pinned. Anybody else's
/// proves nothing that we could check, so it is not looked at.
pub(super) fn check_signature(
    client: &Client,
    credentials: &Credentials<'_>,
    now: Timestamp,
) -> Result<(), OAuthError> {
    let Client::Owned(owned) = client else {
        return Ok(());
    };
    let Some(pinned) = &owned.key else {
        return Ok(());
    };
    let refuse = |why: String| Err(OAuthError::new(ErrorCode::InvalidClient, why));
    let Some(text) = credentials.signed.token else {
        return refuse("the client has a key: `X-Auth-Token` must be sent, once".to_owned());
    };
    match verified(text, &credentials.signed, now) {
        Ok(token) if token.public_key.to_string() == *pinned => Ok(()),
        Ok(_) => refuse("`X-Auth-Token` is signed with another key than the client's".to_owned()),
        Err(error) => refuse(format!("`X-Auth-Token`: {error}")),
    }
}

fn verified(
    text: &str,
    signed: &SignedRequest<'_>,
    now: Timestamp,
) -> Result<AuthToken, AuthTokenError> {
    let token: AuthToken = text.parse()?;
    auth_token::verify(
        &token,
        signed.path,
        signed.body,
        now.as_millis(),
        MAX_AGE_MS,
    )?;
    Ok(token)
}
