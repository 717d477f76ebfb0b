//! What a page's browser must be told, so that the page may read an answer.

use crate::http::{HttpRequest, HttpResponse};
use crate::wallet::Origin;

/// Lets the pages of that origin, and no other, read the answer.
pub(in crate::server) fn readable_by(
    response: HttpResponse,
    origin: Option<&Origin>,
) -> HttpResponse {
    let response = response.with_header("Vary", "Origin");
    match origin {
        Some(origin) => response
            .with_header("Access-Control-Allow-Origin", origin.as_str().to_owned())
            .with_header("Access-Control-Expose-Headers", "Retry-After"),
        None => response,
    }
}

/// The answer to a preflight of a page that may ask (Fetch, "CORS protocol";
/// Private Network Access).
pub(in crate::server) fn preflight(request: &HttpRequest, methods: &'static str) -> HttpResponse {
    let response = HttpResponse::empty(204)
        .with_header("Allow", methods)
        .with_header("Access-Control-Allow-Methods", methods)
        .with_header(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type",
        )
        .with_header("Access-Control-Max-Age", "600");
    if request.header("Access-Control-Request-Private-Network") == Some("true") {
        response.with_header("Access-Control-Allow-Private-Network", "true")
    } else {
        response
    }
}
