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

/// Request headers that every page may send.
const HEADERS: &str = "Authorization, Content-Type";

/// Names of further headers that a preflight may ask for.
const MOST_HEADERS: usize = 64;

/// The answer to a preflight of a page that may ask (Fetch, "CORS protocol";
/// Private Network Access). An approved page may send any header: tracing and
/// the like add their own, and none has a meaning here that gives a right.
pub(in crate::server) fn preflight(
    request: &HttpRequest,
    methods: String,
    is_approved: bool,
) -> HttpResponse {
    let headers = match request.header("Access-Control-Request-Headers") {
        Some(asked) if is_approved => with_asked(asked),
        _ => HEADERS.to_owned(),
    };
    let response = HttpResponse::empty(204)
        .with_header("Allow", methods.clone())
        .with_header("Access-Control-Allow-Methods", methods)
        .with_header("Access-Control-Allow-Headers", headers)
        .with_header("Access-Control-Max-Age", "600");
    if request.header("Access-Control-Request-Private-Network") == Some("true") {
        response.with_header("Access-Control-Allow-Private-Network", "true")
    } else {
        response
    }
}

/// The usual headers and those asked for, as far as they are names of headers.
fn with_asked(asked: &str) -> String {
    let usual = |name: &str| {
        let mut known = HEADERS.split(", ");
        known.any(|known| known.eq_ignore_ascii_case(name))
    };
    let asked = asked.split(',').map(str::trim);
    let asked = asked.filter(|name| is_name(name) && !usual(name));
    let mut headers = HEADERS.to_owned();
    for name in asked.take(MOST_HEADERS) {
        headers += ", ";
        headers += name;
    }
    headers
}

/// RFC 9110, section 5.6.2.
fn is_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    // A bare `*` would stand for all.
    !name.is_empty() && name != "*" && name.bytes().all(token)
}
