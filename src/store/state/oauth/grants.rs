//! What was allowed, to whom, and who was denied.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::store::state::StateDb;
use crate::store::state::spending::{from_bits, to_bits};
use crate::store::{StoreError, WalletId};

/// Names a grant: 16 random bytes.
pub(crate) type GrantId = [u8; 16];

/// The SHA-256 of a code, a refresh token or the like.
pub(crate) type SecretHash = [u8; 32];

/// Denials remembered at most: a page can provoke one, so the oldest goes.
const MAX_DENIALS: u32 = 256;

/// What was allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// Its name.
    pub id: GrantId,
    /// The client's id.
    pub client: String,
    /// Whose key its tokens use.
    pub host: String,
    /// Comma-separated.
    pub scopes: String,
    /// The BAP ID.
    pub identity: String,
    /// How long each access token lives.
    pub expiry: String,
    /// When the owner proved to be there: milliseconds since 1970.
    pub auth_time: u64,
    /// When the last thing that hangs on it has ended; `None` is never.
    pub ends: Option<u64>,
    /// What its tokens together may spend in a day, in satoshis; `None` is no
    /// limit.
    pub max_satoshis: Option<u64>,
}

/// An authorization code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// The very string that the token request must repeat.
    pub redirect_uri: String,
    /// PKCE.
    pub challenge: Option<String>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// Milliseconds since 1970.
    pub expires: u64,
}

/// An app that was allowed in before, from one redirect URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppRow {
    /// The client's id.
    pub client: String,
    /// Where its answers went.
    pub redirect_uri: String,
    /// Whose key it uses.
    pub host: String,
    /// What was allowed last.
    pub scopes: String,
    /// As which identity.
    pub identity: String,
    /// For how long.
    pub expiry: String,
    /// Milliseconds since 1970.
    pub first: u64,
    /// Milliseconds since 1970.
    pub last: u64,
    /// What it was last allowed to spend in a day, in satoshis; `None` is no
    /// limit.
    pub max_satoshis: Option<u64>,
}

impl StateDb {
    /// Writes down a yes: the grant, its code, and the app for next time.
    pub fn put_grant(
        &self,
        wallet: WalletId,
        grant: &GrantRow,
        code: (&SecretHash, &CodeRow),
        now: u64,
    ) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            insert_grant(db, wallet, grant)?;
            remember_app(db, wallet, grant, &code.1.redirect_uri, now)?;
            db.execute(
                "INSERT INTO oauth_codes (hash, grant_id, redirect_uri, challenge, nonce, expires)
                 VALUES (?, ?, ?, ?, ?, ?)",
                params![
                    code.0,
                    grant.id,
                    code.1.redirect_uri,
                    code.1.challenge,
                    code.1.nonce,
                    code.1.expires
                ],
            )?;
            Ok(())
        })
    }

    /// The grant that a refresh token hangs on.
    pub fn grant_of_refresh(
        &self,
        wallet: WalletId,
        hash: &SecretHash,
    ) -> Result<Option<(GrantRow, u64)>, StoreError> {
        let found = self.0.read(|db| {
            let found = db
                .query_row(
                    "SELECT grant_id, expires FROM oauth_refresh_tokens
                     WHERE hash = ? AND used = 0",
                    [hash],
                    |row| Ok((row.get::<_, GrantId>(0)?, row.get::<_, u64>(1)?)),
                )
                .optional()?;
            match found {
                Some((id, expires)) => {
                    Ok(select_grant(db, wallet, &id)?.map(|grant| (grant, expires)))
                }
                None => Ok(None),
            }
        })?;
        Ok(found.flatten())
    }

    /// The grant that an access token hangs on; `None` for one that did not
    /// come from here.
    pub fn grant_of_token(
        &self,
        wallet: WalletId,
        hash: &SecretHash,
    ) -> Result<Option<GrantRow>, StoreError> {
        let found = self.0.read(|db| {
            let id: Option<Option<GrantId>> = db
                .query_row(
                    "SELECT grant_id FROM tokens WHERE hash = ?",
                    [hash],
                    |row| row.get(0),
                )
                .optional()?;
            match id.flatten() {
                Some(id) => select_grant(db, wallet, &id),
                None => Ok(None),
            }
        })?;
        Ok(found.flatten())
    }

    /// Removes a grant and everything that hangs on it.
    pub fn revoke_grant(&self, wallet: WalletId, id: &GrantId) -> Result<bool, StoreError> {
        let gone = self.0.read(|db| {
            db.execute(
                "DELETE FROM oauth_grants WHERE wallet = ? AND id = ?",
                params![wallet.0, id],
            )
        })?;
        Ok(gone.unwrap_or_default() > 0)
    }

    /// Forgets grants on which nothing hangs any more.
    pub fn forget_ended_grants(&self, before: u64) -> Result<(), StoreError> {
        self.0
            .read(|db| db.execute("DELETE FROM oauth_grants WHERE ends < ?", [before]))?;
        Ok(())
    }

    /// What was allowed to a client before, the newest first.
    pub fn apps_of(&self, wallet: WalletId, client: &str) -> Result<Vec<AppRow>, StoreError> {
        let rows = self.0.read(|db| {
            db.prepare_cached(&format!(
                "{APPS} AND client = ? ORDER BY last DESC LIMIT 100"
            ))?
            .query_map(params![wallet.0, client], app_from)?
            .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }

    /// Remembers that a client was denied.
    pub fn put_denial(&self, wallet: WalletId, client: &str, now: u64) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            db.execute(
                "INSERT OR REPLACE INTO oauth_denials VALUES (?, ?, ?)",
                params![wallet.0, client, now],
            )?;
            db.execute(
                "DELETE FROM oauth_denials WHERE wallet = ?1 AND client NOT IN
                 (SELECT client FROM oauth_denials WHERE wallet = ?1 ORDER BY at DESC LIMIT ?2)",
                params![wallet.0, MAX_DENIALS],
            )?;
            Ok(())
        })
    }

    /// When a client was denied last.
    pub fn denial(&self, wallet: WalletId, client: &str) -> Result<Option<u64>, StoreError> {
        let at = self.0.read(|db| {
            db.query_row(
                "SELECT at FROM oauth_denials WHERE wallet = ? AND client = ?",
                params![wallet.0, client],
                |row| row.get(0),
            )
            .optional()
        })?;
        Ok(at.flatten())
    }

    /// Denials since `after`, the newest first.
    pub fn denials(&self, wallet: WalletId, after: u64) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = self.0.read(|db| {
            db.prepare_cached(
                "SELECT client, at FROM oauth_denials WHERE wallet = ? AND at > ?
                 ORDER BY at DESC",
            )?
            .query_map(params![wallet.0, after], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }

    /// Forgets a denial.
    pub fn forget_denial(&self, wallet: WalletId, client: &str) -> Result<(), StoreError> {
        self.0.read(|db| {
            db.execute(
                "DELETE FROM oauth_denials WHERE wallet = ? AND client = ?",
                params![wallet.0, client],
            )
        })?;
        Ok(())
    }

    /// The public half of the key that signs ID tokens, if it was noted.
    pub fn oidc_key(&self, wallet: WalletId) -> Result<Option<String>, StoreError> {
        let key = self.0.read(|db| {
            db.prepare_cached("SELECT oidc_key FROM wallets WHERE wallet = ?")?
                .query_row([wallet.0], |row| row.get::<_, Option<String>>(0))
                .optional()
        })?;
        Ok(key.flatten().flatten())
    }

    /// Notes the public half of the key that signs ID tokens.
    pub fn set_oidc_key(&self, wallet: WalletId, key: &str) -> Result<(), StoreError> {
        self.0.read(|db| {
            db.execute(
                "UPDATE wallets SET oidc_key = ? WHERE wallet = ?",
                params![key, wallet.0],
            )
        })?;
        Ok(())
    }
}

const APPS: &str =
    "SELECT client, redirect_uri, host, scopes, identity, expiry, first, last, max_satoshis
    FROM oauth_apps WHERE wallet = ?";

pub(super) fn insert_grant(
    db: &Connection,
    wallet: WalletId,
    grant: &GrantRow,
) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO oauth_grants VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            grant.id,
            wallet.0,
            grant.client,
            grant.host,
            grant.scopes,
            grant.identity,
            grant.expiry,
            grant.auth_time,
            grant.ends,
            to_bits(grant.max_satoshis)
        ],
    )?;
    Ok(())
}

