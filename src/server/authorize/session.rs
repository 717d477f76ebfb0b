//! Dashboard sessions and guesses, in memory only.
//!
//! A session's token goes from form to form; there is no cookie, since the
//! cookies of one port on localhost reach every other.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::server::error::ApiError;
use crate::wallet::UnlockedWallet;

/// A session that nobody uses for this long ends.
const IDLE: Duration = Duration::from_secs(15 * 60);

/// Sessions at once; the one that was idle longest goes.
const MAX_SESSIONS: usize = 16;

/// The sessions of the dashboard.
#[derive(Default)]
pub(in crate::server) struct DashboardSessions(Mutex<Vec<Session>>);

struct Session {
    hash: [u8; 32],
    /// By the boot clock: time asleep counts.
    used: Duration,
}

impl DashboardSessions {
    /// Begins a session with a fresh random token, for as long as the wallet is not
    /// locked again: `locked` says how often it was.
    pub(super) fn begin(&self, wallet: &UnlockedWallet, locked: u64, token: &str) {
        let now = since_boot(wallet);
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|session| session.is_live(now));
        if sessions.len() >= MAX_SESSIONS {
            let oldest = sessions.iter().enumerate().min_by_key(|(_, one)| one.used);
            if let Some((index, _)) = oldest {
                sessions.remove(index);
            }
        }
        sessions.push(Session {
            hash: hash(wallet, locked, token),
            used: now,
        });
    }

    /// Whether the token is that of a live session of this wallet; that counts as
    /// its use.
    pub(super) fn is_live(&self, wallet: &UnlockedWallet, locked: u64, token: &str) -> bool {
        let (presented, now) = (hash(wallet, locked, token), since_boot(wallet));
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|session| session.is_live(now));
        let live = sessions
            .iter_mut()
            .find(|session| bool::from(session.hash.ct_eq(&presented)));
        live.map(|session| session.used = now).is_some()
    }
}

impl Session {
    fn is_live(&self, now: Duration) -> bool {
        now.saturating_sub(self.used) < IDLE
    }
}

fn since_boot(wallet: &UnlockedWallet) -> Duration {
    wallet.wallet().environment().since_boot()
}

fn hash(wallet: &UnlockedWallet, locked: u64, token: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::new()
        .chain_update(wallet.id().0)
        .chain_update(locked.to_be_bytes())
        .chain_update(token)
        .finalize()
        .into()
}

/// Wrong user codes in a row that are free; then each must wait.
const FREE_GUESSES: u32 = 5;

/// Between two guesses after those.
const WAIT: Duration = Duration::from_secs(10);

/// Limits guesses of user codes (RFC 8628, 5.1), apart for the owner's
/// connections and all others. Goes by the boot clock.
#[derive(Default)]
pub(in crate::server) struct Guesses(Mutex<HashMap<bool, (u32, Duration)>>);

impl Guesses {
    /// Fails where it is too early for another guess.
    pub(super) fn check(&self, is_owners: bool, now: Duration) -> Result<(), ApiError> {
        let guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((failures, last)) = guesses.get(&is_owners) else {
            return Ok(());
        };
        let passed = now.saturating_sub(*last);
        if *failures >= FREE_GUESSES && passed < WAIT {
            return Err(ApiError::TooManyAttempts(WAIT - passed));
        }
        Ok(())
    }

    /// Counts a guess that fitted nobody.
    pub(super) fn failed(&self, is_owners: bool, now: Duration) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (failures, last) = guesses.entry(is_owners).or_default();
        *failures = failures.saturating_add(1);
        *last = now;
    }
}

/// Programs that wait for a code are 256 at most, and the oldest goes. Of codes that
/// others than the owner's programs ask for, so many are given within [`A_LIFE`].
const MAX_STARTS: usize = 64;

/// As long as a code lives.
const A_LIFE: Duration = Duration::from_secs(10 * 60);

/// Limits the codes of the device flow, so that nobody pushes out the programs that
/// wait: apart for pages in the owner's browser and all other callers.
#[derive(Default)]
pub(in crate::server) struct Starts(Mutex<HashMap<bool, Vec<Duration>>>);

impl Starts {
    /// Counts a code that is asked for; fails where there were too many.
    pub(super) fn count(&self, is_owners: bool, now: Duration) -> Result<(), ApiError> {
        let mut starts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let given = starts.entry(is_owners).or_default();
        given.retain(|at| now.saturating_sub(*at) < A_LIFE);
        match given.first() {
            Some(first) if given.len() >= MAX_STARTS => {
                let passed = now.saturating_sub(*first);
                Err(ApiError::TooManyAttempts(A_LIFE - passed))
            }
            _ => {
                given.push(now);
                Ok(())
            }
        }
    }
}

/// A fresh random token for a session.
pub(super) fn fresh_token(bytes: [u8; 32]) -> Zeroizing<String> {
    Zeroizing::new(hex::encode(Zeroizing::new(bytes)))
}
