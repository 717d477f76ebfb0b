//! Clients that the owner added, since their ids are no URLs.

use rusqlite::{OptionalExtension, Row, params};

use super::grants::{SecretHash, forget_client};
use crate::store::state::StateDb;
use crate::store::{StoreError, WalletId};

/// A client that the owner added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// Its id.
    pub name: String,
    /// One a line.
    pub redirect_uris: String,
    /// SHA-256 of its secret.
    pub secret: Option<SecretHash>,
    /// Whether it must use PKCE.
    pub pkce: bool,
    /// The public key that it signs its token requests with.
    pub key: Option<String>,
    /// What ID tokens for it are signed with.
    pub algorithm: String,
    /// Milliseconds since 1970.
    pub created: u64,
}

impl StateDb {
    /// Adds a client; false where the name is taken.
    pub fn add_client(&self, wallet: WalletId, row: &ClientRow) -> Result<bool, StoreError> {
        let added = self.0.write(|db| {
            db.execute(
                "INSERT OR IGNORE INTO oauth_clients VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    wallet.0,
                    row.name,
                    row.redirect_uris,
                    row.secret,
                    row.pkce,
                    row.key,
                    row.algorithm,
                    row.created
                ],
            )
        })?;
        Ok(added == 1)
    }

    /// The client of this name.
    pub fn client(&self, wallet: WalletId, name: &str) -> Result<Option<ClientRow>, StoreError> {
        let row = self.0.read(|db| {
            db.prepare_cached(&format!("{CLIENTS} AND name = ?"))?
                .query_row(params![wallet.0, name], client_from)
                .optional()
        })?;
        Ok(row.flatten())
    }

    /// All clients, by name.
    pub fn clients(&self, wallet: WalletId) -> Result<Vec<ClientRow>, StoreError> {
        let rows = self.0.read(|db| {
            db.prepare(&format!("{CLIENTS} ORDER BY name"))?
                .query_map([wallet.0], client_from)?
                .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }

    /// Removes a client and all that it was allowed; false where there is none.
    pub fn remove_client(&self, wallet: WalletId, name: &str) -> Result<bool, StoreError> {
        self.0.transaction(|db| {
            let removed = db.execute(
                "DELETE FROM oauth_clients WHERE wallet = ? AND name = ?",
                params![wallet.0, name],
            )?;
            forget_client(db, wallet, name)?;
            Ok(removed == 1)
        })
    }
}

const CLIENTS: &str = "SELECT name, redirect_uris, secret, pkce, key, algorithm, created
    FROM oauth_clients WHERE wallet = ?";

fn client_from(row: &Row<'_>) -> rusqlite::Result<ClientRow> {
    Ok(ClientRow {
        name: row.get(0)?,
        redirect_uris: row.get(1)?,
        secret: row.get(2)?,
        pkce: row.get(3)?,
        key: row.get(4)?,
        algorithm: row.get(5)?,
        created: row.get(6)?,
    })
}
