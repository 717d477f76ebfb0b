//! Sessions: a shell's time-limited right to use the wallet.
//!
//! Starting one seals the root key under a fresh random key that only the
//! shell gets (`TOKENPASS_SESSION`). The disk holds the sealed key, the shell
//! the key to it; neither is worth anything alone.

use std::str::FromStr;
use std::time::Duration;

use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use super::audit::Event;
use crate::crypto::keys::PrivateKey;
use crate::crypto::seal::SealingKey;
use crate::store::{SessionRow, WalletId};
use crate::text::marks::compact_secret;
use crate::wallet::{Timestamp, UnlockedWallet, Wallet, WalletError};

/// A session that seems to have ended is kept this long, in case the clock was
/// wrong. Its key opens it only until its end.
const GRACE: Duration = Duration::from_secs(24 * 60 * 60);

/// What only the shell holds: 32 random bytes, as 64 hex digits.
pub struct SessionKey(Zeroizing<[u8; 32]>);

/// Not the form of a session's key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not a session's key: it is 64 hex digits, printed by `tokenpass login`")]
pub struct SessionKeyError;

impl SessionKey {
    pub(super) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The text for `TOKENPASS_SESSION`.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(*self.0))
    }

    /// Names the session on disk; the key cannot be told from it.
    pub(super) fn id(&self) -> [u8; 16] {
        let digest = Sha256::new_with_prefix(b"tokenpass session id\0")
            .chain_update(*self.0)
            .finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        id
    }

    fn sealing_key(&self) -> SealingKey {
        SealingKey::derive(&self.0, "tokenpass session v1")
    }
}

impl FromStr for SessionKey {
    type Err = SessionKeyError;

    fn from_str(text: &str) -> Result<Self, SessionKeyError> {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(&*compact_secret(text), &mut *key).map_err(|_| SessionKeyError)?;
        Ok(Self(key))
    }
}

/// A session that has begun.
pub struct Session {
    /// To be handed to the shell.
    pub key: SessionKey,
    /// When it ends.
    pub expires: Timestamp,
}

impl Wallet {
    /// Starts a session that ends after `ttl`.
    pub fn start_session(
        &self,
        unlocked: &UnlockedWallet,
        ttl: Duration,
    ) -> Result<Session, WalletError> {
        let key = SessionKey::new(Zeroizing::new(self.environment().random()?));
        self.begin_session(unlocked, key, ttl, "")
    }

    /// Starts the session of this key; `whose` is for the audit trail.
    pub(super) fn begin_session(
        &self,
        unlocked: &UnlockedWallet,
        key: SessionKey,
        ttl: Duration,
        whose: &str,
    ) -> Result<Session, WalletError> {
        let environment = self.environment();
        let now = self.now();
        let expires = now.plus(ttl);
        let wallet = unlocked.id();
        let root = unlocked.root().expose_bytes();
        let sealed =
            key.sealing_key()
                .seal(environment.random()?, &bound_to(wallet, expires), &*root);
        let row = SessionRow {
            wallet,
            sealed,
            expires: expires.as_millis(),
        };
        self.store()
            .state
            .put_session(&key.id(), &row, now.as_millis(), GRACE)?;
        self.record(Event::SessionStarted, whose, &format!("until {expires}"));
        Ok(Session { key, expires })
    }

    /// The unlocked wallet of a session that has not ended.
    pub fn resume(&self, key: &SessionKey) -> Result<UnlockedWallet, WalletError> {
        self.store().follow_home()?;
        let vault = self.store().seed.vault_id()?.ok_or(WalletError::NoWallet)?;
        let wallet = vault.wallet;
        let row = self.store().state.session(&key.id())?;
        let row = row.ok_or(WalletError::SessionEnded)?;
        if row.wallet != wallet || self.now().as_millis() >= row.expires {
            return Err(WalletError::SessionEnded);
        }
        let bound = bound_to(wallet, Timestamp::from_millis(row.expires));
        let opened = key.sealing_key().open(&bound, &row.sealed);
        let opened = opened.map_err(|_| WalletError::Record("a session was changed"))?;
        let bytes: &[u8; 32] = opened
            .as_slice()
            .try_into()
            .map_err(|_| WalletError::Record("a session has no key"))?;
        let root = PrivateKey::from_bytes(bytes)?;
        Ok(self.unlocked(vault, root))
    }

    /// When the session ends; `None` if it has ended.
    pub fn session_expiry(&self, key: &SessionKey) -> Result<Option<Timestamp>, WalletError> {
        self.expiry_of_session(&key.id())
    }

    pub(super) fn expiry_of_session(
        &self,
        id: &[u8; 16],
    ) -> Result<Option<Timestamp>, WalletError> {
        let Some(wallet) = self.store().seed.wallet()? else {
            return Ok(None);
        };
        let row = self.store().state.session(id)?;
        let live = row.filter(|row| row.wallet == wallet && row.expires > self.now().as_millis());
        Ok(live.map(|row| Timestamp::from_millis(row.expires)))
    }

    /// Ends a session; `false` if it had ended.
    pub fn end_session(&self, key: &SessionKey) -> Result<bool, WalletError> {
        self.end(Some(&key.id())).map(|ended| ended > 0)
    }

    /// Ends all sessions; returns how many there were.
    pub fn end_all_sessions(&self) -> Result<usize, WalletError> {
        self.end(None)
    }

    fn end(&self, id: Option<&[u8; 16]>) -> Result<usize, WalletError> {
        let ended = self.store().state.end_sessions(id)?;
        if ended > 0 {
            self.record(Event::SessionsEnded, "", &ended.to_string());
        }
        Ok(ended)
    }
}

/// A sealed root key opens only for the wallet and the end it was sealed for.
fn bound_to(wallet: WalletId, expires: Timestamp) -> Vec<u8> {
    [&wallet.0[..], &expires.as_millis().to_be_bytes()].concat()
}
