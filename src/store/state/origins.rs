//! Web origins: approved, denied, and those that asked.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::super::error::StoreError;
use super::super::wallet_id::WalletId;
use super::{StateDb, tokens};

/// Pending origins kept at most: any page can add one, so the oldest goes.
const MAX_PENDING: u32 = 100;

/// What was decided about an origin, or about what one may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum OriginStatus {
    /// May use the wallet.
    Approved,
    /// Asked, and nobody answered yet.
    Pending,
    /// Was refused; it does not come back as pending.
    Denied,
}

impl OriginStatus {
    /// The word that is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Denied => "denied",
        }
    }
}

impl ToSql for OriginStatus {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for OriginStatus {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "approved" => Ok(Self::Approved),
            "pending" => Ok(Self::Pending),
            "denied" => Ok(Self::Denied),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// One origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginRow {
    /// `scheme://host[:port]`.
    pub origin: String,
    /// What was decided.
    pub status: OriginStatus,
    /// When it was decided, or last asked: milliseconds since 1970.
    pub seen: u64,
}

impl StateDb {
    /// What was decided about an origin; `None` where it never came up.
    pub fn origin_status(&self, origin: &str) -> Result<Option<OriginStatus>, StoreError> {
        let status = self.0.read(|db| {
            db.prepare_cached("SELECT status FROM origins WHERE origin = ?")?
                .query_row([origin], |row| row.get(0))
                .optional()
        })?;
        Ok(status.flatten())
    }

    /// Records a decision.
    pub fn set_origin(&self, row: &OriginRow) -> Result<(), StoreError> {
        self.0.write(|db| set(db, row))
    }

    /// Records a decision that ends the tokens and permissions of a wallet's host,
    /// all or nothing; returns how many tokens there were.
    pub fn set_origin_and_revoke(
        &self,
        row: &OriginRow,
        wallet: WalletId,
        host: &str,
    ) -> Result<usize, StoreError> {
        self.0.transaction(|db| {
            set(db, row)?;
            db.execute(
                "DELETE FROM permissions WHERE wallet = ? AND originator = ?",
                params![wallet.0, host],
            )?;
            tokens::remove(db, wallet, Some(host))
        })
    }

    /// Notes that an origin asked; no decision is changed by it.
    pub fn note_pending_origin(&self, origin: &str, now: u64) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            db.execute(
                "INSERT INTO origins VALUES (?, 'pending', ?)
                 ON CONFLICT (origin) DO UPDATE SET seen = excluded.seen WHERE status = 'pending'",
                params![origin, now],
            )?;
            db.execute(
                "DELETE FROM origins WHERE status = 'pending' AND origin NOT IN
                 (SELECT origin FROM origins WHERE status = 'pending' ORDER BY seen DESC LIMIT ?)",
                [MAX_PENDING],
            )
        })?;
        Ok(())
    }

    /// All origins: approved, denied, pending.
    pub fn origins(&self) -> Result<Vec<OriginRow>, StoreError> {
        let rows = self.0.read(|db| {
            db.prepare("SELECT origin, status, seen FROM origins ORDER BY status, origin")?
                .query_map([], |row| {
                    Ok(OriginRow {
                        origin: row.get(0)?,
                        status: row.get(1)?,
                        seen: row.get(2)?,
                    })
                })?
                .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }
}

fn set(db: &Connection, row: &OriginRow) -> rusqlite::Result<()> {
    let columns = params![row.origin, row.status, row.seen];
    db.execute("INSERT OR REPLACE INTO origins VALUES (?, ?, ?)", columns)?;
    Ok(())
}
