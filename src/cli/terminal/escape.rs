//! Foreign text on a terminal.
//!
//! Hosts, labels, profile fields and messages come from elsewhere. What a
//! terminal would obey in them, or a reader not see, is spelled out; which
//! characters these are, [`crate::text`] says.

use std::borrow::Cow;
use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::text;

/// The text with every unshowable character spelled out (`\u{1b}`), everything
/// else as it is.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    text::escape(text)
}

/// As [`line()`], but line breaks and tabs stay: for text of several lines.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    text::escape_except(text, |c| matches!(c, '\n' | '\t'))
}

/// A JSON document with such characters as JSON escapes. They can only stand
/// within its strings.
pub(crate) fn json(document: &str) -> Zeroizing<String> {
    let mut shown = Zeroizing::new(String::with_capacity(document.len() * 2));
    for c in document.chars() {
        if c != '\n' && text::is_unshowable(c) {
            // JSON escapes are UTF-16: a character may take two.
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stays_json() {
        let shown = json("{\n  \"a\": \"\u{9b}1m\u{202e}\u{e0041}ü\"\n}");
        assert_eq!(*shown, "{\n  \"a\": \"\\u009b1m\\u202e\\udb40\\udc41ü\"\n}");
        let read: serde_json::Value = serde_json::from_str(&shown).expect("it is JSON");
        assert_eq!(read["a"], "\u{9b}1m\u{202e}\u{e0041}ü");
    }

    #[test]
    fn lines_keep_their_breaks() {
        assert_eq!(line("a\n\u{200b}"), "a\\n\\u{200b}");
        assert_eq!(lines("a\n\tb\r\u{200b}"), "a\n\tb\\r\\u{200b}");
    }
}
