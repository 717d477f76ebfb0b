//! Foreign text on a terminal.
//!
//! Hosts, labels, profile fields and messages come from elsewhere. A control
//! character in them could move the cursor, rewrite what is on the screen or
//! set the window's title; a bidirectional override could show one thing and
//! mean another. Both are shown as escapes instead.

use std::borrow::Cow;
use std::fmt::Write as _;

use zeroize::Zeroizing;

/// The text with every control and direction-changing character spelled out
/// (`\u{1b}`), everything else as it is.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    spelled_out(text, |_| false)
}

/// As [`line`], but line breaks and tabs stay: for text of several lines.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    spelled_out(text, |c| matches!(c, '\n' | '\t'))
}

/// A JSON document with such characters as JSON escapes. They can only stand
/// within its strings.
pub(crate) fn json(document: &str) -> Zeroizing<String> {
    let mut shown = Zeroizing::new(String::with_capacity(document.len() * 2));
    for c in document.chars() {
        if (c.is_control() && c != '\n') || is_direction_mark(c) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

fn spelled_out(text: &str, harmless: impl Fn(char) -> bool) -> Cow<'_, str> {
    let dangerous = |c: char| (c.is_control() || is_direction_mark(c)) && !harmless(c);
    if !text.contains(dangerous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if dangerous(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Unicode's bidirectional marks, embeddings, overrides and isolates.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(line("exämple.com ✓"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(line("a\u{1b}[2Jb\n\u{9b}"), "a\\u{1b}[2Jb\\n\\u{9b}");
        assert_eq!(line("gro.\u{202e}evil"), "gro.\\u{202e}evil");
    }

    #[test]
    fn json_stays_json() {
        let shown = json("{\n  \"a\": \"\u{9b}1m\u{202e}ü\"\n}");
        assert_eq!(*shown, "{\n  \"a\": \"\\u009b1m\\u202eü\"\n}");
        assert!(serde_json::from_str::<serde_json::Value>(&shown).is_ok());
    }

    #[test]
    fn lines_keep_their_breaks() {
        assert_eq!(lines("a\n\tb\r"), "a\n\tb\\r");
    }
}
