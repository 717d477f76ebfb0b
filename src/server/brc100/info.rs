//! What needs no key.

use super::call::Call;
use super::error::{CallError, Outcome};
use super::reply::answer;
use crate::http::HttpResponse;
use crate::server::error::ApiError;
use crate::server::reply::harden;
use crate::wire::brc100::{Authenticated, Network, Version};

/// The contract: OpenAPI 3.1.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

/// `GET /openapi.json`
pub(super) fn openapi() -> HttpResponse {
    harden(HttpResponse::json(200, OPENAPI))
}

pub(super) fn get_version() -> HttpResponse {
    let version = concat!("tokenpass-", env!("CARGO_PKG_VERSION"));
    answer(200, &Version { version })
}

pub(super) fn get_network(_: &Call<'_>) -> Outcome {
    let network = "mainnet";
    Ok(answer(200, &Network { network }))
}

pub(super) fn is_authenticated(call: &Call<'_>) -> Outcome {
    let authenticated = call.lock.is_unlocked();
    Ok(answer(200, &Authenticated { authenticated }))
}

/// Waits until the wallet is unlocked.
pub(super) fn wait_for_authentication(call: &Call<'_>) -> Outcome {
    let look = || Ok::<_, CallError>(call.lock.is_unlocked().then_some(()));
    if look()?.is_none() {
        let clock = call.lock.wallet().environment();
        let came = call.waiting.until(clock, look)?;
        came.ok_or(ApiError::Locked)?;
    }
    let authenticated = true;
    Ok(answer(200, &Authenticated { authenticated }))
}
