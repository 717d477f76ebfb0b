//! The errors that OAuth names, and what goes with them.

use serde::Serialize;
use thiserror::Error;

#[cfg(test)]
use schemars::JsonSchema;

/// An error code as clients read it. The source of each is beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(JsonSchema), schemars(inline))]
pub(crate) enum ErrorCode {
    /// RFC 6749, 4.1.2.1 and 5.2.
    InvalidRequest,
    /// RFC 6749, 5.2.
    InvalidClient,
    /// RFC 6749, 5.2.
    InvalidGrant,
    /// RFC 6749, 5.2.
    UnsupportedGrantType,
    /// RFC 6749, 4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749, 4.1.2.1 and 5.2.
    InvalidScope,
    /// RFC 6749, 4.1.2.1; RFC 8628, 3.5.
    AccessDenied,
    /// RFC 6749, 4.1.2.1.
    ServerError,
    /// RFC 6749, 4.1.2.1.
    TemporarilyUnavailable,
    /// RFC 8707, 2.
    InvalidTarget,
    /// OpenID Connect Core, 3.1.2.6.
    LoginRequired,
    /// OpenID Connect Core, 3.1.2.6.
    InteractionRequired,
    /// OpenID Connect Core, 3.1.2.6.
    RequestNotSupported,
    /// OpenID Connect Core, 3.1.2.6.
    RequestUriNotSupported,
    /// RFC 8628, 3.5.
    AuthorizationPending,
    /// RFC 8628, 3.5.
    SlowDown,
    /// RFC 8628, 3.5.
    ExpiredToken,
    /// RFC 6750, 3.1.
    InvalidToken,
    /// RFC 6750, 3.1.
    InsufficientScope,
}

impl ErrorCode {
    /// The word on the wire.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InvalidTarget => "invalid_target",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }

    /// The status of a direct answer (RFC 6749, 5.2; RFC 6750, 3.1).
    #[must_use]
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            Self::InvalidRequest
            | Self::InvalidGrant
            | Self::UnsupportedGrantType
            | Self::UnsupportedResponseType
            | Self::InvalidScope
            | Self::AccessDenied
            | Self::InvalidTarget
            | Self::LoginRequired
            | Self::InteractionRequired
            | Self::RequestNotSupported
            | Self::RequestUriNotSupported
            | Self::AuthorizationPending
            | Self::SlowDown
            | Self::ExpiredToken => 400,
        }
    }
}

/// An error with its explanation, for the developer of the client.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[error("{description}")]
pub(crate) struct OAuthError {
    /// What clients act upon.
    #[serde(rename = "error")]
    pub(crate) code: ErrorCode,
    /// What a person reads: printable ASCII without `"` and `\` (RFC 6749, 5.2).
    #[serde(rename = "error_description")]
    pub(crate) description: String,
}

impl OAuthError {
    /// Letters outside of what RFC 6749 allows in a description are replaced.
    #[must_use]
    pub(crate) fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        let clean = |c| match c {
            '"' | '\\' => '\'',
            ' '..='~' => c,
            _ => '?',
        };
        Self {
            code,
            description: description.into().chars().map(clean).collect(),
        }
    }
}
