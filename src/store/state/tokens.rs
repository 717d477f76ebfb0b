//! Access tokens, known only by the SHA-256 of their text.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::super::error::StoreError;
use super::super::page::{Page, clamp};
use super::super::version::Version;
use super::super::wallet_id::WalletId;
use super::StateDb;
use super::expiry::sweep;
use super::spending::{from_bits, to_bits};

const COLUMNS: &str = "id, host, scopes, identity, icon, created, expires, max_satoshis";
/// The client of the OAuth provider that a token was given to.
const CLIENT: &str = "(SELECT client FROM oauth_grants WHERE oauth_grants.id = grant_id)";

const COUNT: &str = "SELECT count(*) FROM tokens
    WHERE wallet = ? AND (expires IS NULL OR expires > ?)";

/// One access token, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Names the token in lists.
    pub id: String,
    /// Whose it is.
    pub host: String,
    /// Comma-separated.
    pub scopes: String,
    /// The BAP ID it may sign as.
    pub identity: Option<String>,
    /// A picture's URL.
    pub icon: Option<String>,
    /// Milliseconds since 1970.
    pub created: u64,
    /// Milliseconds since 1970; `None` is never.
    pub expires: Option<u64>,
    /// What it may spend in a day, in satoshis; `None` is no limit.
    pub max_satoshis: Option<u64>,
}

/// A token in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedToken {
    /// What is known of it.
    pub token: TokenRow,
    /// The client of the OAuth provider that it was given to.
    pub client: Option<String>,
}

/// What a token came of.
#[derive(Clone, Copy)]
pub(super) enum TokenSource<'a> {
    /// The owner's password or command.
    Owner,
    /// A page that asked without a password.
    Page,
    /// A grant of the OAuth provider, with which it goes.
    Grant(&'a [u8; 16]),
}

/// How many tokens have not expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenCount {
    /// `None` is more than were counted.
    pub count: Option<u64>,
    /// When the next one expires, in milliseconds since 1970; `None` is never.
    pub until: Option<u64>,
}

impl TokenCount {
    const NONE: Self = Self {
        count: Some(0),
        until: None,
    };
}

