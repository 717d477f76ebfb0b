//! `seed.db`: at most one row, the vault.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::database::Database;
use super::error::StoreError;
use super::migration::Migrations;
use super::wallet_id::WalletId;
use crate::crypto::vault::Vault;
use crate::platform::stamp::Stamp;

const MIGRATIONS: Migrations = &[
    "
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
",
    // Which password it is sealed under; that of older files has no name yet. The
    // checksum stays last, so that it is the first to show a truncated file.
    "
    ALTER TABLE vault RENAME TO unnamed;
    CREATE TABLE vault (
        id         INTEGER PRIMARY KEY CHECK (id = 1),
        wallet     BLOB    NOT NULL,
        password   BLOB    NOT NULL,
        version    INTEGER NOT NULL,
        kdf        INTEGER NOT NULL,
        iterations INTEGER NOT NULL,
        salt       BLOB    NOT NULL,
        iv         BLOB    NOT NULL,
        ciphertext BLOB    NOT NULL,
        mac        BLOB    NOT NULL,
        checksum   BLOB    NOT NULL
    ) STRICT;
    INSERT INTO vault
        SELECT id, wallet, zeroblob(16), version, kdf, iterations, salt, iv, ciphertext,
            mac, checksum
        FROM unnamed;
    DROP TABLE unnamed;
",
];

/// The vault and the wallet whose rows elsewhere belong to it.
#[derive(Debug)]
pub struct VaultRow {
    /// Names the wallet's rows in the other databases.
    pub wallet: WalletId,
    /// Names the password that it is sealed under.
    pub password: PasswordId,
    /// The encrypted record.
    pub vault: Vault,
}

/// How a change was made.
#[derive(Debug)]
#[must_use]
pub enum Committed {
    /// It is on disk.
    Durably,
    /// Every reader sees it, but the system failed to say that it outlives a
    /// loss of power.
    Unconfirmed(StoreError),
}

/// Names a password without telling anything about it: drawn anew whenever one
/// is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordId(pub [u8; 16]);

/// Tells one vault from every other: another password makes another vault, a
/// dearer sealing under the same one does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultId {
    /// Whose it is.
    pub wallet: WalletId,
    /// What opens it.
    pub password: PasswordId,
}

impl VaultRow {
    /// Which vault this is.
    #[must_use]
    pub fn id(&self) -> VaultId {
        VaultId {
            wallet: self.wallet,
            password: self.password,
        }
    }
}

/// See the module.
pub struct SeedDb(Database);

impl SeedDb {
    pub(super) fn new(home: &Path) -> Self {
        Self(Database::new(home.join("seed.db"), MIGRATIONS))
    }

    pub(super) fn to_look_at(home: &Path) -> Self {
        Self(Database::to_look_at(home.join("seed.db"), MIGRATIONS))
    }

    pub(super) fn refuse_newer(&self) -> Result<(), StoreError> {
        self.0.refuse_newer()
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
    /// the row there is and returns the one to write. When `work` fails,
    /// nothing is changed.
    pub fn replace<E: From<StoreError>>(
        &self,
        work: impl FnOnce(Option<VaultRow>) -> Result<VaultRow, E>,
    ) -> Result<Committed, E> {
        let mut written = None;
        let changed = self.0.try_change(|db| {
            let row = match work(select(db)?) {
                Ok(row) => row,
                Err(error) => return Ok(Err(error)),
            };
            insert(db, &row)?;
            written = Some(row.vault.checksum);
            Ok(Ok(()))
        });
        match changed {
            Ok(outcome) => outcome.map(|()| Committed::Durably),
            // The last sync of a commit can fail when all can see it already.
            Err(error) if written.is_some() && self.checksum() == written => {
                Ok(Committed::Unconfirmed(error))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn checksum(&self) -> Option<[u8; 32]> {
        let row = self.vault().ok().flatten();
        row.map(|row| row.vault.checksum)
    }

    /// Which vault there is; `None` where there is no wallet yet.
    pub fn vault_id(&self) -> Result<Option<VaultId>, StoreError> {
        Ok(self.vault()?.map(|row| row.id()))
    }

    /// The file as it is now; `None` if there is none.
    pub fn stamp(&self) -> Result<Option<Stamp>, StoreError> {
        self.0.stamp()
    }

    /// Whether the file that is open is not the one with its name any longer.
    pub fn has_moved(&self) -> Result<bool, StoreError> {
        self.0.has_moved()
    }

    pub(super) fn close(&self) {
        self.0.close();
    }

    /// Checks every page of the file; `None` where there is none.
    pub fn check(&self) -> Result<Option<()>, StoreError> {
        self.0.check()
    }
}

fn select(db: &Connection) -> rusqlite::Result<Option<VaultRow>> {
    db.query_row(
        "SELECT wallet, version, kdf, iterations, salt, iv, ciphertext, mac, checksum, password
         FROM vault",
        [],
        from_row,
    )
    .optional()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<VaultRow> {
    Ok(VaultRow {
        wallet: WalletId(row.get(0)?),
        password: PasswordId(row.get(9)?),
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
        "INSERT OR REPLACE INTO vault VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            row.wallet.0,
            row.password.0,
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
