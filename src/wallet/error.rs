//! What a wallet can refuse, and why.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use super::contact::ContactError;
use super::moving::desktop::DesktopError;
use super::moving::payload::PayloadError;
use super::{Satoshis, Scope};
use crate::crypto::backup_file::BackupFileError;
use crate::crypto::keys::KeyError;
use crate::crypto::vault::VaultError;
use crate::identity::IdentityError;
use crate::identity::certificate::CertificateError;
use crate::identity::op_return::OpReturnError;
use crate::platform::errors::plain;
use crate::store::StoreError;
use crate::transaction::TransactionError;

/// Characters that a new password has at least.
pub const MIN_PASSWORD_CHARS: usize = 8;

/// What a wallet can refuse, and why.
#[derive(Debug, Error)]
pub enum WalletError {
    /// Nobody registered yet.
    #[error("there is no wallet yet")]
    NoWallet,
    /// Somebody registered already.
    #[error("a wallet exists already")]
    WalletExists,
    /// The password does not open the vault.
    #[error("wrong password")]
    WrongPassword,
    /// Too many wrong passwords, or too many guesses at once.
    #[error("too many password attempts: wait {} s", retry_after.as_secs())]
    TooManyAttempts {
        /// Whole seconds until the next attempt is looked at.
        retry_after: Duration,
    },
    /// A new password is too short.
    #[error("a password has at least {MIN_PASSWORD_CHARS} characters")]
    PasswordTooShort,
    /// The session is over, was ended, or never was.
    #[error("the session has ended")]
    SessionEnded,
    /// No such access token, or it was revoked.
    #[error("unknown or revoked access token")]
    TokenUnknown,
    /// The access token's time is over.
    #[error("the access token has expired")]
    TokenExpired,
    /// The access token does not allow this.
    #[error("the access token lacks the scope `{0}`")]
    ScopeMissing(Scope),
    /// The access token may not spend as much.
    #[error("the access token may spend {limit} satoshis a day, and {left} of them are left")]
    LimitReached {
        /// What it may spend in a day.
        limit: Satoshis,
        /// What of that is left now.
        left: Satoshis,
    },
    /// A transaction that is not read, built or signed.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// An identity, or a change of one.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Something to be published.
    #[error(transparent)]
    OpReturn(#[from] OpReturnError),
    /// A `.bep` file.
    #[error(transparent)]
    BackupFile(#[from] BackupFileError),
    /// What a `.bep` file holds.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// A backup that holds another root key.
    #[error("the backup is another wallet's")]
    OtherWallet,
    /// What a schedule was made with does not open with what the file holds now.
    #[error("the passphrase in `{}` is not that of the schedule", _0.display())]
    OtherPassphrase(PathBuf),
    /// A folder of TokenPass Desktop.
    #[error(transparent)]
    Desktop(#[from] DesktopError),
    /// A file or folder outside the databases.
    #[error("cannot use `{}`: {}", path.display(), plain(cause))]
    File {
        /// Where.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A contact.
    #[error(transparent)]
    Contact(#[from] ContactError),
    /// A field that is derived, not set.
    #[error("`{0}` cannot be set")]
    ReservedField(String),
    /// More than a host or profile may store.
    #[error("more than {limit} bytes of JSON")]
    TooLarge {
        /// Bytes.
        limit: usize,
    },
    /// An icon that no page can show.
    #[error("`{0}` is not an icon's URL")]
    BadIcon(String),
    /// No ciphertext of ours.
    #[error(transparent)]
    NotBie1(#[from] crate::crypto::ecies::NotBie1),
    /// Nothing tried opens the ciphertext.
    #[error("cannot decrypt: the ciphertext is damaged or was made for another key")]
    CannotDecrypt,
    /// The vault, apart from a wrong password.
    #[error("`seed.db`: {0}")]
    Vault(VaultError),
    /// The vault opened, but what it holds is not a wallet's.
    #[error("`seed.db`: the vault holds no usable wallet: {0}")]
    VaultContents(&'static str),
    /// The wallet's row in `state.db` is missing or damaged.
    #[error("`state.db`: the wallet's record is damaged: {0}")]
    Record(&'static str),
    /// The system gave no randomness.
    #[error("the system provides no random numbers")]
    NoRandomness,
    /// A key could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A request cannot be signed.
    #[error(transparent)]
    AuthToken(#[from] crate::crypto::auth_token::AuthTokenError),
    /// A database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<VaultError> for WalletError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::WrongPassword => Self::WrongPassword,
            other => Self::Vault(other),
        }
    }
}
