//! From words to the root key: BIP-39 mnemonics and seeds, the BIP-32 master
//! node, extended private keys.
//!
//! The crate `bip39` knows words and checksums. The two steps of BIP-32 that are
//! needed, the master node and reading an `xprv`, are done here, because crate
//! `bsv` checks no checksum and leaves copies of the key behind.

use bip39::Language;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use zeroize::{Zeroize, Zeroizing};

use super::base58;
use super::keys::{Flaw, KeyError, PrivateKey, decode_hex};
use crate::text::excerpt;

/// A text that is no BIP-39 mnemonic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MnemonicError {
    /// Not 12, 15, 18, 21 or 24 words.
    #[error("a mnemonic has 12, 15, 18, 21 or 24 words, not {0}")]
    WordCount(usize),
    /// A word that the English list does not have.
    #[error("word {position}, `{word}`, is not in the BIP-39 English word list")]
    UnknownWord {
        /// Which word, counted from 1.
        position: usize,
        /// An excerpt of the word as read.
        word: String,
    },
    /// Every word exists, but not in this combination and order.
    #[error("the words do not fit together: one is wrong or they are in the wrong order")]
    Checksum,
    /// Entropy for a new mnemonic must have 16, 20, 24, 28 or 32 bytes.
    #[error("a mnemonic cannot be made of {0} bytes of entropy")]
    Entropy(usize),
}

/// Counts words, of which the last may still be missing.
///
/// # Errors
/// [`MnemonicError::UnknownWord`] for the first that no mnemonic has.
pub fn count_words(text: &str) -> Result<usize, MnemonicError> {
    let mut count = 0;
    for word in text.split_whitespace() {
        count += 1;
        let lower = Zeroizing::new(word.to_lowercase());
        if Language::English.find_word(&lower).is_none() {
            return Err(MnemonicError::UnknownWord {
                position: count,
                word: excerpt(word, 64),
            });
        }
    }
    Ok(count)
}

/// English BIP-39 words whose checksum is right. Wipes itself.
pub struct Mnemonic(bip39::Mnemonic);

impl Mnemonic {
    /// Reads 12 to 24 English words, in any case, with any white space.
    ///
    /// # Errors
    /// [`MnemonicError`] tells a wrong word (and which) from a wrong checksum.
    pub fn parse(text: &str) -> Result<Self, MnemonicError> {
        let mut phrase = Zeroizing::new(String::with_capacity(text.len() + 1));
        for word in text.split_whitespace() {
            phrase.extend(word.chars().flat_map(char::to_lowercase));
            phrase.push(' ');
        }
        let error = match bip39::Mnemonic::parse_in(Language::English, phrase.as_str()) {
            Ok(mnemonic) => return Ok(Self(mnemonic)),
            Err(error) => error,
        };
        Err(match error {
            bip39::Error::UnknownWord(index) => MnemonicError::UnknownWord {
                position: index + 1,
                word: excerpt(phrase.split_whitespace().nth(index).unwrap_or_default(), 64),
            },
            bip39::Error::InvalidChecksum => MnemonicError::Checksum,
            _ => MnemonicError::WordCount(phrase.split_whitespace().count()),
        })
    }

    /// Makes a mnemonic: 16 bytes give 12 words, 32 give 24.
    ///
    /// # Errors
    /// [`MnemonicError::Entropy`] for any other number of bytes than 16, 20, 24,
    /// 28 or 32.
    pub fn from_entropy(entropy: &[u8]) -> Result<Self, MnemonicError> {
        bip39::Mnemonic::from_entropy_in(Language::English, entropy)
            .map(Self)
            .map_err(|_| MnemonicError::Entropy(entropy.len()))
    }

    /// 12, 15, 18, 21 or 24.
    pub fn word_count(&self) -> usize {
        self.0.word_count()
    }

    /// The words, in lower case, one space between them.
    pub fn expose_phrase(&self) -> Zeroizing<String> {
        // 24 words of 8 letters at most: the buffer never moves.
        let mut phrase = Zeroizing::new(String::with_capacity(24 * 9));
        for word in self.0.words() {
            if !phrase.is_empty() {
                phrase.push(' ');
            }
            phrase.push_str(word);
        }
        phrase
    }

    /// The seed of words and passphrase (normalised to NFKD, as BIP-39 says);
    /// an empty passphrase is none.
    pub fn seed(&self, passphrase: &str) -> Seed {
        Seed::from_bytes(self.0.to_seed(passphrase))
    }
}

/// The 64 bytes BIP-39 makes of a mnemonic and a passphrase, in one place on the
/// heap. Wipes itself.
pub struct Seed(Box<Zeroizing<[u8; 64]>>);

impl Seed {
    /// Takes the bytes as they are.
    pub fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(Box::new(Zeroizing::new(bytes)))
    }

    /// Reads 128 hex digits.
    ///
    /// # Errors
    /// [`KeyError::Seed`] says where it stops being hex, or that it is too short
    /// or too long.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let mut seed = Self::from_bytes([0; 64]);
        decode_hex(text, seed.0.as_mut_slice()).map_err(KeyError::Seed)?;
        Ok(seed)
    }

    /// 128 lower-case hex digits.
    pub fn expose_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_slice()))
    }

    /// The bytes themselves.
    pub fn expose_bytes(&self) -> &[u8; 64] {
        &self.0
    }

    /// The private key of the BIP-32 master node `m`.
    ///
    /// # Errors
    /// [`KeyError::PrivateKey`] where BIP-32 says the seed has no master key; the
    /// chance is below one in 2^127.
    pub fn root_key(&self) -> Result<PrivateKey, KeyError> {
        let mut hmac = Hmac::<Sha512>::new_from_slice(b"Bitcoin seed")
            .expect("HMAC takes a key of any length");
        hmac.update(self.0.as_slice());
        let mut node = hmac.finalize().into_bytes();
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&node[..32]);
        node.as_mut_slice().zeroize();
        PrivateKey::from_bytes(&key)
    }
}

