//! What apps may do with the keys of the BRC-100 wallet.

use rusqlite::{Row, params};

use super::super::error::StoreError;
use super::super::version::Version;
use super::super::wallet_id::WalletId;
use super::StateDb;
use super::origins::OriginStatus;

/// Pending permissions of one originator kept at most: the oldest goes.
const MAX_PENDING: u32 = 32;

/// One thing that can be permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightRow {
    /// 1 or 2.
    pub level: u8,
    /// The protocol's name; empty for everything.
    pub protocol: String,
    /// `self`, `anyone` or a public key; empty for all counterparties.
    pub counterparty: String,
}

/// One permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionRow {
    /// Whose it is: a host.
    pub originator: String,
    /// What is permitted.
    pub right: RightRow,
    /// What was decided.
    pub status: OriginStatus,
    /// When it was decided, or first asked: milliseconds since 1970.
    pub seen: u64,
}

impl StateDb {
    /// What was decided about a right and about everything, and the version of
    /// the file that says so.
    pub fn permission(
        &self,
        wallet: WalletId,
        originator: &str,
        right: &RightRow,
    ) -> Result<(Vec<PermissionRow>, Option<Version>), StoreError> {
        let read = self.0.read_version(|db| {
            db.prepare_cached(
                "SELECT originator, level, protocol, counterparty, status, seen FROM permissions
                 WHERE wallet = ? AND originator = ?
                 AND (protocol = '' OR (level = ? AND protocol = ? AND counterparty = ?))",
            )?
            .query_map(
                params![
                    wallet.0,
                    originator,
                    right.level,
                    right.protocol,
                    right.counterparty
                ],
                of_row,
            )?
            .collect()
        })?;
        Ok(read.unwrap_or_default())
    }

    /// Records a decision. One about everything replaces all others of that
    /// originator.
    pub fn set_permission(&self, wallet: WalletId, row: &PermissionRow) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            if row.right.protocol.is_empty() {
                db.execute(
                    "DELETE FROM permissions WHERE wallet = ? AND originator = ?",
                    params![wallet.0, row.originator],
                )?;
            }
            db.execute(
                "INSERT OR REPLACE INTO permissions VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![
                    wallet.0,
                    row.originator,
                    row.right.level,
                    row.right.protocol,
                    row.right.counterparty,
                    row.status,
                    row.seen
                ],
            )
        })?;
        Ok(())
    }

    /// Notes that an originator asked; no decision is changed by it.
    pub fn note_pending_permission(
        &self,
        wallet: WalletId,
        originator: &str,
        right: &RightRow,
        now: u64,
    ) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            db.execute(
                "INSERT OR IGNORE INTO permissions VALUES (?, ?, ?, ?, ?, 'pending', ?)",
                params![
                    wallet.0,
                    originator,
                    right.level,
                    right.protocol,
                    right.counterparty,
                    now
                ],
            )?;
            db.execute(
                "DELETE FROM permissions
                 WHERE wallet = ?1 AND originator = ?2 AND status = 'pending'
                 AND (level, protocol, counterparty) NOT IN
                 (SELECT level, protocol, counterparty FROM permissions
                  WHERE wallet = ?1 AND originator = ?2 AND status = 'pending'
                  ORDER BY seen DESC LIMIT ?3)",
                params![wallet.0, originator, MAX_PENDING],
            )
        })?;
        Ok(())
    }

    /// All permissions: approved, denied, pending.
    pub fn permissions(&self, wallet: WalletId) -> Result<Vec<PermissionRow>, StoreError> {
        let rows = self.0.read(|db| {
            db.prepare(
                "SELECT originator, level, protocol, counterparty, status, seen FROM permissions
                 WHERE wallet = ? ORDER BY status, originator, level, protocol, counterparty",
            )?
            .query_map([wallet.0], of_row)?
            .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<PermissionRow> {
    Ok(PermissionRow {
        originator: row.get(0)?,
        right: RightRow {
            level: row.get(1)?,
            protocol: row.get(2)?,
            counterparty: row.get(3)?,
        },
        status: row.get(4)?,
        seen: row.get(5)?,
    })
}
