//! What tokens with a limit have spent, by the minute.
//!
//! A limit is a *budget*: the grant's, for a token that came of one, since a
//! refresh would else give another; or the token's own.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::error::StoreError;
use super::super::wallet_id::WalletId;
use super::StateDb;

const MINUTE: u64 = 60 * 1000;

/// A limit holds for this long: a day, in minutes.
const DAY: u64 = 24 * 60;

/// What became of an attempt to spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spending {
    /// There is no limit, or it is booked and on disk.
    Allowed,
    /// It would be more than the limit.
    OverLimit {
        /// The limit.
        limit: u64,
        /// What of it is left.
        left: u64,
    },
    /// There is no such token any more.
    NoToken,
}

impl StateDb {
    /// Books what the token with this id spends, if its limit allows it: one
    /// transaction, so that of two requests at once, in one process or two, each
    /// sees what the other spent.
    ///
    /// Minutes count whole, and those that the clock puts in the future too: a
    /// day is never shorter than a day.
    pub fn spend(
        &self,
        wallet: WalletId,
        token: &str,
        satoshis: u64,
        now: u64,
    ) -> Result<Spending, StoreError> {
        self.0.transaction(|db| {
            let found = db
                .prepare_cached(
                    "SELECT max_satoshis, coalesce(grant_id, hash) FROM tokens
                     WHERE wallet = ? AND id = ?",
                )?
                .query_row(params![wallet.0, token], |row| {
                    Ok((from_bits(row.get(0)?), row.get::<_, Vec<u8>>(1)?))
                })
                .optional()?;
            match found {
                None => Ok(Spending::NoToken),
                Some((None, _)) => Ok(Spending::Allowed),
                Some((Some(limit), budget)) => book(db, &budget, limit, satoshis, now / MINUTE),
            }
        })
    }
}

fn book(
    db: &Connection,
    budget: &[u8],
    limit: u64,
    satoshis: u64,
    minute: u64,
) -> rusqlite::Result<Spending> {
    let day_ago = minute.saturating_sub(DAY);
    let mut booked = db.prepare_cached(
        "SELECT minute, satoshis FROM spendings WHERE budget = ? AND minute >= ?",
    )?;
    let booked = booked
        .query_map(params![budget, day_ago], |row| {
            Ok((row.get::<_, u64>(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let sum = |since: u64, until: u64| {
        let rows = booked.iter().filter(|(at, _)| (since..=until).contains(at));
        rows.map(|(_, satoshis)| *satoshis)
            .fold(0, u64::saturating_add)
    };
    let spent = sum(day_ago, u64::MAX);
    let spent_this_minute = sum(minute, minute);
    let left = limit.saturating_sub(spent);
    if satoshis > left {
        return Ok(Spending::OverLimit { limit, left });
    }
    db.prepare_cached("DELETE FROM spendings WHERE minute < ?")?
        .execute([day_ago])?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO spendings (budget, minute, satoshis) VALUES (?, ?, ?)",
    )?
    .execute(params![
        budget,
        minute,
        // At most the limit.
        spent_this_minute.saturating_add(satoshis).cast_signed()
    ])?;
    Ok(Spending::Allowed)
}

/// A limit as SQLite, whose integers have a sign, stores it.
pub(super) fn to_bits(limit: Option<u64>) -> Option<i64> {
    limit.map(u64::cast_signed)
}

/// The same, read back.
pub(super) fn from_bits(bits: Option<i64>) -> Option<u64> {
    bits.map(i64::cast_unsigned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::super::tokens::TokenRow;
    use super::*;

    const WALLET: WalletId = WalletId([7; 16]);

    fn state(limits: &[Option<u64>]) -> (tempfile::TempDir, StateDb) {
        let home = tempfile::tempdir().unwrap();
        let state = StateDb::new(&home.path().join("home"));
        for (n, max_satoshis) in limits.iter().enumerate() {
            let row = TokenRow {
                id: n.to_string(),
                host: "app.example".into(),
                scopes: "transfer".into(),
                identity: None,
                icon: None,
                created: 0,
                expires: None,
                max_satoshis: *max_satoshis,
            };
            let hash = [u8::try_from(n).unwrap(); 32];
            state
                .put_token(WALLET, &hash, &row, Duration::ZERO)
                .unwrap();
        }
        (home, state)
    }

    #[test]
    fn a_limit_holds_for_a_day_and_for_its_own_token() {
        let (_home, state) = state(&[Some(100), Some(100), None, Some(u64::MAX)]);
        let spend = |token: &str, satoshis, minute: u64| {
            state
                .spend(WALLET, token, satoshis, minute * MINUTE)
                .unwrap()
        };
        let over = |left| Spending::OverLimit { limit: 100, left };
        assert_eq!(spend("0", 60, 10), Spending::Allowed);
        assert_eq!(spend("0", 41, 10), over(40));
        assert_eq!(spend("0", 30, 10), Spending::Allowed);
        assert_eq!(spend("0", 11, 11), over(10));
        assert_eq!(spend("1", 100, 11), Spending::Allowed);
        // Neither a clock that is set back nor the last minute of a day frees it.
        assert_eq!(spend("0", 11, 5), over(10));
        assert_eq!(spend("0", 11, 10 + DAY), over(10));
        assert_eq!(spend("0", 100, 11 + DAY), Spending::Allowed);
        assert_eq!(spend("2", u64::MAX, 0), Spending::Allowed);
        assert_eq!(spend("9", 0, 0), Spending::NoToken);
        // Limits beyond what a signed integer holds.
        assert_eq!(spend("3", u64::MAX - 5, 0), Spending::Allowed);
        let most = Spending::OverLimit {
            limit: u64::MAX,
            left: 5,
        };
        assert_eq!(spend("3", 6, 0), most);
        assert_eq!(spend("3", 5, 0), Spending::Allowed);
        let listed = state.token(&[3; 32]).unwrap().unwrap().1;
        assert_eq!(listed.max_satoshis, Some(u64::MAX));
    }

    #[test]
    fn of_those_who_spend_at_once_no_two_spend_the_same() {
        let (home, state) = state(&[Some(10)]);
        state.spend(WALLET, "0", 0, 0).unwrap();
        let allowed = std::sync::atomic::AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    // As another process has it.
                    let own = StateDb::new(&home.path().join("home"));
                    for _ in 0..4 {
                        if own.spend(WALLET, "0", 1, 0).unwrap() == Spending::Allowed {
                            allowed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(allowed.into_inner(), 10);
    }
}
