//! Foreign text: what comes from people, pages, files and other programs.
//!
//! The modules take it as people have it: [marks] that nobody sees and the ends
//! of lines, the Unicode [forms] of a password, [words] that were numbered or
//! cut short, a signed message in its [envelope].
//!
//! What follows here shows it, in a message, a log or on a terminal.
//!
//! A control character in it could move the cursor, forge a line of the log or
//! set a window's title; a direction mark could show one thing and mean
//! another; an invisible character makes two different names look alike. All of
//! them are spelled out (`\u{1b}`); everything else stays as it is.

pub mod envelope;
pub mod forms;
pub mod guessable;
pub mod marks;
pub mod secrecy;
pub mod words;

use std::borrow::Cow;

/// What stands where a text was cut.
const CUT: char = '…';

/// A sentence as it goes on after a colon.
#[must_use]
pub fn uncapitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// A wrong value as a message shows it: its [first characters](shortened), but
/// nothing of what is [likely a secret](secrecy::is_likely) in the wrong place.
///
/// This is how foreign text enters an error.
#[must_use]
pub fn excerpt(text: &str, max: usize) -> String {
    match secrecy::is_likely(text) {
        true => CUT.to_string(),
        false => shortened(text, max),
    }
}

/// The text's first `max` characters, [escaped](escape). A text that was cut
/// ends in `…`.
///
/// This is how a name enters a list, an audit entry or a note.
#[must_use]
pub fn shortened(text: &str, max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max) else {
        return escape(text).into_owned();
    };
    let mut shown = escape(&text[..end]).into_owned();
    shown.push(CUT);
    shown
}

/// The text with every [unshowable](is_unshowable) character spelled out.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    escape_except(text, |_| false)
}

/// As [`escape`], but the characters that `kept` names stay: line breaks, for
/// text of several lines.
#[must_use]
pub fn escape_except(text: &str, kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hidden = |c: char| is_unshowable(c) && !kept(c);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hidden(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal would obey the character, or a reader not see it: control
/// characters, line and paragraph separators, and all that Unicode counts as
/// `Default_Ignorable_Code_Point` (`DerivedCoreProperties.txt`, 16.0): direction
/// marks, zero-width characters, variation selectors, tags.
#[must_use]
pub fn is_unshowable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Line and paragraph separator; interlinear annotations.
            '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}'
            // Soft hyphen, combining grapheme joiner, Arabic letter mark.
            | '\u{ad}' | '\u{34f}' | '\u{61c}'
            // Fillers and vowels that show nothing.
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            // Mongolian variation selectors and vowel separator.
            | '\u{180b}'..='\u{180f}'
            // Zero-width space and joiners, direction marks, embeddings,
            // overrides, isolates, invisible operators.
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            // Variation selectors; the byte-order mark; unassigned, ignorable.
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fff8}'
            // Format controls of shorthand and musical notation.
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Tags and more variation selectors.
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_neither_changed_nor_copied() {
        for text in ["", "exämple.com ✓", "日本語", "a\\b `c`"] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
            assert_eq!(excerpt(text, 20), text);
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(escape("a\u{1b}[2Jb\n\u{9b}"), "a\\u{1b}[2Jb\\n\\u{9b}");
        assert_eq!(escape("gro.\u{202e}evil"), "gro.\\u{202e}evil");
    }

    #[test]
    fn what_a_reader_would_not_see_is_spelled_out() {
        for hidden in [
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{2060}',
            '\u{feff}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{2028}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e01ef}',
        ] {
            let shown = excerpt(&format!("a{hidden}b"), 80);
            assert_eq!(shown, format!("a\\u{{{:x}}}b", u32::from(hidden)));
        }
    }

    #[test]
    fn an_excerpt_counts_characters_and_says_that_it_was_cut() {
        assert_eq!(excerpt("äöü", 3), "äöü");
        assert_eq!(excerpt("äöüß", 3), "äöü…");
        assert_eq!(excerpt("\u{1b}\u{1b}", 1), "\\u{1b}…");
        assert_eq!(excerpt("a", 0), "…");
    }

    #[test]
    fn lines_keep_their_breaks_where_asked() {
        assert_eq!(escape_except("a\n\u{7}", |c| c == '\n'), "a\n\\u{7}");
    }
}
