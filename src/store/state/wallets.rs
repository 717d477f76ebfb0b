//! What a wallet says of itself (profile, BAP ID) and its sealed identities.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::error::StoreError;
use super::super::wallet_id::WalletId;
use super::StateDb;

/// One wallet's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletRow {
    /// The primary identity.
    pub bap_id: String,
    /// A JSON object: public.
    pub profile: String,
    /// The identities, sealed under a key of the root key.
    pub identities: Vec<u8>,
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
                "INSERT OR REPLACE INTO wallets (wallet, bap_id, profile, identities)
                 VALUES (?, ?, ?, ?)",
                params![wallet.0, row.bap_id, row.profile, row.identities],
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
            let row = match change(row) {
                Ok(row) => row,
                Err(error) => return Ok(Err(error)),
            };
            db.execute(
                "UPDATE wallets SET bap_id = ?, profile = ?, identities = ? WHERE wallet = ?",
                params![row.bap_id, row.profile, row.identities, wallet.0],
            )?;
            Ok(Ok(Some(())))
        })
    }
}

fn select(db: &Connection, wallet: WalletId) -> rusqlite::Result<Option<WalletRow>> {
    db.prepare_cached("SELECT bap_id, profile, identities FROM wallets WHERE wallet = ?")?
        .query_row([wallet.0], |row| {
            Ok(WalletRow {
                bap_id: row.get(0)?,
                profile: row.get(1)?,
                identities: row.get(2)?,
            })
        })
        .optional()
}
