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

/// The headers of a page with forms, which may go here and be sent on to
/// `form_target`. With `no-referrer` Chromium would send our own forms with
/// `Origin: null`; with `'self'` alone it cancels the redirect back to the app.
pub(super) fn page_headers(response: HttpResponse, form_target: Option<&str>) -> HttpResponse {
    let target = form_target.map(|target| format!(" {target}"));
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'{}",
        target.unwrap_or_default()
    );
    response
        .with_header("Cache-Control", "no-store")
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header("X-Frame-Options", "DENY")
        .with_header("Content-Security-Policy", policy)
        .with_header("Referrer-Policy", "same-origin")
        .with_header("Cross-Origin-Resource-Policy", "same-origin")
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
