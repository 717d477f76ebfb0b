//! Sealing under a key instead of a password: identities at rest, sessions.
//!
//! HKDF-SHA256 (RFC 5869) of a 32-byte secret, a label per purpose, gives an
//! AES-256 key and an HMAC-SHA256 key; AES-256-CBC, then the MAC
//! (encrypt-then-MAC).
//!
//! A sealed blob is `version 1 | iv 16 | ciphertext | mac 32`, the MAC over
//! `version | length of aad (u64 BE) | aad | iv | ciphertext`.

use aes::Aes256;
use cbc::cipher::KeyInit;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::symmetric::{BLOCK_LEN, decrypt_cbc, encrypt_cbc, hmac_sha256};

const VERSION: u8 = 1;
const MAC_LEN: usize = 32;
/// Version, IV, one block, MAC.
const MIN_LEN: usize = 1 + BLOCK_LEN + BLOCK_LEN + MAC_LEN;

/// Why a sealed blob did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Too short to be a sealed blob.
    #[error("the sealed record is incomplete")]
    Truncated,
    /// Written by a later version, or damaged.
    #[error("sealed record version `{0}` is not supported")]
    UnsupportedVersion(u8),
    /// Damaged, or sealed under another key or for another place.
    #[error("the sealed record is damaged or does not belong here")]
    Damaged,
}

/// A key for one purpose. Wipes itself.
pub struct SealingKey(Zeroizing<[u8; 64]>);

impl SealingKey {
    /// Derives the key for the purpose `label` from a uniformly random secret
    /// (a root key, a session key).
    pub fn derive(secret: &[u8; 32], label: &str) -> Self {
        let mut keys = Zeroizing::new([0; 64]);
        Hkdf::<Sha256>::new(None, secret)
            .expand(label.as_bytes(), &mut *keys)
            .expect("HKDF-SHA256 gives up to 8160 bytes");
        Self(keys)
    }

    /// Seals `plaintext`, bound to `aad`, which says where it belongs and is not
    /// stored. The IV must be fresh and random.
    pub fn seal(&self, iv: [u8; 16], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let ciphertext = encrypt_cbc(self.cipher(), &iv, plaintext);
        let mac = self.authenticate(aad, &iv, &ciphertext).finalize();
        [&[VERSION][..], &iv, &ciphertext, &mac.into_bytes()].concat()
    }

    /// Opens what [`Self::seal`] made for the same `aad`.
    ///
    /// # Errors
    /// [`SealError`]; nothing is decrypted before the MAC was checked.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        if sealed.len() < MIN_LEN {
            return Err(SealError::Truncated);
        }
        let (version, rest) = sealed.split_first().ok_or(SealError::Truncated)?;
        if *version != VERSION {
            return Err(SealError::UnsupportedVersion(*version));
        }
        let (iv, rest) = rest.split_first_chunk().ok_or(SealError::Truncated)?;
        let (ciphertext, mac) = rest
            .split_last_chunk::<MAC_LEN>()
            .ok_or(SealError::Truncated)?;
        self.authenticate(aad, iv, ciphertext)
            .verify_slice(mac)
            .map_err(|_| SealError::Damaged)?;
        decrypt_cbc(self.cipher(), iv, ciphertext).ok_or(SealError::Damaged)
    }

    fn cipher(&self) -> Aes256 {
        Aes256::new_from_slice(&self.0[..32]).expect("an AES-256 key has 32 bytes")
    }

    fn authenticate(&self, aad: &[u8], iv: &[u8; BLOCK_LEN], ciphertext: &[u8]) -> Hmac<Sha256> {
        let aad_len = (aad.len() as u64).to_be_bytes();
        hmac_sha256(&self.0[32..], &[&[VERSION], &aad_len, aad, iv, ciphertext])
    }
}
