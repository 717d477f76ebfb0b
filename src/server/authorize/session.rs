//! Dashboard sessions and guesses, in memory only.
//!
//! A session's token goes from form to form; there is no cookie, since the
//! cookies of one port on localhost reach every other.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::server::error::ApiError;
use crate::wallet::{Timestamp, UnlockedWallet};

/// A session that nobody uses for this long ends.
const IDLE: Duration = Duration::from_secs(15 * 60);

/// Sessions at once; the one that was idle longest goes.
const MAX_SESSIONS: usize = 16;

/// The sessions of the dashboard.
#[derive(Default)]
pub(in crate::server) struct DashboardSessions(Mutex<Vec<Session>>);

struct Session {
    hash: [u8; 32],
    used: Instant,
}

impl DashboardSessions {
    /// Begins a session with a fresh random token.
    pub(super) fn begin(&self, wallet: &UnlockedWallet, token: &str) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|session| session.used.elapsed() < IDLE);
        if sessions.len() >= MAX_SESSIONS {
            let oldest = sessions.iter().enumerate().min_by_key(|(_, one)| one.used);
            if let Some((index, _)) = oldest {
                sessions.remove(index);
            }
        }
        sessions.push(Session {
            hash: hash(wallet, token),
            used: Instant::now(),
        });
    }

    /// Whether the token is that of a live session of this wallet; that counts as
    /// its use.
    pub(super) fn is_live(&self, wallet: &UnlockedWallet, token: &str) -> bool {
        let presented = hash(wallet, token);
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|session| session.used.elapsed() < IDLE);
        let live = sessions
            .iter_mut()
            .find(|session| bool::from(session.hash.ct_eq(&presented)));
        live.map(|session| session.used = Instant::now()).is_some()
    }

    /// Ends all sessions.
    pub(super) fn end_all(&self) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.clear();
    }
}

fn hash(wallet: &UnlockedWallet, token: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let whole = Sha256::new().chain_update(wallet.id().0);
    whole.chain_update(token).finalize().into()
}

/// Wrong user codes in a row that are free; then each must wait.
const FREE_GUESSES: u32 = 5;

/// Between two guesses after those.
const WAIT: Duration = Duration::from_secs(10);

/// Limits guesses of user codes (RFC 8628, 5.1), apart for the owner's
/// connections and all others.
#[derive(Default)]
pub(in crate::server) struct Guesses(Mutex<HashMap<bool, (u32, u64)>>);

impl Guesses {
    /// Fails where it is too early for another guess.
    pub(super) fn check(&self, is_owners: bool, now: Timestamp) -> Result<(), ApiError> {
        let guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((failures, last)) = guesses.get(&is_owners) else {
            return Ok(());
        };
        let passed = now.since(Timestamp::from_millis(*last));
        if *failures >= FREE_GUESSES && passed < WAIT {
            return Err(ApiError::TooManyAttempts(WAIT - passed));
        }
        Ok(())
    }

    /// Counts a guess that fitted nobody.
    pub(super) fn failed(&self, is_owners: bool, now: Timestamp) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (failures, last) = guesses.entry(is_owners).or_default();
        *failures = failures.saturating_add(1);
        *last = now.as_millis();
    }
}

/// A fresh random token for a session.
pub(super) fn fresh_token(bytes: [u8; 32]) -> Zeroizing<String> {
    Zeroizing::new(hex::encode(Zeroizing::new(bytes)))
}
