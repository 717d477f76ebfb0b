//! What the command line says of files.

use std::path::PathBuf;

use serde::Serialize;

use super::Success;
use super::write::as_text;
use crate::crypto::auth_token::explain::Part;
use crate::crypto::bsm::Signature;
use crate::crypto::keys::Address;
use crate::wallet::{self, Statement, Timestamp};

/// A file with its signature.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct SignedFile {
    /// Whose key signed.
    pub(crate) address: Address,
    /// The recovery id, 0 to 3.
    pub(crate) recovery: u8,
    /// The file's SHA-256, hex, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// The signature.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "Signature"))]
    pub(crate) sig: Signature,
    /// The file's length in bytes.
    pub(crate) size: u64,
    /// When it was signed.
    pub(crate) ts: Timestamp,
}

impl SignedFile {
    /// A file of this length and hash, signed at `ts`.
    pub(crate) fn new(
        size: u64,
        sha256: Option<[u8; 32]>,
        signed: &wallet::SignedMessage,
        ts: Timestamp,
    ) -> Self {
        Self {
            address: *signed.address,
            recovery: signed.signature.recovery_id(),
            sha256: sha256.map(hex::encode),
            sig: signed.signature,
            size,
            ts,
        }
    }
}

/// A file that was encrypted or decrypted into another.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct WrittenFile {
    /// The file that was written.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) output: PathBuf,
    /// The length of the plaintext in bytes.
    pub(crate) size: u64,
    /// Always true.
    pub(crate) success: Success,
}

/// What came of a file and the signature that stands in another.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct VerifiedFile {
    /// Whether it holds.
    pub(crate) valid: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The contacts whose address it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) contacts: Vec<String>,
    /// Who, what and when, if it holds.
    #[serde(flatten)]
    pub(crate) statement: Option<Statement>,
}

/// A bitcoin-auth token, part by part.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ExplainedToken {
    /// What was expected of each part, and what it is.
    pub(crate) parts: Vec<Part>,
    /// Whether all are right.
    pub(crate) valid: bool,
}

impl ExplainedToken {
    /// Valid if all parts are right.
    pub(crate) fn new(parts: Vec<Part>) -> Self {
        Self {
            valid: parts.iter().all(|part| part.ok),
            parts,
        }
    }
}
