//! What a person decides: the question that a page asks, and the answer that
//! its form brings. Shared by the consent page, the redirect login and the
//! device page.

use std::sync::Arc;

use super::form::Form;
use super::{ConsentBy, Refused, Visit};
use crate::identity::BapId;
use crate::oauth::{Choice, TicketError};
use crate::server::error::ApiError;
use crate::server::pages::{self, Question, words};
use crate::wallet::{Asker, Expiry, Host, Satoshis, Scope, Scopes, UnlockedWallet};

/// What a page asks about.
pub(super) struct Asked<'a> {
    /// What ties form and page.
    pub(super) purpose: &'static str,
    /// The request, as text, which the form brings back.
    pub(super) request: &'a str,
    pub(super) host: &'a Host,
    pub(super) is_local: bool,
    pub(super) owner_name: Option<&'a str>,
    pub(super) scopes: Scopes,
    /// Those that are new since the app was allowed last.
    pub(super) new: Scopes,
    /// How long it was allowed last.
    pub(super) last_expiry: Option<Expiry>,
    /// What it was last allowed to spend in a day.
    pub(super) last_limit: Option<Satoshis>,
    /// The identity that was chosen last, or that the app would like.
    pub(super) identity: Option<&'a str>,
}

/// What a page suggests that an app may spend in a day.
const SUGGESTED_LIMIT: Satoshis = Satoshis(10_000);

/// What a form says.
pub(super) enum Decision {
    /// Allowed, with what the owner proved to be there by.
    Allow(Arc<UnlockedWallet>, Choice),
    /// Denied.
    Deny,
}

/// Why a form decides nothing.
pub(super) enum Undecided {
    /// The page is shown again, with this said.
    Again(u16, String),
    /// It was decided before.
    Answered,
    /// Nothing can be decided now.
    Trouble(ApiError),
}

impl From<ApiError> for Undecided {
    fn from(error: ApiError) -> Self {
        Self::Trouble(error)
    }
}

