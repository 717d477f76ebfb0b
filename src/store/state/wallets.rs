//! What a wallet says of itself (profile, BAP ID) and its sealed identities.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::super::error::StoreError;
use super::super::wallet_id::WalletId;
use super::StateDb;
use super::contacts::{self, ContactRow};

/// One wallet's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalletRow {
    /// The primary identity.
    pub bap_id: String,
    /// A JSON object: public.
    pub profile: String,
    /// When its fields were changed: a JSON object.
    pub profile_times: String,
    /// The identities, sealed under a key of the root key.
    pub identities: Vec<u8>,
    /// The certificates, sealed likewise; empty where there are none.
    pub certificates: Vec<u8>,
}

/// What a backup holds of a wallet, but for its hosts.
#[derive(Clone)]
pub struct WalletContents {
    /// Its row.
    pub row: WalletRow,
    /// Its contacts by key, the removed ones too.
    pub contacts: BTreeMap<String, ContactRow>,
}

impl StateDb {
    /// The wallet's row.
    pub fn wallet(&self, wallet: WalletId) -> Result<Option<WalletRow>, StoreError> {
        Ok(self.0.read(|db| select(db, wallet))?.flatten())
    }

    /// Writes a new wallet's row.
    pub fn put_wallet(&self, wallet: WalletId, row: &WalletRow) -> Result<(), StoreError> {
        self.0.write(|db| {
            db.execute(
                "INSERT OR REPLACE INTO wallets
                 (wallet, bap_id, profile, profile_times, identities, certificates)
                 VALUES (?, ?, ?, ?, ?, ?)",
                params![
                    wallet.0,
                    row.bap_id,
                    row.profile,
                    row.profile_times,
                    row.identities,
                    row.certificates
                ],
            )
        })?;
        Ok(())
    }

    /// Changes a wallet's row; `change` sees the row as no other process can
    /// change it meanwhile. `Ok(None)`: there is no such row.
    pub fn change_wallet<E: From<StoreError>>(
        &self,
        wallet: WalletId,
        change: impl FnOnce(WalletRow) -> Result<WalletRow, E>,
    ) -> Result<Option<()>, E> {
        self.0.change(|db| {
            let Some(row) = select(db, wallet)? else {
                return Ok(Ok(None));
            };
            match change(row) {
                Ok(row) => update(db, wallet, &row).map(|()| Ok(Some(()))),
                Err(error) => Ok(Err(error)),
            }
        })
    }

    /// Changes all that a backup holds of a wallet, but for its hosts, at once;
    /// `change` sees it as no other process can change it meanwhile. `Ok(None)`:
    /// there is no such wallet.
    pub fn change_contents<T, E: From<StoreError>>(
        &self,
        wallet: WalletId,
        change: impl FnOnce(&mut WalletContents) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        self.0.change(|db| {
            let Some(row) = select(db, wallet)? else {
                return Ok(Ok(None));
            };
            let before = WalletContents {
                row,
                contacts: contacts::all(db, wallet)?,
            };
            let mut after = before.clone();
            let answer = match change(&mut after) {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            if after.row != before.row {
                update(db, wallet, &after.row)?;
            }
            for (key, contact) in &after.contacts {
                if before.contacts.get(key) != Some(contact) {
                    contacts::put(db, wallet, key, contact)?;
                }
            }
            Ok(Ok(Some(answer)))
        })
    }
}

fn update(db: &Connection, wallet: WalletId, row: &WalletRow) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE wallets
         SET bap_id = ?, profile = ?, profile_times = ?, identities = ?, certificates = ?
         WHERE wallet = ?",
        params![
            row.bap_id,
            row.profile,
            row.profile_times,
            row.identities,
            row.certificates,
            wallet.0
        ],
    )
    .map(drop)
}

fn select(db: &Connection, wallet: WalletId) -> rusqlite::Result<Option<WalletRow>> {
    db.prepare_cached(
        "SELECT bap_id, profile, profile_times, identities, certificates FROM wallets
         WHERE wallet = ?",
    )?
    .query_row([wallet.0], |row| {
        Ok(WalletRow {
            bap_id: row.get(0)?,
            profile: row.get(1)?,
            profile_times: row.get(2)?,
            identities: row.get(3)?,
            certificates: row.get(4)?,
        })
    })
    .optional()
}
