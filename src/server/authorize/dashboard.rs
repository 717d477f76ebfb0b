//! `/`: what a person has to manage.
//!
//! Nothing private is shown before the password. Then a session's token goes
//! from form to form: it shows, and takes away (revoke, deny, lock). Whatever
//! gives something asks the password again.

use super::door::{Entrance, entrance};
use super::form::Form;
use super::session::fresh_token;
use super::{Refused, Visit};
use crate::http::HttpResponse;
use crate::server::error::ApiError;
use crate::server::pages::{self, Activity, AppRow, DashboardPage, Dated, UnlockPage, words};
use crate::wallet::{
    Host, Merge, Object, Origin, OriginStatus, Page, Registration, Revoke, Satoshis, Scopes,
    Timestamp, TokenInfo, UnlockedWallet,
};

const PURPOSE: &str = "dashboard";

/// Apps shown at once.
const MAX_APPS: usize = 100;

/// Tokens looked at to make the list of apps.
const MAX_TOKENS: usize = 1000;

/// Lines of activity shown.
const MAX_ACTIVITY: u32 = 12;

/// Denials shown: of the last day.
const DENIALS: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

/// What an action has to say.
type Said = Result<String, Refused>;

impl Visit<'_> {
    /// The dashboard, and what its forms do.
    pub(super) fn dashboard(&self) -> HttpResponse {
        let answered = match entrance(self.request, &self.issuer) {
            Entrance::Closed => return self.closed(),
            Entrance::Navigation => self.entry(200, None),
            Entrance::OwnForm => self.act(&Form::of(self.request)),
        };
        answered.unwrap_or_else(|error| self.trouble(&error))
    }

    /// The page before the password.
    fn entry(&self, status: u16, error: Option<String>) -> Result<HttpResponse, ApiError> {
        let wallet = self.lock.wallet();
        let exists = wallet.exists()?;
        if !exists && !self.is_owners {
            let texts = ["Its owner can make one, on this computer."];
            return Ok(self.message(200, "There is no wallet here yet", &texts));
        }
        let unlocked = self.unlocked()?.is_some();
        let (title, lead, button) = match (exists, unlocked) {
            (false, _) => (
                "Make your wallet",
                "It holds the keys that sign and encrypt for you. It stays on this computer, \
                 encrypted with your password.",
                "Make the wallet",
            ),
            (true, true) => (
                "Your dashboard",
                "TokenPass is unlocked. To see and change who may use it, show that it is you.",
                "Open",
            ),
            (true, false) => (
                "Unlock TokenPass",
                "Apps that you let in can then sign again, until it is locked.",
                "Unlock",
            ),
        };
        let id = wallet.environment().random()?;
        let tickets = &self.web.provider.tickets;
        let page = UnlockPage {
            frame: self.frame(),
            title,
            lead,
            button,
            ticket: tickets.issue(wallet.id()?, PURPOSE, "", id, self.now()),
            creates: !exists,
            error,
        };
        Ok(pages::answer(status, &page, None))
    }

    fn act(&self, form: &Form) -> Result<HttpResponse, ApiError> {
        let action = form.get("act").unwrap_or_default();
        if matches!(action, "open" | "create") {
            return self.open(action, form);
        }
        let token = form.get("session").unwrap_or_default();
        // Looked at first: what is locked meanwhile ends the session.
        let locked = self.lock.times_locked();
        let is_live = |wallet: &_| self.web.sessions.is_live(wallet, locked, token);
        let Some(wallet) = self.unlocked()?.filter(|wallet| is_live(wallet)) else {
            let text =
                "You were away for a while, or TokenPass was locked. Show again that it is you.";
            return self.entry(401, Some(text.to_owned()));
        };
        if action == "lock" {
            self.lock.lock("locked on the dashboard");
            return self.entry(200, None);
        }
        let said = self.change(action, form, &wallet);
        self.shown(&wallet, token, said)
    }

    /// What an action has to say, and how things stand. What was done is told also
    /// where the rest cannot be read.
    fn shown(
        &self,
        wallet: &UnlockedWallet,
        token: &str,
        said: Said,
    ) -> Result<HttpResponse, ApiError> {
        let done = said.as_ref().ok().filter(|text| !text.is_empty()).cloned();
        match (self.overview(wallet, token, said), done) {
            (Err(error), Some(done)) => {
                let rest = format!("the dashboard cannot be shown: {error}");
                self.log.warn(&rest);
                Ok(self.message(200, "Done", &[&done, &super::sentence(&rest)]))
            }
            (shown, _) => shown,
        }
    }

    /// The password opens the dashboard, or makes the wallet.
    fn open(&self, action: &str, form: &Form) -> Result<HttpResponse, ApiError> {
        let tickets = &self.web.provider.tickets;
        let ticket = form.get("ticket").unwrap_or_default();
        let wallet = self.lock.wallet().id()?;
        let Ok(id) = tickets.check(wallet, PURPOSE, "", ticket, self.now()) else {
            let text = "This page is too old. Please type the password again.";
            return self.entry(400, Some(text.to_owned()));
        };
        let opened = if action == "create" {
            self.create(form)
        } else {
            self.prove(form)
        };
        let wallet = match opened {
            Ok(wallet) => wallet,
            Err(Refused::Said(status, text)) => return self.entry(status, Some(text)),
            Err(Refused::Trouble(error)) => return Err(error),
        };
        if !tickets.answer(id, self.now()) {
            return Ok(self.answered());
        }
        let token = fresh_token(self.lock.wallet().environment().random()?);
        let locked = self.lock.times_locked();
        self.web.sessions.begin(&wallet, locked, &token);
        let said = if action == "create" {
            "Your wallet is made. Back it up now: `tokenpass export` shows the twelve words that \
             restore it."
        } else {
            ""
        };
        self.shown(&wallet, &token, Ok(said.to_owned()))
    }

    fn create(&self, form: &Form) -> Result<std::sync::Arc<UnlockedWallet>, Refused> {
        if !self.is_owners {
            return Err(Refused::Trouble(ApiError::OwnersProgramOnly));
        }
        let (Some(password), Some(again)) = (form.password(), form.get("again")) else {
            return Err(Refused::Said(400, "Type the password twice.".to_owned()));
        };
        if password.as_bytes() != again.as_bytes() {
            let text = "The two passwords differ. Type the same one twice.";
            return Err(Refused::Said(400, text.to_owned()));
        }
        let mut profile = Object::new();
        if let Some(name) = form.get("displayName") {
            profile.insert("displayName".into(), name.into());
        }
        let registration = Registration {
            profile,
            ..Registration::default()
        };
        let registered = self.lock.wallet().register(&password, registration)?;
        Ok(self.lock.unlock(registered.wallet))
    }

    /// What a button does.
    fn change(&self, action: &str, form: &Form, wallet: &UnlockedWallet) -> Said {
        match action {
            "revoke" => self.revoke_app(form),
            "deny-origin" => {
                let origin = origin(form)?;
                self.lock.wallet().deny_origin(&origin)?;
                Ok(format!(
                    "{origin} may not ask any more. Its tokens are revoked."
                ))
            }
            "forget-denial" => {
                let client = form.get("client").unwrap_or_default();
                self.web.provider.forget_denial(client)?;
                Ok("Forgotten: the app is treated like a new one.".to_owned())
            }
            "allow-origin" => {
                let origin = origin(form)?;
                self.prove(form)?;
                self.lock.wallet().allow_origin(&origin)?;
                Ok(format!("{origin} may use TokenPass now. Reload its page."))
            }
            "allow-permission" => self.allow_permission(form),
            "deny-permission" => self.deny_permission(form),
            "add-contact" => self.add_contact(form),
            "remove-contact" => self.remove_contact(form),
            "profile" => {
                self.prove(form)?;
                let fields = ["displayName", "paymail", "logo"].into_iter();
                let patch = fields.map(|name| {
                    let value = form.get(name).map_or(serde_json::Value::Null, Into::into);
                    (name.to_owned(), value)
                });
                wallet
                    .wallet()
                    .update_profile(patch.collect(), Merge::Keep)?;
                Ok("The profile is saved.".to_owned())
            }
            "show" => Ok(String::new()),
            _ => Err(Refused::Said(400, "Nothing was done.".to_owned())),
        }
    }

    fn revoke_app(&self, form: &Form) -> Said {
        let host: Host = form
            .get("host")
            .and_then(|host| host.parse().ok())
            .ok_or_else(|| Refused::Said(400, "No such app.".to_owned()))?;
        self.lock.wallet().revoke(&Revoke::Host(host.clone()))?;
        Ok(format!("{host} cannot use TokenPass any more."))
    }

    fn overview(
        &self,
        wallet: &UnlockedWallet,
        token: &str,
        said: Said,
    ) -> Result<HttpResponse, ApiError> {
        let (status, done, error) = match said {
            Ok(text) => (200, Some(text).filter(|text| !text.is_empty()), None),
            Err(Refused::Said(status, text)) => (status, None, Some(text)),
            Err(Refused::Trouble(error)) => (
                error.status(),
                None,
                Some(super::sentence(&error.to_string())),
            ),
        };
        let now = self.now();
        let handle = wallet.wallet();
        let profile = handle.profile()?;
        let text = |name: &str| {
            let value = profile.get(name).and_then(|value| value.as_str());
            value.unwrap_or_default().to_owned()
        };
        let (apps, apps_total) = self.apps(now)?;
        let origins = handle.origins()?;
        let (asked, permitted) = self.permission_rows(now)?;
        let book = wallet.identities()?;
        let primary = book.primary().map(|one| one.id().clone());
        let page = DashboardPage {
            frame: self.frame(),
            session: token.to_owned(),
            name: Some(text("displayName"))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| "Your TokenPass".to_owned()),
            bap_id: text("bapID"),
            done,
            error,
            unsaved: words::unsaved(handle.backup_status()?, now),
            pending: origins
                .iter()
                .filter(|one| one.status == OriginStatus::Pending)
                .map(|one| Dated {
                    name: one.origin.clone(),
                    when: words::ago(one.seen, now),
                })
                .collect(),
            approved: origins
                .iter()
                .filter(|one| one.status == OriginStatus::Approved)
                .map(|one| one.origin.clone())
                .collect(),
            asked,
            permitted,
            apps,
            apps_total,
            denials: self
                .web
                .provider
                .denials(now.minus(DENIALS))?
                .into_iter()
                .map(|(client, at)| Dated {
                    name: client,
                    when: words::ago(at, now),
                })
                .collect(),
            profile: shown_profile(&profile),
            display_name: text("displayName"),
            paymail: text("paymail"),
            logo: text("logo"),
            identities: book
                .iter()
                .map(|one| pages::Choice {
                    id: one.id().to_string(),
                    name: one.name().to_owned(),
                    is_chosen: primary.as_ref() == Some(one.id()),
                })
                .collect(),
            contacts: self.contact_lines()?,
            activity: self.activity(now)?,
        };
        Ok(pages::answer(status, &page, None))
    }

    /// The apps that hold tokens, the newest first, and how many there are.
    fn apps(&self, now: Timestamp) -> Result<(Vec<AppRow>, usize), ApiError> {
        let mut tokens = self.lock.wallet().tokens(None, Page::up_to(MAX_TOKENS))?;
        tokens.sort_by(|a, b| (&a.host, b.created).cmp(&(&b.host, a.created)));
        let mut apps: Vec<_> = tokens
            .chunk_by(|a, b| a.host == b.host)
            .map(|tokens| {
                let scopes: Scopes = tokens
                    .iter()
                    .flat_map(|token| token.scopes.iter())
                    .collect();
                let ends = tokens
                    .iter()
                    .map(|token| token.expires)
                    .max_by_key(|end| end.map_or(u64::MAX, Timestamp::as_millis));
                let row = AppRow {
                    host: tokens[0].host.to_string(),
                    tokens: match tokens.len() {
                        1 => "1 token".to_owned(),
                        n => format!("{n} tokens"),
                    },
                    granted: words::ago(tokens[0].created, now),
                    ends: words::ends(ends.flatten(), now),
                    spends: spends(tokens),
                    scopes: words::scope_lines(scopes, Scopes::default()),
                };
                (tokens[0].created, row)
            })
            .collect();
        apps.sort_by_key(|(created, _)| std::cmp::Reverse(*created));
        let total = apps.len();
        let shown = apps.into_iter().take(MAX_APPS).map(|(_, row)| row);
        Ok((shown.collect(), total))
    }

    fn activity(&self, now: Timestamp) -> Result<Vec<Activity>, ApiError> {
        let entries = self.lock.wallet().audit(None, MAX_ACTIVITY)?;
        Ok(entries
            .into_iter()
            .rev()
            .map(|entry| Activity {
                when: words::ago(entry.at, now),
                what: entry.event,
                who: crate::text::shortened(&entry.subject, 80),
            })
            .collect())
    }
}

