//! Backups: when the last one was made, what was changed since, and by which
//! schedule a running server makes them.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::error::StoreError;
use super::super::wallet_id::WalletId;
use super::StateDb;

/// What is known of a wallet's backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupsRow {
    /// The salt of all of them.
    pub salt: [u8; 16],
    /// How often something was changed that goes into backups.
    pub changes: u64,
    /// The last one, and where it is.
    pub last: Option<(Saved, String)>,
}

/// What a backup was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// What [`BackupsRow::changes`] was when it was begun.
    pub changes: u64,
    /// What [`KeysDb::changes`] was.
    ///
    /// [`KeysDb::changes`]: crate::store::KeysDb::changes
    pub hosts: u64,
    /// When it was made: milliseconds since 1970.
    pub made: u64,
}

/// By what schedule a server makes backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    /// Where they go.
    pub folder: String,
    /// How many stay; `None` is all.
    pub keep: Option<u32>,
    /// Milliseconds from one to the next at least.
    pub every: u64,
    /// The file that holds their passphrase.
    pub passphrase_file: String,
    /// What the vault holds, sealed.
    pub secrets: Vec<u8>,
    /// The last one that was made by it.
    pub last: Saved,
    /// Why the last one failed, if it did.
    pub failure: Option<FailureRow>,
}

/// A backup that was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureRow {
    /// When: milliseconds since 1970.
    pub at: u64,
    /// Why.
    pub why: String,
    /// How many there were since the last that was made.
    pub count: u64,
}

impl StateDb {
    /// What is known of a wallet's backups; `None` where none was begun.
    pub fn backups(&self, wallet: WalletId) -> Result<Option<BackupsRow>, StoreError> {
        Ok(self.0.read(|db| select(db, wallet))?.flatten())
    }

    /// The same for a backup that is about to be made: from now on changes are
    /// counted. The salt is for the first.
    pub fn begin_backup(&self, wallet: WalletId, salt: [u8; 16]) -> Result<BackupsRow, StoreError> {
        self.0.transaction(|db| {
            db.execute(
                "INSERT OR IGNORE INTO backups (wallet, salt) VALUES (?, ?)",
                params![wallet.0, salt],
            )?;
            select(db, wallet)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
        })
    }

    /// Notes a backup that was made.
    pub fn note_backup(
        &self,
        wallet: WalletId,
        saved: &Saved,
        file: &str,
    ) -> Result<(), StoreError> {
        self.0.write(|db| {
            db.execute(
                "UPDATE backups SET saved = ?, saved_hosts = ?, made = ?, file = ?
                 WHERE wallet = ?",
                params![saved.changes, saved.hosts, saved.made, file, wallet.0],
            )
        })?;
        Ok(())
    }

    /// Notes that it was made by the schedule.
    pub fn note_scheduled_backup(&self, wallet: WalletId, saved: &Saved) -> Result<(), StoreError> {
        self.0.write(|db| {
            db.execute(
                "UPDATE backup_schedules SET saved = ?, saved_hosts = ?, made = ?,
                 failures = 0, failed = NULL, failure = NULL WHERE wallet = ?",
                params![saved.changes, saved.hosts, saved.made, wallet.0],
            )
        })?;
        Ok(())
    }

    /// The schedule, if there is one.
    pub fn backup_schedule(&self, wallet: WalletId) -> Result<Option<ScheduleRow>, StoreError> {
        let row = self.0.read(|db| {
            db.prepare_cached(
                "SELECT folder, keep, every, passphrase_file, secrets, failed, failure, failures,
                 saved, saved_hosts, made FROM backup_schedules WHERE wallet = ?",
            )?
            .query_row([wallet.0], |row| {
                let failed: Option<u64> = row.get(5)?;
                Ok(ScheduleRow {
                    folder: row.get(0)?,
                    keep: row.get(1)?,
                    every: row.get(2)?,
                    passphrase_file: row.get(3)?,
                    secrets: row.get(4)?,
                    last: saved_at(row, 8)?,
                    failure: match failed {
                        Some(at) => Some(FailureRow {
                            at,
                            why: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
                            count: row.get(7)?,
                        }),
                        None => None,
                    },
                })
            })
            .optional()
        })?;
        Ok(row.flatten())
    }

    /// Makes the schedule, or another in its place.
    pub fn put_backup_schedule(
        &self,
        wallet: WalletId,
        row: &ScheduleRow,
    ) -> Result<(), StoreError> {
        self.0.write(|db| {
            db.execute(
                "INSERT OR REPLACE INTO backup_schedules
                 (wallet, folder, keep, every, passphrase_file, secrets,
                  saved, saved_hosts, made)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    wallet.0,
                    row.folder,
                    row.keep,
                    row.every,
                    row.passphrase_file,
                    row.secrets,
                    row.last.changes,
                    row.last.hosts,
                    row.last.made
                ],
            )
        })?;
        Ok(())
    }

    /// Ends the schedule; whether there was one.
    pub fn end_backup_schedule(&self, wallet: WalletId) -> Result<bool, StoreError> {
        let count = self
            .0
            .write(|db| db.execute("DELETE FROM backup_schedules WHERE wallet = ?", [wallet.0]))?;
        Ok(count > 0)
    }

    /// Notes that a backup was not made, and why.
    pub fn note_backup_failure(
        &self,
        wallet: WalletId,
        at: u64,
        why: &str,
    ) -> Result<(), StoreError> {
        self.0.write(|db| {
            db.execute(
                "UPDATE backup_schedules SET failures = failures + 1, failed = ?, failure = ?
                 WHERE wallet = ?",
                params![at, why, wallet.0],
            )
        })?;
        Ok(())
    }
}

fn select(db: &Connection, wallet: WalletId) -> rusqlite::Result<Option<BackupsRow>> {
    db.prepare_cached(
        "SELECT salt, changes, saved, saved_hosts, made, file FROM backups WHERE wallet = ?",
    )?
    .query_row([wallet.0], |row| {
        let file: Option<String> = row.get(5)?;
        Ok(BackupsRow {
            salt: row.get(0)?,
            changes: row.get(1)?,
            last: match file {
                Some(file) => Some((saved_at(row, 2)?, file)),
                None => None,
            },
        })
    })
    .optional()
}

/// From three columns that follow each other.
fn saved_at(row: &Row<'_>, first: usize) -> rusqlite::Result<Saved> {
    Ok(Saved {
        changes: row.get(first)?,
        hosts: row.get(first + 1)?,
        made: row.get(first + 2)?,
    })
}
