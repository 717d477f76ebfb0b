//! The application behind the listener: which wallet, unlocked or not, for
//! whom, and how one request becomes one answer.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::body::{Body, bad};
use super::guard::{Caller, Guard, preflight};
use super::limit::RequestLimiter;
use super::log::AccessLog;
use super::refusals::Refusals;
use super::reply::{ApiError, json_response};
use super::router::{Access, Route, State, route};
use super::session_key::SessionKey;
use crate::http::{Handler, HttpRequest, HttpResponse};
use crate::wallet::{Event, Scope, Timestamp, TokenInfo, UnlockedWallet, Wallet, WalletError};

/// See the module.
pub(super) struct App {
    pub(super) wallet: Wallet,
    pub(super) guard: Guard,
    pub(super) session_key: SessionKey,
    unlocked: RwLock<Option<Arc<UnlockedWallet>>>,
    last_use: Mutex<Instant>,
    requests: RequestLimiter,
    refusals: Refusals,
    log: AccessLog,
}

/// What a handler may know and use. It is made only after every check that
/// its route demands.
pub(super) struct Call<'a> {
    pub(super) app: &'a App,
    pub(super) request: &'a HttpRequest,
    pub(super) caller: Caller,
    pub(super) body: Body,
}

/// A call with an access token, of a wallet that is unlocked.
pub(super) struct TokenCall<'a> {
    pub(super) call: Call<'a>,
    pub(super) wallet: Arc<UnlockedWallet>,
    pub(super) token: TokenInfo,
}

impl TokenCall<'_> {
    /// The time, for answers that tell it.
    pub(super) fn now(&self) -> Timestamp {
        self.call.app.wallet.environment().now()
    }
}

impl App {
    pub(super) fn new(
        wallet: Wallet,
        guard: Guard,
        session_key: SessionKey,
        requests: RequestLimiter,
        log: AccessLog,
    ) -> Self {
        Self {
            wallet,
            guard,
            session_key,
            unlocked: RwLock::new(None),
            last_use: Mutex::new(Instant::now()),
            requests,
            refusals: Refusals::default(),
            log,
        }
    }

    /// The unlocked wallet, for something that counts as use.
    pub(super) fn unlocked(&self) -> Result<Arc<UnlockedWallet>, ApiError> {
        let unlocked = self.peek();
        if let Some(wallet) = unlocked {
            *self.last_use.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            return Ok(wallet);
        }
        if self.wallet.exists()? {
            Err(ApiError::Locked)
        } else {
            Err(ApiError::NoWallet)
        }
    }

    /// The unlocked wallet, if it is.
    pub(super) fn peek(&self) -> Option<Arc<UnlockedWallet>> {
        let unlocked = self.unlocked.read().unwrap_or_else(PoisonError::into_inner);
        unlocked.as_ref().map(Arc::clone)
    }

    /// The unlocked wallet, if it is, and is still the one in the home folder;
    /// another process may have replaced it.
    pub(super) fn still_unlocked(&self) -> Result<Option<Arc<UnlockedWallet>>, ApiError> {
        match self.peek() {
            Some(wallet) if !wallet.is_current()? => {
                self.lock("the wallet was replaced");
                Ok(None)
            }
            other => Ok(other),
        }
    }

    /// From now on the wallet is unlocked.
    pub(super) fn unlock(&self, wallet: UnlockedWallet) -> Arc<UnlockedWallet> {
        let wallet = Arc::new(wallet);
        *self.last_use.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let mut unlocked = self
            .unlocked
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *unlocked = Some(Arc::clone(&wallet));
        wallet
    }

    /// Forgets the keys; they are wiped when the last request that uses them
    /// is answered. Returns whether there were any.
    pub(super) fn lock(&self, why: &str) -> bool {
        let mut unlocked = self
            .unlocked
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let was_unlocked = unlocked.take().is_some();
        drop(unlocked);
        if was_unlocked {
            self.note(self.wallet.record(Event::Locked, "", why));
        }
        was_unlocked
    }

    /// How long the wallet has not been used.
    pub(super) fn idle(&self) -> Duration {
        self.last_use
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
    }

    /// Tells the log of something that must not fail the request.
    pub(super) fn note(&self, result: Result<(), WalletError>) {
        if let Err(error) = result {
            self.log.warn(&error.to_string());
        }
    }

    fn answer(&self, request: &HttpRequest) -> (HttpResponse, Option<String>) {
        if let Err(error) = self.guard.check_host(request) {
            return (self.refused(&error), None);
        }
        let caller = match self.guard.caller(request, &self.wallet) {
            Ok(caller) => caller,
            Err(error) => return (self.refused(&error), None),
        };
        let mut host = match &caller {
            Caller::Page(origin) => Some(origin.host().to_string()),
            _ => None,
        };
        let found = route(request);
        let outcome = match self.admit(request, &caller, &found) {
            Ok(()) => self.dispatch(request, &caller, found, &mut host),
            Err(error) => {
                let response = self.refused(&error);
                return (response.with_header("Vary", "Origin"), host);
            }
        };
        let response = outcome.unwrap_or_else(|error| self.refused(&error));
        (caller.allow_reading(response), host)
    }

