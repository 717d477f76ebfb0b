//! One limiter for password attempts, whoever makes them.
//!
//! The first failures cost nothing, so that a typing error does not; after
//! them each failure doubles the wait, up to a minute: a guesser gets a
//! thousand tries a day, and the rightful user is never locked out for good.
//! The count is on disk, so that a restart does not reset it. One key
//! derivation runs at a time, and few wait for it, so that guessing cannot
//! take the processor from signing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::store::Attempts;
use crate::wallet::{Timestamp, WalletError};

const FREE_FAILURES: u32 = 5;
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Key derivations under way or waiting; a server has more workers than that,
/// and signs with the rest.
const MAX_WAITING: usize = 5;

/// The place where key derivations queue.
#[derive(Default)]
pub(in crate::wallet) struct Turnstile {
    /// Failures that a full or read-only disk did not take.
    turn: Mutex<Attempts>,
    waiting: AtomicUsize,
}

/// The right to derive one key.
pub(in crate::wallet) struct Turn<'a> {
    turnstile: &'a Turnstile,
    unwritten: MutexGuard<'a, Attempts>,
}

impl Turnstile {
    /// Waits for a turn, or refuses where too many wait already.
    pub(in crate::wallet) fn enter(&self) -> Result<Turn<'_>, WalletError> {
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= MAX_WAITING {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(WalletError::TooManyAttempts {
                retry_after: Duration::from_secs(1),
            });
        }
        let unwritten = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Turn {
            turnstile: self,
            unwritten,
        })
    }
}

impl Turn<'_> {
    /// All failures: those on disk, and those that could not be written.
    pub(in crate::wallet) fn count(&self, written: Attempts) -> Attempts {
        Attempts {
            failures: written.failures.saturating_add(self.unwritten.failures),
            last: written.last.max(self.unwritten.last),
        }
    }

    /// Counts a wrong password that the disk did not take.
    pub(in crate::wallet) fn count_unwritten(&mut self, now: u64) {
        self.unwritten.failures = self.unwritten.failures.saturating_add(1);
        self.unwritten.last = now;
    }

    /// The password was right.
    pub(in crate::wallet) fn clear(&mut self) {
        *self.unwritten = Attempts::default();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turnstile.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Refuses while the wait after the last failure is not over.
pub(in crate::wallet) fn check(attempts: Attempts, now: Timestamp) -> Result<(), WalletError> {
    let wait = wait_after(attempts.failures);
    // If the clock was set back, do not wait for it to catch up.
    let Some(passed) = now.as_millis().checked_sub(attempts.last) else {
        return Ok(());
    };
    let left = wait.saturating_sub(Duration::from_millis(passed));
    if left.is_zero() {
        return Ok(());
    }
    Err(WalletError::TooManyAttempts {
        retry_after: Duration::from_secs(left.as_millis().div_ceil(1000).try_into().unwrap_or(1)),
    })
}

fn wait_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE_FAILURES) {
        None => Duration::ZERO,
        Some(more) => LONGEST_WAIT.min(Duration::from_secs(1 << more.min(10))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(failures: u32, millis: u64) -> Result<(), u64> {
        let attempts = Attempts {
            failures,
            last: 1_000_000,
        };
        match check(attempts, Timestamp::from_millis(1_000_000 + millis)) {
            Err(WalletError::TooManyAttempts { retry_after }) => Err(retry_after.as_secs()),
            other => {
                assert!(other.is_ok());
                Ok(())
            }
        }
    }

    #[test]
    fn the_wait_grows_to_a_minute_and_no_further() {
        assert_eq!(after(4, 0), Ok(()));
        assert_eq!(after(5, 0), Err(1));
        assert_eq!(after(5, 999), Err(1));
        assert_eq!(after(5, 1000), Ok(()));
        assert_eq!(after(8, 1), Err(8));
        assert_eq!(after(1000, 0), Err(60));
        assert_eq!(after(1000, 60_000), Ok(()));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let attempts = Attempts {
            failures: 30,
            last: u64::MAX,
        };
        assert!(check(attempts, Timestamp::from_millis(5)).is_ok());
    }

    #[test]
    fn few_wait_and_the_rest_is_told_to_come_back() {
        let turnstile = Turnstile::default();
        turnstile.waiting.store(MAX_WAITING, Ordering::Release);
        assert!(turnstile.enter().is_err());
        turnstile.waiting.store(0, Ordering::Release);
        drop(turnstile.enter());
        assert!(turnstile.enter().is_ok());
    }
}
