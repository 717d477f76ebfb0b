//! The wallet behind the server: unlocked or not, since when unused, and still
//! the one in the home folder.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use super::agent::AgentSessions;
use super::error::ApiError;
use super::ticker::Ticker;
use crate::wallet::{Ending, Event, SessionKey, UnlockedWallet, Wallet, WalletError};

/// How long the thread that locks waits at most before it looks again: its wait
/// stands still while the machine sleeps, the time without use does not.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// See the module.
pub(super) struct Lock {
    wallet: Wallet,
    unlocked: RwLock<Option<Arc<UnlockedWallet>>>,
    /// How often it was locked.
    times: AtomicU64,
    /// By the boot clock.
    last_use: Mutex<Duration>,
    /// Without use for so long, it locks; `None` is never.
    auto_lock: Option<Duration>,
    agent: AgentSessions,
}

impl Lock {
    pub(super) fn new(wallet: Wallet, auto_lock: Option<Duration>) -> Self {
        Self {
            unlocked: RwLock::new(None),
            times: AtomicU64::new(0),
            last_use: Mutex::new(wallet.environment().since_boot()),
            auto_lock,
            agent: AgentSessions::default(),
            wallet,
        }
    }

    /// What can be asked of the wallet without its keys.
    pub(super) fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// The unlocked wallet. To ask for it is no use yet: see [`Self::count_use`].
    pub(super) fn unlocked(&self) -> Result<Arc<UnlockedWallet>, ApiError> {
        if let Some(wallet) = self.peek() {
            return Ok(wallet);
        }
        if self.wallet.exists()? {
            Err(ApiError::Locked)
        } else {
            Err(ApiError::NoWallet)
        }
    }

    /// Whether the wallet is unlocked.
    pub(super) fn is_unlocked(&self) -> bool {
        self.peek().is_some()
    }

    /// Another number once it was locked: what was shown or given before has ended.
    pub(super) fn times_locked(&self) -> u64 {
        self.times.load(Ordering::SeqCst)
    }

    /// What state the wallet is in, and what the person who started the server
    /// may want to do next.
    pub(super) fn outlook(&self) -> Result<&'static str, WalletError> {
        Ok(if self.is_unlocked() {
            "the wallet is unlocked; lock it with `tokenpass logout --server`"
        } else if self.wallet.exists()? {
            "the wallet is locked; unlock it with `tokenpass login --server`"
        } else {
            "there is no wallet yet; make one with `tokenpass register`"
        })
    }

    /// From now on the wallet is unlocked.
    pub(super) fn unlock(&self, wallet: UnlockedWallet) -> Arc<UnlockedWallet> {
        let wallet = Arc::new(wallet);
        self.count_use();
        let mut unlocked = self
            .unlocked
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *unlocked = Some(Arc::clone(&wallet));
        wallet
    }

    /// Forgets the keys. They are wiped when the last request that uses them
    /// has been answered.
    pub(super) fn lock(&self, why: &str) {
        self.lock_if(|_| true, why);
    }

    /// Somebody who was found to be allowed to has used the wallet: it stays
    /// unlocked for a while longer.
    pub(super) fn count_use(&self) {
        let now = self.wallet.environment().since_boot();
        *self.last_use.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// The condition is looked at when no other thread can unlock any more.
    fn lock_if(&self, condition: impl FnOnce(&Arc<UnlockedWallet>) -> bool, why: &str) {
        let mut unlocked = self
            .unlocked
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let taken = unlocked.take_if(|unlocked| condition(unlocked));
        if taken.is_some() {
            self.times.fetch_add(1, Ordering::SeqCst);
            drop(unlocked);
            drop(taken);
            self.agent.end_all(&self.wallet);
            self.wallet.record(Event::Locked, "", why);
        }
    }

    /// A short session for a command of the wallet's owner; it ends when the
    /// wallet locks.
    pub(super) fn agent_session(&self) -> Result<SessionKey, ApiError> {
        self.unlocked()?;
        self.agent.hand_out(|| self.keys().ok_or(ApiError::Locked))
    }

    fn lock_if_unused(&self) {
        self.lock_if(|_| self.time_left() == Some(Duration::ZERO), "not used");
    }

    /// Never one that should be locked: the machine may have just woken up, and
    /// another process may have done anything to the home.
    pub(super) fn peek(&self) -> Option<Arc<UnlockedWallet>> {
        if self.time_left() == Some(Duration::ZERO) {
            self.lock_if_unused();
        }
        let wallet = self.keys()?;
        match wallet.ending() {
            Ok(Some(ending)) => {
                self.end(&wallet, ending);
                None
            }
            // A disk that fails to tell is no reason to stop what needs none.
            Ok(None) | Err(_) => Some(wallet),
        }
    }

    fn end(&self, wallet: &Arc<UnlockedWallet>, ending: Ending) {
        let why = ending.to_string();
        self.lock_if(|current| Arc::ptr_eq(current, wallet), &why);
        self.wallet.environment().warn(&format!("locked: {why}"));
    }

    fn keys(&self) -> Option<Arc<UnlockedWallet>> {
        let unlocked = self.unlocked.read().unwrap_or_else(PoisonError::into_inner);
        unlocked.as_ref().map(Arc::clone)
    }

    /// How long it may go on unused; `None` is for ever.
    fn time_left(&self) -> Option<Duration> {
        let after = self.auto_lock?;
        let used = *self.last_use.lock().unwrap_or_else(PoisonError::into_inner);
        let unused = self.wallet.environment().since_boot().saturating_sub(used);
        Some(after.saturating_sub(unused))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.agent.end_all(&self.wallet);
    }
}

/// Locks the wallet once it has not been used for a while, or is not the one in
/// the home folder any more.
pub(super) fn lock_when_unused(lock: Arc<Lock>) -> io::Result<Ticker> {
    Ticker::start("auto-lock", move || {
        let wait = match lock.peek() {
            Some(_) => lock.time_left().unwrap_or(LOOK_AGAIN),
            // It cannot be unused for long enough very soon.
            None => LOOK_AGAIN,
        };
        wait.clamp(Duration::from_millis(10), LOOK_AGAIN)
    })
}
