//! Who asks: four kinds of callers, known by what nobody can forge.
//!
//! The kernel says whose process made a connection. A browser says truthfully
//! which page asks (`Origin`, `Sec-Fetch-Site`), but any other program can say
//! the same, so what a header says never gives a right that the connection has
//! not: it only takes rights away.

pub(super) mod host_names;
pub(super) mod limits;
pub(super) mod page;
pub(super) mod program;
pub(super) mod stranger;

use std::net::SocketAddr;

use self::host_names::HostNames;
use self::limits::Account;
use self::stranger::Stranger;
use super::error::ApiError;
use super::options::ServeOptions;
use crate::http::HttpRequest;
use crate::text::excerpt;
use crate::wallet::{Asker, Host, Origin, Wallet};

/// Who asks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// A program that runs as the wallet's owner.
    OwnersProgram,
    /// A page of an approved origin, in a browser that runs as the owner.
    ApprovedPage(Origin),
    /// Any other page.
    Stranger(Stranger),
    /// Another user of the machine, or somebody of whom nothing is known: a
    /// container, another machine, a proxy. It may name an approved origin,
    /// and is then held to that origin's host.
    Other(Option<Origin>),
}

impl Caller {
    /// In whose lane its password attempts go.
    pub(super) fn asker(&self) -> Asker {
        match self {
            Self::OwnersProgram => Asker::Owner,
            Self::ApprovedPage(_) => Asker::Page,
            Self::Stranger(_) | Self::Other(_) => Asker::Other,
        }
    }
}

/// The callers who may use an endpoint without an access token. What they must
/// bring instead, such as the password, is for the endpoint to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callers {
    /// All, strangers too.
    All,
    /// All but strangers.
    Known,
    /// The owner's programs.
    OwnersProgram,
}

/// Tells callers apart.
pub(super) struct Recognition {
    pub(super) names: HostNames,
    wallet: Wallet,
    /// Approved in addition to those in the wallet's list.
    approved: Vec<Origin>,
}

/// What the browser says of the page that asks.
enum Page {
    /// None: the request is no page's.
    No,
    /// A page of this origin.
    Of(Origin),
    /// A page of this server, of whichever of its origins.
    OurOwn,
    /// A page without an origin, as it was sent.
    WithoutOrigin(String),
    /// A page elsewhere, which hides its origin.
    Elsewhere,
}

impl Recognition {
    /// For a server that listens there.
    pub(super) fn new(options: &ServeOptions, listening: &[SocketAddr], wallet: &Wallet) -> Self {
        Self {
            names: HostNames::new(listening, &options.hosts),
            wallet: wallet.clone(),
            approved: options.origins.clone(),
        }
    }

    /// Who asks; a request from another site that hides its origin is refused.
    pub(super) fn of(&self, request: &HttpRequest) -> Result<Caller, ApiError> {
        let is_owners = || program::is_owners(request, &self.names);
        match page(request) {
            Page::No if is_owners() => Ok(Caller::OwnersProgram),
            Page::No => Ok(Caller::Other(None)),
            Page::Of(origin) if self.names.is_own(&origin) => {
                Ok(Caller::Stranger(Stranger::OurOwn(Some(origin))))
            }
            Page::Of(origin) if !self.is_approved(&origin)? => {
                Ok(Caller::Stranger(Stranger::Origin(origin)))
            }
            Page::Of(origin) if is_owners() => Ok(Caller::ApprovedPage(origin)),
            Page::Of(origin) => Ok(Caller::Other(Some(origin))),
            Page::OurOwn => Ok(Caller::Stranger(Stranger::OurOwn(None))),
            Page::WithoutOrigin(shown) => Ok(Caller::Stranger(Stranger::NoOrigin(shown))),
            Page::Elsewhere => Err(ApiError::CrossSite),
        }
    }

    /// Whether a process of the owner's made the request itself.
    pub(super) fn is_owners(&self, request: &HttpRequest) -> bool {
        program::is_owners(request, &self.names)
    }