/// Version bytes of a mainnet extended private key, "xprv" (BIP-32).
const XPRV_VERSION: [u8; 4] = [0x04, 0x88, 0xAD, 0xE4];

/// The private key of a master node that is given as `xprv…` (BIP-32).
///
/// # Errors
/// [`KeyError::ExtendedKey`]: wrong length, checksum or version, a derived node
/// (depth above 0), or a key out of range.
pub fn root_key_from_xprv(xprv: &str) -> Result<PrivateKey, KeyError> {
    let payload = base58::decode_check(xprv).map_err(KeyError::ExtendedKey)?;
    // version 4 | depth 1 | parent 4 | child number 4 | chain code 32 | 00 key 32
    let payload: &[u8; 78] = payload
        .as_slice()
        .try_into()
        .map_err(|_| KeyError::ExtendedKey(Flaw::Length))?;
    let (head, key) = payload.split_at(45);
    let flaw = match (head, key) {
        (head, _) if head[..4] != XPRV_VERSION => Flaw::Version,
        (head, _) if head[4] != 0 => Flaw::Depth(head[4]),
        (head, _) if head[5..13] != [0; 8] => Flaw::Version,
        (_, [0, key @ ..]) => {
            let key = key.try_into().expect("78 - 45 - 1 is 32");
            return PrivateKey::from_bytes(key).map_err(|_| KeyError::ExtendedKey(Flaw::Range));
        }
        _ => Flaw::Version,
    };
    Err(KeyError::ExtendedKey(flaw))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn error(text: &str) -> Option<MnemonicError> {
        Mnemonic::parse(text).err()
    }

    #[test]
    fn the_wrong_word_is_named() {
        let unknown = |position, word: &str| {
            let word = word.to_owned();
            Some(MnemonicError::UnknownWord { position, word })
        };
        let eleven = "abandon ".repeat(11);
        assert!(Mnemonic::parse(&format!("{eleven} ABOUT")).is_ok());
        assert_eq!(error(&format!("{eleven} abuot")), unknown(12, "abuot"));
        assert_eq!(
            error(&format!("X\x1b[0m {eleven}")),
            unknown(1, "x\\u{1b}[0m")
        );
        assert_eq!(
            error(&format!("{eleven} abandon")),
            Some(MnemonicError::Checksum)
        );
        assert_eq!(error(&eleven), Some(MnemonicError::WordCount(11)));
        assert_eq!(error(&eleven.repeat(9)), Some(MnemonicError::WordCount(99)));
        assert_eq!(error(""), Some(MnemonicError::WordCount(0)));
    }

    #[test]
    fn entropy_has_five_lengths() {
        for len in 0..40 {
            let mnemonic = Mnemonic::from_entropy(&vec![0; len]);
            assert_eq!(
                mnemonic.is_ok(),
                [16, 20, 24, 28, 32].contains(&len),
                "{len}"
            );
        }
    }

    #[test]
    fn the_passphrase_is_normalised() {
        let mnemonic = Mnemonic::from_entropy(&[0; 16]).unwrap();
        let (composed, decomposed) = (mnemonic.seed("\u{e4}"), mnemonic.seed("a\u{308}"));
        assert_eq!(*composed.expose_hex(), *decomposed.expose_hex());
    }

    #[test]
    fn only_a_mainnet_master_key_is_a_root_key() {
        // Test vector 1 of BIP-32.
        let xprv = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";
        let key = root_key_from_xprv(xprv).unwrap();
        assert_eq!(
            hex::encode(*key.expose_bytes()),
            "e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35"
        );
        let changed = |index: usize, byte| {
            let mut payload = base58::decode_check(xprv).unwrap();
            payload[index] = byte;
            root_key_from_xprv(&base58::encode_check(&payload)).err()
        };
        let flaw = |flaw| Some(KeyError::ExtendedKey(flaw));
        assert_eq!(changed(1, 0x89), flaw(Flaw::Version));
        assert_eq!(changed(4, 1), flaw(Flaw::Depth(1)));
        assert_eq!(changed(5, 1), flaw(Flaw::Version));
        assert_eq!(changed(12, 1), flaw(Flaw::Version));
        assert_eq!(changed(45, 2), flaw(Flaw::Version));
        let short = base58::encode_check(&base58::decode_check(xprv).unwrap()[..77]);
        assert_eq!(root_key_from_xprv(&short).err(), flaw(Flaw::Length));
        let mistyped = xprv.replace("HEK3", "HEK4");
        assert_eq!(root_key_from_xprv(&mistyped).err(), flaw(Flaw::Checksum));
    }

    #[test]
    fn a_seed_is_128_hex_digits() {
        let error = |text: &str| Seed::from_hex(text).err();
        assert!(Seed::from_hex(&"aF".repeat(64)).is_ok());
        assert_eq!(error(&"a".repeat(127)), Some(KeyError::Seed(Flaw::Length)));
        assert_eq!(error(&"a".repeat(130)), Some(KeyError::Seed(Flaw::Length)));
        assert_eq!(
            error(&"g".repeat(128)),
            Some(KeyError::Seed(Flaw::Character(1)))
        );
    }
}
