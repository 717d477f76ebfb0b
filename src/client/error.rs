//! Why a running server did not do what it was asked.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::platform::errors::plain;
use crate::wire::ErrorCode;

/// Why a running server did not do what it was asked.
#[derive(Debug, Error)]
pub(crate) enum ClientError {
    /// No `server.json` tells of one.
    #[error("no server of this wallet is running")]
    NotRunning,
    /// Nobody listens there, or not a TokenPass.
    #[error("no TokenPass server at `{url}`: {detail}")]
    NoServer {
        /// Where.
        url: String,
        /// What the system said.
        detail: String,
    },
    /// What listens there does not know the key in `server.json`.
    #[error("`{0}` did not prove that it is the server of this wallet")]
    NotProven(String),
    /// It is a server, but not of this wallet.
    #[error("`{0}` is the server of another wallet")]
    OtherWallet(String),
    /// It refused.
    #[error("{message}")]
    Refused {
        /// What kind of refusal it is.
        code: ErrorCode,
        /// The server's words.
        message: String,
    },
    /// `server.json` cannot be used.
    #[error("cannot use `{}`: {}", .path.display(), plain(.cause))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
    /// What is to be sent cannot be sealed.
    #[error("the password cannot be sealed to `{0}`")]
    Unsealable(String),
}
