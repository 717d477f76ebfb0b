//! The way of a request: the checks in the contract's order, each passed once,
//! then the handler.
//!
//! `Host` → origin → route, method, body's type → rate limit → wallet → token
//! → scope → body

use std::sync::Arc;

use super::body_key::BodyKey;
use super::call::{Call, TokenCall};
use super::caller::host_names::HostNames;
use super::caller::limits::RequestLimiter;
use super::caller::page::{preflight, readable_by};
use super::caller::{Caller, Callers};
use super::error::{ApiError, Outcome};
use super::lock::Lock;
use super::log::AccessLog;
use super::refusals::Refusals;
use super::reply::json_response;
use super::routes::{Needs, Presence, Route, route};
use crate::http::{Handler, HttpRequest, HttpResponse};
use crate::platform::memory::wiped_stack;
use crate::wallet::{Host, Scope, TokenInfo, UnlockedWallet, WalletError};
use crate::wire::{Body, ErrorAnswer, ErrorCode};

/// See the module.
pub(super) struct Pipeline {
    pub(super) names: HostNames,
    pub(super) callers: Callers,
    pub(super) limiter: RequestLimiter,
    pub(super) lock: Arc<Lock>,
    pub(super) body_key: BodyKey,
    pub(super) refusals: Refusals,
    pub(super) log: Arc<AccessLog>,
}

/// An answer, and the host that it was for, which the log tells.
struct Answered {
    response: HttpResponse,
    host: Option<Host>,
}

