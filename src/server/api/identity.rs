//! Identities, and AIP with the host's key.

use super::ok;
use crate::http::HttpRequest;
use crate::server::call::{Call, TokenCall};
use crate::server::error::{ApiError, Outcome};
use crate::text::excerpt;
use crate::wallet::WalletError;
use crate::wire::Success;
use crate::wire::identity::{CreatedIdentity, Identities, Identity, NewIdentity};
use crate::wire::sign::{SignAip, SignedAip};

/// `GET /api/identity[?idKey=]`: all identities, or one.
pub(in crate::server) fn read(call: Call<'_>) -> Outcome {
    let wallet = call.lock.unlocked()?;
    let book = wallet.identities()?;
    if let Some(id) = wanted(call.request) {
        let identity = book.iter().find(|identity| identity.id().as_str() == id);
        return match identity {
            Some(identity) => ok(&Identity::from(identity)),
            None => Err(nothing_at(&id)),
        };
    }
    ok(&Identities::from(&book))
}

/// `GET /api/identity[?idKey=]` with a token: the identity that it was granted
/// for, and no other.
pub(in crate::server) fn read_with_token(call: TokenCall<'_>) -> Outcome {
    let wanted = wanted(call.request);
    let Some(own) = &call.token.identity else {
        return Err(nothing_at(wanted.as_deref().unwrap_or("idKey")));
    };
    if let Some(id) = wanted.filter(|id| id != own.as_str()) {
        return Err(nothing_at(&id));
    }
    let book = call.wallet.identities()?;
    match book.iter().find(|identity| identity.id() == own) {
        Some(identity) => ok(&Identity::from(identity)),
        None => Err(nothing_at(own.as_str())),
    }
}

/// `POST /api/identity`: creates one.
pub(in crate::server) fn create(call: Call<'_>) -> Outcome {
    let wallet = call.lock.unlocked()?;
    let NewIdentity { name } = call.body.read()?;
    let created = wallet
        .change_identities(|book, root| book.create(root, &name).cloned())
        .map_err(|error| match error {
            WalletError::Identity(error) => ApiError::field("name", error),
            other => other.into(),
        })?;
    ok(&CreatedIdentity {
        success: Success,
        identity: Identity::from(&created),
    })
}

/// `POST /api/sign-aip`: AIP over data pushes.
pub(in crate::server) fn sign_aip(call: TokenCall<'_>) -> Outcome {
    let asked: SignAip = call.body.read()?;
    let signer = super::crypto::signer(&call, asked.identity_key.as_deref())?;
    ok(&SignedAip {
        signed_ops: call.wallet.sign_aip(&signer, &asked.data)?,
        success: Success,
    })
}

/// The identity that the query asks for.
fn wanted(request: &HttpRequest) -> Option<String> {
    let mut query = url::form_urlencoded::parse(request.query.as_bytes());
    let (_, id) = query.find(|(name, _)| name == "idKey")?;
    Some(id.into_owned())
}

fn nothing_at(id: &str) -> ApiError {
    ApiError::NotFound(excerpt(id, 100))
}