impl StateDb {
    /// Adds a token, and forgets those that were seen to have expired `grace` or
    /// longer ago.
    pub fn put_token(
        &self,
        wallet: WalletId,
        hash: &[u8; 32],
        row: &TokenRow,
        grace: Duration,
    ) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            sweep(db, "tokens", row.created, grace)?;
            insert(db, wallet, hash, row, TokenSource::Owner)
        })
    }

    /// The same for a token that a page takes without a password. Of those the host
    /// keeps the `most` newest that have not expired, and as many that have.
    pub fn put_page_token(
        &self,
        wallet: WalletId,
        hash: &[u8; 32],
        row: &TokenRow,
        most: usize,
        grace: Duration,
    ) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            sweep(db, "tokens", row.created, grace)?;
            insert(db, wallet, hash, row, TokenSource::Page)?;
            for expired in [false, true] {
                db.prepare_cached(
                    "DELETE FROM tokens WHERE hash IN (
                        SELECT hash FROM tokens
                        WHERE wallet = ?1 AND host = ?2 AND by_page
                          AND (expires IS NOT NULL AND expires <= ?3) = ?4
                        ORDER BY hash = ?5 DESC, created DESC LIMIT -1 OFFSET ?6)",
                )?
                .execute(params![
                    wallet.0,
                    row.host,
                    row.created,
                    expired,
                    hash,
                    clamp(most)
                ])?;
            }
            Ok(())
        })
    }

    /// The token with this hash, and the version of the file that it is in, if
    /// that can be told.
    pub fn token(
        &self,
        hash: &[u8; 32],
    ) -> Result<Option<(WalletId, TokenRow, Option<Version>)>, StoreError> {
        let read = self.0.read_version(|db| {
            db.prepare_cached(&format!(
                "SELECT {COLUMNS}, wallet FROM tokens WHERE hash = ?"
            ))?
            .query_row([hash], |row| Ok((WalletId(row.get(8)?), from_row(row)?)))
            .optional()
        })?;
        Ok(read.and_then(|(row, version)| row.map(|(wallet, row)| (wallet, row, version))))
    }

    /// The tokens that have not expired at `now`, by host and age.
    pub fn tokens(
        &self,
        wallet: WalletId,
        host: Option<&str>,
        now: u64,
        page: Page,
    ) -> Result<Vec<ListedToken>, StoreError> {
        let (limit, offset) = page.sql();
        let rows = self.0.read(|db| {
            db.prepare_cached(&listing(host))?
                .query_map(params![wallet.0, host, now, limit, offset], |row| {
                    Ok(ListedToken {
                        token: from_row(row)?,
                        client: row.get(8)?,
                    })
                })?
                .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }

    /// The tokens that have not expired at `now` and come after `after` (host,
    /// created, id), by host and age. The cost does not grow with what comes
    /// before.
    pub fn tokens_after(
        &self,
        wallet: WalletId,
        host: Option<&str>,
        now: u64,
        after: (&str, u64, &str),
        limit: usize,
    ) -> Result<Vec<TokenRow>, StoreError> {
        let (after_host, created, id) = after;
        let rows = self.0.read(|db| {
            db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM tokens
                 WHERE wallet = ?1 AND {} AND (expires IS NULL OR expires > ?3)
                   AND (host, created, id) > (?4, ?5, ?6)
                 ORDER BY host, created, id LIMIT ?7",
                of_host(host)
            ))?
            .query_map(
                params![wallet.0, host, now, after_host, created, id, clamp(limit)],
                from_row,
            )?
            .collect()
        })?;
        Ok(rows.unwrap_or_default())
    }

    /// How many tokens have not expired at `now`.
    pub fn token_count(&self, wallet: WalletId, now: u64) -> Result<u64, StoreError> {
        let count = self.0.read(|db| {
            db.prepare_cached(COUNT)?
                .query_row(params![wallet.0, now], |row| row.get(0))
        })?;
        Ok(count.unwrap_or_default())
    }

    /// The same, counted no further than `most`; and the version of the file that it
    /// is of, if that can be told.
    pub fn token_count_up_to(
        &self,
        wallet: WalletId,
        now: u64,
        most: u64,
    ) -> Result<(TokenCount, Option<Version>), StoreError> {
        let read = self.0.read_version(|db| {
            let counted = db
                .prepare_cached(
                    "SELECT count(*) FROM (SELECT 1 FROM tokens
                     WHERE wallet = ? AND (expires IS NULL OR expires > ?) LIMIT ?)",
                )?
                .query_row(params![wallet.0, now, most + 1], |row| row.get(0))?;
            let until = db
                .prepare_cached("SELECT min(expires) FROM tokens WHERE wallet = ? AND expires > ?")?
                .query_row(params![wallet.0, now], |row| row.get(0))?;
            Ok(TokenCount {
                count: Some(counted).filter(|count| *count <= most),
                until,
            })
        })?;
        Ok(read.unwrap_or((TokenCount::NONE, None)))
    }

    /// Removes the token with this id, and the grant that it came of: else a
    /// refresh token would give another. `None` where there is none, else its
    /// host.
    pub fn revoke_id(&self, wallet: WalletId, id: &str) -> Result<Option<String>, StoreError> {
        let host = self.0.read(|db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let removed = transaction
                .query_row(
                    "DELETE FROM tokens WHERE wallet = ? AND id = ? RETURNING host, grant_id",
                    params![wallet.0, id],
                    |row| Ok((row.get(0)?, row.get::<_, Option<[u8; 16]>>(1)?)),
                )
                .optional()?;
            if let Some((_, Some(grant))) = &removed {
                transaction.execute("DELETE FROM oauth_grants WHERE id = ?", [grant])?;
            }
            transaction.commit()?;
            Ok(removed.map(|(host, _)| host))
        })?;
        Ok(host.flatten())
    }

    /// Removes a host's tokens, or all, and what was allowed through OAuth;
    /// returns how many tokens there were.
    pub fn revoke_tokens(&self, wallet: WalletId, host: Option<&str>) -> Result<usize, StoreError> {
        let count = self.0.read(|db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let count = remove(&transaction, wallet, host)?;
            transaction.commit()?;
            Ok(count)
        })?;
        Ok(count.unwrap_or_default())
    }
}

