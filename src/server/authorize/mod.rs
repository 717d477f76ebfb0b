//! Forms and redirects over the OAuth provider: what a browser or an OAuth
//! client asks for outside of `/api/`. Thin: the protocol is in `oauth`, what
//! is seen in `pages`.

mod consent;
mod contacts;
mod dashboard;
mod decision;
mod device;
pub(super) mod door;
mod endpoints;
pub(super) mod form;
mod legacy;
mod logout;
mod permissions;
mod session;
pub(super) mod table;

use std::sync::Arc;
use std::time::Duration;

use self::session::{DashboardSessions, Guesses, Starts};
use super::error::ApiError;
use super::lock::Lock;
use super::log::AccessLog;
use super::pages::{self, Frame, MessagePage};
use crate::http::{HttpRequest, HttpResponse};
use crate::oauth::{ErrorCode, OAuthError, Provider};
use crate::wallet::{Timestamp, UnlockedWallet, WalletError};

/// What `Allow` on the consent page asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConsentBy {
    /// The password, each time.
    #[default]
    Password,
    /// A click, while the wallet is unlocked, on a connection of the owner's.
    Click,
}

/// What the pages keep between two requests.
pub(super) struct Web {
    pub(super) provider: Provider,
    pub(super) consent: ConsentBy,
    sessions: DashboardSessions,
    guesses: Guesses,
    starts: Starts,
}

impl Web {
    pub(super) fn new(provider: Provider, consent: ConsentBy) -> Self {
        Self {
            provider,
            consent,
            sessions: DashboardSessions::default(),
            guesses: Guesses::default(),
            starts: Starts::default(),
        }
    }
}

/// One request to a page or an OAuth endpoint.
pub(super) struct Visit<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) web: &'a Web,
    pub(super) lock: &'a Lock,
    pub(super) log: &'a AccessLog,
    /// The name that the browser used, as a URL without a path: who issues.
    pub(super) issuer: String,
    /// Whether a process of the owner's made the connection.
    pub(super) is_owners: bool,
}

impl Visit<'_> {
    fn now(&self) -> Timestamp {
        self.lock.wallet().environment().now()
    }

    fn since_boot(&self) -> Duration {
        self.lock.wallet().environment().since_boot()
    }

    /// The unlocked wallet, if it is; looking does not count as use.
    fn unlocked(&self) -> Result<Option<Arc<UnlockedWallet>>, ApiError> {
        match self.lock.unlocked() {
            Ok(wallet) => Ok(Some(wallet)),
            Err(ApiError::Locked | ApiError::NoWallet) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn frame(&self) -> Frame {
        let address = self.issuer.split_once("://").map_or("", |(_, rest)| rest);
        Frame {
            address: address.to_owned(),
            picture: self.picture(),
        }
    }

    /// The wallet's own picture, which only its owner's browser is shown.
    fn picture(&self) -> Option<String> {
        if !self.is_owners {
            return None;
        }
        let unlocked = self.unlocked().ok().flatten()?;
        Some(crate::identity::identicon::identicon(
            &unlocked.picture_seed(),
        ))
    }

    fn message(&self, status: u16, title: &str, texts: &[&str]) -> HttpResponse {
        let page = MessagePage {
            frame: self.frame(),
            title: title.to_owned(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            next: None,
        };
        pages::answer(status, &page, None)
    }

    /// The path knows other methods only.
    pub(super) fn wrong_method(&self, allow: String) -> HttpResponse {
        let method = crate::text::excerpt(&self.request.method, 20);
        let why = format!("{method} is not answered here, only {allow}");
        let error = OAuthError::new(ErrorCode::InvalidRequest, why);
        super::reply::json_response(405, &error).with_header("Allow", allow)
    }

    /// Something went wrong that the person cannot help.
    fn trouble(&self, error: &ApiError) -> HttpResponse {
        let title = "TokenPass cannot answer now";
        self.message(error.status(), title, &[&sentence(&error.to_string())])
    }
}

/// A fact in lower case becomes a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// Back to the app, with a fresh `GET` (RFC 9700, 4.12: never 307).
fn see_other(location: &str) -> HttpResponse {
    super::reply::harden(HttpResponse::empty(303)).with_header("Location", location.to_owned())
}

/// Why a password did not do.
enum Refused {
    /// Said beside the field, with this status.
    Said(u16, String),
    /// A page of its own.
    Trouble(ApiError),
}

impl From<WalletError> for Refused {
    fn from(error: WalletError) -> Self {
        match &error {
            WalletError::WrongPassword => Self::Said(
                401,
                "This is not the password of this TokenPass. Check the keyboard layout and caps lock."
                    .to_owned(),
            ),
            WalletError::TooManyAttempts { retry_after } => Self::Said(
                429,
                format!(
                    "Too many wrong passwords. Try again in {} seconds.",
                    retry_after.as_secs().max(1)
                ),
            ),
            _ => Self::Trouble(error.into()),
        }
    }
}
