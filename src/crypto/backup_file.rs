//! The `.bep` container of `bitcoin-backup`: base64 (RFC 4648) of
//! `salt 16 | iv 12 | AES-256-GCM ciphertext | tag 16` (NIST SP 800-38D), with
//! the key from PBKDF2-HMAC-SHA256 (RFC 8018) of the passphrase.
//!
//! The container does not say how often PBKDF2 ran: readers try 600 000
//! iterations (OWASP's figure for HMAC-SHA256), then the 100 000 of older files.

use std::collections::HashMap;

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use pbkdf2::{Algorithm, Params, pbkdf2_hmac_with_params};
use zeroize::Zeroizing;

use super::secret::Password;
use crate::text::marks::unmarked;

/// How dear one guess at a passphrase is: the iterations of PBKDF2.
#[derive(Debug, Clone, Copy)]
pub struct Cost(u32);

impl Cost {
    /// Of every backup that is written.
    pub const STANDARD: Self = Self(600_000);
    /// Of backups from before 2025, still read.
    const LEGACY: Self = Self(100_000);
    /// As few as [`Params`] takes. No release build writes or reads it.
    #[cfg(debug_assertions)]
    pub const LOWERED_FOR_TESTS: Self = Self(1000);

    /// What is tried, in this order.
    const READ: &[Self] = &[
        #[cfg(debug_assertions)]
        Self::LOWERED_FOR_TESTS,
        Self::STANDARD,
        Self::LEGACY,
    ];
}

/// The longest text that is read, in bytes: a wallet's backup has a few
/// thousand, and more would only cost memory.
pub const MAX_TEXT_LEN: usize = 4 * 1024 * 1024;

const SALT_LEN: usize = 16;
const IV_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// Some writers leave the padding away.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a backup can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackupFileError {
    /// Not base64, or too short or too long to be a backup.
    #[error("not a backup file")]
    NotABackup,
    /// The tag does not match: GCM can't tell a wrong key from a changed byte.
    #[error("wrong backup passphrase, or the backup is damaged")]
    WrongPassphraseOrDamaged,
}

/// Encrypts a payload. Salt and IV must be fresh and random.
pub fn encrypt(
    plaintext: &[u8],
    passphrase: &Password,
    cost: Cost,
    salt: [u8; SALT_LEN],
    iv: [u8; IV_LEN],
) -> String {
    let sealed = cipher(passphrase, &salt, cost)
        .encrypt(&Nonce::from(iv), plaintext)
        .expect("AES-GCM takes 64 GiB, and a payload in memory is smaller");
    BASE64_STANDARD.encode([&salt[..], &iv, &sealed].concat())
}

/// Decrypts a container; see [`Opener::open`].
///
/// # Errors
/// As there.
pub fn decrypt(text: &str, passphrase: &Password) -> Result<Zeroizing<Vec<u8>>, BackupFileError> {
    Opener::new(passphrase).open(text)
}

/// A passphrase, and the keys that were derived from it: many files with one
/// salt cost one derivation.
pub struct Opener {
    forms: Vec<Password>,
    ciphers: HashMap<[u8; SALT_LEN], Aes256Gcm>,
}

impl Opener {
    /// Nothing is derived yet.
    #[must_use]
    pub fn new(passphrase: &Password) -> Self {
        Self {
            forms: passphrase.forms(),
            ciphers: HashMap::new(),
        }
    }

    /// The passphrase, in each form that it may have been typed in.
    #[must_use]
    pub fn forms(&self) -> Vec<&Password> {
        self.forms.iter().collect()
    }

    /// Decrypts a container; white space and a byte-order mark are passed over.
    /// A wrong passphrase costs both key derivations, about a second, for each
    /// form that one beyond ASCII may have been typed in.
    ///
    /// # Errors
    /// [`BackupFileError::NotABackup`] before any key is derived, else
    /// [`BackupFileError::WrongPassphraseOrDamaged`].
    pub fn open(&mut self, text: &str) -> Result<Zeroizing<Vec<u8>>, BackupFileError> {
        let bytes = decode(text)?;
        let (salt, rest) = bytes
            .split_first_chunk::<SALT_LEN>()
            .ok_or(BackupFileError::NotABackup)?;
        let (iv, sealed) = rest
            .split_first_chunk::<IV_LEN>()
            .ok_or(BackupFileError::NotABackup)?;
        let opened = |cipher: &Aes256Gcm| cipher.decrypt(&Nonce::from(*iv), sealed).ok();
        if let Some(plaintext) = self.ciphers.get(salt).and_then(opened) {
            return Ok(Zeroizing::new(plaintext));
        }
        for form in &self.forms {
            for cost in Cost::READ {
                let cipher = cipher(form, salt, *cost);
                if let Some(plaintext) = opened(&cipher) {
                    self.ciphers.insert(*salt, cipher);
                    return Ok(Zeroizing::new(plaintext));
                }
            }
        }
        Err(BackupFileError::WrongPassphraseOrDamaged)
    }
}

