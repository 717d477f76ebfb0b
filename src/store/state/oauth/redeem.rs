//! Codes and refresh tokens against access tokens, each once.

use rusqlite::{Connection, OptionalExtension, params};

use super::grants::{CodeRow, GrantId, GrantRow, SecretHash, select_grant};
use crate::store::state::StateDb;
use crate::store::state::tokens::{TokenRow, TokenSource, insert};
use crate::store::{StoreError, WalletId};

/// What a redeemed code or refresh token gives.
pub struct NewTokens {
    /// The access token's hash and row.
    pub access: (SecretHash, TokenRow),
    /// The refresh token's hash, and when it ends.
    pub refresh: Option<(SecretHash, u64)>,
}

/// How an attempt to redeem something ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed<T> {
    /// The tokens are on disk.
    Now(T),
    /// It was used before: everything that came of it is revoked now.
    Again(GrantRow),
    /// There is no such thing.
    Unknown,
}

impl StateDb {
    /// Redeems a code: once. `check` sees the code and the grant as no other
    /// process can change them meanwhile; its error changes nothing.
    pub fn redeem_code<T, E: From<StoreError>>(
        &self,
        wallet: WalletId,
        hash: &SecretHash,
        check: impl FnOnce(&CodeRow, &GrantRow) -> Result<(NewTokens, T), E>,
    ) -> Result<Redeemed<T>, E> {
        self.0.change(|db| {
            let found = db
                .query_row(
                    "SELECT redirect_uri, challenge, nonce, expires, used, grant_id
                     FROM oauth_codes WHERE hash = ?",
                    [hash],
                    |row| {
                        let code = CodeRow {
                            redirect_uri: row.get(0)?,
                            challenge: row.get(1)?,
                            nonce: row.get(2)?,
                            expires: row.get(3)?,
                        };
                        Ok((code, row.get::<_, bool>(4)?, row.get::<_, GrantId>(5)?))
                    },
                )
                .optional()?;
            let Some((code, used, id)) = found else {
                return Ok(Ok(Redeemed::Unknown));
            };
            let Some(grant) = select_grant(db, wallet, &id)? else {
                return Ok(Ok(Redeemed::Unknown));
            };
            redeem(db, wallet, grant, used, "oauth_codes", hash, |grant| {
                check(&code, grant)
            })
        })
    }

    /// Redeems a refresh token: once; likewise.
    pub fn redeem_refresh<T, E: From<StoreError>>(
        &self,
        wallet: WalletId,
        hash: &SecretHash,
        check: impl FnOnce(u64, &GrantRow) -> Result<(NewTokens, T), E>,
    ) -> Result<Redeemed<T>, E> {
        self.0.change(|db| {
            let found = db
                .query_row(
                    "SELECT expires, used, grant_id FROM oauth_refresh_tokens WHERE hash = ?",
                    [hash],
                    |row| {
                        let id: GrantId = row.get(2)?;
                        Ok((row.get::<_, u64>(0)?, row.get::<_, bool>(1)?, id))
                    },
                )
                .optional()?;
            let Some((expires, used, id)) = found else {
                return Ok(Ok(Redeemed::Unknown));
            };
            let Some(grant) = select_grant(db, wallet, &id)? else {
                return Ok(Ok(Redeemed::Unknown));
            };
            redeem(
                db,
                wallet,
                grant,
                used,
                "oauth_refresh_tokens",
                hash,
                |grant| check(expires, grant),
            )
        })
    }
}

/// Marks a secret as used and writes its tokens; or, where it was used before,
/// ends all that came of it (RFC 6749, 4.1.2; RFC 9700, 4.14.2).
fn redeem<T, E>(
    db: &Connection,
    wallet: WalletId,
    grant: GrantRow,
    used: bool,
    table: &str,
    hash: &SecretHash,
    check: impl FnOnce(&GrantRow) -> Result<(NewTokens, T), E>,
) -> rusqlite::Result<Result<Redeemed<T>, E>> {
    if used {
        db.execute("DELETE FROM oauth_grants WHERE id = ?", [grant.id])?;
        return Ok(Ok(Redeemed::Again(grant)));
    }
    let (tokens, value) = match check(&grant) {
        Ok(checked) => checked,
        Err(error) => return Ok(Err(error)),
    };
    db.execute(
        &format!("UPDATE {table} SET used = 1 WHERE hash = ?"),
        [hash],
    )?;
    insert_tokens(db, wallet, &grant.id, &tokens)?;
    Ok(Ok(Redeemed::Now(value)))
}

pub(super) fn insert_tokens(
    db: &Connection,
    wallet: WalletId,
    grant: &GrantId,
    tokens: &NewTokens,
) -> rusqlite::Result<()> {
    let (hash, row) = &tokens.access;
    insert(db, wallet, hash, row, TokenSource::Grant(grant))?;
    if let Some((hash, expires)) = &tokens.refresh {
        db.execute(
            "INSERT INTO oauth_refresh_tokens (hash, grant_id, expires) VALUES (?, ?, ?)",
            params![hash, grant, expires],
        )?;
    }
    Ok(())
}
