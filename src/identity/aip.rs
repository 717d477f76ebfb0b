//! The Author Identity Protocol: a BSM signature over the pushes of an
//! `OP_RETURN`, as five more pushes:
//! `"|" | 15PciHG22SNLQJXMoSUaWVi7WSqc7hCfva | BITCOIN_ECDSA | address | signature`.
//!
//! What is signed is `6a` (the opcode `OP_RETURN`) and the data of all pushes,
//! concatenated without their lengths. Two preimages are in use: the protocol
//! counts the `|` in, `bsv-bap` does for attestations but not for identities.
//! Both are accepted here; which one is made is up to the caller.

use crate::crypto::bsm::{self, Signature};
use crate::crypto::keys::{Address, PrivateKey};
use crate::text;

/// The bitcom address that marks an AIP signature.
pub const PREFIX: &str = "15PciHG22SNLQJXMoSUaWVi7WSqc7hCfva";

/// The only algorithm: BSM with a P2PKH address.
pub const ALGORITHM: &str = "BITCOIN_ECDSA";

/// The push between protocols.
pub const BAR: &[u8] = b"|";

/// `OP_RETURN` as the byte it has in a script.
pub const OP_RETURN: u8 = 0x6a;

/// Which bytes a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preimage {
    /// `6a` and the pushes before the bar.
    WithoutBar,
    /// `6a`, the pushes and the bar.
    WithBar,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AipError {
    /// No push is the AIP prefix, or what follows it is cut short.
    #[error("no AIP signature")]
    Missing,
    /// An algorithm other than [`ALGORITHM`].
    #[error("AIP algorithm `{0}` is not supported: only `{ALGORITHM}` is")]
    Algorithm(String),
    /// Pushes after the signature name single fields to be signed.
    #[error("AIP signatures over selected fields are not supported")]
    SelectedFields,
    /// Not an address.
    #[error("the AIP address is not a mainnet address")]
    Address,
    /// The signature has not the form of one.
    #[error("the AIP signature is malformed")]
    Malformed,
    /// Neither preimage was signed by the address.
    #[error("the AIP signature does not match its address `{0}`")]
    Mismatch(Address),
}

/// A signature that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// Who signed.
    pub address: Address,
    /// What was signed.
    pub preimage: Preimage,
}

/// The five pushes that sign the data pushes before them.
pub fn sign(key: &PrivateKey, data: &[Vec<u8>], preimage: Preimage) -> [Vec<u8>; 5] {
    let signature = bsm::sign(&message(data, preimage), key);
    [
        BAR.to_vec(),
        PREFIX.into(),
        ALGORITHM.into(),
        key.public_key().address().to_string().into_bytes(),
        signature.to_bytes().to_vec(),
    ]
}

/// Signs data pushes for a caller who builds the output: `["BITCOIN_ECDSA",
/// address, signature in base64]`, as `LocalServerSigner.signAIP` expects. Where
/// the caller wants the bar signed, it is the last of the data pushes.
pub fn sign_ops(key: &PrivateKey, data: &[Vec<u8>]) -> [String; 3] {
    let signature = bsm::sign(&message(data, Preimage::WithoutBar), key);
    [
        ALGORITHM.to_owned(),
        key.public_key().address().to_string(),
        signature.to_string(),
    ]
}

/// Checks the last AIP signature of an output, which covers all before it. The
/// leading `6a` may be given or not.
///
/// # Errors
/// [`AipError`] says what is missing or wrong.
pub fn verify(pushes: &[Vec<u8>]) -> Result<Signed, AipError> {
    let start = pushes
        .iter()
        .rposition(|push| push == PREFIX.as_bytes())
        .ok_or(AipError::Missing)?;
    let [data @ .., bar] = &pushes[..start] else {
        return Err(AipError::Missing);
    };
    let [_, algorithm, address, signature, rest @ ..] = &pushes[start..] else {
        return Err(AipError::Missing);
    };
    if bar != BAR {
        return Err(AipError::Missing);
    }
    if algorithm != ALGORITHM.as_bytes() {
        let algorithm = String::from_utf8_lossy(algorithm);
        return Err(AipError::Algorithm(text::excerpt(&algorithm, 40)));
    }
    if rest.first().is_some_and(|push| push != BAR) {
        return Err(AipError::SelectedFields);
    }
    let address: Address = std::str::from_utf8(address)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(AipError::Address)?;
    let signature = parse_signature(signature).ok_or(AipError::Malformed)?;
    [Preimage::WithoutBar, Preimage::WithBar]
        .into_iter()
        .find(|&preimage| bsm::verify(&message(data, preimage), &signature, &address))
        .map(|preimage| Signed { address, preimage })
        .ok_or(AipError::Mismatch(address))
}

/// The signature as its 65 bytes or, in older outputs, as their base64.
fn parse_signature(push: &[u8]) -> Option<Signature> {
    let text = match push.len() {
        65 => base64::Engine::encode(&base64::prelude::BASE64_STANDARD, push),
        _ => std::str::from_utf8(push).ok()?.to_owned(),
    };
    text.parse().ok()
}

fn message(data: &[Vec<u8>], preimage: Preimage) -> Vec<u8> {
    let mut message = Vec::new();
    if data.first().is_none_or(|push| *push != [OP_RETURN]) {
        message.push(OP_RETURN);
    }
    message.extend(data.iter().flatten());
    if preimage == Preimage::WithBar {
        message.extend_from_slice(BAR);
    }
    message
}
