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
    /// Whether scripts of other pages may ask.
    for_scripts: bool,
}

pub(in crate::server) static WEB: &[WebRoute] = &[
    page(
        &["/"],
        &[
            ("GET", |visit| visit.dashboard()),
            ("POST", |visit| visit.dashboard()),
        ],
    ),
    page(
        &["/oauth2/authorize", "/api/auth/oauth2/authorize"],
        &[
            ("GET", |visit| visit.authorize()),
            ("POST", |visit| visit.authorize()),
        ],
    ),
    page(
        &["/device"],
        &[
            ("GET", |visit| visit.device()),
            ("POST", |visit| visit.device()),
        ],
    ),
    page(&["/oauth2/logout"], &[("GET", |visit| visit.logout())]),
    page(
        &["/auth"],
        &[
            ("GET", |visit| visit.redirect_login()),
            ("POST", |visit| visit.redirect_login()),
        ],
    ),
    endpoint(
        &["/api/auth/device/code", "/api/auth/device/token"],
        &[("POST", |visit| visit.device_json())],
    ),
    page(&["/api/auth/icon"], &[("GET", |visit| visit.icon())]),
    page(&["/style.css"], &[("GET", style)]),
    endpoint(
        &[
            "/.well-known/oauth-authorization-server",
            "/.well-known/openid-configuration",
            "/api/auth/.well-known/openid-configuration",
        ],
        &[("GET", |visit| visit.metadata())],
    ),
    endpoint(
        &["/oauth2/jwks", "/api/auth/jwks"],
        &[("GET", |visit| visit.jwks())],
    ),
    endpoint(
        &["/oauth2/token", "/api/auth/oauth2/token"],
        &[("POST", |visit| visit.token())],
    ),
    endpoint(
        &["/oauth2/userinfo", "/api/auth/oauth2/userinfo"],
        &[
            ("GET", |visit| visit.userinfo()),
            ("POST", |visit| visit.userinfo()),
        ],
    ),
    endpoint(&["/oauth2/revoke"], &[("POST", |visit| visit.revoke())]),
    endpoint(
        &["/oauth2/introspect"],
        &[("POST", |visit| visit.introspect())],
    ),
    endpoint(
        &["/oauth2/device_authorization"],
        &[("POST", |visit| visit.device_authorization())],
    ),
];

const fn page(
    paths: &'static [&'static str],
    methods: &'static [(&'static str, WebHandler)],
) -> WebRoute {
    WebRoute {
        paths,
        methods,
        for_scripts: false,
    }
}

const fn endpoint(
    paths: &'static [&'static str],
    methods: &'static [(&'static str, WebHandler)],
) -> WebRoute {
    WebRoute {
        paths,
        methods,
        for_scripts: true,
    }
}

/// The route of a request, if it is for a page or an OAuth endpoint.
pub(in crate::server) fn web_route(request: &HttpRequest) -> Option<&'static WebRoute> {
    // Older clients ask for a token at `/auth`, too: in JSON.
    let is_json = !is_form(request) && matches!(&*request.method, "POST" | "OPTIONS");
    if request.path == "/auth" && is_json {
        return None;
    }
    find(&request.path)
}

/// The methods that are answered there.
pub(in crate::server) fn methods(path: &str) -> impl Iterator<Item = &'static str> + use<> {
    let methods = find(path).into_iter().flat_map(|route| route.methods);
    methods.map(|(method, _)| *method)
}

fn find(path: &str) -> Option<&'static WebRoute> {
    WEB.iter().find(|route| route.paths.contains(&path))
}

impl WebRoute {
    /// Answers a request; `allowed` says which methods the path has.
    pub(in crate::server) fn answer(
        &self,
        visit: &Visit<'_>,
        allowed: impl FnOnce() -> String,
    ) -> HttpResponse {
        let method = &*visit.request.method;
        if method == "OPTIONS" {
            return visit.preflight(allowed(), self.for_scripts);
        }
        let wanted = if method == "HEAD" { "GET" } else { method };
        match self.methods.iter().find(|(known, _)| *known == wanted) {
            Some((_, handler)) => handler(visit),
            None => visit.wrong_method(allowed()),
        }
    }
}

fn style(_: &Visit<'_>) -> HttpResponse {
    HttpResponse::new(200, "text/css; charset=utf-8", STYLE)
        .with_header("Cache-Control", "public, max-age=3600")
        .with_header("X-Content-Type-Options", "nosniff")
}
