//! Identities, and AIP with the host's key.

use super::ok;
use crate::server::call::{Call, TokenCall};
use crate::server::error::{ApiError, Outcome};
use crate::wallet::WalletError;
use crate::wire::Success;
use crate::wire::identity::{CreatedIdentity, Identities, Identity, NewIdentity};
use crate::wire::sign::{SignAip, SignedAip};

/// `GET /api/identity[?idKey=]`: all identities, or one.
pub(in crate::server) fn read(call: Call<'_>) -> Outcome {
    let wallet = call.lock.unlocked()?;
    call.lock.count_use();
    let book = wallet.identities()?;
    let query = url::form_urlencoded::parse(call.request.query.as_bytes());
    let mut wanted = query.filter(|(name, _)| name == "idKey");
    if let Some((_, id)) = wanted.next() {
        let identity = book.iter().find(|identity| identity.id().as_str() == id);
        return match identity {
            Some(identity) => ok(&Identity::from(identity)),
            None => Err(ApiError::NotFound(id.chars().take(100).collect())),
        };
    }
    ok(&Identities::from(&book))
}

/// `POST /api/identity`: creates one.
pub(in crate::server) fn create(call: Call<'_>) -> Outcome {
    let wallet = call.lock.unlocked()?;
    call.lock.count_use();
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
