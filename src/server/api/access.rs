//! Access tokens.

use serde_json::{Value, json};

use super::{expire_time, ok};
use crate::server::body::{Body, field, parse};
use crate::server::call::Call;
use crate::server::caller::Caller;
use crate::server::error::{ApiError, Outcome};
use crate::wallet::{Expiry, Grant, Host, Scope, Scopes, WalletError};

/// `POST /api/auth`
pub(in crate::server) fn auth(call: Call<'_>) -> Outcome {
    let outcome = grant(&call);
    if let Err(error) = &outcome
        && matches!(error.status(), 401 | 403)
    {
        let subject = call.body.text("host").ok().flatten().unwrap_or_default();
        let subject: String = subject.chars().take(100).collect();
        call.refusals.record(&subject, error);
    }
    outcome
}

fn grant(call: &Call<'_>) -> Outcome {
    let lock = call.lock;
    let body = &call.body;
    // An approved page needs no password while the wallet is unlocked. Everybody
    // else must prove to have it before anything else is looked at.
    let wallet = match body.password("password")? {
        Some(password) => lock.unlock(lock.wallet().unlock(&password)?),
        None if matches!(call.caller, Caller::ApprovedPage(_)) => {
            let wallet = lock.unlocked()?;
            lock.touch();
            wallet
        }
        None => return Err(ApiError::PasswordNeeded),
    };
    let host: Host = parse("host", body.required("host")?)?;
    call.caller.may_use(&host)?;
    let expiry: Option<Expiry> = match body.get("expire") {
        Some(_) => body.parsed("expire")?,
        None => body.parsed("expiry")?,
    };
    let grant = Grant {
        host,
        scopes: scopes(body)?,
        expiry: expiry.unwrap_or_default(),
        icon: body.text("icon")?.map(str::to_owned),
        identity: body.parsed("identityKey")?,
    };
    let granted = wallet.grant(&grant).map_err(|error| match error {
        WalletError::Identity(error) => field("identityKey", &error.to_string()),
        other => other.into(),
    })?;
    let info = granted.info;
    let bap_id = match info.identity.clone() {
        Some(identity) => identity,
        None => wallet.bap_id()?,
    };
    ok(&json!({
        "success": true,
        "accessToken": granted.token.expose(),
        "expireTime": expire_time(&info),
        "host": info.host,
        "bapId": bap_id,
    }))
}

/// A comma-separated string, or an array of strings.
fn scopes(body: &Body) -> Result<Scopes, ApiError> {
    let wrong = |error: crate::wallet::AccessError| field("scopes", &error.to_string());
    match body.get("scopes") {
        None => Ok(Scopes::default()),
        Some(Value::String(text)) => text.parse().map_err(wrong),
        Some(Value::Array(words)) => words
            .iter()
            .map(|word| match word.as_str() {
                Some(word) => word.parse::<Scope>().map_err(wrong),
                None => Err(field("scopes", "must be an array of strings")),
            })
            .collect(),
        Some(_) => Err(field("scopes", "must be a string or an array of strings")),
    }
}
