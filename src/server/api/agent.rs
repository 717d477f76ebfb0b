//! The server of a home and the commands of its owner, proving themselves to
//! each other.

use super::ok;
use crate::server::call::Call;
use crate::server::error::{ApiError, Outcome};
use crate::wire::agent::{AgentSession, AskAgent, Prove, Proven};

/// `POST /api/prove`
pub(in crate::server) fn prove(call: Call<'_>) -> Outcome {
    let Prove { nonce } = call.body.read()?;
    let public_key = call.body_key.public_key();
    let wallet = call.lock.wallet().id()?;
    ok(&Proven {
        wallet_id: wallet.map(|id| id.to_string()),
        public_key,
        proof: call.prover.key.of_server(&nonce, &public_key),
    })
}

/// `POST /api/agent`
pub(in crate::server) fn agent(call: Call<'_>) -> Outcome {
    let AskAgent { nonce, proof } = call.body.read()?;
    if !call.prover.hands_out_sessions {
        return Err(ApiError::NoAgent);
    }
    if proof != call.prover.key.of_caller(&nonce) {
        return Err(ApiError::NotProven);
    }
    call.lock.count_use();
    let session = call.lock.agent_session()?.expose();
    let iv = call.lock.wallet().environment().random()?;
    let sealed = call.prover.key.seal(&nonce, iv, session.as_bytes());
    ok(&AgentSession {
        sealed: hex::encode(sealed),
    })
}
