//! Who asks.
//!
//! A page in a browser can send requests here from any site. The browser says
//! truthfully which page asks (`Origin`, `Sec-Fetch-Site`).

pub(super) mod host_names;
pub(super) mod limits;
pub(super) mod page;

use self::limits::Account;
use super::error::ApiError;
use crate::http::HttpRequest;
use crate::wallet::{Host, Origin, Wallet};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// Not a browser's page: there is no `Origin`.
    Program,
    /// A page of this server.
    Own(Origin),
    /// A page of an approved origin.
    Page(Origin),
    /// A page of any other origin, as it named it; `None` where that is no
    /// origin at all (`null`).
    Stranger(String, Option<Origin>),
}

/// Tells callers apart.
pub(super) struct Callers {
    wallet: Wallet,
    /// The server's own origins.
    own: Vec<Origin>,
    /// Approved beside those in the wallet's list: `TOKENPASS_ORIGIN_WHITELIST`.
    listed: Vec<Origin>,
}

impl Callers {
    pub(super) fn new(wallet: Wallet, own: Vec<Origin>, listed: Vec<Origin>) -> Self {
        Self {
            wallet,
            own,
            listed,
        }
    }

    /// Who asks; a request from another site that hides its origin is refused.
    pub(super) fn of(&self, request: &HttpRequest) -> Result<Caller, ApiError> {
        let mut origins = request.header_values("Origin");
        let Some(text) = origins.next() else {
            let mut sites = request.header_values("Sec-Fetch-Site");
            let from_here = sites.all(|site| matches!(site, "none" | "same-origin"));
            // A link may lead to the server's own page from anywhere.
            return if from_here || request.path == "/" {
                Ok(Caller::Program)
            } else {
                Err(ApiError::CrossSite)
            };
        };
        let shown: String = text.chars().take(100).collect();
        let origin = match text.parse::<Origin>() {
            Ok(origin) if origins.next().is_none() => origin,
            _ => return Ok(Caller::Stranger(shown, None)),
        };
        if self.own.contains(&origin) {
            return Ok(Caller::Own(origin));
        }
        if self.listed.contains(&origin) || self.wallet.is_origin_allowed(&origin)? {
            return Ok(Caller::Page(origin));
        }
        Ok(Caller::Stranger(shown, Some(origin)))
    }
}

impl Caller {
    /// A page uses only its own host's key.
    pub(super) fn may_use(&self, host: &Host) -> Result<(), ApiError> {
        match self {
            Self::Page(origin) if origin.host() != *host => Err(ApiError::ForeignHost {
                origin: origin.to_string(),
                host: host.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether it is a page that nobody approved.
    pub(super) fn is_stranger(&self) -> bool {
        matches!(self, Self::Stranger(..))
    }

    /// Whether it needs no password for a token while the wallet is unlocked.
    pub(super) fn is_approved_page(&self) -> bool {
        matches!(self, Self::Own(_) | Self::Page(_))
    }

    /// The origin that may read the answer, as a CORS header wants it.
    pub(super) fn reader(&self) -> Option<&Origin> {
        match self {
            Self::Own(origin) | Self::Page(origin) => Some(origin),
            Self::Stranger(_, origin) => origin.as_ref(),
            Self::Program => None,
        }
    }

    /// Whose allowance of requests is used up.
    pub(super) fn account<'a>(&'a self, request: &'a HttpRequest) -> Account<'a> {
        match (request.header("Authorization"), self) {
            (Some(token), _) => Account::Token(token),
            (None, Self::Own(origin) | Self::Page(origin)) => Account::Page(origin),
            (None, Self::Stranger(..)) => Account::Strangers,
            (None, Self::Program) => Account::Programs,
        }
    }

    /// The host that it speaks for.
    pub(super) fn host(&self) -> Option<Host> {
        match self {
            Self::Page(origin) => Some(origin.host()),
            Self::Program | Self::Own(_) | Self::Stranger(..) => None,
        }
    }
}
