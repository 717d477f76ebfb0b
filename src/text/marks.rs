//! Marks and line ends: what editors and shells put around a text, and nobody
//! sees.

use std::borrow::Cow;

use zeroize::Zeroizing;

/// The byte-order mark, as it stands in front of a UTF-8 text.
pub const MARK: char = '\u{feff}';

/// Why bytes are no text, or a text no secret of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFlaw {
    /// The other encoding of Unicode, which some editors write.
    #[error("is UTF-16, save it as UTF-8")]
    Utf16,
    /// Some other encoding, or no text at all.
    #[error("is not UTF-8 text")]
    NotUtf8,
    /// A line end within, or more than one at the end.
    #[error("holds more than one line")]
    Lines,
}

/// The text without a leading byte-order mark.
#[must_use]
pub fn unmarked(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// The bytes without a leading byte-order mark of UTF-8.
#[must_use]
pub fn unmarked_bytes(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// A text of UTF-8, without its mark.
///
/// # Errors
/// UTF-16 is told from other bytes that are no text.
pub fn utf8(bytes: &[u8]) -> Result<&str, TextFlaw> {
    if is_utf16(bytes) {
        return Err(TextFlaw::Utf16);
    }
    std::str::from_utf8(bytes)
        .map(unmarked)
        .map_err(|_| TextFlaw::NotUtf8)
}

/// Whether a mark says so, or every other byte of some is zero, as in Latin text.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).all(|byte| *byte == 0);
    bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || (bytes.len() >= 4 && bytes.len().is_multiple_of(2) && (zeros(0) || zeros(1)))
}

/// The text of a secret, which is one line: without its mark and final line end.
///
/// # Errors
/// [`TextFlaw::Lines`] where there is more than one line end.
pub fn one_line(text: &str) -> Result<&str, TextFlaw> {
    let line = without_line_end(unmarked(text));
    match line.contains(['\n', '\r']) {
        true => Err(TextFlaw::Lines),
        false => Ok(line),
    }
}

/// The text without one final LF, CR LF or CR.
#[must_use]
pub fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// What is around a key, an address, a signature or a token when it is copied:
/// a mark, ASCII white space, line breaks within. None of these is in any of
/// their alphabets.
#[must_use]
pub fn compact(text: &str) -> Cow<'_, str> {
    let text = unmarked(text).trim_ascii();
    match text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        true => Cow::Owned(text.split_ascii_whitespace().collect()),
        false => Cow::Borrowed(text),
    }
}

/// The same for what may be secret: the copy wipes itself, and is one only.
#[must_use]
pub fn compact_secret(text: &str) -> Zeroizing<String> {
    let mut compact = Zeroizing::new(String::with_capacity(text.len()));
    compact.extend(unmarked(text).split_ascii_whitespace());
    compact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_no_content_at_the_beginning_only() {
        assert_eq!(unmarked("\u{feff}a"), "a");
        assert_eq!(unmarked("a\u{feff}"), "a\u{feff}");
        assert_eq!(unmarked_bytes(b"\xef\xbb\xbf\xef\xbb\xbf"), b"\xef\xbb\xbf");
        assert_eq!(utf8(b"\xef\xbb\xbfa"), Ok("a"));
    }

    #[test]
    fn utf16_is_named() {
        for bytes in [
            &b"\xff\xfea\0"[..],
            b"\xfe\xff\0a",
            b"a\0b\0",
            b"\0a\0b",
            b"\xff\xfe",
        ] {
            assert_eq!(utf8(bytes), Err(TextFlaw::Utf16), "{bytes:?}");
        }
        assert_eq!(utf8(b"a\xff"), Err(TextFlaw::NotUtf8));
        assert_eq!(utf8(b""), Ok(""));
        assert_eq!(utf8(b"a\0"), Ok("a\0"));
    }

    #[test]
    fn one_line_end_is_dropped_and_more_is_an_error() {
        for text in ["p w", "p w\n", "p w\r\n", "p w\r", "\u{feff}p w\r\n"] {
            assert_eq!(one_line(text), Ok("p w"), "{text:?}");
        }
        for text in ["a\n\n", "a\r\n\r\n", "a\nb", "a\rb\n", "\na"] {
            assert_eq!(one_line(text), Err(TextFlaw::Lines), "{text:?}");
        }
        assert_eq!(one_line(" a "), Ok(" a "));
    }

    #[test]
    fn white_space_in_what_was_copied_is_passed_over() {
        for text in ["abcd", "\u{feff}abcd\r\n", " ab\ncd\t", "a b c d"] {
            assert_eq!(compact(text), "abcd");
            assert_eq!(*compact_secret(text), "abcd");
        }
        assert_eq!(compact("a\u{a0}b"), "a\u{a0}b");
    }
}