pub(super) fn select_grant(
    db: &Connection,
    wallet: WalletId,
    id: &GrantId,
) -> rusqlite::Result<Option<GrantRow>> {
    db.prepare_cached(
        "SELECT id, client, host, scopes, identity, expiry, auth_time, ends, max_satoshis
         FROM oauth_grants WHERE wallet = ? AND id = ?",
    )?
    .query_row(params![wallet.0, id], |row| {
        Ok(GrantRow {
            id: row.get(0)?,
            client: row.get(1)?,
            host: row.get(2)?,
            scopes: row.get(3)?,
            identity: row.get(4)?,
            expiry: row.get(5)?,
            auth_time: row.get(6)?,
            ends: row.get(7)?,
            max_satoshis: from_bits(row.get(8)?),
        })
    })
    .optional()
}

pub(super) fn remember_app(
    db: &Connection,
    wallet: WalletId,
    grant: &GrantRow,
    redirect_uri: &str,
    now: u64,
) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO oauth_apps VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)
         ON CONFLICT (wallet, client, redirect_uri) DO UPDATE SET
         scopes = ?5, identity = ?6, expiry = ?7, last = ?8, max_satoshis = ?9",
        params![
            wallet.0,
            grant.client,
            redirect_uri,
            grant.host,
            grant.scopes,
            grant.identity,
            grant.expiry,
            now,
            to_bits(grant.max_satoshis)
        ],
    )?;
    db.execute(
        "DELETE FROM oauth_denials WHERE wallet = ? AND client = ?",
        params![wallet.0, grant.client],
    )?;
    Ok(())
}

pub(super) fn forget_client(
    db: &Connection,
    wallet: WalletId,
    client: &str,
) -> rusqlite::Result<()> {
    for table in [
        "oauth_grants",
        "oauth_apps",
        "oauth_devices",
        "oauth_denials",
    ] {
        db.execute(
            &format!("DELETE FROM {table} WHERE wallet = ? AND client = ?"),
            params![wallet.0, client],
        )?;
    }
    Ok(())
}

fn app_from(row: &Row<'_>) -> rusqlite::Result<AppRow> {
    Ok(AppRow {
        client: row.get(0)?,
        redirect_uri: row.get(1)?,
        host: row.get(2)?,
        scopes: row.get(3)?,
        identity: row.get(4)?,
        expiry: row.get(5)?,
        first: row.get(6)?,
        last: row.get(7)?,
        max_satoshis: from_bits(row.get(8)?),
    })
}
