//! Who may come to a page: a person who followed a link, and our own forms.
//!
//! A page of anybody's may lead here, and a frame or a script of anybody's may
//! not. Browsers say which it is (Fetch Metadata); a program can say anything,
//! and gains nothing by it, since what a page gives needs the password.

use crate::http::HttpRequest;

/// How a request reached a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Entrance {
    /// A link, a redirect, the address bar, or a form from elsewhere.
    Navigation,
    /// A form of one of our own pages.
    OwnForm,
    /// A frame, a script, a form that hides where it came from.
    Closed,
}

/// How this request reached the page of `issuer`.
pub(in crate::server) fn entrance(request: &HttpRequest, issuer: &str) -> Entrance {
    if !is_navigation(request) {
        return Entrance::Closed;
    }
    if request.method != "POST" {
        // Browsers name an origin only where a script asks.
        return match request.header("Origin") {
            None => Entrance::Navigation,
            Some(_) => Entrance::Closed,
        };
    }
    let mut origins = request.header_values("Origin");
    match (origins.next(), origins.next()) {
        (Some(origin), None) if origin == issuer && is_same_origin(request) => Entrance::OwnForm,
        (Some("null"), _) | (None, _) | (_, Some(_)) => Entrance::Closed,
        // Our own origin by another of our names, or forged: not our form.
        (Some(_), None) => Entrance::Navigation,
    }
}

/// A whole document in a window of its own (Fetch Metadata, 2). Browsers that
/// do not say are taken at their word; `frame-ancestors` keeps their frames out.
fn is_navigation(request: &HttpRequest) -> bool {
    let destination = request.header("Sec-Fetch-Dest");
    if matches!(destination, Some("frame" | "iframe" | "embed" | "object")) {
        return false;
    }
    match request.header("Sec-Fetch-Site") {
        None => true,
        Some(_) => {
            request.header("Sec-Fetch-Mode") == Some("navigate") && destination == Some("document")
        }
    }
}

fn is_same_origin(request: &HttpRequest) -> bool {
    matches!(request.header("Sec-Fetch-Site"), None | Some("same-origin"))
}
