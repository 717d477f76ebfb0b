//! What every answer of the API looks like.

use serde::Serialize;

use crate::http::HttpResponse;
use crate::wire;

/// A JSON answer with the headers that all answers have.
pub(super) fn json_response(status: u16, answer: &impl Serialize) -> HttpResponse {
    // Moved, not copied: it may hold a secret.
    let document = std::mem::take(&mut *wire::to_json(answer));
    harden(HttpResponse::json(status, document))
}

/// No cache keeps an answer, no page frames it or guesses its type.
pub(super) fn harden(response: HttpResponse) -> HttpResponse {
    response
        .with_header("Cache-Control", "no-store")
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header(
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors 'none'",
        )
        .with_header("Referrer-Policy", "no-referrer")
        .with_header("Cross-Origin-Resource-Policy", "same-origin")
}
