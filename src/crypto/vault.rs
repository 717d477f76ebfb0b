//! The vault: what the password protects.
//!
//! PBKDF2-HMAC-SHA512 (RFC 8018) makes 64 bytes of password and salt: the first
//! half is an AES-256 key, the second an HMAC-SHA256 key. AES-256-CBC with
//! PKCS#7 (NIST SP 800-38A, RFC 5652), then a MAC over everything but itself
//! (encrypt-then-MAC). An unkeyed SHA-256 over the whole record lets a damaged
//! one be told from a wrong password; it gives no protection, the MAC does.

use std::ops::RangeInclusive;

use aes::Aes256;
use cbc::cipher::KeyInit;
use hmac::{Hmac, Mac};
use pbkdf2::pbkdf2_hmac;
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::secret::Password;
use super::symmetric::{decrypt_cbc, encrypt_cbc, hmac_sha256};

/// The layout below, sealed under the password as it was typed: of 0.1.
const AS_TYPED: u8 = 1;
/// The same layout, sealed under the password as RFC 8265 prepares it.
const VERSION: u8 = 2;
/// PBKDF2-HMAC-SHA512.
const KDF_PBKDF2_SHA512: u8 = 1;

/// How dear one guess at the password is: the iterations of PBKDF2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KdfCost(u32);

impl KdfCost {
    /// 220 000: OWASP's figure (Password Storage Cheat Sheet) for HMAC-SHA512.
    pub const STANDARD: Self = Self(220_000);

    /// Any number, at least 1. Only for tests: such a vault is not
    /// [accepted](Vault::ACCEPTED_ITERATIONS) where the standard bounds hold.
    pub const fn lowered_for_tests(iterations: u32) -> Self {
        Self(if iterations == 0 { 1 } else { iterations })
    }

    /// The number of iterations.
    pub const fn iterations(self) -> u32 {
        self.0
    }
}

/// Why a vault did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The record is intact, the password is not the one that sealed it.
    #[error("wrong password")]
    WrongPassword,
    /// The record is not what was written.
    #[error("the vault is damaged: {what}")]
    Damaged {
        /// What was found wrong.
        what: &'static str,
    },
    /// Written by a later version, or damaged.
    #[error("vault version `{0}` is not supported")]
    UnsupportedVersion(u8),
    /// A key derivation this version does not know.
    #[error("vault key derivation `{0}` is not supported")]
    UnsupportedKdf(u8),
    /// So few iterations that it is weak, or so many that opening takes forever.
    #[error("a vault with `{0}` iterations is not accepted")]
    Iterations(u32),
}

/// An encrypted record with all it takes to open it, but the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vault {
    /// How the password is prepared: 1 as it was typed, 2 by the profile
    /// OpaqueString of RFC 8265.
    pub version: u8,
    /// The key derivation: 1 is PBKDF2-HMAC-SHA512.
    pub kdf: u8,
    /// The iterations of the key derivation.
    pub iterations: u32,
    /// Salt of the key derivation.
    pub salt: [u8; 32],
    /// Initialisation vector of AES-256-CBC.
    pub iv: [u8; 16],
    /// AES-256-CBC with PKCS#7 padding.
    pub ciphertext: Vec<u8>,
    /// HMAC-SHA256 of `version | kdf | iterations (u32 BE) | salt | iv | ciphertext`.
    pub mac: [u8; 32],
    /// SHA-256 of all the above, the MAC included.
    pub checksum: [u8; 32],
}

/// Encryption key and MAC key, 32 bytes each.
struct VaultKeys(Zeroizing<[u8; 64]>);

impl VaultKeys {
    fn derive(password: &Password, salt: &[u8; 32], iterations: u32) -> Self {
        let mut keys = Zeroizing::new([0; 64]);
        pbkdf2_hmac::<Sha512>(password.as_bytes(), salt, iterations, &mut *keys);
        Self(keys)
    }

    fn cipher(&self) -> Aes256 {
        Aes256::new_from_slice(&self.0[..32]).expect("an AES-256 key has 32 bytes")
    }

    fn mac_key(&self) -> &[u8] {
        &self.0[32..]
    }
}

impl Vault {
    /// The iterations a vault from a file may ask for.
    pub const ACCEPTED_ITERATIONS: RangeInclusive<u32> = 100_000..=10_000_000;

    /// The version that is written.
    pub const VERSION: u8 = VERSION;

