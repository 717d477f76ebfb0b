//! The handle to a home folder, which all else here is done through.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::access::attempts::{Asker, Turn, Turnstile};
use super::{Environment, Timestamp, WalletError};
use crate::store::{Store, WalletId};

/// A handle to a home folder; it can tell what is public and manage
/// what needs no key, but not sign. Cheap to clone.
#[derive(Clone)]
pub struct Wallet {
    inner: Arc<Inner>,
    asker: Asker,
}

struct Inner {
    store: Store,
    environment: Environment,
    turnstile: Turnstile,
}

impl Wallet {
    /// A handle to the home folder, which need not exist. Touches nothing.
    #[must_use]
    pub fn open(home: impl Into<PathBuf>, environment: Environment) -> Self {
        Self::of(Store::new(home.into()), environment)
    }

    /// A handle that only reads, fails where another process writes, and changes
    /// nothing: not even a home of an older version is brought up to date.
    #[must_use]
    pub(crate) fn open_to_look(home: impl Into<PathBuf>, environment: Environment) -> Self {
        Self::of(Store::to_look_at(home.into()), environment)
    }

    fn of(store: Store, environment: Environment) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                environment,
                turnstile: Turnstile::default(),
            }),
            asker: Asker::Owner,
        }
    }

    /// The same wallet for somebody else: password attempts through this handle
    /// go in their lane. A fresh handle is the owner's.
    #[must_use]
    pub fn asked_by(&self, asker: Asker) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            asker,
        }
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.inner.store.home()
    }

    /// The clock and the like.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.inner.environment
    }

    /// Refuses a home that a newer version has written to, before anything is done
    /// with it.
    pub(crate) fn refuse_newer(&self) -> Result<(), WalletError> {
        Ok(self.store().refuse_newer()?)
    }

    /// Whether there is a wallet.
    pub fn exists(&self) -> Result<bool, WalletError> {
        self.store().follow_home()?;
        Ok(self.store().seed.wallet()?.is_some())
    }

    /// What names the wallet in the home folder, if there is one.
    pub(crate) fn id(&self) -> Result<Option<WalletId>, WalletError> {
        Ok(self.store().seed.wallet()?)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(super) fn now(&self) -> Timestamp {
        self.environment().now()
    }

    pub(crate) fn current(&self) -> Result<WalletId, WalletError> {
        self.store().follow_home()?;
        self.store().seed.wallet()?.ok_or(WalletError::NoWallet)
    }

    /// Lets pass that something beside the matter in hand was not written
    /// because the disk is full or read-only; says so as `what`.
    pub(super) fn warn_if_unwritten(
        &self,
        what: &str,
        result: Result<(), WalletError>,
    ) -> Result<(), WalletError> {
        match result {
            Err(WalletError::Store(error)) if error.is_unwritable() => {
                self.environment().warn(&format!("{what}: {error}"));
                Ok(())
            }
            other => other,
        }
    }

    /// Whose password attempts these are.
    pub(super) fn asker(&self) -> Asker {
        self.asker
    }

    /// Waits for the turn to derive a key.
    pub(super) fn turn(&self) -> Result<Turn<'_>, WalletError> {
        self.inner.turnstile.enter(self.asker)
    }
}
