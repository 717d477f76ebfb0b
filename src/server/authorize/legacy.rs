//! `GET /auth?host=…&scopes=…&returnURL=…`: the redirect login of TokenPass
//! Desktop and of tokenpass.app, over the consent page. The answer goes back
//! with `?tokenPass=` and the access token.

use super::decision::{Asked, Decision, Undecided};
use super::door::{Entrance, entrance};
use super::form::Form;
use super::{Visit, see_other};
use crate::http::HttpResponse;
use crate::oauth::{ClientError, Params, RedirectUri};
use crate::server::error::ApiError;
use crate::server::pages::{self, ConsentPage};
use crate::wallet::{Event, Grant, Host, Scopes};

const PURPOSE: &str = "redirect login";

/// A request of the old kind, checked.
struct LegacyRequest {
    host: Host,
    redirect: RedirectUri,
    scopes: Scopes,
    icon: Option<String>,
}

impl Visit<'_> {
    /// The page, and what its form says.
    pub(super) fn redirect_login(&self) -> HttpResponse {
        let answered = match entrance(self.request, &self.issuer) {
            Entrance::Closed => return self.closed(),
            Entrance::Navigation => self.ask_legacy(&self.request.query, 200, None),
            Entrance::OwnForm => {
                let form = Form::of(self.request);
                self.decide_legacy(form.get("request").unwrap_or_default(), &form)
            }
        };
        answered.unwrap_or_else(|error| self.trouble(&error))
    }

    fn ask_legacy(
        &self,
        query: &str,
        status: u16,
        error: Option<String>,
    ) -> Result<HttpResponse, ApiError> {
        if !self.lock.wallet().exists()? {
            return Ok(self.no_wallet());
        }
        let read = match LegacyRequest::read(query) {
            Ok(read) => read,
            Err(error) => return Ok(self.bad_client(&error)),
        };
        let page = ConsentPage {
            frame: self.frame(),
            question: self.question(&asked(query, &read), error)?,
            action: "/auth",
            redirect: read.redirect.to_string(),
            new_redirect: false,
            remembered: None,
            denied: None,
        };
        let target = super::consent::form_target(&read.redirect);
        Ok(pages::answer(status, &page, Some(&target)))
    }

    fn decide_legacy(&self, query: &str, form: &Form) -> Result<HttpResponse, ApiError> {
        let read = match LegacyRequest::read(query) {
            Ok(read) => read,
            Err(error) => return Ok(self.bad_client(&error)),
        };
        match self.decision(&asked(query, &read), form) {
            Ok(Decision::Allow(wallet, choice)) => {
                let granted = wallet.grant(&Grant {
                    host: read.host,
                    scopes: choice.scopes,
                    expiry: choice.expiry,
                    icon: read.icon,
                    identity: None,
                    max_satoshis: choice.max_satoshis,
                })?;
                let token = granted.token.expose();
                Ok(see_other(&read.redirect.with(&[("tokenPass", token)])))
            }
            Ok(Decision::Deny) => {
                let host = read.host.as_str();
                let wallet = self.lock.wallet();
                wallet.record(Event::Refused, host, "denied on the page");
                Ok(see_other(
                    &read.redirect.with(&[("error", "access_denied")]),
                ))
            }
            Err(Undecided::Again(status, text)) => self.ask_legacy(query, status, Some(text)),
            Err(Undecided::Answered) => Ok(self.answered()),
            Err(Undecided::Trouble(error)) => Err(error),
        }
    }
}

impl LegacyRequest {
    /// Reads a query. The answer goes to the host itself, to nobody else.
    fn read(query: &str) -> Result<Self, ClientError> {
        let params = Params::parse(query).map_err(|_| ClientError::NoClient)?;
        let get = |name: &str| params.get(name).unwrap_or_default();
        let host: Host = get("host")
            .and_then(|host| host.parse().ok())
            .ok_or(ClientError::NoClient)?;
        let uri = get("returnURL")
            .or(get("redirect"))
            .ok_or(ClientError::NoRedirect)?;
        let shown = crate::text::excerpt(uri, 200);
        let redirect = RedirectUri::parse(uri).map_err(|why| ClientError::BadRedirect {
            uri: shown.clone(),
            why,
        })?;
        if redirect.host().as_ref() != Some(&host) {
            return Err(ClientError::ForeignRedirect {
                uri: shown,
                client: host.to_string(),
            });
        }
        let icon = get("icon").filter(|icon| icon.starts_with("http") || icon.starts_with('/'));
        Ok(Self {
            host,
            redirect,
            // Like OAuth: what we do not know is left out.
            scopes: Scopes::from_stored(get("scopes").unwrap_or_default()),
            icon: icon.map(str::to_owned),
        })
    }
}

fn asked<'a>(query: &'a str, read: &'a LegacyRequest) -> Asked<'a> {
    Asked {
        purpose: PURPOSE,
        request: query,
        host: &read.host,
        is_local: read.redirect.as_str().starts_with("http:"),
        owner_name: None,
        scopes: read.scopes,
        new: Scopes::default(),
        last_expiry: None,
        last_limit: None,
        identity: None,
    }
}
