//! What the methods answer.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::crypto::keys::PublicKey;

/// Why a call was refused, in the form that the SDK makes its errors of.
#[derive(Serialize)]
pub(crate) struct Fault {
    pub(crate) message: String,
    #[serde(rename = "isError")]
    pub(crate) is_error: bool,
    /// 1 unknown, 2 unsupported, 3 invalid HMAC, 4 invalid signature, 6 invalid
    /// parameter: the SDK's `walletErrors`.
    pub(crate) code: u8,
    /// Which argument it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameter: Option<String>,
}

/// Always `error`.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FaultStatus {
    Error,
}

/// The wallet cannot answer before its owner has done something.
#[derive(Serialize)]
pub(crate) struct Locked {
    /// `WALLET_LOCKED`, or `NO_WALLET`.
    pub(crate) code: &'static str,
    pub(crate) description: String,
    pub(crate) message: String,
    pub(crate) status: FaultStatus,
}

#[derive(Serialize)]
pub(crate) struct Version {
    pub(crate) version: &'static str,
}

#[derive(Serialize)]
pub(crate) struct Network {
    pub(crate) network: &'static str,
}

#[derive(Serialize)]
pub(crate) struct Authenticated {
    pub(crate) authenticated: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicKeyIs {
    pub(crate) public_key: PublicKey,
}

#[derive(Serialize)]
pub(crate) struct Ciphertext {
    pub(crate) ciphertext: Vec<u8>,
}

#[derive(Serialize)]
pub(crate) struct Plaintext {
    pub(crate) plaintext: Zeroizing<Vec<u8>>,
}

#[derive(Serialize)]
pub(crate) struct Hmac {
    pub(crate) hmac: [u8; 32],
}

#[derive(Serialize)]
pub(crate) struct Signature {
    pub(crate) signature: Vec<u8>,
}

/// What does not hold is an error: the answer is always `true`.
#[derive(Serialize)]
pub(crate) struct Valid {
    pub(crate) valid: bool,
}

/// What links all keys shared with a counterparty, for a verifier's eyes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkageWith {
    /// As it was sent.
    pub(crate) counterparty: String,
    pub(crate) encrypted_linkage: Vec<u8>,
    pub(crate) encrypted_linkage_proof: Vec<u8>,
    pub(crate) prover: PublicKey,
    /// Also the id of the key that it is encrypted under.
    pub(crate) revelation_time: String,
    /// As it was sent.
    pub(crate) verifier: String,
}

/// What links one key, for a verifier's eyes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkageOfKey {
    /// As it was sent.
    pub(crate) counterparty: String,
    pub(crate) encrypted_linkage: Vec<u8>,
    pub(crate) encrypted_linkage_proof: Vec<u8>,
    #[serde(rename = "keyID")]
    pub(crate) key_id: String,
    /// 0: there is no proof.
    pub(crate) proof_type: u8,
    /// As it was sent.
    #[serde(rename = "protocolID")]
    pub(crate) protocol_id: (u8, String),
    pub(crate) prover: PublicKey,
    /// As it was sent.
    pub(crate) verifier: String,
}