/// What the tokens of an app may spend; `None` where none can.
fn spends(tokens: &[TokenInfo]) -> Option<String> {
    let spending = tokens.iter().filter(|token| token.scopes.spend());
    let most = spending.map(|token| token.max_satoshis);
    match most.max_by_key(|limit| limit.unwrap_or(Satoshis(u64::MAX)))? {
        Some(limit) if tokens.len() == 1 => Some(format!("up to {limit} satoshis a day")),
        Some(limit) => Some(format!("up to {limit} satoshis a day with each")),
        None => Some("spends without a limit".to_owned()),
    }
}

fn origin(form: &Form) -> Result<Origin, Refused> {
    let origin = form.get("origin").and_then(|text| text.parse().ok());
    origin.ok_or_else(|| Refused::Said(400, "No such page.".to_owned()))
}

/// The profile's texts, by the names that people know.
fn shown_profile(profile: &Object) -> Vec<(String, String)> {
    [
        ("displayName", "Name"),
        ("paymail", "Paymail"),
        ("logo", "Picture"),
        ("email", "Mail"),
    ]
    .into_iter()
    .filter_map(|(name, label)| {
        let value = profile.get(name)?.as_str()?;
        Some((label.to_owned(), crate::text::shortened(value, 200)))
    })
    .collect()
}
