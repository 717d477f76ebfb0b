//! Refusals go to the audit trail, but a page that is refused a thousand
//! times a second must not cause a thousand writes, and nobody's made-up
//! refusals may keep those of others from being written.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::ApiError;
use super::log::AccessLog;
use crate::wallet::{Asker, Event, Host, Origin, Wallet};

/// Writes refusals down, each once a minute.
pub(super) struct Refusals {
    wallet: Wallet,
    log: Arc<AccessLog>,
    /// Of each kind of caller.
    recent: [Recent; 3],
    /// Of requests whose access token was verified, which nobody can make up.
    recent_with_token: Recent,
    /// Of origins that nobody decided about.
    recent_pending: Recent,
}

impl Refusals {
    pub(super) fn new(wallet: Wallet, log: Arc<AccessLog>) -> Self {
        Self {
            wallet,
            log,
            recent: Default::default(),
            recent_with_token: Recent::default(),
            recent_pending: Recent::default(),
        }
    }

    /// A caller was refused access in the name of `subject`.
    pub(super) fn record(&self, asker: Asker, subject: &str, error: &ApiError) {
        self.record_news(&self.recent[asker as usize], subject, &error.to_string());
    }

    /// A request with an access token of this host was refused.
    pub(super) fn record_of_token(&self, host: &Host, error: &ApiError) {
        self.record_news(&self.recent_with_token, host.as_str(), &error.to_string());
    }

    fn record_news(&self, recent: &Recent, subject: &str, why: &str) {
        if recent.is_news(subject, why, Instant::now()) {
            self.wallet.record(Event::Refused, subject, why);
        }
    }

    /// An origin that nobody decided about asked for access: it is noted as
    /// pending, for `origin list`.
    pub(super) fn record_pending(&self, origin: &Origin) {
        let why = "origin not approved";
        if self
            .recent_pending
            .is_news(origin.as_str(), why, Instant::now())
        {
            self.log
                .warn_if_failed(self.wallet.note_pending_origin(origin));
            self.wallet.record(Event::Refused, origin.as_str(), why);
        }
    }
}

/// The same refusal is not told again for this long.
const QUIET: Duration = Duration::from_secs(60);
/// Refusals remembered at most; beyond it none is news.
const MAX_REMEMBERED: usize = 256;

/// What was refused in the last minute.
#[derive(Default)]
struct Recent {
    hasher: RandomState,
    seen: Mutex<HashMap<u64, Instant>>,
}

impl Recent {
    /// Whether this was not refused in the minute before `now`.
    fn is_news(&self, subject: &str, why: &str, now: Instant) -> bool {
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
    use crate::server::log::LogFormat;
    use crate::wallet::Environment;

    #[test]
    fn the_same_refusal_is_news_once_a_minute() {
        let recent = Recent::default();
        let start = Instant::now();
        assert!(recent.is_news("a", "x", start));
        assert!(!recent.is_news("a", "x", start));
        assert!(recent.is_news("b", "x", start));
        assert!(recent.is_news("a", "x", start + QUIET));
    }

    #[test]
    fn made_up_refusals_do_not_keep_others_from_being_written() {
        let home = tempfile::tempdir().expect("a folder");
        let environment = Environment::system();
        let wallet = Wallet::open(home.path().join("home"), environment.clone());
        let log = Arc::new(AccessLog::new(LogFormat::Off, environment));
        let refusals = Refusals::new(wallet.clone(), log);
        for n in 0..=MAX_REMEMBERED {
            let made_up = format!("{n}.example");
            refusals.record(Asker::Other, &made_up, &ApiError::PasswordNeeded);
        }
        refusals.record(Asker::Page, "page.example", &ApiError::PasswordNeeded);
        let host: Host = "app.example".parse().expect("a host");
        refusals.record_of_token(&host, &ApiError::PasswordNeeded);
        let trail = wallet.audit(None, 1000).expect("the trail");
        assert_eq!(trail.len(), MAX_REMEMBERED + 2);
        let subjects: Vec<_> = trail.iter().map(|entry| entry.subject.as_str()).collect();
        assert!(subjects.ends_with(&["page.example", "app.example"]));
    }
}
