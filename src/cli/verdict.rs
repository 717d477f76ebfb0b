//! Of the wallet's refusals those that have many kinds: how each ends the
//! command, and what to do.

use super::exit::Exit;
use crate::crypto::backup_file::BackupFileError;
use crate::identity::IdentityError;
use crate::transaction::TransactionError;
use crate::wallet::ContactError;
use crate::wallet::moving::desktop::DesktopError;

pub(super) const DAMAGED: &str = "`tokenpass doctor` says more; the file was left as it is, and \
    `tokenpass --home NEW import --mnemonic-file FILE` restores the keys elsewhere";

/// How it ends, and what to do.
pub(super) type Verdict = (Exit, Option<&'static str>);

pub(super) fn transaction(error: &TransactionError) -> Verdict {
    let hint = match error {
        TransactionError::NotGiven { .. } => {
            Some("give it with `--utxos FILE`, or the transaction as EF or BEEF")
        }
        TransactionError::FeeTooHigh { .. } => Some("`--max-fee N` allows it"),
        TransactionError::ForeignUnspent { .. } | TransactionError::NothingToSign(_) => {
            Some("`--host`, `--identity` and `--root` say whose coins they are")
        }
        _ => None,
    };
    (Exit::Usage, hint)
}

pub(super) fn identity(error: &IdentityError) -> Verdict {
    match error {
        IdentityError::Unknown(_) => (
            Exit::Usage,
            Some("`tokenpass identity list` shows those of this wallet"),
        ),
        IdentityError::Name | IdentityError::Attribute(_) => (Exit::Usage, None),
        IdentityError::Record => (Exit::Failed, Some(DAMAGED)),
        IdentityError::Duplicate(_)
        | IdentityError::Foreign { .. }
        | IdentityError::UnsupportedPath { .. }
        | IdentityError::OwnSeed(_)
        | IdentityError::Exhausted
        | IdentityError::TooLarge
        | IdentityError::Key(_) => (Exit::Failed, None),
    }
}

pub(super) fn contact(error: &ContactError) -> Verdict {
    match error {
        ContactError::Exists(_) => (
            Exit::Failed,
            Some("choose another name, or remove that contact first: `tokenpass contact remove`"),
        ),
        ContactError::Unknown(_) => (Exit::Usage, Some("`tokenpass contact list` shows them")),
        ContactError::NameLength
        | ContactError::NameCharacter(_)
        | ContactError::NameIsOption
        | ContactError::NameIsKey
        | ContactError::Target => (Exit::Usage, None),
    }
}

pub(super) fn backup(error: &BackupFileError) -> Verdict {
    match error {
        BackupFileError::NotABackup => (
            Exit::Usage,
            Some("a `.bep` file is one line of base64; other forms have options of their own"),
        ),
        BackupFileError::WrongPassphraseOrDamaged => (
            Exit::Failed,
            Some("it is the passphrase that the backup was made with, not always the password"),
        ),
    }
}

pub(super) fn desktop(error: &DesktopError) -> Verdict {
    match error {
        DesktopError::NotDesktop => (Exit::Usage, Some("it is `~/.tokenpass` where it was used")),
        DesktopError::AlreadyMoved => (
            Exit::Usage,
            Some("use it as it is: `tokenpass --home DIR status`"),
        ),
        DesktopError::WrongPassword
        | DesktopError::Backup(BackupFileError::WrongPassphraseOrDamaged) => (
            Exit::Failed,
            Some("it is the password that TokenPass Desktop was used with"),
        ),
        DesktopError::Backup(error) => backup(error),
        DesktopError::TooLarge(_)
        | DesktopError::Damaged(_)
        | DesktopError::SeedLength(_)
        | DesktopError::Payload(_) => (Exit::Failed, None),
    }
}
