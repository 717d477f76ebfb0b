//! `/device`: the owner confirms a code that a program shows (RFC 8628, 3.3).

use super::Visit;
use super::decision::{Asked, Decision, Undecided};
use super::door::{Entrance, entrance};
use super::form::Form;
use crate::http::HttpResponse;
use crate::oauth::{UserCode, WaitingDevice};
use crate::server::error::ApiError;
use crate::server::pages::{self, ConfirmPage, DevicePage};
use crate::wallet::Scopes;

const PURPOSE: &str = "device";

impl Visit<'_> {
    /// `GET` shows the entry of a code or, where there is one, the question;
    /// `POST` answers it.
    pub(super) fn device(&self) -> HttpResponse {
        let answered = match entrance(self.request, &self.issuer) {
            Entrance::Closed => return self.closed(),
            Entrance::OwnForm => self.decide_device(&Form::of(self.request)),
            Entrance::Navigation => {
                let mut query = url::form_urlencoded::parse(self.request.query.as_bytes());
                let typed = query.find(|(name, _)| name == "user_code");
                match typed.filter(|(_, code)| !code.is_empty()) {
                    Some((_, code)) => self.look_up(&code),
                    None => self.enter(200, None),
                }
            }
        };
        answered.unwrap_or_else(|error| self.trouble(&error))
    }

    fn enter(&self, status: u16, error: Option<&str>) -> Result<HttpResponse, ApiError> {
        let page = DevicePage {
            frame: self.frame(),
            error: error.map(str::to_owned),
        };
        Ok(pages::answer(status, &page, None))
    }

    /// Guesses are limited like passwords: a code that fits nobody counts.
    fn look_up(&self, typed: &str) -> Result<HttpResponse, ApiError> {
        let wallet = self.lock.wallet();
        if !wallet.exists()? {
            return Ok(self.no_wallet());
        }
        let waiting = match UserCode::read(typed) {
            Some(code) => {
                self.web.guesses.check(self.is_owners, self.since_boot())?;
                self.web
                    .provider
                    .waiting(&code)?
                    .map(|waiting| (code, waiting))
            }
            None => None,
        };
        match waiting {
            Some((code, waiting)) => self.show_device(&code, &waiting, 200, None),
            None => {
                self.web.guesses.failed(self.is_owners, self.since_boot());
                let text =
                    "No program waits with this code. It may have ended: codes last 10 minutes.";
                self.enter(400, Some(text))
            }
        }
    }

    fn decide_device(&self, form: &Form) -> Result<HttpResponse, ApiError> {
        let request = form.get("request").unwrap_or_default();
        let Some(code) = UserCode::read(request) else {
            return self.enter(400, Some("The code is missing."));
        };
        let Some(waiting) = self.web.provider.waiting(&code)? else {
            let text = "This code was answered already, or has ended.";
            return self.enter(400, Some(text));
        };
        let shown = code.shown();
        let decided = match self.decision(&asked(&shown, &waiting), form) {
            Ok(Decision::Allow(_, choice)) => Some(choice),
            Ok(Decision::Deny) => None,
            Err(Undecided::Again(status, text)) => {
                return self.show_device(&code, &waiting, status, Some(text));
            }
            Err(Undecided::Answered) => return Ok(self.answered()),
            Err(Undecided::Trouble(error)) => return Err(error),
        };
        let provider = &self.web.provider;
        if !provider.answer_device(&code, &waiting, decided.as_ref())? {
            let text = "The code has ended meanwhile. Start again in your program.";
            return self.enter(400, Some(text));
        }
        Ok(match decided {
            Some(_) => self.message(
                200,
                "Done",
                &["Your program is connected. You may close this window."],
            ),
            None => self.message(
                200,
                "Denied",
                &["The program was told no. You may close this window."],
            ),
        })
    }

    fn show_device(
        &self,
        code: &UserCode,
        waiting: &WaitingDevice,
        status: u16,
        error: Option<String>,
    ) -> Result<HttpResponse, ApiError> {
        let shown = code.shown();
        let page = ConfirmPage {
            frame: self.frame(),
            question: self.question(&asked(&shown, waiting), error)?,
            code: shown,
        };
        Ok(pages::answer(status, &page, None))
    }
}

fn asked<'a>(code: &'a str, waiting: &'a WaitingDevice) -> Asked<'a> {
    Asked {
        purpose: PURPOSE,
        request: code,
        host: &waiting.host,
        is_local: waiting.client.is_loopback(),
        owner_name: waiting.client.owner_name(),
        scopes: waiting.scopes,
        new: Scopes::default(),
        last_expiry: None,
        last_limit: None,
        identity: None,
    }
}
