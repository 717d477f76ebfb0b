//! ECIES as Electrum defined it (BIE1).
//!
//! `"BIE1" | sender public key 33 | AES-128-CBC | HMAC-SHA256 32`, where the
//! SHA-512 of the compressed ECDH point is `iv 16 | key 16 | mac key 32` and the
//! MAC covers all before it. The sender key should be fresh for every message:
//! key and IV follow from it and the recipient's.

use aes::Aes128;
use cbc::cipher::KeyInit;
use hmac::Mac;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

use super::keys::{PrivateKey, PublicKey};
use super::symmetric::{BLOCK_LEN, decrypt_cbc, encrypt_cbc, hmac_sha256};

pub mod stream;

const MAGIC: &[u8; 4] = b"BIE1";
const KEY_LEN: usize = 33;
const MAC_LEN: usize = 32;

/// A ciphertext that does not decrypt. Deliberately says no more: what exactly
/// is wrong with a forged ciphertext is of use only to the forger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext is damaged or not meant for this key")]
pub struct EciesError;

/// A ciphertext of another form, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotBie1 {
    /// Nothing at all.
    #[error("not a BIE1 ciphertext: it is empty")]
    Empty,
    /// The form of the library bitcore: a public key, without the magic.
    #[error(
        "not a BIE1 ciphertext: it begins like one of bitcore's ECIES, a form that is not supported"
    )]
    Bitcore,
    /// Without the magic.
    #[error("not a BIE1 ciphertext: it does not begin with `BIE1`")]
    NoMagic,
}

/// Whether it is a ciphertext of this form, whoever it is for.
///
/// # Errors
/// [`NotBie1`] says what it is instead. Tells nothing about any key.
pub fn check_form(message: &[u8]) -> Result<(), NotBie1> {
    match message {
        [] => Err(NotBie1::Empty),
        _ if message.starts_with(MAGIC) => Ok(()),
        [2 | 3, ..] if message.len() >= KEY_LEN + BLOCK_LEN + MAC_LEN => Err(NotBie1::Bitcore),
        _ => Err(NotBie1::NoMagic),
    }
}

/// `iv 16 | key 16 | mac key 32`
struct MessageKeys(Zeroizing<[u8; 64]>);

impl MessageKeys {
    fn agree(own: &PrivateKey, other: &PublicKey) -> Self {
        let mut digest = Sha512::digest(own.shared_point(other).as_slice());
        let keys = Zeroizing::new(digest.into());
        digest.as_mut_slice().zeroize();
        Self(keys)
    }

    fn iv(&self) -> &[u8; BLOCK_LEN] {
        self.0.first_chunk().expect("64 bytes hold an IV of 16")
    }

    fn cipher(&self) -> Aes128 {
        Aes128::new_from_slice(&self.0[16..32]).expect("an AES-128 key has 16 bytes")
    }

    fn mac_key(&self) -> &[u8] {
        &self.0[32..]
    }
}

/// Encrypts for `recipient`. Anyone who has the sender's key can decrypt too.
pub fn encrypt(plaintext: &[u8], recipient: &PublicKey, sender: &PrivateKey) -> Vec<u8> {
    let keys = MessageKeys::agree(sender, recipient);
    let ciphertext = encrypt_cbc(keys.cipher(), keys.iv(), plaintext);
    let mut message = [&MAGIC[..], &sender.public_key().to_bytes(), &ciphertext].concat();
    let mac = hmac_sha256(keys.mac_key(), &[&message]).finalize();
    message.extend_from_slice(&mac.into_bytes());
    message
}

/// Decrypts what was encrypted for `recipient`.
///
/// # Errors
/// [`EciesError`], one and the same for every reason. Nothing is decrypted
/// before the MAC was checked, in constant time.
pub fn decrypt(message: &[u8], recipient: &PrivateKey) -> Result<Zeroizing<Vec<u8>>, EciesError> {
    if message.len() < MAGIC.len() + KEY_LEN + BLOCK_LEN + MAC_LEN {
        return Err(EciesError);
    }
    let (authenticated, mac) = message.split_last_chunk::<MAC_LEN>().ok_or(EciesError)?;
    let rest = authenticated.strip_prefix(MAGIC).ok_or(EciesError)?;
    let (sender, ciphertext) = rest.split_first_chunk::<KEY_LEN>().ok_or(EciesError)?;
    let sender = PublicKey::from_bytes(sender).map_err(|_| EciesError)?;
    let keys = MessageKeys::agree(recipient, &sender);
    hmac_sha256(keys.mac_key(), &[authenticated])
        .verify_slice(mac)
        .map_err(|_| EciesError)?;
    decrypt_cbc(keys.cipher(), keys.iv(), ciphertext).ok_or(EciesError)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_bie1_is_named() {
        let bitcore = [&[3][..], &[7; 100]].concat();
        for (message, said) in [
            (&b""[..], Err(NotBie1::Empty)),
            (b"BIE", Err(NotBie1::NoMagic)),
            (b"\x02", Err(NotBie1::NoMagic)),
            (b"hello", Err(NotBie1::NoMagic)),
            (&bitcore, Err(NotBie1::Bitcore)),
            (&bitcore[..81], Err(NotBie1::Bitcore)),
            (&bitcore[..80], Err(NotBie1::NoMagic)),
            (b"BIE1", Ok(())),
        ] {
            assert_eq!(check_form(message), said);
        }
    }

    /// What only someone who knows the keys can send: a right MAC over nonsense.
    #[test]
    fn a_right_mac_over_nonsense_is_the_same_error() {
        let sender = PrivateKey::from_bytes(&[1; 32]).unwrap();
        let recipient = PrivateKey::from_bytes(&[2; 32]).unwrap();
        let keys = MessageKeys::agree(&sender, &recipient.public_key());
        for nonsense in [&[7; 16][..], &[7; 17], &[7; 31], &[7; 32]] {
            let head = sender.public_key().to_bytes();
            let mut message = [&MAGIC[..], &head, nonsense].concat();
            let mac = hmac_sha256(keys.mac_key(), &[&message]).finalize();
            message.extend_from_slice(&mac.into_bytes());
            assert_eq!(decrypt(&message, &recipient).err(), Some(EciesError));
        }
    }
}
