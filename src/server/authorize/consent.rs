//! `/oauth2/authorize`: a client's request, the page, and the answer.

use super::decision::{Asked, Decision, Undecided};
use super::door::{Entrance, entrance};
use super::form::{Form, text_of};
use super::{Visit, see_other};
use crate::http::HttpResponse;
use crate::oauth::{
    Acquaintance, AuthorizationRequest, ClientError, Params, RedirectUri, Refusal, refusal,
};
use crate::server::error::ApiError;
use crate::server::pages::{self, ConsentPage, MessagePage, words};
use crate::wallet::{Host, Satoshis};

const PURPOSE: &str = "consent";

impl Visit<'_> {
    /// `GET` and `POST` of the authorization endpoint (RFC 6749, 3.1).
    pub(super) fn authorize(&self) -> HttpResponse {
        let answered = match entrance(self.request, &self.issuer) {
            Entrance::Closed => return self.closed(),
            Entrance::Navigation if self.request.method == "POST" => {
                let body = text_of(self.request).unwrap_or_default();
                self.ask(&body)
            }
            Entrance::Navigation => self.ask(&self.request.query),
            Entrance::OwnForm => {
                let form = Form::of(self.request);
                match form.get("request") {
                    Some(request) => self.decide(request, &form),
                    // A request that a page of this server itself sent.
                    None => self.ask(&text_of(self.request).unwrap_or_default()),
                }
            }
        };
        answered.unwrap_or_else(|error| self.trouble(&error))
    }

    /// Shows the page for a request.
    fn ask(&self, request: &str) -> Result<HttpResponse, ApiError> {
        match self.read(request)? {
            Ok(read) => self.show(request, &read, 200, None),
            Err(response) => Ok(response),
        }
    }

    /// Does what the form says.
    fn decide(&self, request: &str, form: &Form) -> Result<HttpResponse, ApiError> {
        let read = match self.read(request)? {
            Ok(read) => read,
            Err(response) => return Ok(response),
        };
        let known = self.web.provider.acquaintance(&read)?;
        let host = read.host();
        let provider = &self.web.provider;
        let goes_to = match self.decision(&asked(request, &read, &host, &known), form) {
            Ok(Decision::Allow(wallet, choice)) => {
                provider.allow(&wallet, &read, &choice, &self.issuer)?
            }
            Ok(Decision::Deny) => provider.deny(&read, &self.issuer)?,
            Err(Undecided::Again(status, text)) => {
                return self.show(request, &read, status, Some(text));
            }
            Err(Undecided::Answered) => return Ok(self.answered()),
            Err(Undecided::Trouble(error)) => return Err(error),
        };
        Ok(see_other(&goes_to))
    }

    fn show(
        &self,
        request: &str,
        read: &AuthorizationRequest,
        status: u16,
        error: Option<String>,
    ) -> Result<HttpResponse, ApiError> {
        let known = self.web.provider.acquaintance(read)?;
        let host = read.host();
        let now = self.now();
        let page = ConsentPage {
            frame: self.frame(),
            question: self.question(&asked(request, read, &host, &known), error)?,
            action: "/oauth2/authorize",
            redirect: read.redirect.to_string(),
            new_redirect: known.last.is_some() && !known.knows_redirect,
            remembered: known
                .last
                .as_ref()
                .map(|app| words::ago(crate::wallet::Timestamp::from_millis(app.last), now)),
            denied: known.denied.map(|at| words::ago(at, now)),
        };
        Ok(pages::answer(
            status,
            &page,
            Some(&form_target(&read.redirect)),
        ))
    }

    /// Reads a request; what stands in its way is an answer already.
    fn read(&self, request: &str) -> Result<Result<AuthorizationRequest, HttpResponse>, ApiError> {
        let wallet = self.lock.wallet();
        if !wallet.exists()? {
            return Ok(Err(self.no_wallet()));
        }
        let params = match Params::parse(request) {
            Ok(params) => params,
            Err(_) => return Ok(Err(self.bad_client(&ClientError::NoClient))),
        };
        let is_unlocked = self.unlocked()?.is_some();
        let read = self.web.provider.read(&params, &self.issuer, is_unlocked)?;
        Ok(read.map_err(|refused| match refused {
            Refusal::Page(error) => self.bad_client(&error),
            Refusal::Redirect {
                redirect,
                state,
                error,
            } => see_other(&refusal(&redirect, &error, state.as_deref(), &self.issuer)),
        }))
    }

    /// The client cannot be trusted with an answer (RFC 6749, 4.1.2.1).
    pub(super) fn bad_client(&self, error: &ClientError) -> HttpResponse {
        let page = MessagePage {
            frame: self.frame(),
            title: "This request cannot be answered".to_owned(),
            texts: vec![
                super::sentence(&error.to_string()),
                "Nothing was given away. If you came from an app that you trust, tell its \
                 developers what stands here."
                    .to_owned(),
            ],
            next: None,
        };
        pages::answer(400, &page, None)
    }

    pub(super) fn closed(&self) -> HttpResponse {
        let texts = [
            "TokenPass opens in a window of its own, by a link. A frame or a script of another \
             page cannot open it.",
        ];
        self.message(403, "This page opens by itself only", &texts)
    }

    pub(super) fn answered(&self) -> HttpResponse {
        let texts = [
            "Each question is answered once. To change your mind, go back to the app and start \
             again there, or take back what you allowed on your dashboard.",
        ];
        self.message(409, "You answered this already", &texts)
    }

    pub(super) fn no_wallet(&self) -> HttpResponse {
        let page = MessagePage {
            frame: self.frame(),
            title: "There is no wallet here yet".to_owned(),
            texts: vec![
                "An app wants to sign you in with TokenPass. Make your wallet first, then go \
                 back to the app and start again."
                    .to_owned(),
            ],
            next: Some(("/".to_owned(), "Make a wallet".to_owned())),
        };
        pages::answer(200, &page, None)
    }
}

fn asked<'a>(
    request: &'a str,
    read: &'a AuthorizationRequest,
    host: &'a Host,
    known: &'a Acquaintance,
) -> Asked<'a> {
    let last = known.last.as_ref();
    Asked {
        purpose: PURPOSE,
        request,
        host,
        is_local: read.client.is_loopback(),
        owner_name: read.client.owner_name(),
        scopes: read.scopes,
        new: if last.is_some() {
            known.new_scopes
        } else {
            Default::default()
        },
        last_expiry: last.and_then(|app| app.expiry.parse().ok()),
        last_limit: last.and_then(|app| app.max_satoshis).map(Satoshis),
        identity: read
            .identity_hint
            .as_deref()
            .or(last.map(|app| app.identity.as_str())),
    }
}

/// Where a form's answer may be redirected to. Chromium knows no IPv6 address
/// in a source expression (CSP 3, 2.3.1 has none).
pub(super) fn form_target(redirect: &RedirectUri) -> String {
    let origin = redirect.origin();
    if origin.contains('[') {
        "http:".to_owned()
    } else {
        origin
    }
}
