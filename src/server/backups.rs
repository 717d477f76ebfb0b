//! Backups that are made while the wallet is unlocked, as its schedule says.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::lock::Lock;
use super::log::AccessLog;
use super::ticker::Ticker;
use crate::platform::memory::wiped_stack;
use crate::wallet::WalletError;

/// How often it is looked whether it is time.
const LOOK: Duration = Duration::from_secs(1);

/// How long after a failure it is tried again; each time twice as long, up to
/// an hour.
const RETRY: Duration = Duration::from_secs(30);
const MAX_RETRY: Duration = Duration::from_secs(60 * 60);

/// Makes backups until it is dropped; one under way is finished.
pub(super) fn start(lock: Arc<Lock>, log: Arc<AccessLog>) -> io::Result<Ticker> {
    let mut backups = Backups {
        lock,
        log,
        failures: 0,
        not_before: Duration::ZERO,
    };
    Ticker::start("backups", move || {
        wiped_stack(|| backups.look());
        LOOK
    })
}

struct Backups {
    lock: Arc<Lock>,
    log: Arc<AccessLog>,
    failures: u32,
    /// By the boot clock.
    not_before: Duration,
}

impl Backups {
    fn look(&mut self) {
        let environment = self.lock.wallet().environment();
        if environment.since_boot() < self.not_before {
            return;
        }
        // To make a backup is no use of the wallet: it locks all the same.
        let Some(wallet) = self.lock.peek() else {
            return;
        };
        // Where that cannot be told, somebody else writes, or everything fails.
        let Ok(Some(due)) = wallet.due_backup() else {
            return;
        };
        match wallet.make_due_backup(&due) {
            Ok(made) => {
                self.failures = 0;
                let file = made.file.display();
                self.log.note(&format!("a backup is made: `{file}`"));
            }
            Err(error) => self.failed(&error),
        }
    }

    fn failed(&mut self, error: &WalletError) {
        let doubled = RETRY.saturating_mul(1 << self.failures.min(10));
        let wait = doubled.min(MAX_RETRY);
        self.failures += 1;
        self.not_before = self.lock.wallet().environment().since_boot() + wait;
        let next = humantime::format_duration(wait);
        self.log.warn(&format!("no backup was made: {error}"));
        self.log
            .note(&format!("the backup is tried again in {next}"));
    }
}
