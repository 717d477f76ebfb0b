//! The memory that bodies may take together, counted as they arrive.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What all bodies may hold at once, in bytes.
pub(super) struct Budget {
    left: Mutex<usize>,
    given_back: Condvar,
}

impl Budget {
    pub(super) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self {
            left: Mutex::new(bytes),
            given_back: Condvar::new(),
        })
    }

    /// A share of nothing, to grow as bytes arrive: what a client announces
    /// costs nothing.
    pub(super) fn share(self: &Arc<Self>) -> Share {
        Share {
            budget: Arc::clone(self),
            held: 0,
        }
    }

    fn left(&self) -> MutexGuard<'_, usize> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A part of the budget; given back on drop.
pub(super) struct Share {
    budget: Arc<Budget>,
    held: usize,
}

impl Share {
    /// Makes the share at least `bytes`, waiting up to `patience` for others to
    /// give theirs back. False if that was not enough.
    pub(super) fn cover(&mut self, bytes: usize, patience: Duration) -> bool {
        let Some(more) = bytes.checked_sub(self.held) else {
            return true;
        };
        let budget = &self.budget;
        let (mut left, _) = budget
            .given_back
            .wait_timeout_while(budget.left(), patience, |left| *left < more)
            .unwrap_or_else(PoisonError::into_inner);
        let enough = *left >= more;
        if enough {
            *left -= more;
            self.held += more;
        }
        enough
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.held > 0 {
            *self.budget.left() += self.held;
            self.budget.given_back.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_given_back() {
        const AT_ONCE: Duration = Duration::ZERO;
        let budget = Budget::new(40_000);
        let mut first = budget.share();
        assert!(first.cover(1, AT_ONCE));
        assert!(first.cover(20_000, AT_ONCE));
        assert!(!budget.share().cover(20_001, AT_ONCE));
        assert!(budget.share().cover(20_000, AT_ONCE));
        drop(first);
        assert!(budget.share().cover(40_000, AT_ONCE));
    }

    #[test]
    fn a_share_waits_for_another() {
        let budget = Budget::new(10);
        let mut first = budget.share();
        assert!(first.cover(10, Duration::ZERO));
        let mut second = budget.share();
        let waiting = std::thread::spawn(move || second.cover(10, Duration::from_secs(60)));
        drop(first);
        assert!(waiting.join().is_ok_and(|covered| covered));
    }
}
