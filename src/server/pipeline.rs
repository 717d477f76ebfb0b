//! The way of a request: the checks in the contract's order, each passed once,
//! then the handler.
//!
//! `Host` → who asks → route, method, may they, body's type → rate limit →
//! wallet → token → scope → body

use std::sync::Arc;

use super::agent::Prover;
use super::authorize::door::{Entrance, entrance};
use super::authorize::table::{WebRoute, web_route};
use super::authorize::{Visit, Web};
use super::body_key::BodyOpener;
use super::body_type::check_body_type;
use super::call::{Call, TokenCall};
use super::caller::limits::{Account, RequestLimiter};
use super::caller::page::{preflight, readable_by};
use super::caller::stranger::{Stranger, asks_for_access};
use super::caller::{Caller, Callers, Recognition, program, visitor};
use super::error::{ApiError, Outcome};
use super::lock::Lock;
use super::log::{AccessLog, Logged};
use super::methods;
use super::refusals::Refusals;
use super::reply::json_response;
use super::routes::{Needs, Presence, route};
use super::service_worker;
use crate::http::{ConnectionInfo, Handler, HttpRequest, HttpResponse};
use crate::platform::memory::wiped_stack;
use crate::text::excerpt;
use crate::wallet::{Host, Scope, TokenInfo, UnlockedWallet, WalletError};
use crate::wire::{Body, ErrorAnswer, ErrorCode};

/// See the module.
pub(super) struct Pipeline {
    pub(super) recognition: Recognition,
    pub(super) limiter: RequestLimiter,
    pub(super) lock: Arc<Lock>,
    pub(super) body_key: BodyOpener,
    pub(super) web: Web,
    pub(super) prover: Prover,
    pub(super) refusals: Refusals,
    pub(super) log: Arc<AccessLog>,
}

/// An answer, and what the log tells of it.
struct Answered {
    response: HttpResponse,
    /// The host that it was for.
    host: Option<Host>,
    /// Why it got no further than the door.
    refused: Option<ApiError>,
}

