//! The server of a home and the commands of its owner, proving themselves to
//! each other: see [`super::proof`].

use serde::{Deserialize, Serialize};

#[cfg(test)]
use schemars::JsonSchema;

use super::proof::{Nonce, Proof};
use crate::crypto::keys::PublicKey;

/// Asks the server to prove that it is the one that `server.json` tells of.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Prove {
    /// Random, and used once.
    pub(crate) nonce: Nonce,
}

/// The server's proof.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Proven {
    /// HMAC-SHA256, under the key in `server.json`, of the nonce's 32 bytes and
    /// the public key's 33.
    pub(crate) proof: Proof,
    /// The key of `GET /api/session-key`. Seal to it what nobody else may read.
    pub(crate) public_key: PublicKey,
    /// Names the wallet in the server's home; `null` where there is none.
    #[cfg_attr(test, schemars(extend("pattern" = "^[0-9a-f]{32}$")))]
    pub(crate) wallet_id: Option<String>,
}

/// Asks for a short session, with the proof that the caller can read
/// `server.json`.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct AskAgent {
    /// Random, and used once.
    pub(crate) nonce: Nonce,
    /// HMAC-SHA256, under the key in `server.json`, of `tokenpass agent v1`, a
    /// zero byte and the nonce's 32 bytes.
    pub(crate) proof: Proof,
}

/// A short session, which ends when the server locks.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct AgentSession {
    /// What goes into `TOKENPASS_SESSION`, sealed under the key in
    /// `server.json` for this nonce; hex.
    #[cfg_attr(test, schemars(with = "super::schema::CiphertextHex"))]
    pub(crate) sealed: String,
}
