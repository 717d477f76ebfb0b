//! Why the API refuses: the one table of its errors.

use std::time::Duration;

use thiserror::Error;

use super::reply::json_response;
use crate::http::HttpResponse;
use crate::wallet::{Origin, Satoshis, Scope, WalletError};
use crate::wire::{ErrorAnswer, ErrorCode, RequestError};

/// What a handler gives back.
pub(super) type Outcome = Result<HttpResponse, ApiError>;

/// Why a request was refused; `status` and `code` are the contract.
#[derive(Debug, Error)]
pub(super) enum ApiError {
    #[error("the wallet is locked")]
    Locked,
    #[error("no `Authorization` header with an access token")]
    TokenMissing,
    #[error("unknown or revoked access token")]
    TokenUnknown,
    #[error("the access token has expired")]
    TokenExpired,
    #[error("the access token lacks the scope `{0}`")]
    ScopeMissing(Scope),
    #[error("the access token may spend {limit} satoshis a day, and {left} of them are left")]
    LimitReached { limit: Satoshis, left: Satoshis },
    #[error("the origin `{0}` is not approved")]
    OriginNotApproved(Origin),
    #[error("pages of this server have no right to use its API")]
    OurOwnPage,
    #[error("`{0}` is not an origin that can be approved")]
    NoOrigin(String),
    #[error("only a program that runs as the wallet's owner may do this")]
    OwnersProgramOnly,
    #[error("the origin `{origin}` may only use its own host, not `{host}`")]
    ForeignHost { origin: String, host: String },
    #[error("a request from another site without an `Origin`")]
    CrossSite,
    #[error("the caller did not prove that it can read this wallet's `server.json`")]
    NotProven,
    #[error("this server hands out no sessions")]
    NoAgent,
    #[error("wrong password")]
    WrongPassword,
    #[error("`password` is needed")]
    PasswordNeeded,
    #[error("there is no wallet yet")]
    NoWallet,
    #[error("a wallet exists already")]
    WalletExists,
    #[error("too many attempts: wait {} s", .0.as_secs())]
    TooManyAttempts(Duration),
    #[error("{0}")]
    BadRequest(String),
    #[error("there is nothing at `{0}`")]
    NotFound(String),
    #[error("`{method}` is not answered here, only {allowed}")]
    MethodNotAllowed { method: String, allowed: String },
    #[error("the body is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the `Content-Type` is `application/json` here")]
    NotJson,
    #[error("`{0}` is not a name of this server; `TOKENPASS_HOST` can add it")]
    Misdirected(String),
    /// The cause is for the log, not for the caller.
    #[error("the wallet cannot be read or written now")]
    Internal(WalletError),
}

