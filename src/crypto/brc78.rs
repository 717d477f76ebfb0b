//! BRC-78 message encryption: AES-256-GCM (NIST SP 800-38D) with a 32-byte IV
//! between BRC-42 children of two keys.
//!
//! `42421033 | sender 33 | recipient 33 | key id 32 | iv 32 | ciphertext | tag 16`.
//! The key is the x coordinate of the ECDH point of both children, derived with
//! the invoice `2-message encryption-{base64(key id)}`. BRC-78's own example
//! shows the magic in another order; this is the one the SDKs write.

use aes_gcm::aead::Aead;
use aes_gcm::aead::consts::U32;
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, KeyInit};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use zeroize::Zeroizing;

use super::brc42;
use super::keys::{PrivateKey, PublicKey};

const VERSION: [u8; 4] = [0x42, 0x42, 0x10, 0x33];

/// AES-256-GCM whose IV has 32 bytes, so that GHASH makes the first counter of it.
type Cipher = AesGcm<Aes256, U32>;

/// Why a message was not encrypted or decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Brc78Error {
    /// Not the bytes of a BRC-78 message.
    #[error("not a BRC-78 message")]
    Malformed,
    /// Encrypted for another key.
    #[error("this message is encrypted for `{0}`")]
    NotForYou(PublicKey),
    /// Altered on the way.
    #[error("the message is damaged")]
    Damaged,
    /// The keys and key id have no child key (one chance in 2^256), or the
    /// plaintext is longer than GCM's 64 GiB.
    #[error("the message cannot be encrypted")]
    Unencryptable,
}

/// Encrypts for `recipient`. Key id and IV must be fresh and random.
///
/// # Errors
/// [`Brc78Error::Unencryptable`], which does not happen with random key ids.
pub fn encrypt(
    plaintext: &[u8],
    sender: &PrivateKey,
    recipient: &PublicKey,
    key_id: [u8; 32],
    iv: [u8; 32],
) -> Result<Vec<u8>, Brc78Error> {
    let ciphertext = cipher(sender, recipient, &key_id)
        .and_then(|cipher| cipher.encrypt(&iv.into(), plaintext).ok())
        .ok_or(Brc78Error::Unencryptable)?;
    Ok([
        &VERSION[..],
        &sender.public_key().to_bytes(),
        &recipient.to_bytes(),
        &key_id,
        &iv,
        &ciphertext,
    ]
    .concat())
}

/// Decrypts a message for `recipient`; also returns who sent it.
///
/// # Errors
/// [`Brc78Error`]; the tag is checked before anything is decrypted.
pub fn decrypt(
    message: &[u8],
    recipient: &PrivateKey,
) -> Result<(Zeroizing<Vec<u8>>, PublicKey), Brc78Error> {
    let malformed = Brc78Error::Malformed;
    let rest = message.strip_prefix(&VERSION).ok_or(malformed)?;
    let (sender, rest) = take_public_key(rest)?;
    let (addressee, rest) = take_public_key(rest)?;
    let (key_id, rest) = rest.split_first_chunk::<32>().ok_or(malformed)?;
    let (iv, ciphertext) = rest.split_first_chunk::<32>().ok_or(malformed)?;
    if addressee != recipient.public_key() {
        return Err(Brc78Error::NotForYou(addressee));
    }
    let plaintext = cipher(recipient, &sender, key_id)
        .and_then(|cipher| cipher.decrypt(iv.into(), ciphertext).ok())
        .ok_or(Brc78Error::Damaged)?;
    Ok((Zeroizing::new(plaintext), sender))
}

fn take_public_key(bytes: &[u8]) -> Result<(PublicKey, &[u8]), Brc78Error> {
    let (key, rest) = bytes
        .split_first_chunk::<33>()
        .ok_or(Brc78Error::Malformed)?;
    let key = PublicKey::from_bytes(key).map_err(|_| Brc78Error::Malformed)?;
    Ok((key, rest))
}

/// Both sides arrive at the same: the own private child times the other's
/// public child.
fn cipher(own: &PrivateKey, other: &PublicKey, key_id: &[u8; 32]) -> Option<Cipher> {
    let invoice = format!("2-message encryption-{}", BASE64_STANDARD.encode(key_id));
    let own_child = brc42::derive_private(own, other, &invoice).ok()?;
    let other_child = brc42::derive_public(other, own, &invoice).ok()?;
    let point = own_child.shared_point(&other_child);
    Cipher::new_from_slice(&point[1..]).ok()
}
