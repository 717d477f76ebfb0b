//! What restores a wallet's keys, as it was written down: words or a seed, alone
//! or as `tokenpass export` shows them.
//!
//! `{"seed": hex, "mnemonic": words}`, either of which may be `null`; or the lines
//! `mnemonic: …` and `seed: …`.

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::keys::KeyError;
use super::mnemonic::{Mnemonic, MnemonicError, Seed};
use crate::text::marks::unmarked;

/// What was found.
pub enum Restoring {
    /// Words alone.
    Words(Mnemonic),
    /// A seed alone.
    Seed(Seed),
    /// An export with both.
    Both(Mnemonic, Seed),
}

/// Why nothing was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoringError {
    /// The words are wrong, or none.
    #[error(transparent)]
    Mnemonic(#[from] MnemonicError),
    /// The seed is wrong, or none.
    #[error(transparent)]
    Seed(#[from] KeyError),
    /// The export of a wallet that was made of a bare root key.
    #[error("this export holds neither words nor a seed: that wallet had none")]
    Empty,
}

impl Restoring {
    /// Reads words, or an export.
    ///
    /// # Errors
    /// [`RestoringError`] says what is wrong with them.
    pub fn of_words(text: &str) -> Result<Self, RestoringError> {
        match Export::read(text) {
            Some(export) => export.found(),
            None => Ok(Self::Words(Mnemonic::parse(text)?)),
        }
    }

    /// Reads a seed, or an export.
    ///
    /// # Errors
    /// [`RestoringError`] says what is wrong with it.
    pub fn of_seed(text: &str) -> Result<Self, RestoringError> {
        match Export::read(text) {
            Some(export) => export.found(),
            None => Ok(Self::Seed(Seed::from_hex(text)?)),
        }
    }
}

struct Secret(Zeroizing<String>);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        String::deserialize(reader).map(|text| Self(Zeroizing::new(text)))
    }
}

#[derive(Deserialize)]
struct Json {
    // Both are there, though they may be null: other JSON has them seldom.
    #[serde(deserialize_with = "Option::deserialize")]
    seed: Option<Secret>,
    #[serde(deserialize_with = "Option::deserialize")]
    mnemonic: Option<Secret>,
}

struct Export {
    seed: Option<Secret>,
    words: Option<Secret>,
}

impl Export {
    fn read(text: &str) -> Option<Self> {
        let text = unmarked(text).trim();
        if text.starts_with('{') {
            let Json { seed, mnemonic } = serde_json::from_str(text).ok()?;
            return Some(Self {
                seed,
                words: mnemonic,
            });
        }
        let named = |name: &str| {
            text.lines().find_map(|line| {
                let (before, after) = line.split_once(':')?;
                let is_named = before.trim().eq_ignore_ascii_case(name);
                is_named.then(|| Secret(Zeroizing::new(after.trim().to_owned())))
            })
        };
        let (seed, words) = (named("seed"), named("mnemonic"));
        (seed.is_some() || words.is_some()).then_some(Self { seed, words })
    }

    fn found(self) -> Result<Restoring, RestoringError> {
        let words = self.words.map(|words| Mnemonic::parse(&words.0));
        let seed = self.seed.map(|seed| Seed::from_hex(&seed.0));
        match (words.transpose()?, seed.transpose()?) {
            (Some(words), Some(seed)) => Ok(Restoring::Both(words, seed)),
            (Some(words), None) => Ok(Restoring::Words(words)),
            (None, Some(seed)) => Ok(Restoring::Seed(seed)),
            (None, None) => Err(RestoringError::Empty),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::keys::Flaw;
    use super::super::kind::Kind;
    use super::*;

    const WORDS: &str =
        "legal winner thank year wave sausage worth useful legal winner thank yellow";

    #[test]
    fn our_own_export_is_read_where_words_or_a_seed_are() {
        let seed = Mnemonic::parse(WORDS).unwrap().seed("");
        let hex = seed.expose_hex();
        for export in [
            format!("{{\"seed\":\"{}\",\"mnemonic\":\"{WORDS}\"}}\n", *hex),
            format!("\u{feff}mnemonic: {WORDS}\r\nseed: {}\r\n", *hex),
        ] {
            for read in [Restoring::of_words(&export), Restoring::of_seed(&export)] {
                let Ok(Restoring::Both(words, seed)) = read else {
                    panic!("both are there");
                };
                assert_eq!(*words.expose_phrase(), WORDS);
                assert_eq!(seed.expose_hex(), hex);
            }
        }
        let only = format!("{{\"seed\":\"{}\",\"mnemonic\":null}}", *hex);
        assert!(matches!(Restoring::of_words(&only), Ok(Restoring::Seed(_))));
        let only = format!("seed: {}", *hex);
        assert!(matches!(Restoring::of_seed(&only), Ok(Restoring::Seed(_))));
        let only = format!("mnemonic: {WORDS}");
        assert!(matches!(
            Restoring::of_words(&only),
            Ok(Restoring::Words(_))
        ));
        let none = "{\"seed\":null,\"mnemonic\":null}";
        assert_eq!(Restoring::of_seed(none).err(), Some(RestoringError::Empty));
    }

    #[test]
    fn other_json_is_named() {
        for json in [
            "{\"seed\":1}",
            "{\"mnemonic\":null}",
            "{\"xprv\":\"x\"}",
            "{",
        ] {
            assert_eq!(
                Restoring::of_words(json).err(),
                Some(RestoringError::Mnemonic(MnemonicError::Other(Kind::Json)))
            );
            let seed = KeyError::Seed(Flaw::Other(Kind::Json));
            assert_eq!(
                Restoring::of_seed(json).err(),
                Some(RestoringError::Seed(seed))
            );
        }
    }
}
