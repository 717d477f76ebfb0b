//! The way of a call: who asks, for which app, which method; then the method.

use std::sync::Arc;

use super::call::Call;
use super::error::{CallError, Outcome, refusal};
use super::info;
use super::methods::{Method, method};
use super::waiting::Waiting;
use crate::http::{ConnectionInfo, Handler, HttpRequest, HttpResponse};
use crate::platform::memory::wiped_stack;
use crate::server::body_type::check_body_type;
use crate::server::caller::limits::RequestLimiter;
use crate::server::caller::page::{preflight, readable_by};
use crate::server::caller::stranger::Stranger;
use crate::server::caller::{Caller, Recognition, program};
use crate::server::error::ApiError;
use crate::server::lock::Lock;
use crate::server::log::{AccessLog, Logged};
use crate::server::refusals::Refusals;
use crate::text::{excerpt, secrecy};
use crate::wallet::{Host, Origin};

/// For `Allow`.
const METHODS: &str = "POST, OPTIONS";

/// See the module.
pub(super) struct WalletInterface {
    pub(super) recognition: Recognition,
    pub(super) limiter: RequestLimiter,
    pub(super) lock: Arc<Lock>,
    pub(super) refusals: Refusals,
    pub(super) waiting: Arc<Waiting>,
    pub(super) log: Arc<AccessLog>,
}

impl Handler for WalletInterface {
    fn connected(&self, connection: &ConnectionInfo) {
        program::owner(connection);
    }

    fn handle(&self, request: &HttpRequest) -> HttpResponse {
        let caller = self.recognition.names.check(request);
        match caller.and_then(|()| self.recognition.of(request)) {
            Ok(caller) => {
                let app = app(&caller, request);
                let host = app.as_ref().ok().cloned();
                let outcome = wiped_stack(|| self.answer(request, &caller, app));
                self.finish(request, outcome, host.as_ref(), caller.reader())
            }
            Err(error) => {
                let reader = self.recognition.reader_of_refusal(request);
                self.finish(request, Err(error.into()), None, reader.as_ref())
            }
        }
    }

    fn refuse(&self, status: u16, why: &str, request: Option<&HttpRequest>) -> HttpResponse {
        self.log.refused(status, why);
        let reader = request.and_then(|request| self.recognition.reader_of_refusal(request));
        readable_by(refusal(status, why), reader.as_ref())
    }
}

impl WalletInterface {
    /// What is open to all comes first; who is no app is not told what else there is.
    fn answer(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        app: Result<Host, CallError>,
    ) -> Outcome {
        self.limiter.allow(caller.account())?;
        let is_posted = request.method == "POST";
        let found = method(&request.path);
        match (&*request.method, &*request.path, found) {
            ("OPTIONS", ..) => {
                let is_approved = caller.approved_origin().is_some();
                return Ok(preflight(request, METHODS.to_owned(), is_approved));
            }
            ("GET" | "HEAD", "/openapi.json", _) => return Ok(info::openapi()),
            ("POST", _, Some((_, Method::Open(answer)))) => return Ok(answer()),
            _ => {}
        }
        let originator = app.inspect_err(|_| self.note(caller))?;
        match found {
            None => Err(not_found(request).into()),
            Some(_) if !is_posted => Err(wrong_method(request).into()),
            Some((_, Method::Open(answer))) => Ok(answer()),
            Some((method, Method::Missing(what))) => Err(CallError::Unsupported { method, what }),
            Some((_, Method::OfApp(answer))) => {
                check_body_type(request)?;
                let answered = answer(&Call {
                    request,
                    originator: &originator,
                    lock: &self.lock,
                    waiting: &self.waiting,
                });
                match &answered {
                    Err(CallError::Argument(_) | CallError::NoArguments(_)) => {
                        // That it is locked is said first.
                        self.lock.unlocked()?;
                    }
                    // Not what: an app can ask for any number of things.
                    Err(CallError::Denied) => {
                        let why = "permission denied";
                        self.refusals.record(originator.as_str(), why);
                    }
                    _ => {}
                }
                answered
            }
        }
    }

    /// A page that nobody decided about is listed as pending.
    fn note(&self, caller: &Caller) {
        if let Caller::Stranger(Stranger::Origin(origin)) = caller {
            self.refusals.record_pending(origin);
        }
    }

    fn finish(
        &self,
        request: &HttpRequest,
        outcome: Outcome,
        host: Option<&Host>,
        reader: Option<&Origin>,
    ) -> HttpResponse {
        let (response, error) = match outcome {
            Ok(response) => (response, None),
            Err(error) => (error.response(), Some(error)),
        };
        let api = error.as_ref().and_then(CallError::of_the_door);
        if let Some(ApiError::Internal(cause)) = api {
            self.log.warn(&cause.to_string());
        }
        let logged = Logged {
            status: response.status,
            host,
            refused: api,
        };
        self.log.request(request, &logged);
        readable_by(response, reader)
    }
}

/// The app that is asked for: the page's host; or what a program of the owner's says
/// that it is.
fn app(caller: &Caller, request: &HttpRequest) -> Result<Host, CallError> {
    match caller {
        Caller::ApprovedPage(origin) => Ok(origin.host()),
        Caller::OwnersProgram => {
            // The SDK writes an origin, other clients a host.
            let mut named = request.header_values("Originator").map(Host::of_app);
            match (named.next(), named.next()) {
                (Some(Ok(host)), None) => Ok(host),
                _ => Err(CallError::NoOriginator),
            }
        }
        Caller::Stranger(stranger) => Err(stranger.refusal().into()),
        Caller::Other(_) => Err(CallError::NotOwners),
    }
}

fn not_found(request: &HttpRequest) -> ApiError {
    ApiError::NotFound(excerpt(&secrecy::target(&request.path), 100))
}

fn wrong_method(request: &HttpRequest) -> ApiError {
    ApiError::MethodNotAllowed {
        method: excerpt(&request.method, 20),
        allowed: METHODS.to_owned(),
    }
}
