//! Sessions: the root key, sealed under a key that only the shell holds.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};

use super::super::error::StoreError;
use super::super::wallet_id::WalletId;
use super::StateDb;
use super::expiry::sweep;

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The wallet whose root key is sealed.
    pub wallet: WalletId,
    /// The sealed root key.
    pub sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub expires: u64,
}

impl StateDb {
    /// Adds a session, and forgets those that were seen to have ended `grace` or
    /// longer before `now`.
    pub fn put_session(
        &self,
        id: &[u8; 16],
        row: &SessionRow,
        now: u64,
        grace: Duration,
    ) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            sweep(db, "sessions", now, grace)?;
            db.execute(
                "INSERT INTO sessions (id, wallet, sealed, expires) VALUES (?, ?, ?, ?)",
                params![id, row.wallet.0, row.sealed, row.expires],
            )
        })?;
        Ok(())
    }

    /// The session with this id.
    pub fn session(&self, id: &[u8; 16]) -> Result<Option<SessionRow>, StoreError> {
        let row = self.0.read(|db| {
            db.query_row(
                "SELECT wallet, sealed, expires FROM sessions WHERE id = ?",
                [id],
                |row| {
                    Ok(SessionRow {
                        wallet: WalletId(row.get(0)?),
                        sealed: row.get(1)?,
                        expires: row.get(2)?,
                    })
                },
            )
            .optional()
        })?;
        Ok(row.flatten())
    }

    /// Ends one session, or all; returns how many there were.
    pub fn end_sessions(&self, id: Option<&[u8; 16]>) -> Result<usize, StoreError> {
        let count = self.0.read(|db| {
            db.execute(
                "DELETE FROM sessions WHERE ?1 IS NULL OR id = ?1",
                params![id],
            )
        })?;
        Ok(count.unwrap_or_default())
    }
}
