//! A careless app cannot take the server from the others: each token, each
//! approved origin without one, and each kind of other callers has an allowance
//! of requests of its own.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::server::error::ApiError;
use crate::wallet::Origin;

/// Callers remembered at most; beyond it the idle are forgotten.
const MAX_CALLERS: usize = 4096;

/// Whose allowance a request is taken from.
///
/// It is never chosen by what a request merely says of itself: a token was
/// verified, an origin was approved and comes over the owner's connection.
#[derive(Hash)]
pub(in crate::server) enum Account<'a> {
    /// The holder of this token.
    Token(&'a str),
    /// The pages of this origin.
    Page(&'a Origin),
    /// All the owner's programs, as far as they bring no token.
    OwnersPrograms,
    /// All pages that nobody approved.
    Strangers,
    /// Everybody else without a token.
    Others,
}

/// A token bucket for each caller: `rate` requests a second, and as many in
/// one burst.
pub(in crate::server) struct RequestLimiter {
    rate: f64,
    hasher: RandomState,
    buckets: Mutex<HashMap<u64, Bucket>>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl RequestLimiter {
    /// No limit where `rate` is 0.
    pub(in crate::server) fn new(rate: u32) -> Self {
        Self {
            rate: f64::from(rate),
            hasher: RandomState::new(),
            buckets: Mutex::default(),
        }
    }

    /// Counts a request against its caller's allowance.
    pub(in crate::server) fn allow(&self, account: Account<'_>) -> Result<(), ApiError> {
        if self.rate == 0.0 {
            return Ok(());
        }
        // A keyed hash: what is kept tells nothing of the token.
        self.take(self.hasher.hash_one(account), Instant::now())
    }

    fn take(&self, who: u64, now: Instant) -> Result<(), ApiError> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_CALLERS && !buckets.contains_key(&who) {
            // A bucket that has had a second is full again: it says nothing.
            buckets.retain(|_, bucket| now.duration_since(bucket.at) < Duration::from_secs(1));
            if buckets.len() >= MAX_CALLERS {
                return Err(ApiError::TooManyAttempts(Duration::from_secs(1)));
            }
        }
        let bucket = buckets.entry(who).or_insert(Bucket {
            left: self.rate,
            at: now,
        });
        let earned = now.duration_since(bucket.at).as_secs_f64() * self.rate;
        bucket.left = (bucket.left + earned).min(self.rate);
        bucket.at = now;
        if bucket.left < 1.0 {
            return Err(ApiError::TooManyAttempts(Duration::from_secs(1)));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_that_floods_waits_and_others_do_not() {
        let limiter = RequestLimiter::new(3);
        let start = Instant::now();
        for _ in 0..3 {
            assert!(limiter.take(1, start).is_ok());
        }
        assert!(limiter.take(1, start).is_err());
        assert!(limiter.take(2, start).is_ok());
        let later = start + Duration::from_millis(400);
        assert!(limiter.take(1, later).is_ok());
        assert!(limiter.take(1, later).is_err());
    }

    #[test]
    fn many_callers_take_bounded_memory() {
        let limiter = RequestLimiter::new(1);
        let start = Instant::now();
        for who in 0..10_000 {
            let _ = limiter.take(who, start);
        }
        assert!(limiter.take(10_001, start).is_err());
        assert!(limiter.take(10_001, start + Duration::from_secs(2)).is_ok());
    }
}
