//! Refusals go to the audit trail, but a page that is refused a thousand
//! times a second must not make a thousand writes.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const QUIET: Duration = Duration::from_secs(60);
const MAX_REMEMBERED: usize = 256;

/// What was refused in the last minute.
#[derive(Default)]
pub(super) struct Refusals {
    hasher: RandomState,
    seen: Mutex<HashMap<u64, Instant>>,
}

impl Refusals {
    /// Whether this refusal was not told in the last minute.
    pub(super) fn is_news(&self, subject: &str, why: &str) -> bool {
        self.is_news_at(subject, why, Instant::now())
    }

    fn is_news_at(&self, subject: &str, why: &str, now: Instant) -> bool {
        let key = self.hasher.hash_one((subject, why));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, at| now.duration_since(*at) < QUIET);
        if seen.contains_key(&key) || seen.len() >= MAX_REMEMBERED {
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
        let refusals = Refusals::default();
        let start = Instant::now();
        assert!(refusals.is_news_at("a", "x", start));
        assert!(!refusals.is_news_at("a", "x", start));
        assert!(refusals.is_news_at("b", "x", start));
        assert!(refusals.is_news_at("a", "x", start + QUIET));
    }
}
