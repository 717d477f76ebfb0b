//! Why a stream ended early.

use std::io;

use thiserror::Error;

use crate::crypto::bsm::WrongLength;
use crate::crypto::encoding::EncodingError;
use crate::wallet::WalletError;

/// Why a stream ended early.
#[derive(Debug, Error)]
pub enum StreamError {
    /// What is read cannot be read on.
    #[error("cannot read: {0}")]
    Read(io::Error),
    /// What is written cannot be written on.
    #[error("cannot write: {0}")]
    Write(io::Error),
    /// The text does not stand for bytes.
    #[error(transparent)]
    Encoding(EncodingError),
    /// It begins as none of the forms of a BIE1 ciphertext does.
    #[error("not a BIE1 ciphertext")]
    NotACiphertext,
    /// It was written to while it was read.
    #[error("it changed while it was read")]
    Changed,
    /// The wallet refused.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}

impl StreamError {
    /// What a reader said, which may be what its decoder did.
    #[must_use]
    pub fn reading(error: io::Error) -> Self {
        match error.downcast::<EncodingError>() {
            Ok(error) => Self::Encoding(error),
            Err(error) => Self::Read(error),
        }
    }
}

impl From<WrongLength> for StreamError {
    fn from(_: WrongLength) -> Self {
        Self::Changed
    }
}