/// What lists a page of the tokens of one host, or of all, with their clients.
fn listing(host: Option<&str>) -> String {
    format!(
        "SELECT {COLUMNS}, {CLIENT} FROM tokens
         WHERE wallet = ?1 AND {} AND (expires IS NULL OR expires > ?3)
         ORDER BY host, created, id LIMIT ?4 OFFSET ?5",
        of_host(host)
    )
}

/// Rows of one host, or of all; `?2` is the host. One condition for both would read
/// every row: no index serves an `OR`.
fn of_host(host: Option<&str>) -> &'static str {
    match host {
        Some(_) => "host = ?2",
        None => "?2 IS NULL",
    }
}

/// Removes a host's tokens, or all, and what was allowed through OAuth; returns
/// how many tokens there were.
pub(super) fn remove(
    db: &Connection,
    wallet: WalletId,
    host: Option<&str>,
) -> rusqlite::Result<usize> {
    let remove = |table: &str| {
        db.execute(
            &format!(
                "DELETE FROM {table} WHERE wallet = ?1 AND {}",
                of_host(host)
            ),
            params![wallet.0, host],
        )
    };
    // First of all, since they go with their grants.
    let count = remove("tokens")?;
    remove("oauth_grants")?;
    remove("oauth_apps")?;
    Ok(count)
}

/// Adds a token.
pub(super) fn insert(
    db: &Connection,
    wallet: WalletId,
    hash: &[u8; 32],
    row: &TokenRow,
    source: TokenSource<'_>,
) -> rusqlite::Result<()> {
    let grant = match source {
        TokenSource::Grant(id) => Some(id),
        TokenSource::Owner | TokenSource::Page => None,
    };
    db.prepare_cached(&format!(
        "INSERT INTO tokens (hash, wallet, {COLUMNS}, by_page, grant_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ))?
    .execute(params![
        hash,
        wallet.0,
        row.id,
        row.host,
        row.scopes,
        row.identity,
        row.icon,
        row.created,
        row.expires,
        to_bits(row.max_satoshis),
        matches!(source, TokenSource::Page),
        grant
    ])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<TokenRow> {
    Ok(TokenRow {
        id: row.get(0)?,
        host: row.get(1)?,
        scopes: row.get(2)?,
        identity: row.get(3)?,
        icon: row.get(4)?,
        created: row.get(5)?,
        expires: row.get(6)?,
        max_satoshis: from_bits(row.get(7)?),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// What SQLite says that it does for a query.
    fn plan(sql: &str, host: Option<&str>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDb::new(&folder.path().join("home"));
        let plan = state.0.write(|db| {
            let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let values = params![[0_u8; 16], host, 0, 100, 0];
            let first = plan.parameter_count();
            let values = &values[..first];
            let lines = plan.query_map(values, |row| row.get::<_, String>("detail"))?;
            lines.collect::<Result<Vec<_>, _>>()
        });
        plan.unwrap().join("; ")
    }

    #[test]
    fn a_list_is_read_in_one_place_of_one_index() {
        let of_one = plan(&listing(Some("a.example")), Some("a.example"));
        let served = "USING COVERING INDEX tokens_by_host (wallet=? AND host=?)";
        assert!(of_one.contains(served), "{of_one}");
        let of_all = plan(&listing(None), None);
        let served = "USING COVERING INDEX tokens_by_host (wallet=?)";
        assert!(of_all.contains(served), "{of_all}");
        for plan in [of_one, of_all] {
            assert!(!plan.contains("TEMP B-TREE"), "nothing is sorted: {plan}");
        }
    }

    #[test]
    fn the_tokens_are_counted_in_the_narrowest_index() {
        let counted = plan(COUNT, None);
        assert!(
            counted.contains("COVERING INDEX tokens_by_end"),
            "{counted}"
        );
    }
}
