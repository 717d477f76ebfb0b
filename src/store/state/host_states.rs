//! Each host's own JSON object.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::error::StoreError;
use super::super::wallet_id::WalletId;
use super::StateDb;

impl StateDb {
    /// A host's JSON object, as text.
    pub fn host_state(&self, wallet: WalletId, host: &str) -> Result<Option<String>, StoreError> {
        Ok(self.0.read(|db| select(db, wallet, host))?.flatten())
    }

    /// Changes a host's JSON object; `change` sees it as no other process
    /// can change it meanwhile. `Ok(None)` from `change` removes it.
    pub fn change_host_state<E: From<StoreError>>(
        &self,
        wallet: WalletId,
        host: &str,
        change: impl FnOnce(Option<String>) -> Result<Option<String>, E>,
    ) -> Result<(), E> {
        self.0.change(|db| {
            let state = match change(select(db, wallet, host)?) {
                Ok(state) => state,
                Err(error) => return Ok(Err(error)),
            };
            match state {
                Some(state) => db.execute(
                    "INSERT OR REPLACE INTO host_states VALUES (?, ?, ?)",
                    params![wallet.0, host, state],
                )?,
                None => db.execute(
                    "DELETE FROM host_states WHERE wallet = ? AND host = ?",
                    params![wallet.0, host],
                )?,
            };
            Ok(Ok(()))
        })
    }
}

fn select(db: &Connection, wallet: WalletId, host: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT state FROM host_states WHERE wallet = ? AND host = ?")?
        .query_row(params![wallet.0, host], |row| row.get(0))
        .optional()
}
