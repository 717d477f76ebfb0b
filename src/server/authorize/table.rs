//! One table: which paths are pages or OAuth endpoints, by which methods.

use super::Visit;
use super::form::is_form;
use crate::http::{HttpRequest, HttpResponse};
use crate::server::pages::STYLE;

/// Who answers.
pub(in crate::server) type WebHandler = fn(&Visit<'_>) -> HttpResponse;

/// A path, or several names of one thing.
pub(in crate::server) struct WebRoute {
    pub(in crate::server) paths: &'static [&'static str],
    pub(in crate::server) methods: &'static [(&'static str, WebHandler)],
    /// For `Allow`.
    pub(in crate::server) allow: &'static str,
    /// Whether scripts of other pages may ask.
    for_scripts: bool,
}

pub(in crate::server) static WEB: &[WebRoute] = &[
    page(
        "GET, HEAD, POST, OPTIONS",
        &["/"],
        &[
            ("GET", |visit| visit.dashboard()),
            ("POST", |visit| visit.dashboard()),
        ],
    ),
    page(
        "GET, HEAD, POST, OPTIONS",
        &["/oauth2/authorize", "/api/auth/oauth2/authorize"],
        &[
            ("GET", |visit| visit.authorize()),
            ("POST", |visit| visit.authorize()),
        ],
    ),
    page(
        "GET, HEAD, POST, OPTIONS",
        &["/device"],
        &[
            ("GET", |visit| visit.device()),
            ("POST", |visit| visit.device()),
        ],
    ),
    page(
        "GET, HEAD, OPTIONS",
        &["/oauth2/logout"],
        &[("GET", |visit| visit.logout())],
    ),
    page(
        "GET, HEAD, POST, OPTIONS",
        &["/auth"],
        &[
            ("GET", |visit| visit.redirect_login()),
            ("POST", |visit| visit.redirect_login()),
        ],
    ),
    endpoint(
        "POST, OPTIONS",
        &["/api/auth/device/code", "/api/auth/device/token"],
        &[("POST", |visit| visit.device_json())],
    ),
    page(
        "GET, HEAD, OPTIONS",
        &["/api/auth/icon"],
        &[("GET", |visit| visit.icon())],
    ),
    page("GET, HEAD, OPTIONS", &["/style.css"], &[("GET", style)]),
    endpoint(
        "GET, HEAD, OPTIONS",
        &[
            "/.well-known/oauth-authorization-server",
            "/.well-known/openid-configuration",
            "/api/auth/.well-known/openid-configuration",
        ],
        &[("GET", |visit| visit.metadata())],
    ),
    endpoint(
        "GET, HEAD, OPTIONS",
        &["/oauth2/jwks", "/api/auth/jwks"],
        &[("GET", |visit| visit.jwks())],
    ),
    endpoint(
        "POST, OPTIONS",
        &["/oauth2/token", "/api/auth/oauth2/token"],
        &[("POST", |visit| visit.token())],
    ),
    endpoint(
        "GET, HEAD, POST, OPTIONS",
        &["/oauth2/userinfo", "/api/auth/oauth2/userinfo"],
        &[
            ("GET", |visit| visit.userinfo()),
            ("POST", |visit| visit.userinfo()),
        ],
    ),
    endpoint(
        "POST, OPTIONS",
        &["/oauth2/revoke"],
        &[("POST", |visit| visit.revoke())],
    ),
    endpoint(
        "POST, OPTIONS",
        &["/oauth2/introspect"],
        &[("POST", |visit| visit.introspect())],
    ),
    endpoint(
        "POST, OPTIONS",
        &["/oauth2/device_authorization"],
        &[("POST", |visit| visit.device_authorization())],
    ),
];

const fn page(
    allow: &'static str,
    paths: &'static [&'static str],
    methods: &'static [(&'static str, WebHandler)],
) -> WebRoute {
    WebRoute {
        paths,
        methods,
        allow,
        for_scripts: false,
    }
}

const fn endpoint(
    allow: &'static str,
    paths: &'static [&'static str],
    methods: &'static [(&'static str, WebHandler)],
) -> WebRoute {
    WebRoute {
        paths,
        methods,
        allow,
        for_scripts: true,
    }
}

/// The route of a request, if it is for a page or an OAuth endpoint.
pub(in crate::server) fn web_route(request: &HttpRequest) -> Option<&'static WebRoute> {
    // Older clients ask for a token at `/auth`, too: in JSON.
    let is_json = !is_form(request) && matches!(request.method.as_str(), "POST" | "OPTIONS");
    if request.path == "/auth" && is_json {
        return None;
    }
    WEB.iter()
        .find(|route| route.paths.contains(&request.path.as_str()))
}

impl WebRoute {
    /// Answers a request.
    pub(in crate::server) fn answer(&self, visit: &Visit<'_>) -> HttpResponse {
        let method = visit.request.method.as_str();
        if method == "OPTIONS" {
            return visit.preflight(self.allow, self.for_scripts);
        }
        let wanted = if method == "HEAD" { "GET" } else { method };
        match self.methods.iter().find(|(known, _)| *known == wanted) {
            Some((_, handler)) => handler(visit),
            None => visit.wrong_method(self.allow),
        }
    }
}

fn style(_: &Visit<'_>) -> HttpResponse {
    HttpResponse::new(200, "text/css; charset=utf-8", STYLE)
        .with_header("Cache-Control", "public, max-age=3600")
        .with_header("X-Content-Type-Options", "nosniff")
}
