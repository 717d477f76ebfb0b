//! Password attempts, counted for all callers and across restarts.

use rusqlite::OptionalExtension;

use super::super::error::StoreError;
use super::StateDb;

/// Attempts since the last right password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// How many failed.
    pub failures: u32,
    /// When the last one failed: milliseconds since 1970.
    pub last: u64,
}

impl StateDb {
    /// The count as it stands.
    pub fn attempts(&self) -> Result<Attempts, StoreError> {
        let attempts = self.0.read(|db| {
            db.query_row("SELECT failures, last FROM attempts", [], |row| {
                Ok(Attempts {
                    failures: row.get(0)?,
                    last: row.get(1)?,
                })
            })
            .optional()
        })?;
        Ok(attempts.flatten().unwrap_or_default())
    }

    /// Counts a wrong password.
    pub fn count_failure(&self, now: u64) -> Result<(), StoreError> {
        self.0.write(|db| {
            db.execute(
                "INSERT INTO attempts VALUES (1, 1, ?1)
                 ON CONFLICT (id) DO UPDATE SET failures = min(failures + 1, 1000), last = ?1",
                [now],
            )
        })?;
        Ok(())
    }

    /// Forgets all failures: the password was right.
    pub fn clear_attempts(&self) -> Result<(), StoreError> {
        self.0.read(|db| db.execute("DELETE FROM attempts", []))?;
        Ok(())
    }
}
