//! Wrong passwords, counted by lanes and across restarts.

use rusqlite::{OptionalExtension, params};

use super::super::error::StoreError;
use super::StateDb;

/// Attempts in one lane since its last right password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// How many failed.
    pub failures: u32,
    /// When the last one failed: milliseconds since 1970.
    pub last: u64,
}

impl StateDb {
    /// The count of a lane as it stands.
    pub fn attempts(&self, lane: &str) -> Result<Attempts, StoreError> {
        let attempts = self.0.read(|db| {
            db.query_row(
                "SELECT failures, last FROM attempts WHERE lane = ?",
                [lane],
                |row| {
                    Ok(Attempts {
                        failures: row.get(0)?,
                        last: row.get(1)?,
                    })
                },
            )
            .optional()
        })?;
        Ok(attempts.flatten().unwrap_or_default())
    }

    /// Counts a wrong password.
    pub fn count_failure(&self, lane: &str, now: u64) -> Result<(), StoreError> {
        self.0.write(|db| {
            db.execute(
                "INSERT INTO attempts VALUES (?1, 1, ?2)
                 ON CONFLICT (lane) DO UPDATE SET failures = min(failures + 1, 1000), last = ?2",
                params![lane, now],
            )
        })?;
        Ok(())
    }

    /// Forgets a lane's failures: the password was right.
    pub fn clear_attempts(&self, lane: &str) -> Result<(), StoreError> {
        self.0
            .read(|db| db.execute("DELETE FROM attempts WHERE lane = ?", [lane]))?;
        Ok(())
    }
}
