//! Backups: everything that the words alone would lose.

use std::io;
use std::path::{Path, PathBuf};

use super::dated::{BackupFolder, SECOND, Shelf};
use super::draft::Draft;
use super::folder::file_error;
use super::payload::{Backup, KnownHost};
use crate::crypto::backup_file::{self, Opener};
use crate::crypto::secret::Password;
use crate::platform::files;
use crate::store::{BackupsRow, Saved, WalletId};
use crate::wallet::certificates::open_certificates;
use crate::wallet::contents::Contents;
use crate::wallet::identities::open_book;
use crate::wallet::profile::Profile;
use crate::wallet::{Event, Page, Wallet, WalletError};

/// What a backup is called by its readers.
const LABEL: &str = "TokenPass";

/// A backup that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Where it is.
    pub file: PathBuf,
    /// The older ones that were removed.
    pub removed: Vec<PathBuf>,
    pub(super) saved: Saved,
}

/// A backup that is not on disk yet.
pub struct BackupText {
    /// Base64.
    pub text: String,
    /// For [`Wallet::note_backup`], once it is.
    pub mark: BackupMark,
}

/// What a backup was made of.
pub struct BackupMark(Saved);

impl Wallet {
    /// The wallet as a `.bep` file's text: root key, words, identities with
    /// their attributes, profile, hosts. Always needs the password.
    pub fn backup(
        &self,
        password: &Password,
        passphrase: &Password,
    ) -> Result<BackupText, WalletError> {
        let (row, contents) = self.open_vault(password)?;
        let made = self.backup_of(row.wallet, contents, passphrase)?;
        self.record(Event::Exported, "", "backup");
        Ok(made)
    }

    /// Notes where a backup was written: what was changed since is in none. It is
    /// made by then, which no failure to note it undoes: that is warned of.
    pub fn note_backup(&self, mark: &BackupMark, file: &Path) {
        let file = file.display().to_string();
        let note = |wallet| Ok(self.store().state.note_backup(wallet, &mark.0, &file)?);
        if let Err(error) = self.current().and_then(note) {
            let unnoted = format!("the backup was not noted: {error}");
            self.environment().warn(&unnoted);
        }
    }

    /// Writes a dated backup into a folder, and removes this home's oldest there
    /// beyond so many. Always needs the password.
    pub fn back_up(
        &self,
        password: &Password,
        passphrase: &Password,
        to: &BackupFolder,
    ) -> Result<BackedUp, WalletError> {
        let (row, contents) = self.open_vault(password)?;
        self.back_up_contents(row.wallet, contents, passphrase, to)
    }

    pub(super) fn back_up_contents(
        &self,
        wallet: WalletId,
        contents: Contents,
        passphrase: &Password,
        to: &BackupFolder,
    ) -> Result<BackedUp, WalletError> {
        let shelf = Shelf::new(&to.path, wallet);
        let root = contents.root.public_key();
        let made = self.backup_of(wallet, contents, passphrase)?;
        let file = shelf.put(&made.text, self.now(), |text| {
            let read = Draft::of_backup(text, &mut Opener::new(passphrase))?;
            match read.contents.root.public_key() == root {
                true => Ok(()),
                false => Err(WalletError::OtherWallet),
            }
        })?;
        self.record(Event::Exported, "", "backup");
        self.note_backup(&made.mark, &file);
        let removed = match to.keep {
            Some(most) => shelf.keep(most)?,
            None => Vec::new(),
        };
        Ok(BackedUp {
            file,
            removed,
            saved: made.mark.0,
        })
    }

    /// Writes the wallet there is to a `.bep` beside its databases, under its
    /// own password. Returns which wallet it is, and where the file is.
    pub(in crate::wallet) fn put_aside(
        &self,
        password: &Password,
    ) -> Result<(Option<WalletId>, Option<PathBuf>), WalletError> {
        let (row, contents) = self.open_vault(password)?;
        let made = self.backup_of(row.wallet, contents, password)?;
        let mut at = self.now();
        let path = loop {
            let name = format!("replaced-{}.bep", at.for_file_name());
            let path = self.home().join(name);
            match files::write_private(&path, made.text.as_bytes(), false) {
                Ok(()) => break path,
                // One was put aside in this second: of a replacement that failed then.
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => at = at.plus(SECOND),
                Err(cause) => return Err(file_error(&path, cause)),
            }
        };
        self.record(Event::Exported, "", "backup");
        Ok((Some(row.wallet), Some(path)))
    }

    /// A full or read-only disk is the last reason not to make a backup.
    fn begin_backup(&self, wallet: WalletId) -> Result<BackupsRow, WalletError> {
        let salt = self.environment().random()?;
        match self.store().state.begin_backup(wallet, salt) {
            Err(error) if error.is_unwritable() => Ok(BackupsRow {
                salt,
                changes: 0,
                last: None,
            }),
            begun => Ok(begun?),
        }
    }

    fn backup_of(
        &self,
        wallet: WalletId,
        contents: Contents,
        passphrase: &Password,
    ) -> Result<BackupText, WalletError> {
        let environment = self.environment();
        let state = &self.store().state;
        // Before anything is read: what is changed meanwhile counts as unsaved.
        let backups = self.begin_backup(wallet)?;
        let host_changes = self.store().keys.changes(wallet)?;
        let row = state.wallet(wallet)?;
        let row = row.ok_or(WalletError::Record("it is missing"))?;
        let profile = Profile::of_row(&row)?;
        let hosts: Vec<_> = (self.store().keys.list(wallet, Page::all())?)
            .into_iter()
            .map(|row| KnownHost {
                host: row.host,
                labels: row.labels,
            })
            .collect();
        let backup = Backup {
            root: &contents.root,
            seed: contents.seed.as_ref(),
            mnemonic: contents.mnemonic.as_ref(),
            identities: &open_book(&contents.root, &row)?,
            profile: &profile.fields,
            profile_times: &profile.times,
            hosts: &hosts,
            certificates: &open_certificates(&contents.root, &row)?,
            contacts: &state.contacts(wallet)?,
            label: LABEL,
            created_at: &self.now().to_string(),
        };
        let json = backup.to_json(&self.fresh_key()?)?;
        let (cost, iv) = (environment.kdf.backups, environment.random()?);
        Ok(BackupText {
            text: backup_file::encrypt(&json, passphrase, cost, backups.salt, iv),
            mark: BackupMark(Saved {
                changes: backups.changes,
                hosts: host_changes,
                made: self.now().as_millis(),
            }),
        })
    }
}
