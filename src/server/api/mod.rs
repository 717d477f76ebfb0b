//! The handlers, one file per group of endpoints: read fields, call the
//! wallet, name the answer. No wallet logic is here.

pub(super) mod access;
pub(super) mod crypto;
pub(super) mod identity;
pub(super) mod info;
pub(super) mod profile;
pub(super) mod wallet;

use serde_json::{Value, json};

use super::reply::{ApiError, json_response};
use crate::http::HttpResponse;
use crate::wallet::{Timestamp, TokenInfo};

type Answer = Result<HttpResponse, ApiError>;

/// When a token ends, in ms since 1970; 0 is never.
fn expire_time(token: &TokenInfo) -> u64 {
    token.expires.map_or(0, Timestamp::as_millis)
}

fn ok(document: &Value) -> Answer {
    Ok(json_response(200, document))
}

fn done() -> Answer {
    ok(&json!({"success": true}))
}
