//! The handlers, one file per group of endpoints: read fields, call the
//! wallet, name the answer. No wallet logic is here.

pub(super) mod access;
pub(super) mod crypto;
pub(super) mod identity;
pub(super) mod info;
pub(super) mod profile;
pub(super) mod status;
pub(super) mod wallet;

use serde_json::{Value, json};

use super::error::Outcome;
use super::reply::json_response;
use crate::wallet::{Timestamp, TokenInfo};

/// When a token ends, in ms since 1970; 0 is never.
fn expire_time(token: &TokenInfo) -> u64 {
    token.expires.map_or(0, Timestamp::as_millis)
}

fn ok(document: &Value) -> Outcome {
    Ok(json_response(200, document))
}

fn done() -> Outcome {
    ok(&json!({"success": true}))
}