    /// The approved origin whose pages may read the answer to a request that
    /// was refused before it could be looked at.
    pub(super) fn reader_of_refusal(&self, request: &HttpRequest) -> Option<Origin> {
        match page(request) {
            Page::Of(origin) if self.names.is_own(&origin) => None,
            Page::Of(origin) if self.is_approved(&origin).unwrap_or(false) => Some(origin),
            _ => None,
        }
    }

    fn is_approved(&self, origin: &Origin) -> Result<bool, ApiError> {
        Ok(self.approved.contains(origin) || self.wallet.is_origin_allowed(origin)?)
    }
}

/// Whether the browser says that a page asks; a page cannot keep it from saying so.
pub(super) fn is_of_a_page(request: &HttpRequest) -> bool {
    !matches!(page(request), Page::No)
}

fn page(request: &HttpRequest) -> Page {
    let mut origins = request.header_values("Origin");
    let Some(sent) = origins.next() else {
        let mut sites = request.header_values("Sec-Fetch-Site");
        return match (sites.next(), sites.next()) {
            (None | Some("none"), None) => Page::No,
            // Browsers leave `Origin` out of a page's reads of its own server.
            (Some("same-origin"), None) => Page::OurOwn,
            _ => Page::Elsewhere,
        };
    };
    match sent.parse() {
        Ok(origin) if origins.next().is_none() => Page::Of(origin),
        _ => Page::WithoutOrigin(excerpt(sent, 100)),
    }
}

impl Caller {
    /// A page uses only its own host's key.
    pub(super) fn may_use(&self, host: &Host) -> Result<(), ApiError> {
        match self.approved_origin() {
            Some(origin) if origin.host() != *host => Err(ApiError::ForeignHost {
                origin: origin.to_string(),
                host: host.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// The origin that may read the answer, as a CORS header wants it.
    pub(super) fn reader(&self) -> Option<&Origin> {
        match self {
            Self::Stranger(stranger) => stranger.origin(),
            _ => self.approved_origin(),
        }
    }

    /// Whose allowance of requests is used up.
    pub(super) fn account(&self) -> Account<'_> {
        match self {
            Self::OwnersProgram => Account::OwnersPrograms,
            Self::ApprovedPage(origin) => Account::Page(origin),
            Self::Stranger(_) => Account::Strangers,
            Self::Other(_) => Account::Others,
        }
    }

    /// The host that it speaks for.
    pub(super) fn host(&self) -> Option<Host> {
        self.approved_origin().map(Origin::host)
    }

    /// The approved origin that it names, and is held to.
    pub(super) fn approved_origin(&self) -> Option<&Origin> {
        match self {
            Self::ApprovedPage(origin) | Self::Other(Some(origin)) => Some(origin),
            Self::OwnersProgram | Self::Stranger(_) | Self::Other(None) => None,
        }
    }
}

/// Whose allowance of requests a visit to a page or an OAuth endpoint uses up: what
/// pages elsewhere make the owner's browser fetch is not the owner's.
pub(super) fn visitor(caller: Option<&Caller>, is_owners: bool, is_by_hand: bool) -> Account<'_> {
    match caller {
        Some(Caller::Stranger(Stranger::OurOwn(_))) if is_owners => Account::OwnersPrograms,
        Some(Caller::Stranger(_)) | None if is_owners && is_by_hand => Account::OwnersPrograms,
        Some(Caller::Stranger(_)) | None if is_owners => Account::Strangers,
        Some(Caller::Stranger(_)) | None => Account::Others,
        Some(caller) => caller.account(),
    }
}

impl Callers {
    /// Refuses a caller of any other kind.
    pub(super) fn check(self, caller: &Caller) -> Result<(), ApiError> {
        match (caller, self) {
            (Caller::OwnersProgram, _) | (_, Self::All) => Ok(()),
            (Caller::Stranger(stranger), _) => Err(stranger.refusal()),
            (Caller::ApprovedPage(_) | Caller::Other(_), Self::Known) => Ok(()),
            (Caller::ApprovedPage(_) | Caller::Other(_), Self::OwnersProgram) => {
                Err(ApiError::OwnersProgramOnly)
            }
        }
    }
}
