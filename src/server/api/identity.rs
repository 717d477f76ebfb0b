//! Identities, and AIP with the host's key.

use serde_json::{Value, json};

use super::ok;
use crate::http::HttpRequest;
use crate::identity::Identity;
use crate::server::body::field;
use crate::server::call::{Call, TokenCall};
use crate::server::error::{ApiError, Outcome};

/// `GET /api/identity[?idKey=]`: all identities, or one.
pub(in crate::server) fn read(call: Call<'_>) -> Outcome {
    let wallet = call.lock.unlocked()?;
    let book = wallet.identities()?;
    if let Some(id) = wanted(call.request) {
        let identity = book.iter().find(|identity| identity.id().as_str() == id);
        return match identity {
            Some(identity) => ok(&shown(identity)),
            None => Err(nothing_at(&id)),
        };
    }
    ok(&json!({
        "identities": book.iter().map(shown).collect::<Vec<_>>(),
        "primaryId": book.primary().map(Identity::id),
        "count": book.len(),
    }))
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
        Some(identity) => ok(&shown(identity)),
        None => Err(nothing_at(own.as_str())),
    }
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

/// The identity that the query asks for.
fn wanted(request: &HttpRequest) -> Option<String> {
    let mut query = url::form_urlencoded::parse(request.query.as_bytes());
    let (_, id) = query.find(|(name, _)| name == "idKey")?;
    Some(id.into_owned())
}

fn nothing_at(id: &str) -> ApiError {
    ApiError::NotFound(id.chars().take(100).collect())
}

fn shown(identity: &Identity) -> Value {
    json!({
        "idKey": identity.id(),
        "name": identity.name(),
        "rootAddress": identity.root_address(),
        "counter": identity.counter(),
    })
}