impl Visit<'_> {
    /// The question for a page, with a fresh ticket.
    pub(super) fn question(
        &self,
        asked: &Asked<'_>,
        error: Option<String>,
    ) -> Result<Question, ApiError> {
        let unlocked = self.unlocked()?;
        let wallet = self.lock.wallet();
        let id = wallet.environment().random()?;
        let tickets = &self.web.provider.tickets;
        Ok(Question {
            request: asked.request.to_owned(),
            ticket: tickets.issue(wallet.id()?, asked.purpose, asked.request, id, self.now()),
            app: words::app_name(asked.host.as_str(), asked.is_local, asked.owner_name),
            verb: words::verb(asked.scopes),
            scopes: words::scope_lines(asked.scopes, asked.new),
            identities: self.identities(unlocked.as_deref(), asked.identity)?,
            durations: words::durations(asked.last_expiry.unwrap_or(Expiry::Hour)),
            limit: asked
                .scopes
                .spend()
                .then(|| asked.last_limit.unwrap_or(SUGGESTED_LIMIT).to_string()),
            asks_password: !self.clicks(unlocked.is_some()),
            is_locked: unlocked.is_none(),
            error,
        })
    }

    /// The answer that a form brings. Whatever is missing in it means the
    /// safest: no scope, the shortest life, nothing done.
    pub(super) fn decision(&self, asked: &Asked<'_>, form: &Form) -> Result<Decision, Undecided> {
        let tickets = &self.web.provider.tickets;
        let ticket = form.get("ticket").unwrap_or_default();
        let wallet = self.lock.wallet().id().map_err(ApiError::from)?;
        let id = match tickets.check(wallet, asked.purpose, asked.request, ticket, self.now()) {
            Ok(id) => id,
            Err(TicketError::Answered) => return Err(Undecided::Answered),
            Err(TicketError::Expired) => {
                let text = "This page was open for more than 10 minutes. Look at it again.";
                return Err(Undecided::Again(400, text.to_owned()));
            }
            Err(TicketError::Unknown) => {
                let text = "TokenPass was restarted, or the wallet replaced, since this page \
                            was shown. Look at it again.";
                return Err(Undecided::Again(400, text.to_owned()));
            }
        };
        let decision = match form.get("decision") {
            Some("deny") => Decision::Deny,
            Some("allow") => self.allowed(asked, form)?,
            _ => {
                let text = "Choose “Allow” or “Deny”.";
                return Err(Undecided::Again(400, text.to_owned()));
            }
        };
        if tickets.answer(id, self.now()) {
            Ok(decision)
        } else {
            Err(Undecided::Answered)
        }
    }

    fn allowed(&self, asked: &Asked<'_>, form: &Form) -> Result<Decision, Undecided> {
        let wallet = match self.prove(form) {
            Ok(wallet) => wallet,
            Err(Refused::Said(status, text)) => return Err(Undecided::Again(status, text)),
            Err(Refused::Trouble(error)) => return Err(Undecided::Trouble(error)),
        };
        let ticked: Scopes = form
            .all("scope")
            .filter_map(|word| word.parse::<Scope>().ok())
            .collect();
        let scopes: Scopes = asked
            .scopes
            .iter()
            // Not on the page: they go with any yes.
            .filter(|scope| {
                matches!(scope, Scope::OpenId | Scope::Identity) || ticked.contains(*scope)
            })
            .collect();
        let limit = match form.get("max_satoshis").map(str::trim).map(str::parse) {
            None => Satoshis(0),
            Some(Ok(limit)) => limit,
            Some(Err(_)) => {
                let text = "What it may spend a day is a whole number of satoshis.";
                return Err(Undecided::Again(400, text.to_owned()));
            }
        };
        let primary = wallet.bap_id().map_err(ApiError::from)?;
        let wanted = form.get("identity").and_then(|id| id.parse::<BapId>().ok());
        let book = wallet.identities().map_err(ApiError::from)?;
        let identity = wanted.filter(|id| book.get(id).is_ok()).unwrap_or(primary);
        let expiry = form.get("expire").and_then(|word| word.parse().ok());
        let choice = Choice {
            scopes,
            identity,
            expiry: expiry
                .filter(|expiry| *expiry != Expiry::Once)
                .unwrap_or(Expiry::Hour),
            auth_time: self.now(),
            max_satoshis: scopes.spend().then_some(limit),
        };
        Ok(Decision::Allow(wallet, choice))
    }

    /// The owner shows to be there: by the password or, where that was chosen
    /// for this server, by a click on an unlocked wallet.
    pub(super) fn prove(&self, form: &Form) -> Result<Arc<UnlockedWallet>, Refused> {
        let unlocked = self.unlocked().map_err(Refused::Trouble)?;
        if let (Some(wallet), true) = (&unlocked, self.clicks(unlocked.is_some())) {
            return Ok(Arc::clone(wallet));
        }
        let Some(password) = form.password() else {
            return Err(Refused::Said(401, "The password is missing.".to_owned()));
        };
        let asker = if self.is_owners {
            Asker::Form
        } else {
            Asker::Other
        };
        let wallet = self.lock.wallet().asked_by(asker).unlock(&password)?;
        Ok(self.lock.unlock(wallet))
    }

    fn clicks(&self, is_unlocked: bool) -> bool {
        self.web.consent == ConsentBy::Click && self.is_owners && is_unlocked
    }

    /// The identities to choose from. A locked wallet names only its primary.
    fn identities(
        &self,
        unlocked: Option<&UnlockedWallet>,
        wanted: Option<&str>,
    ) -> Result<Vec<pages::Choice>, ApiError> {
        let Some(wallet) = unlocked else {
            let profile = self.lock.wallet().profile()?;
            let text = |name: &str| {
                let value = profile.get(name).and_then(|value| value.as_str());
                value.unwrap_or_default().to_owned()
            };
            return Ok(vec![pages::Choice {
                id: text("bapID"),
                name: "Your primary identity".to_owned(),
                is_chosen: true,
            }]);
        };
        let book = wallet.identities()?;
        let wanted = wanted.filter(|id| book.iter().any(|one| one.id().as_str() == *id));
        let primary = book.primary().map(|one| one.id().to_string());
        let chosen = wanted.map(str::to_owned).or(primary);
        Ok(book
            .iter()
            .map(|one| pages::Choice {
                id: one.id().to_string(),
                name: one.name().to_owned(),
                is_chosen: chosen.as_deref() == Some(one.id().as_str()),
            })
            .collect())
    }
}
