//! Backups that a running server makes while it is unlocked.
//!
//! A server has the root key and no words, and the passphrase of the backups is
//! nowhere in the home. So the schedule names the file that the passphrase is
//! in, and holds what the vault holds sealed twice: under that passphrase, and
//! under a key of the root key. Neither opens it alone.

use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::dated::BackupFolder;
use super::folder::file_error;
use crate::crypto::backup_file::{self, Opener};
use crate::crypto::keys::PrivateKey;
use crate::crypto::seal::SealingKey;
use crate::crypto::secret::Password;
use crate::platform::files;
use crate::store::{BackupsRow, Saved, ScheduleRow, WalletId};
use crate::text::marks;
use crate::wallet::contents::Contents;
use crate::wallet::{BackedUp, Timestamp, UnlockedWallet, Wallet, WalletError};

/// Names the key that the secrets are sealed under; not for anything else.
const LABEL: &str = "tokenpass backup secrets v1";

/// Bytes of a passphrase's file.
const MAX_PASSPHRASE: usize = 4096;

/// When a server makes backups, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Where they go.
    pub to: BackupFolder,
    /// From one to the next at least.
    pub every: Duration,
    /// The file that holds their passphrase.
    pub passphrase_file: PathBuf,
}

/// A backup that it is time for.
pub struct DueBackup {
    schedule: Schedule,
    secrets: Vec<u8>,
}

/// How it stands with a wallet's backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupStatus {
    /// When the last one was made, and where it is.
    pub last: Option<(Timestamp, PathBuf)>,
    /// Whether something was changed that is in none.
    pub unsaved: bool,
    /// When the next ones are made.
    pub schedule: Option<Schedule>,
    /// Since when, how often and why they are not.
    pub failure: Option<BackupFailure>,
}

/// A scheduled backup that was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFailure {
    /// When it was tried last.
    pub at: Timestamp,
    /// Why it failed.
    pub why: String,
    /// How often, since the last that was made.
    pub count: u64,
}

impl Wallet {
    /// How it stands with this wallet's backups; `None` without a wallet.
    pub fn backup_status(&self) -> Result<Option<BackupStatus>, WalletError> {
        let Some(wallet) = self.id()? else {
            return Ok(None);
        };
        let state = &self.store().state;
        let backups = state.backups(wallet)?;
        let last = backups.as_ref().and_then(|row| row.last.as_ref());
        let schedule = state.backup_schedule(wallet)?;
        let failure = schedule.as_ref().and_then(|row| row.failure.clone());
        Ok(Some(BackupStatus {
            unsaved: match (&backups, last) {
                (Some(row), Some((saved, _))) => self.is_unsaved(row, saved)?,
                _ => true,
            },
            last: last.map(|(saved, file)| {
                let file = PathBuf::from(file);
                (Timestamp::from_millis(saved.made), file)
            }),
            schedule: schedule.as_ref().map(Schedule::from),
            failure: failure.map(|failure| BackupFailure {
                at: Timestamp::from_millis(failure.at),
                why: failure.why,
                count: failure.count,
            }),
        }))
    }

    /// Makes a backup now, and lets a running server make the next ones. Always
    /// needs the password.
    pub fn schedule_backups(
        &self,
        password: &Password,
        schedule: &Schedule,
    ) -> Result<BackedUp, WalletError> {
        let passphrase = read_passphrase(&schedule.passphrase_file)?;
        let folder = utf8(&schedule.to.path)?;
        let passphrase_file = utf8(&schedule.passphrase_file)?;
        let (vault, contents) = self.open_vault(password)?;
        let secrets = self.seal_secrets(vault.wallet, &contents, &passphrase)?;
        let made = self.back_up_contents(vault.wallet, contents, &passphrase, &schedule.to)?;
        let row = ScheduleRow {
            folder,
            keep: schedule.to.keep.map(NonZeroU32::get),
            every: u64::try_from(schedule.every.as_millis()).unwrap_or(u64::MAX),
            passphrase_file,
            secrets,
            last: made.saved,
            failure: None,
        };
        let state = &self.store().state;
        state.put_backup_schedule(vault.wallet, &row)?;
        Ok(made)
    }

    /// Ends the schedule; whether there was one.
    pub fn end_backup_schedule(&self) -> Result<bool, WalletError> {
        let wallet = self.current()?;
        Ok(self.store().state.end_backup_schedule(wallet)?)
    }

