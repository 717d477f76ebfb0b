//! Sessions that a running server hands to the commands of its owner.
//!
//! Their key is derived from the root key and a random salt whenever it is
//! asked for, so that the server keeps no secret beyond the root key.

use std::time::Duration;

use hmac::Mac;
use zeroize::Zeroizing;

use super::sessions::SessionKey;
use crate::crypto::symmetric::hmac_sha256;
use crate::wallet::{Timestamp, UnlockedWallet, Wallet, WalletError};

/// Separates these keys from everything else that the root key gives.
const LABEL: &[u8] = b"tokenpass agent session v1\0";

/// A session whose key is not kept.
pub(crate) struct AgentSession {
    salt: [u8; 32],
    id: [u8; 16],
}

impl AgentSession {
    /// Its key, from the wallet that it was started with.
    #[must_use]
    pub(crate) fn key(&self, unlocked: &UnlockedWallet) -> SessionKey {
        derive(unlocked, &self.salt)
    }
}

impl Wallet {
    /// Starts a session whose key need not be kept.
    pub(crate) fn start_agent_session(
        &self,
        unlocked: &UnlockedWallet,
        ttl: Duration,
    ) -> Result<AgentSession, WalletError> {
        let salt = self.environment().random()?;
        let key = derive(unlocked, &salt);
        let id = key.id();
        self.begin_session(unlocked, key, ttl, "agent")?;
        Ok(AgentSession { salt, id })
    }

    /// When it ends; `None` if it has ended.
    pub(crate) fn agent_session_expiry(
        &self,
        session: &AgentSession,
    ) -> Result<Option<Timestamp>, WalletError> {
        self.expiry_of_session(&session.id)
    }

    /// Ends it, if it has not ended. That this cannot be written is told; the
    /// session then ends by its time.
    pub(crate) fn end_agent_session(&self, session: &AgentSession) {
        if let Err(error) = self.store().state.end_sessions(Some(&session.id)) {
            let told = format!("a session could not be ended: {error}");
            self.environment().warn(&told);
        }
    }
}

fn derive(unlocked: &UnlockedWallet, salt: &[u8; 32]) -> SessionKey {
    let root = unlocked.root().expose_bytes();
    let mac = hmac_sha256(&*root, &[LABEL, salt]);
    SessionKey::new(Zeroizing::new(mac.finalize().into_bytes().into()))
}