impl ApiError {
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::Locked
            | Self::TokenMissing
            | Self::TokenUnknown
            | Self::TokenExpired
            | Self::WrongPassword
            | Self::PasswordNeeded => 401,
            Self::ScopeMissing(_)
            | Self::LimitReached { .. }
            | Self::OriginNotApproved(_)
            | Self::OurOwnPage
            | Self::NoOrigin(_)
            | Self::OwnersProgramOnly
            | Self::ForeignHost { .. }
            | Self::NotProven
            | Self::NoAgent
            | Self::CrossSite => 403,
            Self::NotFound(_) => 404,
            Self::MethodNotAllowed { .. } => 405,
            Self::WalletExists => 409,
            Self::TooLarge { .. } => 413,
            Self::NotJson => 415,
            Self::NoWallet => 417,
            Self::Misdirected(_) => 421,
            Self::TooManyAttempts(_) => 429,
            Self::Internal(_) => 500,
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::Locked => ErrorCode::Locked,
            Self::TokenMissing => ErrorCode::TokenMissing,
            Self::TokenUnknown => ErrorCode::TokenUnknown,
            Self::TokenExpired => ErrorCode::TokenExpired,
            Self::ScopeMissing(_) | Self::LimitReached { .. } => ErrorCode::ScopeMissing,
            Self::OriginNotApproved(_)
            | Self::OurOwnPage
            | Self::NoOrigin(_)
            | Self::OwnersProgramOnly
            | Self::ForeignHost { .. }
            | Self::NotProven
            | Self::NoAgent
            | Self::CrossSite => ErrorCode::OriginRefused,
            Self::WrongPassword => ErrorCode::WrongPassword,
            Self::PasswordNeeded => ErrorCode::PasswordNeeded,
            Self::NoWallet => ErrorCode::NoWallet,
            Self::WalletExists => ErrorCode::WalletExists,
            Self::TooManyAttempts(_) => ErrorCode::TooManyAttempts,
            Self::BadRequest(_)
            | Self::NotFound(_)
            | Self::MethodNotAllowed { .. }
            | Self::TooLarge { .. }
            | Self::NotJson
            | Self::Misdirected(_)
            | Self::Internal(_) => ErrorCode::Other,
        }
    }

    /// Whether a person can put it right, as the server's own page explains.
    fn is_for_a_person(&self) -> bool {
        matches!(
            self,
            Self::Locked | Self::OriginNotApproved(_) | Self::NoWallet
        )
    }

    pub(super) fn response(&self, home_page: &str) -> HttpResponse {
        let mut answer = ErrorAnswer::new(self.code(), self.to_string());
        if self.is_for_a_person() {
            answer.error_url = Some(home_page.to_owned());
        }
        self.decorated(json_response(self.status(), &answer))
    }

    /// With the headers that tell what to do about it.
    pub(super) fn decorated(&self, response: HttpResponse) -> HttpResponse {
        match self {
            Self::MethodNotAllowed { allowed, .. } => {
                response.with_header("Allow", allowed.clone())
            }
            Self::TooManyAttempts(wait) => {
                response.with_header("Retry-After", wait.as_secs().max(1).to_string())
            }
            Self::TokenMissing | Self::TokenUnknown | Self::TokenExpired => {
                response.with_header("WWW-Authenticate", "Bearer")
            }
            _ => response,
        }
    }
}

impl ApiError {
    /// A field of the request, or a parameter, that cannot be used.
    pub(super) fn field(name: &str, what: impl std::fmt::Display) -> Self {
        RequestError::field(name, what).into()
    }
}

impl From<RequestError> for ApiError {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::PasswordNeeded => Self::PasswordNeeded,
            RequestError::Bad(what) => Self::BadRequest(what),
        }
    }
}

impl From<WalletError> for ApiError {
    fn from(error: WalletError) -> Self {
        match error {
            WalletError::NoWallet => Self::NoWallet,
            WalletError::WalletExists => Self::WalletExists,
            WalletError::WrongPassword => Self::WrongPassword,
            WalletError::TooManyAttempts { retry_after } => Self::TooManyAttempts(retry_after),
            WalletError::TokenUnknown => Self::TokenUnknown,
            WalletError::TokenExpired => Self::TokenExpired,
            WalletError::ScopeMissing(scope) => Self::ScopeMissing(scope),
            WalletError::LimitReached { limit, left } => Self::LimitReached { limit, left },
            WalletError::TooLarge { limit } => Self::TooLarge { limit },
            WalletError::PasswordTooShort => Self::BadRequest(format!("`password`: {error}")),
            WalletError::NotBie1(_) => Self::BadRequest(format!("`ciphertext`: {error}")),
            WalletError::BadIcon(_) => Self::BadRequest(format!("`icon`: {error}")),
            WalletError::BackupFile(_) | WalletError::Payload(_) | WalletError::OtherWallet => {
                Self::BadRequest(format!("`backup`: {error}"))
            }
            WalletError::Identity(_)
            | WalletError::Certificate(_)
            | WalletError::OpReturn(_)
            | WalletError::Transaction(_)
            | WalletError::Desktop(_)
            | WalletError::ReservedField(_)
            | WalletError::Contact(_)
            | WalletError::CannotDecrypt
            | WalletError::AuthToken(_)
            | WalletError::Key(_) => Self::BadRequest(error.to_string()),
            WalletError::SessionEnded
            | WalletError::Vault(_)
            | WalletError::VaultContents(_)
            | WalletError::Record(_)
            | WalletError::NoRandomness
            | WalletError::File { .. }
            | WalletError::OtherPassphrase(_)
            | WalletError::Store(_) => Self::Internal(error),
        }
    }
}