    /// Seals `plaintext`. Salt and IV must be fresh and random.
    pub fn seal(
        password: &Password,
        cost: KdfCost,
        salt: [u8; 32],
        iv: [u8; 16],
        plaintext: &[u8],
    ) -> Self {
        let keys = VaultKeys::derive(&password.opaque(), &salt, cost.iterations());
        let mut vault = Self {
            version: VERSION,
            kdf: KDF_PBKDF2_SHA512,
            iterations: cost.iterations(),
            salt,
            iv,
            ciphertext: encrypt_cbc(keys.cipher(), &iv, plaintext),
            mac: [0; 32],
            checksum: [0; 32],
        };
        vault.mac = vault.authenticate(&keys).finalize().into_bytes().into();
        vault.checksum = vault.expected_checksum();
        vault
    }

    /// Opens the vault; `accepted` bounds the cost, usually
    /// [`Self::ACCEPTED_ITERATIONS`]. What can be refused without the password
    /// is, before the key derivation runs. It runs once for each form that a
    /// password beyond ASCII may have been sealed in.
    ///
    /// # Errors
    /// Those of [`Self::check`]; then a wrong password.
    pub fn open(
        &self,
        password: &Password,
        accepted: RangeInclusive<u32>,
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.check(accepted)?;
        let forms = match self.version {
            AS_TYPED => password.forms(),
            _ => password.opaque_forms(),
        };
        let keys = forms
            .iter()
            .map(|form| VaultKeys::derive(form, &self.salt, self.iterations))
            .find(|keys| self.authenticate(keys).verify_slice(&self.mac).is_ok())
            .ok_or(VaultError::WrongPassword)?;
        decrypt_cbc(keys.cipher(), &self.iv, &self.ciphertext).ok_or(VaultError::Damaged {
            what: "its padding is wrong",
        })
    }

    /// All that can be told without the password, and without its cost.
    ///
    /// # Errors
    /// In this order: damage, unknown version or key derivation, cost out of
    /// bounds. The checksum comes first, so that a flipped bit is never taken
    /// for a later version.
    pub fn check(&self, accepted: RangeInclusive<u32>) -> Result<(), VaultError> {
        if !bool::from(self.checksum.ct_eq(&self.expected_checksum())) {
            return Err(VaultError::Damaged {
                what: "its checksum does not match",
            });
        }
        if !matches!(self.version, AS_TYPED | VERSION) {
            return Err(VaultError::UnsupportedVersion(self.version));
        }
        if self.kdf != KDF_PBKDF2_SHA512 {
            return Err(VaultError::UnsupportedKdf(self.kdf));
        }
        if !accepted.contains(&self.iterations) || self.iterations == 0 {
            return Err(VaultError::Iterations(self.iterations));
        }
        Ok(())
    }

    /// The MAC over all it covers. Only the last part has a variable length, so
    /// none needs to be written before it.
    fn authenticate(&self, keys: &VaultKeys) -> Hmac<Sha256> {
        hmac_sha256(
            keys.mac_key(),
            &[&self.head(), &self.salt, &self.iv, &self.ciphertext],
        )
    }

    fn expected_checksum(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.head())
            .chain_update(self.salt)
            .chain_update(self.iv)
            .chain_update(&self.ciphertext)
            .chain_update(self.mac)
            .finalize()
            .into()
    }

    fn head(&self) -> [u8; 6] {
        let [a, b, c, d] = self.iterations.to_be_bytes();
        [self.version, self.kdf, a, b, c, d]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_vault_of_0_1_opens_with_the_password_as_it_was_typed() {
        let typed = Password::new("cafe\u{301}".to_owned());
        let keys = VaultKeys::derive(&typed, &[7; 32], 1);
        let mut vault = Vault::seal(&typed, KdfCost(1), [7; 32], [9; 16], b"secret");
        assert_eq!(&**vault.open(&typed, 1..=1).unwrap(), b"secret");
        vault.version = AS_TYPED;
        vault.ciphertext = encrypt_cbc(keys.cipher(), &vault.iv, b"as typed");
        vault.mac = vault.authenticate(&keys).finalize().into_bytes().into();
        vault.checksum = vault.expected_checksum();
        for form in ["cafe\u{301}", "caf\u{e9}"] {
            let opened = vault.open(&Password::new(form.to_owned()), 1..=1);
            assert_eq!(&**opened.unwrap(), b"as typed", "{form}");
        }
    }
}
