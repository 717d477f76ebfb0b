//! How a text stands for bytes: UTF-8, hex or base64 (RFC 4648).

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::text::{excerpt, marks};

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
    /// The bytes the text stands for. A leading byte-order mark and ASCII white
    /// space are no part of hex and base64, wherever lines were broken.
    ///
    /// # Errors
    /// [`EncodingError`] says what is wrong and where.
    pub fn decode(self, text: &str) -> Result<Vec<u8>, EncodingError> {
        if self == Self::Utf8 {
            return Ok(text.as_bytes().to_vec());
        }
        let compact = marks::compact_secret(text);
        let character = |index| EncodingError::Character {
            encoding: self,
            position: position_in(text, index),
        };
        let length = EncodingError::Length {
            encoding: self,
            length: compact.len(),
        };
        if self == Self::Hex {
            return hex::decode(compact.as_bytes()).map_err(|error| match error {
                hex::FromHexError::InvalidHexCharacter { index, .. } => character(index),
                _ => length,
            });
        }
        BASE64_STANDARD
            .decode(compact.as_bytes())
            .map_err(|error| match error {
                base64::DecodeError::InvalidByte(index, _)
                | base64::DecodeError::InvalidLastSymbol { offset: index, .. } => character(index),
                _ => length,
            })
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

/// Where a byte of the compact text stands in the text itself, counted from 1.
fn position_in(text: &str, index: usize) -> usize {
    let bytes = marks::unmarked(text).bytes().enumerate();
    let mut solid = bytes.filter(|(_, byte)| !byte.is_ascii_whitespace());
    let place = solid.nth(index).map_or(index, |(place, _)| place);
    text.len() - marks::unmarked(text).len() + place + 1
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
        assert_eq!(base64.decode("aG\n-="), character(base64, 4));
        assert_eq!(base64.decode("aGk"), length(base64, 3));
        assert_eq!(base64.decode("aGl="), character(base64, 3));
        assert_eq!(base64.decode("a-_="), character(base64, 2));
    }

    #[test]
    fn marks_and_white_space_are_no_part_of_hex_and_base64() {
        for text in ["6869", " 68\r\n69\r\n", "\u{feff}68 69", "6 8\t6 9"] {
            assert_eq!(Encoding::Hex.decode(text), Ok(b"hi".to_vec()));
        }
        for text in ["aGk=", "aG\nk=\n", "\u{feff}a G k ="] {
            assert_eq!(Encoding::Base64.decode(text), Ok(b"hi".to_vec()));
        }
        for text in ["68\u{feff}69", "68\u{a0}69"] {
            assert!(Encoding::Hex.decode(text).is_err(), "{text:?}");
        }
        let marked = Encoding::Utf8.decode("\u{feff}hi");
        assert_eq!(marked, Ok("\u{feff}hi".as_bytes().to_vec()));
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