    /// Nobody but programs and approved pages gets further; but all may ask
    /// whether TokenPass is here.
    fn admit(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        found: &Result<&'static Route, ApiError>,
    ) -> Result<(), ApiError> {
        let Caller::Stranger(shown, origin) = caller else {
            return Ok(());
        };
        match found {
            Ok(route) if route.is_open_to_strangers(request) => Ok(()),
            _ => {
                self.refuse_stranger(request, origin.as_ref());
                Err(ApiError::OriginNotApproved(shown.clone()))
            }
        }
    }

    /// The checks in the order of the contract, then the handler.
    fn dispatch(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        found: Result<&'static Route, ApiError>,
        host: &mut Option<String>,
    ) -> Result<HttpResponse, ApiError> {
        let route = found?;
        if request.method == "OPTIONS" {
            return Ok(preflight(request, route.methods));
        }
        let endpoint = route.endpoint(&request.method)?;
        if !request.body.is_empty() && !is_json(request) {
            return Err(ApiError::NotJson);
        }
        self.requests.allow(request, caller)?;
        let call = |body| Call {
            app: self,
            request,
            caller: caller.clone(),
            body,
        };
        match endpoint.access {
            Access::Open(handler) => handler(call(Body::default())),
            Access::Body(state, handler) => {
                self.require(state)?;
                handler(call(self.body(request)?))
            }
            Access::Token(scopes, handler) => {
                let wallet = self.unlocked()?;
                let token = self.token(request, caller, &wallet, scopes)?;
                *host = Some(token.host.to_string());
                let body = if endpoint.method == "POST" {
                    self.body(request)?
                } else {
                    Body::default()
                };
                handler(TokenCall {
                    call: call(body),
                    wallet,
                    token,
                })
            }
        }
    }

    fn require(&self, state: State) -> Result<(), ApiError> {
        match state {
            State::Any => Ok(()),
            State::Absent if self.wallet.exists()? => Err(ApiError::WalletExists),
            State::Present if !self.wallet.exists()? => Err(ApiError::NoWallet),
            State::Absent | State::Present => Ok(()),
            State::Unlocked => {
                self.still_unlocked()?;
                self.unlocked().map(drop)
            }
        }
    }

    /// The access token of the request, if it allows one of the scopes.
    fn token(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        wallet: &UnlockedWallet,
        scopes: &[Scope],
    ) -> Result<TokenInfo, ApiError> {
        let token = match wallet.authorize(presented_token(request)?) {
            // Another process replaced the wallet: its tokens went with it.
            Err(WalletError::TokenUnknown) if self.still_unlocked()?.is_none() => {
                return Err(ApiError::Locked);
            }
            other => other?,
        };
        if let Err(error) = caller.may_use(&token.host) {
            self.audit_refusal(token.host.as_str(), &error);
            return Err(error);
        }
        let allowed = scopes.iter().any(|scope| token.scopes.contains(*scope));
        match scopes.first() {
            Some(first) if !allowed => {
                let error = ApiError::ScopeMissing(*first);
                self.audit_refusal(token.host.as_str(), &error);
                Err(error)
            }
            _ => Ok(token),
        }
    }

    /// The JSON object of the body, decrypted where it was sealed to the
    /// server's session key.
    fn body(&self, request: &HttpRequest) -> Result<Body, ApiError> {
        let body = Body::parse(&request.body)?;
        self.session_key.open(body)
    }

    /// Remembers a stranger that asked for access, for `origin list`. A
    /// browser asks with a preflight first, and that is as far as it gets.
    fn refuse_stranger(&self, request: &HttpRequest, origin: Option<&crate::wallet::Origin>) {
        let asks_for_access = matches!(request.path.as_str(), "/api/auth" | "/auth")
            && (request.method == "POST"
                || request.header("Access-Control-Request-Method") == Some("POST"));
        let Some(origin) = origin.filter(|_| asks_for_access) else {
            return;
        };
        if self.refusals.is_news(origin.as_str(), "origin") {
            self.note(self.wallet.note_pending_origin(origin));
            self.note(
                self.wallet
                    .record(Event::Refused, origin.as_str(), "origin not approved"),
            );
        }
    }

    pub(super) fn audit_refusal(&self, subject: &str, error: &ApiError) {
        let why = error.to_string();
        if self.refusals.is_news(subject, &why) {
            self.note(self.wallet.record(Event::Refused, subject, &why));
        }
    }

    fn refused(&self, error: &ApiError) -> HttpResponse {
        if let ApiError::Internal(cause) = error {
            self.log.warn(&cause.to_string());
        }
        error.response(&self.guard.home_page())
    }
}

/// The access token, bare or after `Bearer ` (RFC 6750), of the one
/// `Authorization` header.
fn presented_token(request: &HttpRequest) -> Result<&str, ApiError> {
    let mut headers = request.header_values("Authorization");
    let value = headers.next().unwrap_or_default().trim();
    if headers.next().is_some() {
        return Err(bad("more than one `Authorization`"));
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

impl Handler for App {
    fn handle(&self, request: &HttpRequest) -> HttpResponse {
        let (response, host) = self.answer(request);
        self.log.request(request, response.status, host.as_deref());
        response
    }

    fn refuse(&self, status: u16, why: &str, _request: Option<&HttpRequest>) -> HttpResponse {
        self.log.refused(status, why);
        let document = serde_json::json!({"error": why, "code": 0, "success": false});
        json_response(status, &document)
    }
}
