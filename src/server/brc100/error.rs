//! Why a call is refused: in the forms that the SDK reads.

use thiserror::Error;

use super::reply::answer;
use crate::crypto::keys::KeyError;
use crate::http::HttpResponse;
use crate::server::error::ApiError;
use crate::wallet::WalletError;
use crate::wire::brc100::{BadArgument, Fault, FaultStatus, Locked};

/// What a method gives back.
pub(super) type Outcome = Result<HttpResponse, CallError>;

/// Why a call was refused.
#[derive(Debug, Error)]
pub(super) enum CallError {
    /// At the door, or because of the wallet's state.
    #[error(transparent)]
    Api(ApiError),
    #[error("no app is named: a page's `Origin`, or an `Originator` header with a host")]
    NoOriginator,
    #[error("only pages and programs of the wallet's owner may use this wallet")]
    NotOwners,
    #[error("the body must be a JSON object: {0}")]
    NoArguments(String),
    #[error(transparent)]
    Argument(#[from] BadArgument),
    #[error("Permission denied.")]
    Denied,
    #[error("`{method}` needs {what}, and this wallet holds keys only")]
    Unsupported {
        method: &'static str,
        what: &'static str,
    },
    #[error("HMAC is not valid")]
    InvalidHmac,
    #[error("Signature is not valid")]
    InvalidSignature,
    /// In the SDK's words.
    #[error("{0}")]
    Failed(&'static str),
}

impl CallError {
    fn status(&self) -> u16 {
        match self {
            Self::Api(ApiError::Locked | ApiError::NoWallet) => 503,
            Self::Api(error) => error.status(),
            Self::NotOwners => 403,
            _ => 400,
        }
    }

    /// The SDK's `walletErrors`.
    fn code(&self) -> u8 {
        match self {
            Self::Argument(_) => 6,
            Self::InvalidSignature => 4,
            Self::InvalidHmac => 3,
            Self::Unsupported { .. } => 2,
            _ => 1,
        }
    }

    /// What the door of the REST API says too.
    pub(super) fn of_the_door(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    pub(super) fn response(&self) -> HttpResponse {
        let message = self.to_string();
        match self {
            Self::Api(ApiError::Locked) => locked("WALLET_LOCKED", message),
            Self::Api(ApiError::NoWallet) => locked("NO_WALLET", message),
            Self::Api(error) => error.decorated(self.fault(message, None)),
            Self::Argument(wrong) => self.fault(message, Some(wrong.parameter.clone())),
            _ => self.fault(message, None),
        }
    }

    fn fault(&self, message: String, parameter: Option<String>) -> HttpResponse {
        let fault = Fault {
            message,
            is_error: true,
            code: self.code(),
            parameter,
        };
        answer(self.status(), &fault)
    }
}

/// The answer to what never became a call.
pub(super) fn refusal(status: u16, why: &str) -> HttpResponse {
    let fault = Fault {
        message: why.to_owned(),
        is_error: true,
        code: 1,
        parameter: None,
    };
    answer(status, &fault)
}

fn locked(code: &'static str, message: String) -> HttpResponse {
    let locked = Locked {
        status: FaultStatus::Error,
        code,
        description: message.clone(),
        message,
    };
    answer(503, &locked)
}

impl From<ApiError> for CallError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<WalletError> for CallError {
    fn from(error: WalletError) -> Self {
        Self::Api(error.into())
    }
}

impl From<KeyError> for CallError {
    fn from(error: KeyError) -> Self {
        WalletError::from(error).into()
    }
}