/// A request that passed every check but that of its body.
enum Admitted {
    Preflight {
        methods: String,
    },
    Open {
        handler: fn(Call<'_>) -> Outcome,
        has_body: bool,
    },
    WithToken {
        handler: fn(TokenCall<'_>) -> Outcome,
        has_body: bool,
        wallet: Arc<UnlockedWallet>,
        token: Arc<TokenInfo>,
    },
}

impl Handler for Pipeline {
    fn connected(&self, connection: &ConnectionInfo) {
        program::owner(connection);
    }

    fn handle(&self, request: &HttpRequest) -> HttpResponse {
        let Answered {
            response,
            host,
            refused,
        } = wiped_stack(|| self.answer(request));
        let logged = Logged {
            status: response.status,
            host: host.as_ref(),
            refused: refused.as_ref(),
        };
        self.log.request(request, &logged);
        response
    }

    fn refuse(&self, status: u16, why: &str, request: Option<&HttpRequest>) -> HttpResponse {
        self.log.refused(status, why);
        let answer = ErrorAnswer::new(ErrorCode::Other, why.to_owned());
        let reader = request.and_then(|request| self.recognition.reader_of_refusal(request));
        readable_by(json_response(status, &answer), reader.as_ref())
    }
}

impl Pipeline {
    fn answer(&self, request: &HttpRequest) -> Answered {
        if service_worker::is_asked_for(request) {
            return Answered {
                response: service_worker::farewell(),
                host: None,
                refused: None,
            };
        }
        if let Some(route) = web_route(request) {
            return match self.answer_web(route, request) {
                Ok(response) => Answered {
                    response,
                    host: None,
                    refused: None,
                },
                Err(error) => self.turned_away(request, error),
            };
        }
        let caller = match self.let_in(request) {
            Ok(caller) => caller,
            Err(error) => return self.turned_away(request, error),
        };
        let admitted = self.admit(request, &caller);
        let host = admitted.as_ref().ok().and_then(Admitted::host);
        let host = host.or_else(|| caller.host());
        let outcome = admitted.and_then(|admitted| self.run(admitted, request, &caller));
        let response = outcome.unwrap_or_else(|error| self.refused(&error));
        Answered {
            response: readable_by(response, caller.reader()),
            host,
            refused: None,
        }
    }

    fn turned_away(&self, request: &HttpRequest, error: ApiError) -> Answered {
        let reader = match error {
            // Anybody's, and known to be no approved page's.
            ApiError::OriginNotApproved(_) => None,
            _ => self.recognition.reader_of_refusal(request),
        };
        Answered {
            response: readable_by(self.refused(&error), reader.as_ref()),
            host: None,
            refused: Some(error),
        }
    }

    /// A page or an OAuth endpoint: whoever asks, what it gives needs the
    /// password or a client's proof.
    fn answer_web(&self, route: &WebRoute, request: &HttpRequest) -> Outcome {
        self.recognition.names.check(request)?;
        let issuer = self.recognition.names.issuer(request);
        let is_owners = self.recognition.is_owners(request);
        let is_by_hand = entrance(request, &issuer) != Entrance::Closed;
        let caller = self.recognition.of(request).ok();
        let account = visitor(caller.as_ref(), is_owners, is_by_hand);
        self.limiter.allow(account)?;
        let visit = Visit {
            request,
            web: &self.web,
            lock: &self.lock,
            log: &self.log,
            issuer,
            is_owners,
        };
        Ok(route.answer(&visit, || methods::of(&request.path)))
    }

    /// A stranger gets no further than to what all may ask, and is not told
    /// what else there is.
    fn let_in(&self, request: &HttpRequest) -> Result<Caller, ApiError> {
        self.recognition.names.check(request)?;
        let caller = self.recognition.of(request)?;
        let Caller::Stranger(stranger) = &caller else {
            return Ok(caller);
        };
        if route(&request.path).is_ok_and(|route| route.is_open_to_strangers(request)) {
            return Ok(caller);
        }
        if let Stranger::Origin(origin) = stranger
            && asks_for_access(request)
        {
            self.refusals.record_pending(origin);
        }
        Err(stranger.refusal())
    }

    fn admit(&self, request: &HttpRequest, caller: &Caller) -> Result<Admitted, ApiError> {
        let route = route(&request.path)?;
        let methods = || methods::of(&request.path);
        if request.method == "OPTIONS" {
            return Ok(Admitted::Preflight { methods: methods() });
        }
        let endpoint = route.endpoint(&request.method);
        let endpoint = endpoint.ok_or_else(|| ApiError::MethodNotAllowed {
            method: excerpt(&request.method, 20),
            allowed: methods(),
        })?;
        let has_body = endpoint.method == "POST";
        match endpoint.needs {
            Needs::Nothing(callers, handler) => {
                let (presence, has_body) = (Presence::Any, false);
                self.admit_caller(request, caller, callers, presence)?;
                Ok(Admitted::Open { handler, has_body })
            }
            Needs::Body(callers, presence, handler) => {
                self.admit_caller(request, caller, callers, presence)?;
                Ok(Admitted::Open { handler, has_body })
            }
            Needs::OwnersProgramOrToken {
                presence, owner, ..
            } if request.header("Authorization").is_none() => {
                let callers = Callers::OwnersProgram;
                self.admit_caller(request, caller, callers, presence)?;
                let handler = owner;
                Ok(Admitted::Open { handler, has_body })
            }
            Needs::Token(scopes, handler)
            | Needs::OwnersProgramOrToken {
                scopes,
                token: handler,
                ..
            } => {
                let (wallet, token) = self.admit_token(request, caller, scopes)?;
                Ok(Admitted::WithToken {
                    handler,
                    has_body,
                    wallet,
                    token,
                })
            }
        }
    }

    fn admit_caller(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        callers: Callers,
        presence: Presence,
    ) -> Result<(), ApiError> {
        callers.check(caller)?;
        check_body_type(request)?;
        self.limiter.allow(caller.account())?;
        self.require(presence)
    }

    /// Only a token that proves to be one counts on its own account, and as use
    /// of the wallet.
    fn admit_token(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        scopes: &[Scope],
    ) -> Result<(Arc<UnlockedWallet>, Arc<TokenInfo>), ApiError> {
        check_body_type(request)?;
        let found = self.token(request);
        self.limiter.allow(match &found {
            Ok((_, token)) => Account::Token(token.id.as_str()),
            Err(_) => caller.account(),
        })?;
        let (wallet, token) = found?;
        let allowed = caller
            .may_use(&token.host)
            .and_then(|()| check_scopes(&token, scopes));
        if let Err(error) = allowed {
            self.refusals
                .record(token.host.as_str(), &error.to_string());
            return Err(error);
        }
        self.lock.count_use();
        Ok((wallet, token))
    }

    fn run(&self, admitted: Admitted, request: &HttpRequest, caller: &Caller) -> Outcome {
        match admitted {
            Admitted::Preflight { methods } => Ok(preflight(
                request,
                methods,
                caller.approved_origin().is_some(),
            )),
            Admitted::Open { handler, has_body } => handler(Call {
                request,
                caller,
                body: self.body(request, has_body)?,
                lock: &self.lock,
                body_key: &self.body_key,
                prover: &self.prover,
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
                self.lock.unlocked()?;
                self.lock.count_use();
                Ok(())
            }
        }
    }

    /// The access token of the request, and the wallet that it is for.
    fn token(
        &self,
        request: &HttpRequest,
    ) -> Result<(Arc<UnlockedWallet>, Arc<TokenInfo>), ApiError> {
        let wallet = self.lock.unlocked()?;
        match wallet.authorize(presented_token(request)?) {
            Ok(token) => Ok((wallet, token)),
            // Another process replaced the wallet: its tokens went with it.
            Err(WalletError::TokenUnknown) if !self.lock.is_unlocked() => Err(ApiError::Locked),
            Err(error) => Err(error.into()),
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
        error.response(&self.recognition.names.home_page())
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

/// Any one of the scopes is enough; where there are none, any token is.
fn check_scopes(token: &TokenInfo, scopes: &[Scope]) -> Result<(), ApiError> {
    let allowed = scopes.iter().any(|scope| token.scopes.contains(*scope));
    match scopes.first() {
        Some(first) if !allowed => Err(ApiError::ScopeMissing(*first)),
        _ => Ok(()),
    }
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
