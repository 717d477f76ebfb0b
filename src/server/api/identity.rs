//! Identities, and AIP with the host's key.

use serde_json::{Value, json};

use super::ok;
use crate::identity::Identity;
use crate::server::body::field;
use crate::server::call::{Call, TokenCall};
use crate::server::error::{ApiError, Outcome};

/// `GET /api/identity[?idKey=]`: all identities, or one.
pub(in crate::server) fn read(call: Call<'_>) -> Outcome {
    let wallet = call.lock.unlocked()?;
    let book = wallet.identities()?;
    let query = url::form_urlencoded::parse(call.request.query.as_bytes());
    let mut wanted = query.filter(|(name, _)| name == "idKey");
    if let Some((_, id)) = wanted.next() {
        let identity = book.iter().find(|identity| identity.id().as_str() == id);
        return match identity {
            Some(identity) => ok(&shown(identity)),
            None => Err(ApiError::NotFound(id.chars().take(100).collect())),
        };
    }
    ok(&json!({
        "identities": book.iter().map(shown).collect::<Vec<_>>(),
        "primaryId": book.primary().map(Identity::id),
        "count": book.len(),
    }))
}

/// `POST /api/identity`: creates one.
pub(in crate::server) fn create(call: Call<'_>) -> Outcome {
    let wallet = call.lock.unlocked()?;
    let name = call.body.required("name")?;
    let created = wallet
        .change_identities(|book, root| book.create(root, name).cloned())
        .map_err(|error| match error {
            crate::wallet::WalletError::Identity(error) => field("name", &error.to_string()),
            other => other.into(),
        })?;
    let mut answer = shown(&created);
    answer["success"] = true.into();
    ok(&answer)
}

/// `POST /api/sign-aip`: AIP over data pushes.
pub(in crate::server) fn sign_aip(call: TokenCall<'_>) -> Outcome {
    let body = &call.body;
    let wrong = |what: &str| field("data", what);
    let pushes = match body.get("data") {
        None => return Err(wrong("is needed")),
        Some(Value::Array(pushes)) => pushes,
        Some(_) => return Err(wrong("must be an array of hex strings")),
    };
    let pushes = pushes
        .iter()
        .enumerate()
        .map(|(index, push)| {
            let bytes = push.as_str().and_then(|hex| hex::decode(hex).ok());
            bytes.ok_or_else(|| wrong(&format!("element {index} is not hex")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let signer = super::crypto::signer(&call)?;
    let operations = call.wallet.sign_aip(&signer, &pushes)?;
    ok(&json!({"signedOps": operations, "success": true}))
}

fn shown(identity: &Identity) -> Value {
    json!({
        "idKey": identity.id(),
        "name": identity.name(),
        "rootAddress": identity.root_address(),
        "counter": identity.counter(),
    })
}
