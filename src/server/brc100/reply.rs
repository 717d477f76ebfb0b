//! What every answer looks like.

use serde::Serialize;

use crate::http::HttpResponse;
use crate::server::reply::harden;

/// A JSON answer.
pub(super) fn answer(status: u16, answer: &impl Serialize) -> HttpResponse {
    let document = serde_json::to_vec(answer).expect("an answer has nothing that can fail");
    harden(HttpResponse::json(status, document))
}