/// A request that passed every check but that of its body.
enum Admitted {
    Preflight {
        methods: &'static str,
    },
    Open {
        handler: fn(Call<'_>) -> Outcome,
        has_body: bool,
    },
    WithToken {
        handler: fn(TokenCall<'_>) -> Outcome,
        has_body: bool,
        wallet: Arc<UnlockedWallet>,
        token: TokenInfo,
    },
}

impl Handler for Pipeline {
    fn handle(&self, request: &HttpRequest) -> HttpResponse {
        let Answered { response, host } = wiped_stack(|| self.answer(request));
        self.log.request(request, response.status, host.as_ref());
        response
    }

    fn refuse(&self, status: u16, why: &str, _request: Option<&HttpRequest>) -> HttpResponse {
        self.log.refused(status, why);
        json_response(status, &ErrorAnswer::new(ErrorCode::Other, why.to_owned()))
    }
}

impl Pipeline {
    fn answer(&self, request: &HttpRequest) -> Answered {
        let caller = match self.let_in(request) {
            Ok(caller) => caller,
            Err(error) => {
                let response = readable_by(self.refused(&error), None);
                let host = None;
                return Answered { response, host };
            }
        };
        let admitted = self.admit(request, &caller);
        let host = admitted.as_ref().ok().and_then(Admitted::host);
        let host = host.or_else(|| caller.host());
        let outcome = admitted.and_then(|admitted| self.run(admitted, request, &caller));
        let response = outcome.unwrap_or_else(|error| self.refused(&error));
        Answered {
            response: readable_by(response, caller.reader()),
            host,
        }
    }

    /// Nobody but programs and approved pages gets further; but all may ask
    /// whether TokenPass is here.
    fn let_in(&self, request: &HttpRequest) -> Result<Caller, ApiError> {
        self.names.check(request)?;
        let caller = self.callers.of(request)?;
        let Caller::Stranger(shown, origin) = &caller else {
            return Ok(caller);
        };
        if route(request).is_ok_and(|route| route.is_open_to_strangers(request)) {
            return Ok(caller);
        }
        if let Some(origin) = origin.as_ref().filter(|_| asks_for_access(request)) {
            self.refusals.record_pending(origin);
        }
        Err(ApiError::OriginNotApproved(shown.clone()))
    }

    fn admit(&self, request: &HttpRequest, caller: &Caller) -> Result<Admitted, ApiError> {
        let route: &'static Route = route(request)?;
        let methods = route.methods;
        if request.method == "OPTIONS" {
            return Ok(Admitted::Preflight { methods });
        }
        let endpoint = route.endpoint(&request.method)?;
        if !request.body.is_empty() && !is_json(request) {
            return Err(ApiError::NotJson);
        }
        self.limiter.allow(caller.account(request))?;
        match endpoint.needs {
            Needs::Nothing(handler) => Ok(Admitted::Open {
                handler,
                has_body: false,
            }),
            Needs::Body(presence, handler) => {
                self.require(presence)?;
                Ok(Admitted::Open {
                    handler,
                    has_body: true,
                })
            }
            Needs::Token(scopes, handler) => {
                let wallet = self.lock.unlocked()?;
                let token = self.token(request, caller, &wallet)?;
                self.check_scopes(&token, scopes)?;
                self.lock.count_use();
                Ok(Admitted::WithToken {
                    handler,
                    has_body: endpoint.method == "POST",
                    wallet,
                    token,
                })
            }
        }
    }

    fn run(&self, admitted: Admitted, request: &HttpRequest, caller: &Caller) -> Outcome {
        match admitted {
            Admitted::Preflight { methods } => Ok(preflight(request, methods)),
            Admitted::Open { handler, has_body } => handler(Call {
                request,
                caller,
                body: self.body(request, has_body)?,
                lock: &self.lock,
                body_key: &self.body_key,
                refusals: &self.refusals,
            }),
            Admitted::WithToken {
                handler,
                has_body,
                wallet,
                token,
            } => handler(TokenCall {
                request,
                token,
                body: self.body(request, has_body)?,
                wallet,
            }),
        }
    }

    fn require(&self, presence: Presence) -> Result<(), ApiError> {
        match presence {
            Presence::Any => Ok(()),
            Presence::Absent if self.lock.wallet().exists()? => Err(ApiError::WalletExists),
            Presence::Present if !self.lock.wallet().exists()? => Err(ApiError::NoWallet),
            Presence::Absent | Presence::Present => Ok(()),
            Presence::Unlocked => {
                self.lock.is_unlocked()?;
                self.lock.unlocked().map(drop)
            }
        }
    }

    /// The access token of the request, if this caller may use it.
    fn token(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        wallet: &UnlockedWallet,
    ) -> Result<TokenInfo, ApiError> {
        let token = match wallet.authorize(presented_token(request)?) {
            // Another process replaced the wallet: its tokens went with it.
            Err(WalletError::TokenUnknown) if !self.lock.is_unlocked()? => {
                return Err(ApiError::Locked);
            }
            other => other?,
        };
        if let Err(error) = caller.may_use(&token.host) {
            self.refusals.record(token.host.as_str(), &error);
            return Err(error);
        }
        Ok(token)
    }

    /// Any one of the scopes is enough; where there are none, any token is.
    fn check_scopes(&self, token: &TokenInfo, scopes: &[Scope]) -> Result<(), ApiError> {
        let allowed = scopes.iter().any(|scope| token.scopes.contains(*scope));
        match scopes.first() {
            Some(first) if !allowed => {
                let error = ApiError::ScopeMissing(*first);
                self.refusals.record(token.host.as_str(), &error);
                Err(error)
            }
            _ => Ok(()),
        }
    }

    /// The JSON object of the body, opened if it was sealed to the server.
    fn body(&self, request: &HttpRequest, has_body: bool) -> Result<Body, ApiError> {
        if !has_body {
            return Ok(Body::default());
        }
        self.body_key.open(Body::parse(&request.body)?)
    }

    fn refused(&self, error: &ApiError) -> HttpResponse {
        if let ApiError::Internal(cause) = error {
            self.log.warn(&cause.to_string());
        }
        error.response(&self.names.home_page())
    }
}

impl Admitted {
    /// The host whose token it brought.
    fn host(&self) -> Option<Host> {
        match self {
            Self::WithToken { token, .. } => Some(token.host.clone()),
            Self::Preflight { .. } | Self::Open { .. } => None,
        }
    }
}

/// Whether a page asks for a token. Its browser asks with a preflight first,
/// and that is as far as a stranger gets.
fn asks_for_access(request: &HttpRequest) -> bool {
    matches!(request.path.as_str(), "/api/auth" | "/auth")
        && (request.method == "POST"
            || request.header("Access-Control-Request-Method") == Some("POST"))
}

/// The access token, bare or after `Bearer ` (RFC 6750), of the one
/// `Authorization` header.
fn presented_token(request: &HttpRequest) -> Result<&str, ApiError> {
    let mut headers = request.header_values("Authorization");
    let value = headers.next().unwrap_or_default().trim();
    if headers.next().is_some() {
        return Err(ApiError::BadRequest(
            "more than one `Authorization`".to_owned(),
        ));
    }
    let token = match value.split_at_checked(6) {
        Some((scheme, "")) if scheme.eq_ignore_ascii_case("Bearer") => "",
        Some((scheme, token))
            if scheme.eq_ignore_ascii_case("Bearer") && token.starts_with(' ') =>
        {
            token.trim()
        }
        _ => value,
    };
    if token.is_empty() {
        return Err(ApiError::TokenMissing);
    }
    Ok(token)
}

/// `application/json`, with or without parameters (RFC 8259, RFC 9110).
fn is_json(request: &HttpRequest) -> bool {
    let media_type = request.header("Content-Type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}
