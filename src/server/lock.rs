//! The wallet behind the server: unlocked or not, since when unused, and still
//! the one in the home folder.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::error::ApiError;
use super::log::AccessLog;
use crate::wallet::{Event, UnlockedWallet, Wallet};

/// See the module.
pub(super) struct Lock {
    wallet: Wallet,
    unlocked: RwLock<Option<Arc<UnlockedWallet>>>,
    last_use: Mutex<Instant>,
    log: Arc<AccessLog>,
}

impl Lock {
    pub(super) fn new(wallet: Wallet, log: Arc<AccessLog>) -> Self {
        Self {
            wallet,
            unlocked: RwLock::new(None),
            last_use: Mutex::new(Instant::now()),
            log,
        }
    }

    /// What can be asked of the wallet without its keys.
    pub(super) fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// The unlocked wallet.
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

    /// Whether the wallet is unlocked and still the one in the home folder.
    /// Locks it if another process has replaced it.
    pub(super) fn is_unlocked(&self) -> Result<bool, ApiError> {
        match self.peek() {
            None => Ok(false),
            Some(wallet) if wallet.is_current()? => Ok(true),
            Some(_) => {
                self.lock("the wallet was replaced");
                Ok(false)
            }
        }
    }

    /// From now on the wallet is unlocked.
    pub(super) fn unlock(&self, wallet: UnlockedWallet) -> Arc<UnlockedWallet> {
        let wallet = Arc::new(wallet);
        self.touch();
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
        let mut unlocked = self
            .unlocked
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let was_unlocked = unlocked.take().is_some();
        drop(unlocked);
        if was_unlocked {
            self.log
                .warn_if_failed(self.wallet.record(Event::Locked, "", why));
        }
    }

    fn peek(&self) -> Option<Arc<UnlockedWallet>> {
        let unlocked = self.unlocked.read().unwrap_or_else(PoisonError::into_inner);
        unlocked.as_ref().map(Arc::clone)
    }

    /// The wallet is being used, by somebody who may. Nothing else holds the
    /// automatic lock off.
    pub(super) fn touch(&self) {
        *self.last_use.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn idle(&self) -> Duration {
        self.last_use
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
    }
}

/// A thread that locks the wallet once it has not been used for a while.
/// Dropping this ends the thread.
pub(super) struct AutoLock {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl AutoLock {
    pub(super) fn start(lock: Arc<Lock>, after: Duration) -> io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let thread = thread::Builder::new()
            .name("auto-lock".into())
            .stack_size(256 * 1024)
            .spawn(move || {
                loop {
                    let left = after.saturating_sub(lock.idle());
                    if left.is_zero() {
                        lock.lock("not used");
                    }
                    // Locked or not, it cannot be idle again before `after`.
                    let wait = if left.is_zero() { after } else { left };
                    let wait = wait.max(Duration::from_millis(10));
                    match stopped.recv_timeout(wait) {
                        Err(RecvTimeoutError::Timeout) => {}
                        _ => return,
                    }
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for AutoLock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread never panics, and at shutdown there is nobody to
            // report to.
            let _ = thread.join();
        }
    }
}
