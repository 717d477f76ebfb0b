//! One table of all endpoints: path, method, what a request must bring, handler.

use super::api;
use super::call::{Call, TokenCall};
use super::caller::Callers::{self, All, Known, OwnersProgram};
use super::error::{ApiError, Outcome};
use crate::http::HttpRequest;
use crate::text::{excerpt, secrecy};
use crate::wallet::Scope;

/// What a request must be, or bring, and who answers it. A handler's type says
/// what was checked before it.
#[derive(Clone, Copy)]
pub(super) enum Needs {
    /// One of these callers; a body is not looked at.
    Nothing(Callers, fn(Call<'_>) -> Outcome),
    /// One of these callers, a wallet in this state, and a JSON object.
    Body(Callers, Presence, fn(Call<'_>) -> Outcome),
    /// An access token with one of these scopes (none: any token), of a
    /// wallet that is unlocked; and for `POST` a JSON object.
    Token(&'static [Scope], fn(TokenCall<'_>) -> Outcome),
    /// Such a token; without one an owner's program, and a wallet in this
    /// state. For `POST` a JSON object.
    OwnersProgramOrToken {
        scopes: &'static [Scope],
        presence: Presence,
        owner: fn(Call<'_>) -> Outcome,
        token: fn(TokenCall<'_>) -> Outcome,
    },
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

use Presence::{Absent, Present, Unlocked};

#[derive(Clone, Copy)]
pub(super) struct Endpoint {
    pub(super) method: &'static str,
    pub(super) needs: Needs,
}

pub(super) struct Route {
    /// Without the prefix `/api`.
    path: &'static str,
    endpoints: &'static [Endpoint],
}

const fn get(callers: Callers, handler: fn(Call<'_>) -> Outcome) -> Endpoint {
    Endpoint {
        method: "GET",
        needs: Needs::Nothing(callers, handler),
    }
}

const fn post(callers: Callers, presence: Presence, handler: fn(Call<'_>) -> Outcome) -> Endpoint {
    Endpoint {
        method: "POST",
        needs: Needs::Body(callers, presence, handler),
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

const fn on(path: &'static str, endpoints: &'static [Endpoint]) -> Route {
    Route { path, endpoints }
}

static ROUTES: &[Route] = &[
    on("/status", &[get(All, api::status::status)]),
    on("/health", &[get(All, api::info::health)]),
    on("/openapi.json", &[get(All, api::info::openapi)]),
    on("/session-key", &[get(Known, api::info::session_key)]),
    on(
        "/register",
        &[post(OwnersProgram, Absent, api::wallet::register)],
    ),
    on(
        "/import",
        &[post(OwnersProgram, Absent, api::wallet::import)],
    ),
    on("/login", &[post(Known, Present, api::wallet::login)]),
    on(
        "/logout",
        &[Endpoint {
            method: "POST",
            needs: Needs::Nothing(OwnersProgram, api::wallet::logout),
        }],
    ),
    on("/export", &[post(Known, Present, api::wallet::export)]),
    on("/auth", &[post(Known, Present, api::access::auth)]),
    on(
        "/sign",
        &[with_token("POST", &[Scope::Sign], api::crypto::sign)],
    ),
    on(
        "/sign-aip",
        &[with_token("POST", &[Scope::Sign], api::identity::sign_aip)],
    ),
    on(
        "/verify",
        &[post(Known, Presence::Any, api::crypto::verify)],
    ),
    on(
        "/encrypt",
        &[with_token("POST", &[Scope::Encrypt], api::crypto::encrypt)],
    ),
    on(
        "/decrypt",
        &[with_token("POST", &[Scope::Decrypt], api::crypto::decrypt)],
    ),
    on(
        "/friend-pubkey",
        &[with_token(
            "POST",
            &[Scope::Encrypt, Scope::Decrypt],
            api::crypto::friend_public_key,
        )],
    ),
    on(
        "/transaction/sign",
        &[with_token("POST", &[Scope::Fund], api::transaction::sign)],
    ),
    on(
        "/transaction/fund",
        &[with_token("POST", &[Scope::Fund], api::transaction::fund)],
    ),
    on(
        "/transaction/transfer",
        &[with_token(
            "POST",
            &[Scope::Transfer],
            api::transaction::transfer,
        )],
    ),
    on(
        "/profile",
        &[
            Endpoint {
                method: "GET",
                needs: Needs::OwnersProgramOrToken {
                    scopes: &[Scope::ReadProfile],
                    presence: Presence::Any,
                    owner: api::profile::read,
                    token: api::profile::read_with_token,
                },
            },
            Endpoint {
                method: "POST",
                needs: Needs::OwnersProgramOrToken {
                    scopes: &[Scope::WriteProfile],
                    presence: Unlocked,
                    owner: api::profile::write,
                    token: api::profile::write_with_token,
                },
            },
        ],
    ),
    on(
        "/state",
        &[
            with_token("GET", &[Scope::ReadState], api::profile::read_state),
            with_token("POST", &[Scope::WriteState], api::profile::write_state),
            with_token("DELETE", &[Scope::WriteState], api::profile::clear_state),
        ],
    ),
    on(
        "/identity",
        &[
            Endpoint {
                method: "GET",
                needs: Needs::OwnersProgramOrToken {
                    scopes: &[Scope::ReadProfile],
                    presence: Unlocked,
                    owner: api::identity::read,
                    token: api::identity::read_with_token,
                },
            },
            post(OwnersProgram, Unlocked, api::identity::create),
        ],
    ),
    on(
        "/origins",
        &[
            get(OwnersProgram, api::origin::list),
            post(OwnersProgram, Present, api::origin::decide),
        ],
    ),
    on("/activity", &[get(OwnersProgram, api::activity::list)]),
    on(
        "/permissions",
        &[
            get(OwnersProgram, api::permission::list),
            post(OwnersProgram, Present, api::permission::decide),
        ],
    ),
    on(
        "/prove",
        &[post(OwnersProgram, Presence::Any, api::agent::prove)],
    ),
    on(
        "/agent",
        &[post(OwnersProgram, Unlocked, api::agent::agent)],
    ),
];

/// The route of a path.
pub(super) fn route(path: &str) -> Result<&'static Route, ApiError> {
    find(path).ok_or_else(|| ApiError::NotFound(excerpt(&secrecy::target(path), 100)))
}

/// The methods that are answered there.
pub(super) fn methods(path: &str) -> impl Iterator<Item = &'static str> + use<> {
    let endpoints = find(path).into_iter().flat_map(|route| route.endpoints);
    endpoints.map(|endpoint| endpoint.method)
}

/// With the prefix `/api` or, as older clients send it, without.
fn find(path: &str) -> Option<&'static Route> {
    let name = path
        .strip_prefix("/api")
        .filter(|rest| rest.starts_with('/'));
    let name = name.unwrap_or(path);
    ROUTES.iter().find(|route| route.path == name)
}

impl Route {
    /// Whether a page of any origin may ask so; also before it asks, by a
    /// preflight.
    pub(super) fn is_open_to_strangers(&self, request: &HttpRequest) -> bool {
        let asked = match &*request.method {
            "OPTIONS" => request.header("Access-Control-Request-Method"),
            method => Some(method),
        };
        let endpoint = asked.and_then(|method| self.endpoint(method));
        endpoint.is_some_and(|endpoint| matches!(endpoint.needs, Needs::Nothing(All, _)))
    }

    /// What answers a method there.
    pub(super) fn endpoint(&self, method: &str) -> Option<Endpoint> {
        let wanted = if method == "HEAD" { "GET" } else { method };
        let mut endpoints = self.endpoints.iter().copied();
        endpoints.find(|endpoint| endpoint.method == wanted)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::server::authorize::table::WEB;

    fn contract() -> Value {
        serde_json::from_str(api::info::OPENAPI).unwrap()
    }

    fn endpoints() -> impl Iterator<Item = (&'static Route, &'static Endpoint)> {
        let of = |route: &'static Route| route.endpoints.iter().map(move |one| (route, one));
        ROUTES.iter().flat_map(of)
    }

    fn security(scopes: &[Scope]) -> impl Iterator<Item = Value> {
        let each = scopes.iter();
        each.map(|scope| json!({"accessToken": [scope]}))
    }

    #[test]
    fn the_contract_and_the_tables_name_the_same_endpoints() {
        let contract = contract();
        let paths = contract["paths"].as_object().unwrap().iter();
        let mut documented: Vec<_> = paths
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().unwrap().keys();
                methods.map(move |method| format!("{} {path}", method.to_uppercase()))
            })
            .collect();
        let api =
            endpoints().map(|(route, endpoint)| format!("{} /api{}", endpoint.method, route.path));
        let web = WEB.iter().flat_map(|route| {
            let methods = route.methods.iter().map(|(method, _)| method);
            methods.flat_map(|method| {
                route
                    .paths
                    .iter()
                    .map(move |path| format!("{method} {path}"))
            })
        });
        let mut routed: Vec<_> = api.chain(web).collect();
        documented.sort();
        routed.sort();
        assert_eq!(documented, routed);
    }

    #[test]
    fn the_contract_names_the_scopes_and_callers_that_the_table_asks_for() {
        let contract = contract();
        for (route, endpoint) in endpoints() {
            let (scopes, callers) = match endpoint.needs {
                Needs::Nothing(callers, _) | Needs::Body(callers, ..) => (vec![], Some(callers)),
                Needs::Token(scopes, _) => (security(scopes).collect(), None),
                Needs::OwnersProgramOrToken { scopes, .. } => {
                    // `{}`: nothing is one of the alternatives (OpenAPI 3.1).
                    let nothing = std::iter::once(json!({}));
                    (
                        nothing.chain(security(scopes)).collect(),
                        Some(OwnersProgram),
                    )
                }
            };
            let callers = match callers {
                None => json!([]),
                Some(OwnersProgram) => json!(["ownersProgram"]),
                Some(Known) => json!(["ownersProgram", "approvedPage", "other"]),
                Some(All) => json!(["ownersProgram", "approvedPage", "other", "stranger"]),
            };
            let (method, path) = (endpoint.method.to_lowercase(), route.path);
            let documented = &contract["paths"][format!("/api{path}")][&method];
            assert_eq!(
                documented["security"],
                Value::Array(scopes),
                "{method} {path}"
            );
            assert_eq!(documented["x-callers"], callers, "{method} {path}");
        }
    }

    #[test]
    fn the_readme_says_of_each_endpoint_who_may() {
        const ABSENT: &str = "–";
        let readme = include_str!("../../README.md");
        let rows = readme.lines().filter(|line| {
            line.starts_with("| `GET /")
                || line.starts_with("| `POST /")
                || line.starts_with("| `DELETE /")
        });
        let mut told: Vec<_> = rows
            .map(|row| {
                let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
                let may = [1, 2, 3, 4].map(|kind| cells[kind] != ABSENT);
                let named = Scope::ALL.into_iter();
                let scopes: Vec<_> = named
                    .filter(|scope| cells[5].contains(&format!("`{scope}`")))
                    .collect();
                (cells[0].trim_matches('`').to_owned(), may, scopes)
            })
            .collect();
        let mut table: Vec<_> = endpoints()
            .map(|(route, endpoint)| {
                let (callers, scopes) = match endpoint.needs {
                    Needs::Nothing(callers, _) | Needs::Body(callers, ..) => {
                        (Some(callers), &[][..])
                    }
                    Needs::Token(scopes, _) => (None, scopes),
                    Needs::OwnersProgramOrToken { scopes, .. } => (Some(OwnersProgram), scopes),
                };
                let may = match callers {
                    None => [false; 4],
                    Some(OwnersProgram) => [true, false, false, false],
                    Some(Known) => [true, true, true, false],
                    Some(All) => [true; 4],
                };
                let name = format!("{} /api{}", endpoint.method, route.path);
                (name, may, scopes.to_vec())
            })
            .collect();
        told.sort_by(|a, b| a.0.cmp(&b.0));
        table.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(told, table);
    }
}
