//! How a text stands for bytes: UTF-8, hex or base64 (RFC 4648).

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::text::excerpt;

/// The way a message or body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// The text itself.
    #[default]
    Utf8,
    /// Two hex digits a byte, of either case.
    Hex,
    /// Standard base64 with padding.
    Base64,
}

/// A text that is not what its encoding promises. Positions count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// A name that no encoding has.
    #[error("unknown encoding `{0}`: it is one of `utf8`, `hex`, `base64`")]
    Unknown(String),
    /// A character outside the alphabet.
    #[error("character {position} is not {encoding}")]
    Character {
        /// The alphabet that was expected.
        encoding: Encoding,
        /// Where, counted from 1.
        position: usize,
    },
    /// An incomplete text: an odd number of hex digits, base64 without padding.
    #[error("incomplete {encoding}: {length} characters")]
    Length {
        /// The encoding that was expected.
        encoding: Encoding,
        /// How many characters there are.
        length: usize,
    },
}

impl Encoding {
    /// The bytes the text stands for. White space around hex and base64 is
    /// passed over, as a file ends in a line feed.
    ///
    /// # Errors
    /// [`EncodingError`] says what is wrong and where.
    pub fn decode(self, text: &str) -> Result<Vec<u8>, EncodingError> {
        let trimmed = text.trim_ascii();
        let skipped = text.len() - text.trim_ascii_start().len();
        let character = |index: usize| EncodingError::Character {
            encoding: self,
            position: skipped + index + 1,
        };
        let length = EncodingError::Length {
            encoding: self,
            length: trimmed.len(),
        };
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Hex => hex::decode(trimmed).map_err(|error| match error {
                hex::FromHexError::InvalidHexCharacter { index, .. } => character(index),
                _ => length,
            }),
            Self::Base64 => BASE64_STANDARD
                .decode(trimmed)
                .map_err(|error| match error {
                    base64::DecodeError::InvalidByte(index, _)
                    | base64::DecodeError::InvalidLastSymbol { offset: index, .. } => {
                        character(index)
                    }
                    _ => length,
                }),
        }
    }

    /// The text that stands for the bytes; `None` where they are not UTF-8 and
    /// should be.
    #[must_use]
    pub fn encode(self, bytes: &[u8]) -> Option<Zeroizing<String>> {
        let text = match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok()?.to_owned(),
            Self::Hex => hex::encode(bytes),
            Self::Base64 => BASE64_STANDARD.encode(bytes),
        };
        Some(Zeroizing::new(text))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Encoding {
    type Err = EncodingError;

    fn from_str(name: &str) -> Result<Self, EncodingError> {
        [Self::Utf8, Self::Hex, Self::Base64]
            .into_iter()
            .find(|encoding| encoding.name() == name)
            .ok_or_else(|| EncodingError::Unknown(excerpt(name, 64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where() {
        let character = |encoding, position| Err(EncodingError::Character { encoding, position });
        let length = |encoding, length| Err(EncodingError::Length { encoding, length });
        let (hex, base64) = (Encoding::Hex, Encoding::Base64);
        assert_eq!(hex.decode("0a0g"), character(hex, 4));
        assert_eq!(hex.decode(" 0g"), character(hex, 3));
        assert_eq!(hex.decode("0a0"), length(hex, 3));
        assert_eq!(hex.decode("0x0a"), character(hex, 2));
        assert_eq!(base64.decode("aG k="), character(base64, 3));
        assert_eq!(base64.decode("aGk"), length(base64, 3));
        assert_eq!(base64.decode("aGl="), character(base64, 3));
        assert_eq!(base64.decode("a-_="), character(base64, 2));
    }

    #[test]
    fn a_final_line_feed_belongs_to_text_only() {
        assert_eq!(Encoding::Hex.decode("6869\n"), Ok(b"hi".to_vec()));
        assert_eq!(Encoding::Base64.decode("aGk=\n"), Ok(b"hi".to_vec()));
        assert_eq!(Encoding::Utf8.decode("hi\n"), Ok(b"hi\n".to_vec()));
    }

    #[test]
    fn names_are_read_back() {
        for encoding in [Encoding::Utf8, Encoding::Hex, Encoding::Base64] {
            assert_eq!(encoding.to_string().parse(), Ok(encoding));
        }
        assert_eq!(
            "HEX\x1b".parse::<Encoding>(),
            Err(EncodingError::Unknown("HEX\\u{1b}".to_owned()))
        );
    }
}
