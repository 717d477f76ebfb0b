//! Pages that nobody approved.

use crate::http::HttpRequest;
use crate::server::error::ApiError;
use crate::wallet::Origin;

/// A page of an origin that is not approved, or cannot be.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::server) enum Stranger {
    /// Of an origin that can be approved.
    Origin(Origin),
    /// Of this server. Whatever had this port before may have left a service
    /// worker, which answers for our pages: they have no right of their own.
    OurOwn(Option<Origin>),
    /// Of no origin: `null`, or what is none, as it was sent.
    NoOrigin(String),
}

impl Stranger {
    /// The origin that may read what all pages may read.
    pub(super) fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Origin(origin) | Self::OurOwn(Some(origin)) => Some(origin),
            Self::OurOwn(None) | Self::NoOrigin(_) => None,
        }
    }

    pub(in crate::server) fn refusal(&self) -> ApiError {
        match self {
            Self::Origin(origin) => ApiError::OriginNotApproved(origin.clone()),
            Self::OurOwn(_) => ApiError::OurOwnPage,
            Self::NoOrigin(shown) => ApiError::NoOrigin(shown.clone()),
        }
    }
}

/// Whether a page asks for a token. Its browser asks with a preflight first,
/// and that is as far as a stranger gets.
pub(in crate::server) fn asks_for_access(request: &HttpRequest) -> bool {
    matches!(request.path.as_str(), "/api/auth" | "/auth")
        && (request.method == "POST"
            || request.header("Access-Control-Request-Method") == Some("POST"))
}
