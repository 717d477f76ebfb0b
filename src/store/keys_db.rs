//! `keys.db`: what is public of each host's key. The private key is derived
//! when it is needed and never stored.

use std::path::Path;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row, params};

use super::database::Database;
use super::error::StoreError;
use super::migration::Migrations;
use super::page::{Page, clamp};
use super::version::Version;
use super::wallet_id::WalletId;

const MIGRATIONS: Migrations = &[
    "
    CREATE TABLE host_keys (
        wallet     BLOB NOT NULL,
        host       TEXT NOT NULL,
        invoice    TEXT NOT NULL,
        public_key TEXT NOT NULL,
        address    TEXT NOT NULL,
        created    INTEGER NOT NULL,
        PRIMARY KEY (wallet, host)
    ) STRICT, WITHOUT ROWID;
",
    // What was encrypted for hosts that were there before still opens.
    "
    ALTER TABLE host_keys ADD COLUMN
        labels TEXT NOT NULL DEFAULT 'root' CHECK (labels IN ('root', 'host'));
",
    // For backups, as in `state.db`: to count the rows would take longer.
    "
    CREATE TABLE host_changes (
        wallet  BLOB PRIMARY KEY,
        changes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER host_keys_put AFTER INSERT ON host_keys BEGIN
        INSERT INTO host_changes VALUES (NEW.wallet, 1)
        ON CONFLICT (wallet) DO UPDATE SET changes = changes + 1;
    END;
",
];

const COLUMNS: &str = "host, invoice, public_key, address, created, labels";

/// What is public of one host's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKeyRow {
    /// The host.
    pub host: String,
    /// The BRC-42 invoice its key is derived with.
    pub invoice: String,
    /// Compressed, hex.
    pub public_key: String,
    /// P2PKH.
    pub address: String,
    /// Milliseconds since 1970.
    pub created: u64,
    /// Which key its friend and label keys derive from.
    pub labels: LabelParent,
}

/// The key that a host's friend and label keys derive from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelParent {
    /// The root key: hosts of version 0.1 and of TokenPass Desktop, so that
    /// nothing that was encrypted for them is lost. They share their labels.
    Root,
    /// The host's own key, so that no host opens what another encrypted.
    Host,
}

impl ToSql for LabelParent {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Root => "root".into(),
            Self::Host => "host".into(),
        })
    }
}

impl FromSql for LabelParent {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "root" => Ok(Self::Root),
            "host" => Ok(Self::Host),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// See the module.
pub struct KeysDb(Database);

impl KeysDb {
    pub(super) fn new(home: &Path) -> Self {
        Self(Database::new(home.join("keys.db"), MIGRATIONS))
    }

    pub(super) fn to_look_at(home: &Path) -> Self {
        Self(Database::to_look_at(home.join("keys.db"), MIGRATIONS))
    }

    pub(super) fn refuse_newer(&self) -> Result<(), StoreError> {
        self.0.refuse_newer()
    }

    pub(super) fn has_moved(&self) -> Result<bool, StoreError> {
        self.0.has_moved()
    }

    pub(super) fn close(&self) {
        self.0.close();
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// One host's row.
    pub fn get(&self, wallet: WalletId, host: &str) -> Result<Option<HostKeyRow>, StoreError> {
        let row = self.0.read(|db| {
            db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM host_keys WHERE wallet = ? AND host = ?"
            ))?
            .query_row(params![wallet.0, host], from_row)
            .optional()
        })?;
        Ok(row.flatten())
    }

