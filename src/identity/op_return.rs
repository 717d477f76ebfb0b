//! What BAP writes on chain: the pushes of an `OP_RETURN` output, signed with
//! AIP. TokenPass builds them; a wallet that pays puts them into a transaction.
//!
//! ```text
//! BAP | ID     | BAP ID | signing address
//! BAP | ALIAS  | BAP ID | profile as JSON
//! BAP | ATTEST | attestation hash | sequence [| "|" | BAP | DATA | hash | data]
//! BAP | REVOKE | attestation hash | sequence
//! BAP | DATA   | attestation hash | data
//! ```
//! Hashes and numbers are written as text. `ID` is signed by the key it
//! replaces, all others by the identity's signing key.

use crate::crypto::keys::{KeyError, PrivateKey};
use crate::crypto::pushes::push_data;

use super::aip::{self, OP_RETURN, Preimage};
use super::attributes::AttestationHash;
use super::{Identity, member};

/// The bitcom address that marks BAP.
pub const PREFIX: &str = "1BAPSuaPnfGnSBM3GLV9yhxUdYe4vGbdMT";

/// Why an output cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpReturnError {
    /// The alias is not a JSON object.
    #[error("an alias is a JSON object")]
    Alias,
    /// A `DATA` push without data.
    #[error("there is no data to publish")]
    EmptyData,
    /// A key could not be derived.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A signed `OP_RETURN` output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpReturn {
    pushes: Vec<Vec<u8>>,
}

impl OpReturn {
    /// The pushes, without the opcode before them.
    pub fn pushes(&self) -> &[Vec<u8>] {
        &self.pushes
    }

    /// The pushes in lower-case hex.
    pub fn hex_lines(&self) -> Vec<String> {
        self.pushes.iter().map(hex::encode).collect()
    }

    /// The output script `6a …` as the pushes stand in it: what AIP signs
    /// begins with this opcode.
    pub fn script(&self) -> Vec<u8> {
        let mut script = vec![OP_RETURN];
        for push in &self.pushes {
            push_data(&mut script, push);
        }
        script
    }

    /// The output script `00 6a …`: with `OP_FALSE` before it the output can
    /// provably not be spent, and so needs no satoshis.
    pub fn safe_script(&self) -> Vec<u8> {
        [vec![0], self.script()].concat()
    }
}

/// Links the BAP ID to the identity's signing address. Signed by the signing
/// key it replaces; before any rotation by the member key, whose address is the
/// root address that the BAP ID was made of.
///
/// # Errors
/// [`OpReturnError::Key`].
pub fn id(root: &PrivateKey, identity: &Identity) -> Result<OpReturn, OpReturnError> {
    let signer = match identity.previous_path() {
        Some(previous) => member::signing_key_at(root, &previous)?,
        None => member::member_key(root, identity.counter(), 0)?,
    };
    let address = identity.signing_key(root)?.public_key().address();
    let data = vec![
        PREFIX.into(),
        b"ID".to_vec(),
        identity.id().to_string().into_bytes(),
        address.to_string().into_bytes(),
    ];
    Ok(signed(&signer, data, Preimage::WithoutBar))
}

/// Publishes a profile, a JSON object (schema.org by custom), for the identity.
///
/// # Errors
/// [`OpReturnError::Alias`] if the text is not a JSON object.
pub fn alias(
    root: &PrivateKey,
    identity: &Identity,
    profile: &str,
) -> Result<OpReturn, OpReturnError> {
    serde_json::from_str::<serde_json::Map<_, _>>(profile).map_err(|_| OpReturnError::Alias)?;
    let data = vec![
        PREFIX.into(),
        b"ALIAS".to_vec(),
        identity.id().to_string().into_bytes(),
        profile.into(),
    ];
    Ok(signed(
        &identity.signing_key(root)?,
        data,
        Preimage::WithoutBar,
    ))
}

/// Attests what a hash stands for. Of one signer's outputs for a hash the
/// highest sequence counts. `data`, if given, is published with it.
///
/// # Errors
/// [`OpReturnError::EmptyData`], [`OpReturnError::Key`].
pub fn attest(
    root: &PrivateKey,
    identity: &Identity,
    hash: &AttestationHash,
    sequence: u64,
    data: Option<&str>,
) -> Result<OpReturn, OpReturnError> {
    let mut pushes = statement(b"ATTEST", hash, &sequence.to_string());
    if let Some(data) = data {
        pushes.push(aip::BAR.to_vec());
        pushes.extend(data_statement(hash, data)?);
    }
    Ok(signed(
        &identity.signing_key(root)?,
        pushes,
        Preimage::WithBar,
    ))
}

/// Takes an attestation back: `sequence` must be higher than the attestation's.
///
/// # Errors
/// [`OpReturnError::Key`].
pub fn revoke(
    root: &PrivateKey,
    identity: &Identity,
    hash: &AttestationHash,
    sequence: u64,
) -> Result<OpReturn, OpReturnError> {
    let pushes = statement(b"REVOKE", hash, &sequence.to_string());
    Ok(signed(
        &identity.signing_key(root)?,
        pushes,
        Preimage::WithBar,
    ))
}

/// Publishes the data that an attestation was made over, in plain text or encrypted.
///
/// # Errors
/// [`OpReturnError::EmptyData`], [`OpReturnError::Key`].
pub fn data(
    root: &PrivateKey,
    identity: &Identity,
    hash: &AttestationHash,
    data: &str,
) -> Result<OpReturn, OpReturnError> {
    let pushes = data_statement(hash, data)?;
    Ok(signed(
        &identity.signing_key(root)?,
        pushes,
        Preimage::WithBar,
    ))
}

fn data_statement(hash: &AttestationHash, data: &str) -> Result<Vec<Vec<u8>>, OpReturnError> {
    match data {
        "" => Err(OpReturnError::EmptyData),
        _ => Ok(statement(b"DATA", hash, data)),
    }
}

fn statement(verb: &[u8], hash: &AttestationHash, last: &str) -> Vec<Vec<u8>> {
    vec![
        PREFIX.into(),
        verb.to_vec(),
        hash.to_string().into_bytes(),
        last.into(),
    ]
}

fn signed(key: &PrivateKey, mut pushes: Vec<Vec<u8>>, preimage: Preimage) -> OpReturn {
    let suffix = aip::sign(key, &pushes, preimage);
    pushes.extend(suffix);
    OpReturn { pushes }
}
