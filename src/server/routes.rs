//! One table of all endpoints: path, method, what a request must bring, handler.

use super::api;
use super::call::{Call, TokenCall};
use super::error::{ApiError, Outcome};
use crate::http::HttpRequest;
use crate::wallet::Scope;

/// What a request must bring, and who answers it. A handler's type says what
/// was checked before it.
#[derive(Clone, Copy)]
pub(super) enum Needs {
    /// Nothing; a body is not looked at.
    Nothing(fn(Call<'_>) -> Outcome),
    /// A wallet in this state, and a JSON object.
    Body(Presence, fn(Call<'_>) -> Outcome),
    /// An access token with one of these scopes (none: any token), of a
    /// wallet that is unlocked; and for `POST` a JSON object.
    Token(&'static [Scope], fn(TokenCall<'_>) -> Outcome),
}

/// What must be there of the wallet. It is looked at before the body, so that
/// a caller who gets this wrong is told so first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Any.
    Any,
    /// There is none yet.
    Absent,
    /// There is one, locked or not.
    Present,
    /// Unlocked.
    Unlocked,
}

#[derive(Clone, Copy)]
pub(super) struct Endpoint {
    pub(super) method: &'static str,
    pub(super) needs: Needs,
}

pub(super) struct Route {
    /// Without the prefix `/api`.
    path: &'static str,
    /// For `Allow`.
    pub(super) methods: &'static str,
    /// Whether pages of origins that are not approved may GET it.
    for_strangers: bool,
    endpoints: &'static [Endpoint],
}

const fn get(handler: fn(Call<'_>) -> Outcome) -> Endpoint {
    Endpoint {
        method: "GET",
        needs: Needs::Nothing(handler),
    }
}

const fn post(presence: Presence, handler: fn(Call<'_>) -> Outcome) -> Endpoint {
    Endpoint {
        method: "POST",
        needs: Needs::Body(presence, handler),
    }
}

const fn with_token(
    method: &'static str,
    scopes: &'static [Scope],
    handler: fn(TokenCall<'_>) -> Outcome,
) -> Endpoint {
    Endpoint {
        method,
        needs: Needs::Token(scopes, handler),
    }
}

const fn on(path: &'static str, methods: &'static str, endpoints: &'static [Endpoint]) -> Route {
    Route {
        path,
        methods,
        for_strangers: false,
        endpoints,
    }
}

const fn open_to_all(path: &'static str, endpoints: &'static [Endpoint]) -> Route {
    Route {
        path,
        methods: "GET, HEAD, OPTIONS",
        for_strangers: true,
        endpoints,
    }
}

const GET: &str = "GET, HEAD, OPTIONS";
const POST: &str = "POST, OPTIONS";
const GET_POST: &str = "GET, HEAD, POST, OPTIONS";

static ROUTES: &[Route] = &[
    open_to_all("/status", &[get(api::wallet::status)]),
    open_to_all("/health", &[get(api::info::health)]),
    on(
        "/register",
        POST,
        &[post(Presence::Absent, api::wallet::register)],
    ),
    on(
        "/login",
        POST,
        &[post(Presence::Present, api::wallet::login)],
    ),
    on(
        "/logout",
        POST,
        &[Endpoint {
            method: "POST",
            needs: Needs::Nothing(api::wallet::logout),
        }],
    ),
    on(
        "/export",
        POST,
        &[post(Presence::Present, api::wallet::export)],
    ),
    on(
        "/import",
        POST,
        &[post(Presence::Absent, api::wallet::import)],
    ),
    on("/auth", POST, &[post(Presence::Present, api::access::auth)]),
    on(
        "/sign",
        POST,
        &[with_token("POST", &[Scope::Sign], api::crypto::sign)],
    ),
    on(
        "/sign-aip",
        POST,
        &[with_token("POST", &[Scope::Sign], api::identity::sign_aip)],
    ),
    on("/verify", POST, &[post(Presence::Any, api::crypto::verify)]),
    on(
        "/encrypt",
        POST,
        &[with_token("POST", &[Scope::Encrypt], api::crypto::encrypt)],
    ),
    on(
        "/decrypt",
        POST,
        &[with_token("POST", &[Scope::Decrypt], api::crypto::decrypt)],
    ),
    on(
        "/friend-pubkey",
        POST,
        &[with_token(
            "POST",
            &[Scope::Encrypt, Scope::Decrypt],
            api::crypto::friend_public_key,
        )],
    ),
    on(
        "/profile",
        GET_POST,
        &[
            get(api::profile::read),
            post(Presence::Unlocked, api::profile::write),
        ],
    ),
    on(
        "/state",
        "GET, HEAD, POST, DELETE, OPTIONS",
        &[
            with_token("GET", &[Scope::ReadState], api::profile::read_state),
            with_token("POST", &[Scope::WriteState], api::profile::write_state),
            with_token("DELETE", &[Scope::WriteState], api::profile::clear_state),
        ],
    ),
    on(
        "/identity",
        GET_POST,
        &[
            get(api::identity::read),
            post(Presence::Unlocked, api::identity::create),
        ],
    ),
    on("/session-key", GET, &[get(api::info::session_key)]),
    on("/openapi.json", GET, &[get(api::info::openapi)]),
];

/// The server's own page; it is no part of the API.
static HOME: Route = on("/", GET, &[get(api::info::home)]);

/// The route of a path, with the prefix `/api` or, as older clients send it,
/// without.
pub(super) fn route(request: &HttpRequest) -> Result<&'static Route, ApiError> {
    let path = request.path.as_str();
    if path == "/" {
        return Ok(&HOME);
    }
    let name = path
        .strip_prefix("/api")
        .filter(|rest| rest.starts_with('/'));
    let name = name.unwrap_or(path);
    ROUTES
        .iter()
        .find(|route| route.path == name)
        .ok_or_else(|| ApiError::NotFound(path.chars().take(100).collect()))
}

impl Route {
    /// Whether a page of any origin may ask so; also before it asks, by a
    /// preflight.
    pub(super) fn is_open_to_strangers(&self, request: &HttpRequest) -> bool {
        let asked = match request.method.as_str() {
            "OPTIONS" => request.header("Access-Control-Request-Method"),
            method => Some(method),
        };
        self.for_strangers && matches!(asked, Some("GET" | "HEAD"))
    }

    pub(super) fn endpoint(&self, method: &str) -> Result<Endpoint, ApiError> {
        let wanted = if method == "HEAD" { "GET" } else { method };
        self.endpoints
            .iter()
            .find(|endpoint| endpoint.method == wanted)
            .copied()
            .ok_or_else(|| ApiError::MethodNotAllowed {
                method: method.chars().take(20).collect(),
                allowed: self.methods,
            })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_of_each_route_which_methods_it_has() {
        for route in ROUTES {
            let mut methods = Vec::new();
            for endpoint in route.endpoints {
                methods.push(endpoint.method);
                if endpoint.method == "GET" {
                    methods.push("HEAD");
                }
            }
            methods.push("OPTIONS");
            assert_eq!(route.methods, methods.join(", "), "{}", route.path);
        }
    }

    #[test]
    fn the_contract_and_the_table_name_the_same_endpoints() {
        let contract: serde_json::Value = serde_json::from_str(api::info::OPENAPI).unwrap();
        let paths = contract["paths"].as_object().unwrap().iter();
        let mut documented: Vec<_> = paths
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().unwrap().keys();
                methods.map(move |method| format!("{} {path}", method.to_uppercase()))
            })
            .collect();
        let mut routed: Vec<_> = ROUTES
            .iter()
            .flat_map(|route| route.endpoints.iter().map(move |one| (route, one)))
            .map(|(route, endpoint)| format!("{} /api{}", endpoint.method, route.path))
            .collect();
        documented.sort();
        routed.sort();
        assert_eq!(documented, routed);
    }

    #[test]
    fn the_contract_names_the_scopes_that_the_table_asks_for() {
        let contract: serde_json::Value = serde_json::from_str(api::info::OPENAPI).unwrap();
        for route in ROUTES {
            for endpoint in route.endpoints {
                let path = &contract["paths"][format!("/api{}", route.path)];
                let security = &path[endpoint.method.to_lowercase()]["security"];
                let expected = match endpoint.needs {
                    Needs::Token(scopes, _) => scopes
                        .iter()
                        .map(|scope| serde_json::json!({"accessToken": [scope]}))
                        .collect(),
                    Needs::Nothing(_) | Needs::Body(..) => Vec::new(),
                };
                assert_eq!(
                    security,
                    &serde_json::Value::Array(expected),
                    "{}",
                    route.path
                );
            }
        }
    }
}
