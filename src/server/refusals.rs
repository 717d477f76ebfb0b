//! Refusals go to the audit trail, but a page that is refused a thousand
//! times a second must not cause a thousand writes, and one that invents a
//! thousand names must not hide the refusals of others.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::log::AccessLog;
use crate::wallet::{Event, Origin, Wallet};

/// Writes refusals down, each once a minute.
pub(super) struct Refusals {
    wallet: Wallet,
    log: Arc<AccessLog>,
    /// Of hosts with a token, and of who names a host.
    hosts: Recent,
    /// Of pages that nobody approved, who can have any name.
    strangers: Recent,
}

impl Refusals {
    pub(super) fn new(wallet: Wallet, log: Arc<AccessLog>) -> Self {
        Self {
            wallet,
            log,
            hosts: Recent::up_to(256),
            strangers: Recent::up_to(32),
        }
    }

    /// Somebody was refused access in the name of `subject`.
    pub(super) fn record(&self, subject: &str, why: &str) {
        if self.hosts.is_news(subject, why, Instant::now()) {
            self.wallet.record(Event::Refused, subject, why);
        }
    }

    /// An origin that nobody decided about asked for access: it is noted as
    /// pending, for `origin list`.
    pub(super) fn record_pending(&self, origin: &Origin) {
        let why = "origin not approved";
        if self.strangers.is_news(origin.as_str(), why, Instant::now()) {
            self.log
                .warn_if_failed(self.wallet.note_pending_origin(origin));
            self.wallet.record(Event::Refused, origin.as_str(), why);
        }
    }
}

/// The same refusal is not told again for this long.
const QUIET: Duration = Duration::from_secs(60);
/// What was refused in the last minute.
struct Recent {
    /// Remembered at most; beyond it none is news.
    most: usize,
    hasher: RandomState,
    seen: Mutex<HashMap<u64, Instant>>,
}

impl Recent {
    fn up_to(most: usize) -> Self {
        Self {
            most,
            hasher: RandomState::new(),
            seen: Mutex::default(),
        }
    }

    /// Whether this was not refused in the minute before `now`.
    fn is_news(&self, subject: &str, why: &str, now: Instant) -> bool {
        let key = self.hasher.hash_one((subject, why));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, at| now.duration_since(*at) < QUIET);
        if seen.contains_key(&key) || seen.len() >= self.most {
            return false;
        }
        seen.insert(key, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_refusal_is_news_once_a_minute() {
        let recent = Recent::up_to(2);
        let start = Instant::now();
        assert!(recent.is_news("a", "x", start));
        assert!(!recent.is_news("a", "x", start));
        assert!(recent.is_news("b", "x", start));
        assert!(!recent.is_news("c", "x", start), "there are too many");
        assert!(recent.is_news("a", "x", start + QUIET));
    }
}
