//! Hex and base64 (RFC 4648) that come piece by piece.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use zeroize::Zeroizing;

use super::encoding::{Encoding, EncodingError};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Decodes a text that comes in pieces. ASCII white space anywhere in hex and
/// base64 is passed over, and so is a byte-order mark in front.
pub struct Decoder {
    encoding: Encoding,
    /// Characters that wait for more, the last of what came.
    waiting: Zeroizing<Vec<u8>>,
    /// Bytes of text before the piece that is looked at.
    position: usize,
    /// Characters so far, without white space.
    characters: usize,
}

impl Decoder {
    /// Begins a text.
    pub fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            waiting: Zeroizing::default(),
            position: 0,
            characters: 0,
        }
    }

    /// Decodes the next piece and appends what it stands for. A mark is only
    /// looked for in the first piece.
    ///
    /// # Errors
    /// [`EncodingError::Character`] says where in the whole text.
    pub fn piece(&mut self, text: &[u8], decoded: &mut Vec<u8>) -> Result<(), EncodingError> {
        let group = match self.encoding {
            Encoding::Utf8 => {
                decoded.extend_from_slice(text);
                return Ok(());
            }
            Encoding::Hex => 2,
            Encoding::Base64 => 4,
        };
        let start = self.position;
        self.position += text.len();
        let content = match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(content) if start == 0 => content,
            _ => text,
        };
        let mut characters = std::mem::take(&mut self.waiting);
        let waited = characters.len();
        characters.extend(content.iter().filter(|byte| !byte.is_ascii_whitespace()));
        self.characters += characters.len() - waited;
        // The last group waits: it may have the padding.
        let whole = characters.len().saturating_sub(1) / group * group;
        let (now, later) = characters.split_at(whole);
        let padded = now.contains(&b'=');
        let good = !padded && self.decode(now, decoded);
        if !good || !later.iter().all(|byte| self.is_digit(*byte)) {
            let place = |wrong: &dyn Fn(u8) -> bool| content.iter().position(|byte| wrong(*byte));
            let wrong = place(&|byte| !self.belongs(byte)).or_else(|| place(&|byte| byte == b'='));
            return Err(match wrong {
                Some(index) => EncodingError::Character {
                    encoding: self.encoding,
                    position: start + (text.len() - content.len()) + index + 1,
                },
                None => self.incomplete(),
            });
        }
        self.waiting = Zeroizing::new(later.to_vec());
        Ok(())
    }

    /// Decodes what waits for more that did not come.
    ///
    /// # Errors
    /// [`EncodingError::Length`] where the text is incomplete.
    pub fn finish(self, decoded: &mut Vec<u8>) -> Result<(), EncodingError> {
        if self.decode(&self.waiting, decoded) {
            Ok(())
        } else {
            Err(self.incomplete())
        }
    }

    /// Whether the characters are whole groups, which are then appended.
    fn decode(&self, characters: &[u8], decoded: &mut Vec<u8>) -> bool {
        let start = decoded.len();
        match self.encoding {
            Encoding::Utf8 => characters.is_empty(),
            Encoding::Hex => {
                decoded.resize(start + characters.len() / 2, 0);
                hex::decode_to_slice(characters, &mut decoded[start..]).is_ok()
            }
            Encoding::Base64 => BASE64_STANDARD.decode_vec(characters, decoded).is_ok(),
        }
    }

    fn is_digit(&self, byte: u8) -> bool {
        match self.encoding {
            Encoding::Utf8 => true,
            Encoding::Hex => byte.is_ascii_hexdigit(),
            Encoding::Base64 => byte.is_ascii_alphanumeric() || b"+/=".contains(&byte),
        }
    }

    fn belongs(&self, byte: u8) -> bool {
        self.is_digit(byte) || byte.is_ascii_whitespace()
    }

    fn incomplete(&self) -> EncodingError {
        EncodingError::Length {
            encoding: self.encoding,
            length: self.characters,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(encoding: Encoding, text: &str, piece: usize) -> Result<Vec<u8>, EncodingError> {
        let mut decoder = Decoder::new(encoding);
        let mut decoded = Vec::new();
        for piece in text.as_bytes().chunks(piece) {
            decoder.piece(piece, &mut decoded)?;
        }
        decoder.finish(&mut decoded)?;
        Ok(decoded)
    }

    fn character(encoding: Encoding, position: usize) -> Result<Vec<u8>, EncodingError> {
        Err(EncodingError::Character { encoding, position })
    }

    fn length(encoding: Encoding, length: usize) -> Result<Vec<u8>, EncodingError> {
        Err(EncodingError::Length { encoding, length })
    }

    #[test]
    fn an_error_says_where_in_whatever_pieces_the_text_comes() {
        let (hex, base64) = (Encoding::Hex, Encoding::Base64);
        for piece in [3, 5, 100] {
            let decoded = |encoding, text| decoded(encoding, text, piece);
            assert_eq!(decoded(hex, "00 11\n22 3g 44"), character(hex, 11));
            assert_eq!(decoded(hex, "\u{feff}00xx"), character(hex, 6));
            assert_eq!(decoded(hex, "0 0 1"), length(hex, 3));
            assert_eq!(decoded(base64, "aGk\n*aGk="), character(base64, 5));
            assert_eq!(decoded(base64, "aGk"), length(base64, 3));
            assert_eq!(decoded(base64, "aGl="), length(base64, 4));
            assert!(decoded(base64, "aGk=aGk=").is_err());
            assert!(decoded(base64, "aGk==").is_err());
        }
    }

    #[test]
    fn padding_inside_is_where_the_error_is_and_a_mark_is_one_at_the_beginning_only() {
        let (hex, base64) = (Encoding::Hex, Encoding::Base64);
        assert_eq!(decoded(base64, "aGk=aGkx", 100), character(base64, 4));
        assert_eq!(decoded(hex, "000\u{feff}", 3), character(hex, 4));
    }

    proptest! {
        #[test]
        fn pieces_give_what_the_whole_gives(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            spaces in proptest::collection::vec((0..400_usize, r"[ \t\r\n]"), 0..20),
            piece in 3..64_usize,
            upper in any::<bool>(),
            mark in any::<bool>(),
        ) {
            for encoding in [Encoding::Hex, Encoding::Base64] {
                let mut text = encoding.encode(&bytes).unwrap().to_string();
                if upper && encoding == Encoding::Hex {
                    text.make_ascii_uppercase();
                }
                for (at, space) in &spaces {
                    let at = at % (text.len() + 1);
                    text.insert_str(at, space);
                }
                if mark {
                    text.insert(0, '\u{feff}');
                }
                prop_assert_eq!(decoded(encoding, &text, piece), Ok(bytes.clone()));
            }
        }
    }
}
