//! The limiter of password attempts.
//!
//! Attempts go in lanes, by who makes them, so that nobody's guesses slow the
//! owner: each [`Asker`] has a count and a wait of its own. The first failures
//! cost nothing, so that a typing error does not; after them each failure
//! doubles the wait, up to a minute: a guesser gets a thousand tries a day. The
//! counts are on disk, so that a restart does not reset them.
//!
//! One key derivation runs at a time, and few wait for it, so that guessing
//! cannot take the processor from signing. The owner is always next.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::store::Attempts;
use crate::wallet::{Timestamp, WalletError};

const FREE_FAILURES: u32 = 5;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Who tries a password. In the order in which they get their turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A program that runs as the wallet's owner: the command line, a library,
    /// a connection to the server that the kernel says is the owner's.
    Owner,
    /// A web page that the owner approved.
    Page,
    /// A form of one of our own pages, in a browser of the owner's: what once
    /// had our port may have left a script there, which guesses.
    Form,
    /// Anybody else.
    Other,
}

impl Asker {
    const LANES: usize = 4;

    /// The word that is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Page => "page",
            Self::Form => "form",
            Self::Other => "other",
        }
    }

    /// Key derivations under way or waiting. A server has more workers than all
    /// lanes together, and signs with the rest.
    fn most_waiting(self) -> usize {
        match self {
            Self::Owner => 3,
            Self::Page | Self::Form | Self::Other => 1,
        }
    }

    fn lane(self) -> usize {
        self as usize
    }
}

/// The place where key derivations queue.
#[derive(Default)]
pub(in crate::wallet) struct Turnstile {
    queue: Mutex<Queue>,
    moved: Condvar,
}

#[derive(Default)]
struct Queue {
    is_taken: bool,
    /// In each lane, who waits.
    waiting: [usize; Asker::LANES],
    /// In each lane, who waits or has the turn.
    inside: [usize; Asker::LANES],
    /// Failures that a full or read-only disk did not take.
    unwritten: [Attempts; Asker::LANES],
}

/// The right to derive one key.
pub(in crate::wallet) struct Turn<'a> {
    turnstile: &'a Turnstile,
    asker: Asker,
}

impl Turnstile {
    /// Waits for a turn, or refuses if too many wait already.
    pub(in crate::wallet) fn enter(&self, asker: Asker) -> Result<Turn<'_>, WalletError> {
        let lane = asker.lane();
        let mut queue = self.queue();
        if queue.inside[lane] >= asker.most_waiting() {
            return Err(WalletError::TooManyAttempts {
                retry_after: Duration::from_secs(1),
            });
        }
        queue.inside[lane] += 1;
        queue.waiting[lane] += 1;
        let mut queue = self
            .moved
            .wait_while(queue, |queue| !queue.is_next(lane))
            .unwrap_or_else(PoisonError::into_inner);
        queue.waiting[lane] -= 1;
        queue.is_taken = true;
        Ok(Turn {
            turnstile: self,
            asker,
        })
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn is_next(&self, lane: usize) -> bool {
        !self.is_taken && self.waiting[..lane].iter().all(|waiting| *waiting == 0)
    }
}

impl Turn<'_> {
    /// All failures: those on disk, and those that could not be written.
    pub(in crate::wallet) fn count(&self, written: Attempts) -> Attempts {
        let unwritten = self.turnstile.queue().unwritten[self.asker.lane()];
        Attempts {
            failures: written.failures.saturating_add(unwritten.failures),
            last: written.last.max(unwritten.last),
        }
    }

    /// Counts a wrong password that the disk did not take.
    pub(in crate::wallet) fn count_unwritten(&self, now: u64) {
        let unwritten = &mut self.turnstile.queue().unwritten[self.asker.lane()];
        unwritten.failures = unwritten.failures.saturating_add(1);
        unwritten.last = now;
    }

    /// The password was right.
    pub(in crate::wallet) fn clear(&self) {
        self.turnstile.queue().unwritten[self.asker.lane()] = Attempts::default();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = self.turnstile.queue();
        queue.inside[self.asker.lane()] -= 1;
        queue.is_taken = false;
        drop(queue);
        self.turnstile.moved.notify_all();
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
#[allow(clippy::unwrap_used, reason = "tests")]
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
    fn what_the_disk_did_not_take_counts_until_the_password_is_right() {
        let turnstile = Turnstile::default();
        let written = Attempts {
            failures: 3,
            last: 8,
        };
        let all = |turn: &Turn<'_>| {
            let all = turn.count(written);
            (all.failures, all.last)
        };
        let turn = turnstile.enter(Asker::Page).unwrap();
        turn.count_unwritten(7);
        assert_eq!(all(&turn), (4, 8));
        turn.count_unwritten(9);
        assert_eq!(all(&turn), (5, 9));
        drop(turn);

        let turn = turnstile.enter(Asker::Form).unwrap();
        assert_eq!(all(&turn), (3, 8));
        turn.clear();
        drop(turn);
        let turn = turnstile.enter(Asker::Page).unwrap();
        assert_eq!(all(&turn), (5, 9));
        turn.clear();
        assert_eq!(all(&turn), (3, 8));
    }

    #[test]
    fn few_wait_and_the_rest_is_told_to_come_back() {
        let turnstile = Turnstile::default();
        turnstile.queue().inside[Asker::Other.lane()] = Asker::Other.most_waiting();
        assert!(turnstile.enter(Asker::Other).is_err());
        // Not the owner, whatever others do.
        drop(turnstile.enter(Asker::Owner).unwrap());
        drop(turnstile.enter(Asker::Page).unwrap());
        turnstile.queue().inside[Asker::Owner.lane()] = 2;
        drop(turnstile.enter(Asker::Owner).unwrap());
        turnstile.queue().inside[Asker::Owner.lane()] = 3;
        assert!(turnstile.enter(Asker::Owner).is_err());
    }

    #[test]
    fn the_owner_is_next_though_others_wait_longer() {
        let turnstile = Turnstile::default();
        let order = Mutex::new(Vec::new());
        let turn = turnstile.enter(Asker::Page).unwrap();
        std::thread::scope(|scope| {
            let join = |asker: Asker| {
                let (turnstile, order) = (&turnstile, &order);
                scope.spawn(move || {
                    let _turn = turnstile.enter(asker).unwrap();
                    order.lock().unwrap().push(asker);
                });
                // It waits before the next one comes.
                while turnstile.queue().waiting[asker.lane()] == 0 {
                    std::thread::yield_now();
                }
            };
            join(Asker::Other);
            join(Asker::Owner);
            drop(turn);
        });
        assert_eq!(*order.lock().unwrap(), [Asker::Owner, Asker::Other]);
    }
}
