//! BRC-77 message signatures: ECDSA (RFC 6979, low S) over the SHA-256 of the
//! message, under a BRC-42 child of the signer's key.
//!
//! `42423301 | signer 33 | verifier 33 or 00 | key id 32 | DER signature`. The
//! invoice is `2-message signing-{base64(key id)}`; a signature for anyone has
//! the public key of private key 1 as its counterparty.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use secp256k1::{Message, ecdsa};

use super::brc42;
use super::curve;
use super::hash::sha256;
use super::keys::{PrivateKey, PublicKey};

const VERSION: [u8; 4] = [0x42, 0x42, 0x33, 0x01];
/// In the place of a verifier's key: anyone may verify.
const ANYONE: u8 = 0;
const KEY_ID_LEN: usize = 32;

/// Who can verify a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verifier {
    /// Everyone.
    Anyone,
    /// Only the holder of this key.
    Key(PublicKey),
}

/// Why a signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Brc77Error {
    /// Not the bytes of a BRC-77 signature.
    #[error("not a BRC-77 signature")]
    Malformed,
    /// Only the holder of this key can verify it.
    #[error("only the holder of `{0}` can verify this signature")]
    NotForYou(PublicKey),
    /// Made for another message, by another signer, or altered.
    #[error("the signature does not fit the message")]
    Invalid,
}

/// Signs a message. The key id must be fresh and random.
pub fn sign(message: &[u8], signer: &PrivateKey, verifier: Verifier, key_id: [u8; 32]) -> Vec<u8> {
    let (counterparty, field) = match verifier {
        Verifier::Anyone => (anyone().public_key(), vec![ANYONE]),
        Verifier::Key(key) => (key, key.to_bytes().to_vec()),
    };
    let key = brc42::derive_private(signer, &counterparty, &invoice(&key_id))
        .expect("an HMAC that equals the negated key is one in 2^256");
    let signature = curve::with_secret(|curve| {
        curve
            .sign_ecdsa(digest(message), key.secret())
            .serialize_der()
    });
    [
        &VERSION[..],
        &signer.public_key().to_bytes(),
        &field,
        &key_id,
        &signature,
    ]
    .concat()
}

/// Verifies a signature and returns who signed. `recipient` is needed only for
/// a signature that names a verifier.
///
/// # Errors
/// [`Brc77Error`]. Strict: DER without slack, low S, as every signer writes it,
/// so that nobody can turn a signature into another valid one.
pub fn verify(
    message: &[u8],
    signature: &[u8],
    recipient: Option<&PrivateKey>,
) -> Result<PublicKey, Brc77Error> {
    let parts = Parts::of(signature)?;
    let anyone = anyone();
    let verifier = match parts.verifier {
        Verifier::Anyone => &anyone,
        Verifier::Key(key) => recipient
            .filter(|recipient| recipient.public_key() == key)
            .ok_or(Brc77Error::NotForYou(key))?,
    };
    let key = brc42::derive_public(&parts.signer, verifier, &invoice(&parts.key_id))
        .map_err(|_| Brc77Error::Invalid)?;
    curve::with_public(|curve| curve.verify_ecdsa(digest(message), &parts.signature, key.point()))
        .map_err(|_| Brc77Error::Invalid)?;
    Ok(parts.signer)
}

/// Who claims to have signed: nothing is verified.
///
/// # Errors
/// [`Brc77Error::Malformed`].
pub fn claimed_signer(signature: &[u8]) -> Result<PublicKey, Brc77Error> {
    Parts::of(signature).map(|parts| parts.signer)
}

struct Parts {
    signer: PublicKey,
    verifier: Verifier,
    key_id: [u8; KEY_ID_LEN],
    signature: ecdsa::Signature,
}

impl Parts {
    fn of(signature: &[u8]) -> Result<Self, Brc77Error> {
        let malformed = Brc77Error::Malformed;
        let rest = signature.strip_prefix(&VERSION).ok_or(malformed)?;
        let (signer, rest) = take_public_key(rest)?;
        let (verifier, rest) = match rest.strip_prefix(&[ANYONE]) {
            Some(rest) => (Verifier::Anyone, rest),
            None => {
                let (key, rest) = take_public_key(rest)?;
                (Verifier::Key(key), rest)
            }
        };
        let (key_id, der) = rest.split_first_chunk().ok_or(malformed)?;
        Ok(Self {
            signer,
            verifier,
            key_id: *key_id,
            signature: ecdsa::Signature::from_der(der).map_err(|_| malformed)?,
        })
    }
}

fn take_public_key(bytes: &[u8]) -> Result<(PublicKey, &[u8]), Brc77Error> {
    let (key, rest) = bytes
        .split_first_chunk::<33>()
        .ok_or(Brc77Error::Malformed)?;
    let key = PublicKey::from_bytes(key).map_err(|_| Brc77Error::Malformed)?;
    Ok((key, rest))
}

/// The private key that everybody knows.
fn anyone() -> PrivateKey {
    let mut one = [0; 32];
    one[31] = 1;
    PrivateKey::from_bytes(&one).expect("1 is in range")
}

fn invoice(key_id: &[u8; KEY_ID_LEN]) -> String {
    format!("2-message signing-{}", BASE64_STANDARD.encode(key_id))
}

fn digest(message: &[u8]) -> Message {
    Message::from_digest(sha256(message))
}
