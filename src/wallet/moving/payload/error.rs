//! Which kind of backup it is, and why no wallet comes out of it.

use std::fmt;

use crate::crypto::keys::KeyError;
use crate::crypto::mnemonic::MnemonicError;
use crate::identity::IdentityError;
use crate::identity::ids::IdsError;

/// The kinds of backups that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupKind {
    /// A root key with its identities.
    Master,
    /// A BIP-32 master key with identities of the older derivation.
    LegacyMaster,
    /// A single private key, taken as root key.
    Key,
    /// The key of one identity.
    Member,
    /// Three keys of 1Sat Ordinals.
    OneSat,
    /// Keys of Yours Wallet, and perhaps its mnemonic.
    YoursWallet,
    /// The encrypted storage of Yours Wallet.
    YoursWalletZip,
    /// A vault that another application encrypted; or TokenPass's seed.
    Vault,
}

impl fmt::Display for BackupKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Master => "a master backup",
            Self::LegacyMaster => "a legacy master backup",
            Self::Key => "the backup of a single key",
            Self::Member => "the backup of a single identity",
            Self::OneSat => "a 1Sat Ordinals backup",
            Self::YoursWallet => "a Yours Wallet backup without a mnemonic",
            Self::YoursWalletZip => "a Yours Wallet archive",
            Self::Vault => "another application's vault",
        })
    }
}

/// Why no wallet comes out of a backup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// Not JSON, or a field of the wrong type.
    #[error("the backup's content is malformed (line {line}, column {column})")]
    Malformed {
        /// Line of the JSON, from 1.
        line: usize,
        /// Column of the JSON, from 1.
        column: usize,
    },
    /// JSON, but no kind that is known.
    #[error("the content is not of a known kind of backup")]
    UnknownKind,
    /// A kind that no wallet can be made from.
    #[error("this is {0}: it holds no root key")]
    NoRoot(BackupKind),
    /// The root key is unreadable.
    #[error("the backup's root key is {0}")]
    RootKey(#[source] KeyError),
    /// The mnemonic is unreadable.
    #[error("the backup's mnemonic is unusable: {0}")]
    Mnemonic(#[source] MnemonicError),
    /// The mnemonic leads to another root key.
    #[error("the backup's mnemonic does not belong to its root key")]
    ForeignMnemonic,
    /// The seed leads to another root key, or is not a seed.
    #[error("the backup's seed does not belong to its root key")]
    ForeignSeed,
    /// The identities are refused.
    #[error(transparent)]
    Ids(#[from] IdsError),
    /// The primary identity is not among the identities.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A later TokenPass wrote more than is understood.
    #[error("the backup is of version {0}, which needs a newer TokenPass")]
    NewerVersion(u32),
}

impl From<serde_json::Error> for PayloadError {
    // The message may quote a secret, so only the place is kept.
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed {
            line: error.line(),
            column: error.column(),
        }
    }
}