/// The container's bytes: enough of them for salt, IV, tag and a payload.
fn decode(text: &str) -> Result<Vec<u8>, BackupFileError> {
    if text.len() > MAX_TEXT_LEN {
        return Err(BackupFileError::NotABackup);
    }
    let compact: Vec<u8> = unmarked(text)
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    LENIENT
        .decode(compact)
        .ok()
        .filter(|bytes| bytes.len() > SALT_LEN + IV_LEN + TAG_LEN)
        .ok_or(BackupFileError::NotABackup)
}

fn cipher(passphrase: &Password, salt: &[u8; SALT_LEN], cost: Cost) -> Aes256Gcm {
    let mut key = Zeroizing::new([0; 32]);
    let params = Params::new(cost.0).expect("it takes 1,000 and more");
    // Not the generic function, which would be compiled here: this is optimised with
    // its crate, in debug builds too.
    pbkdf2_hmac_with_params(
        passphrase.as_bytes(),
        salt,
        Algorithm::Pbkdf2Sha256,
        params,
        &mut *key,
    );
    Aes256Gcm::new(key.as_slice().try_into().expect("the key has 32 bytes"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned())
    }

    #[test]
    fn what_is_no_backup_is_refused_before_any_key_is_derived() {
        let short = BASE64_STANDARD.encode([0; SALT_LEN + IV_LEN + TAG_LEN]);
        let long = "A".repeat(MAX_TEXT_LEN + 4);
        for text in ["", "{\"ids\":[]}", "not base64!", "é", &short, &long] {
            assert_eq!(
                decrypt(text, &password("passphrase")).err(),
                Some(BackupFileError::NotABackup)
            );
        }
    }

    #[test]
    fn a_text_of_4_mib_is_the_longest() {
        let decoded = |length: usize| decode(&"A".repeat(length)).map(|bytes| bytes.len());
        assert_eq!(decoded(MAX_TEXT_LEN), Ok(MAX_TEXT_LEN / 4 * 3));
        let longer = decoded(MAX_TEXT_LEN + 4);
        assert_eq!(longer, Err(BackupFileError::NotABackup));
    }

    #[test]
    fn line_breaks_and_missing_padding_are_tolerated() {
        let text = encrypt(
            b"payload",
            &password("passphrase"),
            Cost::STANDARD,
            [7; 16],
            [9; 12],
        );
        let mut wrapped = String::new();
        for (index, character) in text.trim_end_matches('=').chars().enumerate() {
            wrapped.push(character);
            if index % 20 == 19 {
                wrapped.push_str("\r\n");
            }
        }
        assert_eq!(
            *decrypt(&wrapped, &password("passphrase")).unwrap(),
            b"payload"
        );
    }

    #[test]
    fn a_passphrase_is_tried_in_its_other_forms() {
        let text = encrypt(
            b"p",
            &password("caf\u{e9}"),
            Cost::STANDARD,
            [7; 16],
            [9; 12],
        );
        let marked = format!("\u{feff}{text}\r\n");
        assert_eq!(*decrypt(&marked, &password("cafe\u{301}")).unwrap(), b"p");
    }

    #[test]
    fn every_byte_is_covered_by_the_tag() {
        let text = encrypt(
            b"p",
            &password("passphrase"),
            Cost::STANDARD,
            [7; 16],
            [9; 12],
        );
        let good = BASE64_STANDARD.decode(text).unwrap();
        // One place in each of salt, IV, ciphertext and tag: two derivations each.
        for position in [0, SALT_LEN, SALT_LEN + IV_LEN, good.len() - 1] {
            let mut bad = good.clone();
            bad[position] ^= 1;
            assert_eq!(
                decrypt(&BASE64_STANDARD.encode(bad), &password("passphrase")).err(),
                Some(BackupFileError::WrongPassphraseOrDamaged)
            );
        }
    }
}
