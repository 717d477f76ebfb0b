//! From words to the root key: BIP-39 mnemonics and seeds, the BIP-32 master
//! node, extended private keys.
//!
//! The crate `bip39` knows words and checksums. The two steps of BIP-32 that are
//! needed, the master node and reading an `xprv`, are done here, because crate
//! `bsv` checks no checksum and leaves copies of the key behind.

use std::fmt;

use bip39::Language;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use zeroize::{Zeroize, Zeroizing};

use super::base58;
use super::keys::{Flaw, KeyError, PrivateKey, decode_hex, instead};
use super::kind::Kind;
use super::recognise;
use crate::text::marks::compact_secret;
use crate::text::words;

/// The longest word that is repeated: those of the list have no more letters.
const LONGEST_WORD: usize = 8;

/// A text that is no BIP-39 mnemonic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MnemonicError {
    /// Not 12, 15, 18, 21 or 24 words.
    #[error("a mnemonic has 12, 15, 18, 21 or 24 words, not {0}")]
    WordCount(usize),
    /// A word that the English list does not have.
    #[error("word {position}{} is not in the BIP-39 English word list{}", Quoted(.word), Meant(.near))]
    UnknownWord {
        /// Which word, counted from 1.
        position: usize,
        /// The word, if it is one: anything else may be another secret.
        word: Option<String>,
        /// What may have been meant.
        near: Vec<&'static str>,
    },
    /// Every word exists, but not in this combination and order.
    #[error("the words do not fit together: one is wrong or they are in the wrong order")]
    Checksum,
    /// The words are good for another wallet.
    #[error("these words are an Electrum seed, which is no BIP-39 mnemonic: it makes other keys")]
    Electrum,
    /// What it is instead.
    #[error("these are no words, but {0}")]
    Other(Kind),
    /// Entropy for a new mnemonic must have 16, 20, 24, 28 or 32 bytes.
    #[error("a mnemonic cannot be made of {0} bytes of entropy")]
    Entropy(usize),
}

struct Quoted<'a>(&'a Option<String>);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .as_ref()
            .map_or(Ok(()), |word| write!(f, ", `{word}`,"))
    }
}

struct Meant<'a>(&'a [&'static str]);

impl fmt::Display for Meant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => Ok(()),
            words => write!(f, ": did you mean `{}`?", words.join("` or `")),
        }
    }
}

/// Counts words, of which the last may still be missing.
///
/// # Errors
/// [`MnemonicError::UnknownWord`] for the first that no mnemonic has.
pub fn count_words(text: &str) -> Result<usize, MnemonicError> {
    let read = Words::read(text);
    read.unknown.map_or(Ok(read.count), Err)
}

/// Words as they were written down.
struct Words {
    /// Those of the list, in full, one space between them.
    phrase: Zeroizing<String>,
    count: usize,
    /// The first that the list does not have.
    unknown: Option<MnemonicError>,
}

impl Words {
    fn read(text: &str) -> Self {
        let list = Language::English.word_list();
        let tidy = words::tidy(text);
        let mut read = Self {
            // No word is longer than its first four letters twice.
            phrase: Zeroizing::new(String::with_capacity(2 * tidy.len() + 1)),
            count: 0,
            unknown: None,
        };
        for word in tidy.split(' ').filter(|word| !word.is_empty()) {
            read.count += 1;
            match words::known(word, list) {
                Some(known) if read.phrase.is_empty() => read.phrase.push_str(known),
                Some(known) => read.phrase.extend([" ", known]),
                None if read.unknown.is_none() => {
                    read.unknown = Some(MnemonicError::UnknownWord {
                        position: read.count,
                        word: shown(word),
                        near: words::nearest(word, list),
                    });
                }
                None => {}
            }
        }
        read
    }
}

/// English BIP-39 words whose checksum is right. Wipes itself.
pub struct Mnemonic(bip39::Mnemonic);

