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
use super::transport::HttpResponse;

type Answer = Result<HttpResponse, ApiError>;

fn ok(document: &Value) -> Answer {
    Ok(json_response(200, document))
}

fn done() -> Answer {
    ok(&json!({"success": true}))
}
