//! One unlock for all shells: short sessions for the commands of the wallet's
//! owner, all of which end when the wallet locks.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::error::ApiError;
use crate::wallet::{AgentSession, SessionKey, UnlockedWallet, Wallet};
use crate::wire::proof::ProofKey;

/// What the server proves itself by, and whom it gives sessions.
pub(super) struct Prover {
    /// The key in `server.json`.
    pub(super) key: ProofKey,
    /// Whether commands get sessions.
    pub(super) hands_out_sessions: bool,
}

/// A command resumes its session at once; the rest is for the next ones.
const LASTS: Duration = Duration::from_secs(5 * 60);
/// A session that ends sooner is not handed out any more.
const ENOUGH: Duration = Duration::from_secs(60);

/// The sessions that were handed out since the wallet was unlocked.
#[derive(Default)]
pub(super) struct AgentSessions(Mutex<Vec<AgentSession>>);

impl AgentSessions {
    /// The key of a live session. `unlocked` is asked while no lock can go on
    /// to [`Self::end_all`], so that none is started behind its back.
    pub(super) fn hand_out(
        &self,
        unlocked: impl FnOnce() -> Result<Arc<UnlockedWallet>, ApiError>,
    ) -> Result<SessionKey, ApiError> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unlocked = unlocked()?;
        let wallet = unlocked.wallet();
        let enough = wallet.environment().now().plus(ENOUGH);
        if let Some(latest) = sessions.last() {
            let ends = wallet.agent_session_expiry(latest)?;
            if ends.is_some_and(|ends| ends > enough) {
                return Ok(latest.key(&unlocked));
            }
        }
        let session = wallet.start_agent_session(&unlocked, LASTS)?;
        let key = session.key(&unlocked);
        sessions.push(session);
        Ok(key)
    }

    /// Ends them all.
    pub(super) fn end_all(&self, wallet: &Wallet) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for session in sessions.drain(..) {
            wallet.end_agent_session(&session);
        }
    }
}