impl Mnemonic {
    /// Reads 12 to 24 English words as people write them down: in any case, with
    /// any white space, commas and numbers, each by its first four letters at
    /// least.
    ///
    /// # Errors
    /// [`MnemonicError`] tells a wrong word (and which) from a wrong checksum,
    /// and what the text is if it is no words at all.
    pub fn parse(text: &str) -> Result<Self, MnemonicError> {
        if let Some(kind) = recognise::kind(text).filter(|kind| *kind != Kind::Words) {
            return Err(MnemonicError::Other(kind));
        }
        let read = Words::read(text);
        let error = match read.unknown {
            _ if !matches!(read.count, 12 | 15 | 18 | 21 | 24) => {
                MnemonicError::WordCount(read.count)
            }
            Some(unknown) => unknown,
            None => match bip39::Mnemonic::parse_in_normalized(Language::English, &read.phrase) {
                Ok(mnemonic) => return Ok(Self(mnemonic)),
                Err(_) => MnemonicError::Checksum,
            },
        };
        Err(match recognise::is_electrum_seed(&words::tidy(text)) {
            true => MnemonicError::Electrum,
            false => error,
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

/// A wrong word, where it looks like one.
fn shown(word: &str) -> Option<String> {
    let is_word = word.len() <= LONGEST_WORD && word.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word.then(|| word.to_owned())
}

/// The 64 bytes BIP-39 makes of a mnemonic and a passphrase, in one place on the
/// heap. Wipes itself.
pub struct Seed(Box<Zeroizing<[u8; 64]>>);

impl Seed {
    /// Takes the bytes as they are.
    pub fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(Box::new(Zeroizing::new(bytes)))
    }

    /// Reads 128 hex digits, with any white space.
    ///
    /// # Errors
    /// [`KeyError::Seed`] says where it stops being hex, that it is too short or
    /// too long, or what it is instead.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let mut seed = Self::from_bytes([0; 64]);
        decode_hex(&compact_secret(text), seed.0.as_mut_slice())
            .map_err(|flaw| KeyError::Seed(instead(text, Kind::Hex64).unwrap_or(flaw)))?;
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
    of_xprv(&compact_secret(xprv)).map_err(|flaw| {
        let other = instead(xprv, Kind::ExtendedPrivateKey);
        KeyError::ExtendedKey(other.unwrap_or(flaw))
    })
}

fn of_xprv(xprv: &str) -> Result<PrivateKey, Flaw> {
    let payload = base58::decode_check(xprv)?;
    // version 4 | depth 1 | parent 4 | child number 4 | chain code 32 | 00 key 32
    let payload: &[u8; 78] = payload.as_slice().try_into().map_err(|_| Flaw::Length)?;
    let (head, key) = payload.split_at(45);
    let flaw = match (head, key) {
        (head, _) if head[..4] != XPRV_VERSION => Flaw::Version,
        (head, _) if head[4] != 0 => Flaw::Depth(head[4]),
        (head, _) if head[5..13] != [0; 8] => Flaw::Version,
        (_, [0, key @ ..]) => {
            let key = key.try_into().expect("78 - 45 - 1 is 32");
            return PrivateKey::from_bytes(key).map_err(|_| Flaw::Range);
        }
        _ => Flaw::Version,
    };
    Err(flaw)
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
        let said = |text: &str| error(text).unwrap().to_string();
        let eleven = "abandon ".repeat(11);
        assert!(Mnemonic::parse(&format!("{eleven} ABOUT")).is_ok());
        assert_eq!(
            said(&format!("{eleven} abuot")),
            "word 12, `abuot`, is not in the BIP-39 English word list: did you mean `about`?"
        );
        let first = said(&format!("{} legall winer", "abandon ".repeat(10)));
        assert!(first.starts_with("word 11, `legall`"), "{first}");
        // What is no word may be a secret of another kind.
        for other in ["X\x1b[0m", "hunter2", "interdisciplinary"] {
            assert_eq!(
                said(&format!("{other} {eleven}")),
                "word 1 is not in the BIP-39 English word list"
            );
        }
        assert_eq!(
            error(&format!("{eleven} abandon")),
            Some(MnemonicError::Checksum)
        );
        assert_eq!(error(&eleven), Some(MnemonicError::WordCount(11)));
        assert_eq!(error(&eleven.repeat(9)), Some(MnemonicError::WordCount(99)));
        assert_eq!(error(""), Some(MnemonicError::WordCount(0)));
    }

    const WINNER: &str =
        "legal winner thank year wave sausage worth useful legal winner thank yellow";

    #[test]
    fn words_are_read_as_people_write_them_down() {
        let numbered = |mark: &str, after: &str| -> String {
            let words = WINNER.split(' ').enumerate();
            words
                .map(|(index, word)| format!("{}{mark}{word}{after}", index + 1))
                .collect()
        };
        let cut: Vec<_> = WINNER
            .split(' ')
            .map(|word| &word[..4.min(word.len())])
            .collect();
        for text in [
            WINNER.replace(' ', "\r\n"),
            WINNER.replace(' ', ", ") + ".",
            format!("\u{feff}{}\n", WINNER.to_uppercase()),
            numbered(". ", "\n"),
            numbered(") ", " "),
            numbered(": ", ", "),
            numbered(".", "\r\n"),
            cut.join(" "),
            "lega winn than year wave saus wort usef lega winn than yell".to_owned(),
        ] {
            let read = Mnemonic::parse(&text).map(|words| words.expose_phrase().to_string());
            assert_eq!(read.as_deref(), Ok(WINNER), "{text:?}");
        }
        // Three letters name no word.
        assert!(error(&WINNER.replace("yellow", "yel")).is_some());
    }

    #[test]
    fn what_is_no_mnemonic_is_named() {
        let electrum = "napkin remember anger mean exile order drift return ski toss breeze blade";
        assert_eq!(error(electrum), Some(MnemonicError::Electrum));
        for (text, kind) in [
            (
                "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn".to_owned(),
                Kind::Wif,
            ),
            ("ab".repeat(64), Kind::Hex64),
            ("{\"a\":[1]}".to_owned(), Kind::Json),
        ] {
            assert_eq!(error(&text), Some(MnemonicError::Other(kind)));
        }
        assert_eq!(
            Seed::from_hex(WINNER).err(),
            Some(KeyError::Seed(Flaw::Other(Kind::Words)))
        );
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
        assert!(Seed::from_hex(&format!("\u{feff}{}\r\n", "aF ".repeat(64))).is_ok());
        assert_eq!(
            error(&"g".repeat(128)),
            Some(KeyError::Seed(Flaw::Character(1)))
        );
    }
}