    /// Adds rows, or puts right what differs.
    pub fn put(&self, wallet: WalletId, rows: &[HostKeyRow]) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            let mut insert = db.prepare_cached(&format!(
                "INSERT OR REPLACE INTO host_keys (wallet, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
            ))?;
            for row in rows {
                insert.execute(params![
                    wallet.0,
                    row.host,
                    row.invoice,
                    row.public_key,
                    row.address,
                    row.created,
                    row.labels
                ])?;
            }
            Ok(())
        })
    }

    /// The rows in the order of their hosts.
    pub fn list(&self, wallet: WalletId, page: Page) -> Result<Vec<HostKeyRow>, StoreError> {
        let (limit, offset) = page.sql();
        let rows = self.0.read(|db| {
            db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM host_keys WHERE wallet = ? ORDER BY host LIMIT ? OFFSET ?"
            ))?
            .query_map(params![wallet.0, limit, offset], from_row)?
            .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }

    /// The rows whose host comes after `after`, in the order of their hosts. The
    /// cost does not grow with what comes before.
    pub fn list_after(
        &self,
        wallet: WalletId,
        after: &str,
        limit: usize,
    ) -> Result<Vec<HostKeyRow>, StoreError> {
        let rows = self.0.read(|db| {
            db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM host_keys WHERE wallet = ? AND host > ?
                 ORDER BY host LIMIT ?"
            ))?
            .query_map(params![wallet.0, after, clamp(limit)], from_row)?
            .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }

    /// How many hosts there are.
    pub fn count(&self, wallet: WalletId) -> Result<u64, StoreError> {
        let count = self.0.read(|db| {
            db.prepare_cached("SELECT count(*) FROM host_keys WHERE wallet = ?")?
                .query_row([wallet.0], |row| row.get(0))
        })?;
        Ok(count.unwrap_or_default())
    }

    /// The same, counted no further than `most`, where `None` is more; and the version
    /// of the file that it is of, if that can be told.
    pub fn count_up_to(
        &self,
        wallet: WalletId,
        most: u64,
    ) -> Result<(Option<u64>, Option<Version>), StoreError> {
        let read = self.0.read_version(|db| {
            db.prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM host_keys WHERE wallet = ? LIMIT ?)",
            )?
            .query_row(params![wallet.0, most + 1], |row| row.get(0))
        })?;
        let (counted, version) = read.unwrap_or_default();
        Ok((Some(counted).filter(|count| *count <= most), version))
    }

    /// The version of the file as it is now, where that can be told without
    /// opening it.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.0.version()
    }

    /// How often a host was added or changed.
    pub fn changes(&self, wallet: WalletId) -> Result<u64, StoreError> {
        let changes = self.0.read(|db| {
            db.prepare_cached("SELECT changes FROM host_changes WHERE wallet = ?")?
                .query_row([wallet.0], |row| row.get(0))
                .optional()
        })?;
        Ok(changes.flatten().unwrap_or_default())
    }

    /// Removes what belongs to any other wallet.
    pub fn keep_only(&self, wallet: WalletId) -> Result<(), StoreError> {
        self.0.read(|db| {
            db.execute("DELETE FROM host_changes WHERE wallet <> ?", [wallet.0])?;
            db.execute("DELETE FROM host_keys WHERE wallet <> ?", [wallet.0])
        })?;
        Ok(())
    }

    /// Checks every page of the file; `None` where there is none.
    pub fn check(&self) -> Result<Option<()>, StoreError> {
        self.0.check()
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<HostKeyRow> {
    Ok(HostKeyRow {
        host: row.get(0)?,
        invoice: row.get(1)?,
        public_key: row.get(2)?,
        address: row.get(3)?,
        created: row.get(4)?,
        labels: row.get(5)?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn hosts_from_before_keep_the_root_key_for_their_labels() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("home/keys.db");
        let wallet = WalletId([7; 16]);
        let before = Database::new(path, &MIGRATIONS[..1]);
        before
            .write(|db| {
                db.execute(
                    "INSERT INTO host_keys VALUES (?, 'old.example', 'i', 'p', 'a', 5)",
                    [wallet.0],
                )
            })
            .unwrap();
        let keys = KeysDb::new(&home.path().join("home"));
        let old = keys.get(wallet, "old.example").unwrap().unwrap();
        assert_eq!((old.created, old.labels), (5, LabelParent::Root));
        let new = HostKeyRow {
            host: "new.example".into(),
            labels: LabelParent::Host,
            ..old.clone()
        };
        keys.put(wallet, std::slice::from_ref(&new)).unwrap();
        assert_eq!(keys.list(wallet, Page::all()).unwrap(), [new, old]);
    }
}
