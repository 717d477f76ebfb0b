//! Contacts: names for other people's BAP IDs, public keys and addresses.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::super::error::StoreError;
use super::super::wallet_id::WalletId;
use super::StateDb;

/// One contact, or what is left of one. Also its form in backups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    /// As it was given.
    pub name: String,
    /// The BAP ID, public key or address; `None` where it was removed.
    #[serde(default)]
    pub target: Option<String>,
    /// When it was last changed: milliseconds since 1970. Of two rows for a name
    /// the later counts.
    pub changed: u64,
}

impl StateDb {
    /// The contact whose name is found under this key.
    pub fn contact(&self, wallet: WalletId, key: &str) -> Result<Option<ContactRow>, StoreError> {
        Ok(self.0.read(|db| select(db, wallet, key))?.flatten())
    }

    /// All contacts, the removed ones too, by key.
    pub fn contacts(&self, wallet: WalletId) -> Result<Vec<ContactRow>, StoreError> {
        let rows = self.0.read(|db| all(db, wallet))?;
        Ok(rows.unwrap_or_default().into_values().collect())
    }

    /// Writes contacts, each under its key, over those that are there.
    pub fn put_contacts(
        &self,
        wallet: WalletId,
        contacts: &[(String, ContactRow)],
    ) -> Result<(), StoreError> {
        if contacts.is_empty() {
            return Ok(());
        }
        self.0.transaction(|db| {
            contacts
                .iter()
                .try_for_each(|(key, row)| put(db, wallet, key, row))
        })
    }

    /// Changes the contacts under two keys, which may be the same; `change` sees
    /// them as no other process can change them meanwhile, and returns the rows
    /// to write.
    pub fn change_contacts<E: From<StoreError>>(
        &self,
        wallet: WalletId,
        keys: [&str; 2],
        change: impl FnOnce([Option<ContactRow>; 2]) -> Result<Vec<(String, ContactRow)>, E>,
    ) -> Result<(), E> {
        self.0.change(|db| {
            let rows = [select(db, wallet, keys[0])?, select(db, wallet, keys[1])?];
            let rows = match change(rows) {
                Ok(rows) => rows,
                Err(error) => return Ok(Err(error)),
            };
            for (key, row) in &rows {
                put(db, wallet, key, row)?;
            }
            Ok(Ok(()))
        })
    }
}

pub(super) fn put(
    db: &Connection,
    wallet: WalletId,
    key: &str,
    row: &ContactRow,
) -> rusqlite::Result<()> {
    db.execute(
        "INSERT OR REPLACE INTO contacts (wallet, key, name, target, changed)
         VALUES (?, ?, ?, ?, ?)",
        params![wallet.0, key, row.name, row.target, row.changed],
    )
    .map(|_| ())
}

pub(super) fn all(
    db: &Connection,
    wallet: WalletId,
) -> rusqlite::Result<BTreeMap<String, ContactRow>> {
    db.prepare_cached("SELECT name, target, changed, key FROM contacts WHERE wallet = ?")?
        .query_map([wallet.0], |row| Ok((row.get(3)?, of_row(row)?)))?
        .collect()
}

fn select(db: &Connection, wallet: WalletId, key: &str) -> rusqlite::Result<Option<ContactRow>> {
    db.prepare_cached("SELECT name, target, changed FROM contacts WHERE wallet = ? AND key = ?")?
        .query_row(params![wallet.0, key], of_row)
        .optional()
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<ContactRow> {
    Ok(ContactRow {
        name: row.get(0)?,
        target: row.get(1)?,
        changed: row.get(2)?,
    })
}
