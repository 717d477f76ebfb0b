//! What needs no wallet: health, the session key, the contract.

use super::ok;
use crate::http::HttpResponse;
use crate::server::call::Call;
use crate::server::error::Outcome;
use crate::server::reply::harden;
use crate::wire::server::{BodyKey, Health};

/// The contract: OpenAPI 3.1.
pub(in crate::server) const OPENAPI: &str = include_str!("openapi.json");

/// `GET /api/health`: without touching the disk.
pub(in crate::server) fn health(_: Call<'_>) -> Outcome {
    ok(&Health {
        ok: true,
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// `GET /api/session-key`
pub(in crate::server) fn session_key(call: Call<'_>) -> Outcome {
    ok(&BodyKey {
        public_key: call.body_key.public_key(),
    })
}

/// `GET /api/openapi.json`
pub(in crate::server) fn openapi(_: Call<'_>) -> Outcome {
    Ok(harden(HttpResponse::json(200, OPENAPI)))
}
