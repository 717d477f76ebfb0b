//! Access tokens.

use super::ok;
use crate::server::call::Call;
use crate::server::caller::Caller;
use crate::server::error::{ApiError, Outcome};
use crate::text::excerpt;
use crate::wallet::{Grant, WalletError};
use crate::wire::access::{Auth, Granted};

/// `POST /api/auth`
pub(in crate::server) fn auth(call: Call<'_>) -> Outcome {
    let outcome = grant(&call);
    if let Err(error) = &outcome
        && matches!(error.status(), 401 | 403)
    {
        let subject = call.body.text("host").unwrap_or_default();
        call.refusals
            .record(&excerpt(subject, 100), &error.to_string());
    }
    outcome
}

fn grant(call: &Call<'_>) -> Outcome {
    let lock = call.lock;
    let asked = Auth::read(&call.body)?;
    // An approved page needs no password while the wallet is unlocked. Everybody
    // else must prove to have it before anything else is looked at.
    let knows_password = asked.password.is_some();
    let wallet = match asked.password {
        Some(password) => lock.unlock(call.wallet().unlock(&password)?),
        None if matches!(call.caller, Caller::ApprovedPage(_)) => lock.unlocked()?,
        None => return Err(ApiError::PasswordNeeded),
    };
    let wish = asked.wish?;
    call.caller.may_use(&wish.host)?;
    lock.count_use();
    let grant = Grant {
        expiry: wish.expiry(),
        host: wish.host,
        scopes: wish.scopes,
        icon: wish.icon,
        identity: wish.identity_key,
        max_satoshis: wish.max_satoshis,
    };
    let primary = wallet.bap_id()?;
    let granted = if knows_password {
        wallet.grant(&grant)
    } else {
        wallet.grant_to_page(&grant)
    };
    let granted = granted.map_err(|error| match error {
        WalletError::Identity(error) => ApiError::field("identityKey", error),
        other => other.into(),
    })?;
    ok(&Granted::new(granted, primary))
}
