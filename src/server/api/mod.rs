//! The handlers, one file per group of endpoints: read fields, call the
//! wallet, name the answer. No wallet logic is here.

pub(super) mod access;
pub(super) mod activity;
pub(super) mod agent;
pub(super) mod crypto;
pub(super) mod identity;
pub(super) mod info;
pub(super) mod origin;
pub(super) mod permission;
pub(super) mod profile;
pub(super) mod status;
pub(super) mod transaction;
pub(super) mod wallet;

use serde::Serialize;

use super::error::Outcome;
use super::reply::json_response;
use crate::wire::wallet::DONE;

fn ok(answer: &impl Serialize) -> Outcome {
    Ok(json_response(200, answer))
}

fn done() -> Outcome {
    ok(&DONE)
}
