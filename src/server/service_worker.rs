//! Service workers that a program left behind which had this port before us.
//!
//! One could stand between the browser and our pages and show a page of its
//! own at our address. Browsers look for a newer version of a worker's script
//! when somebody comes here, past the worker itself, and say so: whatever the
//! script was called, its newer version is one that removes itself.

use super::reply::harden;
use crate::http::{HttpRequest, HttpResponse};

const FAREWELL: &str = "\
// A program that once used this port left a service worker here. It goes.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.registration.unregister()));
";

/// Whether a browser asks for a worker's script (Service Workers, "Service-Worker"
/// request header). No page and no client of ours does.
pub(super) fn is_asked_for(request: &HttpRequest) -> bool {
    request.method == "GET" && request.header("Service-Worker") == Some("script")
}

/// The script that removes the worker.
pub(super) fn farewell() -> HttpResponse {
    harden(HttpResponse::new(
        200,
        "text/javascript; charset=utf-8",
        FAREWELL,
    ))
}
