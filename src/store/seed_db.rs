//! `seed.db`: at most one row, the vault.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::database::Database;
use super::error::StoreError;
use super::migration::Migrations;
use super::wallet_id::WalletId;
use crate::crypto::vault::Vault;

const MIGRATIONS: Migrations = &["
    CREATE TABLE vault (
        id         INTEGER PRIMARY KEY CHECK (id = 1),
        wallet     BLOB    NOT NULL,
        version    INTEGER NOT NULL,
        kdf        INTEGER NOT NULL,
        iterations INTEGER NOT NULL,
        salt       BLOB    NOT NULL,
        iv         BLOB    NOT NULL,
        ciphertext BLOB    NOT NULL,
        mac        BLOB    NOT NULL,
        checksum   BLOB    NOT NULL
    ) STRICT;
"];

/// The vault and the wallet whose rows elsewhere belong to it.
#[derive(Debug)]
pub struct VaultRow {
    /// Names the wallet's rows in the other databases.
    pub wallet: WalletId,
    /// The encrypted record.
    pub vault: Vault,
}

/// See the module.
pub struct SeedDb(Database);

impl SeedDb {
    pub(super) fn new(home: &Path) -> Self {
        Self(Database::new(home.join("seed.db"), MIGRATIONS))
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The current wallet's name; `None` where there is no wallet yet.
    pub fn wallet(&self) -> Result<Option<WalletId>, StoreError> {
        let row = self.0.read(|db| {
            db.prepare_cached("SELECT wallet FROM vault")?
                .query_row([], |row| row.get(0))
                .optional()
        })?;
        Ok(row.flatten().map(WalletId))
    }

    /// The vault; `None` where there is no wallet yet.
    pub fn vault(&self) -> Result<Option<VaultRow>, StoreError> {
        Ok(self.0.read(|db| select(db))?.flatten())
    }

    /// Makes or changes the vault while no other process can: `work` gets
    /// the row there is and returns the one to write and its answer. Both
    /// are kept, or, when `work` fails, nothing is.
    pub fn replace<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(Option<VaultRow>) -> Result<(VaultRow, T), E>,
    ) -> Result<T, E> {
        self.0.change(|db| {
            let row = select(db)?;
            match work(row) {
                Ok((row, answer)) => insert(db, &row).map(|_| Ok(answer)),
                Err(error) => Ok(Err(error)),
            }
        })
    }

    /// Checks every page of the file; `None` where there is none.
    pub fn check(&self) -> Result<Option<()>, StoreError> {
        self.0.check()
    }
}

fn select(db: &Connection) -> rusqlite::Result<Option<VaultRow>> {
    db.query_row(
        "SELECT wallet, version, kdf, iterations, salt, iv, ciphertext, mac, checksum FROM vault",
        [],
        from_row,
    )
    .optional()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<VaultRow> {
    Ok(VaultRow {
        wallet: WalletId(row.get(0)?),
        vault: Vault {
            version: row.get(1)?,
            kdf: row.get(2)?,
            iterations: row.get(3)?,
            salt: row.get(4)?,
            iv: row.get(5)?,
            ciphertext: row.get(6)?,
            mac: row.get(7)?,
            checksum: row.get(8)?,
        },
    })
}

fn insert(db: &Connection, row: &VaultRow) -> rusqlite::Result<usize> {
    let vault = &row.vault;
    db.execute(
        "INSERT OR REPLACE INTO vault VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            row.wallet.0,
            vault.version,
            vault.kdf,
            vault.iterations,
            vault.salt,
            vault.iv,
            vault.ciphertext,
            vault.mac,
            vault.checksum
        ],
    )
}
