//! The Unicode forms of a password. Keyboards and file systems write `é` as one
//! character or as two; a key derivation sees different bytes.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// A new password as it goes into the key derivation: the profile OpaqueString
/// of RFC 8265, which makes every space an ASCII one and composes (NFC).
#[must_use]
pub fn opaque(text: &str) -> Zeroizing<String> {
    if text.is_ascii() {
        return Zeroizing::new(text.to_owned());
    }
    collected(|| text.chars().map(ascii_space).nfc())
}

/// The forms in which a password may have been sealed before [`opaque`] was the
/// rule: as given, then NFC, NFD and NFKD, each only once.
#[must_use]
pub fn all(text: &str) -> Vec<Zeroizing<String>> {
    let mut forms = vec![Zeroizing::new(text.to_owned())];
    if text.is_ascii() {
        return forms;
    }
    for form in [
        collected(|| text.nfc()),
        opaque(text),
        collected(|| text.nfd()),
        compatible(text),
    ] {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// NFKD, which also takes apart what only looks different: `ﬁ` and `fi`.
#[must_use]
pub fn compatible(text: &str) -> Zeroizing<String> {
    collected(|| text.nfkd())
}

/// Counts before it copies, since a text that grew would leave copies behind.
fn collected<I: Iterator<Item = char>>(chars: impl Fn() -> I) -> Zeroizing<String> {
    let length = chars().map(char::len_utf8).sum();
    let mut text = Zeroizing::new(String::with_capacity(length));
    text.extend(chars());
    text
}

/// The spaces of Unicode (category Zs) that are not U+0020.
fn ascii_space(c: char) -> char {
    match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        all(text).iter().map(|form| form.to_string()).collect()
    }

    #[test]
    fn ascii_has_one_form() {
        assert_eq!(texts("plain pass"), ["plain pass"]);
        assert_eq!(*opaque("plain pass"), "plain pass");
    }

    #[test]
    fn each_form_comes_once_and_the_given_one_first() {
        assert_eq!(texts("caf\u{e9}"), ["caf\u{e9}", "cafe\u{301}"]);
        assert_eq!(texts("cafe\u{301}"), ["cafe\u{301}", "caf\u{e9}"]);
        assert_eq!(texts("\u{fb01}\u{e9}").len(), 3);
    }

    #[test]
    fn new_passwords_are_composed_and_have_plain_spaces() {
        assert_eq!(*opaque("cafe\u{301}\u{a0}x\u{3000}"), "caf\u{e9} x ");
        // Compatible characters stay apart: NFC, not NFKC.
        assert_eq!(*opaque("\u{fb01}"), "\u{fb01}");
    }
}