    /// Whether something was changed since.
    fn is_unsaved(&self, now: &BackupsRow, saved: &Saved) -> Result<bool, WalletError> {
        let hosts = self.store().keys.changes(self.current()?)?;
        Ok(now.changes != saved.changes || hosts != saved.hosts)
    }

    fn seal_secrets(
        &self,
        wallet: WalletId,
        contents: &Contents,
        passphrase: &Password,
    ) -> Result<Vec<u8>, WalletError> {
        let environment = self.environment();
        let (salt, iv) = (environment.random()?, environment.random()?);
        let json = contents.to_json(wallet);
        let inner = backup_file::encrypt(&json, passphrase, environment.kdf.backups, salt, iv);
        let outer = sealing_key(&contents.root);
        Ok(outer.seal(environment.random()?, b"", inner.as_bytes()))
    }
}

impl UnlockedWallet {
    /// The backup that it is time for by the schedule, where something was changed.
    pub fn due_backup(&self) -> Result<Option<DueBackup>, WalletError> {
        let wallet = self.wallet();
        let state = &wallet.store().state;
        let Some(row) = state.backup_schedule(self.id())? else {
            return Ok(None);
        };
        let schedule = Schedule::from(&row);
        let last = Timestamp::from_millis(row.last.made);
        if !schedule.is_due(last, wallet.now()) {
            return Ok(None);
        }
        match state.backups(self.id())? {
            Some(backups) if !wallet.is_unsaved(&backups, &row.last)? => Ok(None),
            _ => Ok(Some(DueBackup {
                schedule,
                secrets: row.secrets,
            })),
        }
    }

    /// Makes it. Why that fails is noted, for whoever asks how it stands.
    pub fn make_due_backup(&self, due: &DueBackup) -> Result<BackedUp, WalletError> {
        let state = &self.wallet().store().state;
        let made = self.back_up_by(&due.schedule, &due.secrets);
        let noted = match &made {
            Ok(made) => state.note_scheduled_backup(self.id(), &made.saved),
            Err(error) => {
                let at = self.wallet().now().as_millis();
                state.note_backup_failure(self.id(), at, &error.to_string())
            }
        };
        let made = made?;
        noted?;
        Ok(made)
    }

    fn back_up_by(&self, schedule: &Schedule, secrets: &[u8]) -> Result<BackedUp, WalletError> {
        let passphrase = read_passphrase(&schedule.passphrase_file)?;
        let stale = || WalletError::OtherPassphrase(schedule.passphrase_file.clone());
        let inner = sealing_key(self.root())
            .open(b"", secrets)
            .map_err(|_| WalletError::Record("the secrets of its backups do not open"))?;
        let json = Opener::new(&passphrase)
            .open(&String::from_utf8_lossy(&inner))
            .map_err(|_| stale())?;
        let contents = Contents::from_json(&json, self.id())?;
        let wallet = self.wallet();
        wallet.back_up_contents(self.id(), contents, &passphrase, &schedule.to)
    }
}

impl Schedule {
    /// Whether it is time. A last one that is yet to come was made before the
    /// clock was set back: how long ago is not known.
    fn is_due(&self, last: Timestamp, now: Timestamp) -> bool {
        last > now || now.since(last) >= self.every
    }
}

impl From<&ScheduleRow> for Schedule {
    fn from(row: &ScheduleRow) -> Self {
        Self {
            to: BackupFolder {
                path: PathBuf::from(&row.folder),
                keep: row.keep.and_then(NonZeroU32::new),
            },
            every: Duration::from_millis(row.every),
            passphrase_file: PathBuf::from(&row.passphrase_file),
        }
    }
}

/// The passphrase that fills a file which only its owner may read.
fn read_passphrase(path: &Path) -> Result<Password, WalletError> {
    let cannot = |cause| file_error(path, cause);
    let bytes = files::read_private(path, MAX_PASSPHRASE).map_err(|error| {
        cannot(match files::looser_than_private(path) {
            Ok(Some(_)) => io::Error::other("others can read it, which `chmod go=` ends"),
            _ => error,
        })
    })?;
    let unusable = |flaw: marks::TextFlaw| cannot(io::Error::other(flaw.to_string()));
    let text = marks::utf8(&bytes).map_err(unusable)?;
    Password::entered(text).map_err(unusable)
}

fn utf8(path: &Path) -> Result<String, WalletError> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| file_error(path, io::Error::other("its name is not UTF-8")))
}

fn sealing_key(root: &PrivateKey) -> SealingKey {
    SealingKey::derive(&root.expose_bytes(), LABEL)
}
