//! Whether a wrong value may be a secret that was put in the wrong place, and so
//! must not be repeated in a message.
//!
//! A guess by the form alone: keys and tokens by their alphabets, words by their
//! number, passwords by being unlike what belongs on a command line. It errs on
//! the side of silence; short values are always shown.

/// Shorter values are of use to nobody.
const SHORT: usize = 8;

/// Words that look like a mnemonic or a passphrase.
const MANY_WORDS: usize = 3;

/// The shortest run of hex digits that is a key, and of letters and digits:
/// addresses are shorter.
const HEX_KEY: usize = 32;
const LONG_RUN: usize = 45;

/// A path as a message shows it: whole, unless a secret was given in its place.
#[must_use]
pub fn path(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    match is_likely(&text) && !text.contains(['/', '\\']) {
        true => "…".to_owned(),
        false => text,
    }
}

/// Whether the text looks like a password, a key, words or a token.
#[must_use]
pub fn is_likely(text: &str) -> bool {
    let text = super::marks::unmarked(text).trim();
    if text.chars().count() < SHORT {
        return false;
    }
    text.contains(['{', '"', '\n', '\r'])
        || text.split_whitespace().count() >= MANY_WORDS
        || has_key(text)
        || text.split_whitespace().any(is_like_a_password)
}

/// A run of hex, base58 or base64 that is long enough for a key, or a UUID, the
/// form of access tokens.
fn has_key(text: &str) -> bool {
    let runs = || text.split(|c: char| !c.is_ascii_alphanumeric());
    let hex = |run: &&str| run.bytes().all(|byte| byte.is_ascii_hexdigit());
    let uuid = || {
        let lengths: Vec<_> = runs().filter(hex).map(str::len).collect();
        lengths.windows(5).any(|five| five == [8, 4, 4, 4, 12])
    };
    runs()
        .filter(hex)
        .any(|run| run.len() >= HEX_KEY && !is_public_key(run))
        || runs().any(|run| run.len() >= LONG_RUN && !is_public_key(run) && !is_segwit(run))
        || uuid()
}

fn is_public_key(run: &str) -> bool {
    run.len() == 66 && (run.starts_with("02") || run.starts_with("03"))
}

fn is_segwit(run: &str) -> bool {
    let run = run.to_ascii_lowercase();
    run.len() <= 62 && (run.starts_with("bc1") || run.starts_with("tb1"))
}

/// Letters with digits, signs or accents among them, and nothing of a path, a
/// host, a time or an address about it.
fn is_like_a_password(word: &str) -> bool {
    if word.chars().count() < SHORT || word.contains(['/', '.', ':', '|', '\\']) {
        return false;
    }
    let has = |kind: fn(char) -> bool| word.chars().any(kind);
    let digits = has(|c| c.is_ascii_digit()) && has(|c| c.is_ascii_alphabetic());
    let signs = has(|c| c.is_ascii_punctuation() && !matches!(c, '-' | '_' | ',' | '='));
    let other = has(|c| !c.is_ascii());
    let parts = word
        .split(['-', '_', ',', '='])
        .filter(|part| !part.is_empty());
    let is_public = is_base58_name(word) || is_public_key(word) || is_segwit(word);
    signs || other || (digits && !is_public) || (parts.count() >= MANY_WORDS && !word.contains(','))
}

/// An address or a BAP ID.
fn is_base58_name(word: &str) -> bool {
    let address = word.starts_with(['1', '3', 'm', 'n', '2']) && (25..=35).contains(&word.len());
    let id = (26..=28).contains(&word.len());
    (address || id) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_every_form_are_likely() {
        for secret in [
            "legal winner thank year",
            "correct horse battery",
            "plainpass-99",
            "caf\u{e9}-password",
            "P@ssw0rd!",
            "correct-horse-battery",
            "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
            "\u{feff}abababababababababababababababababababababababababababababababab\n",
            "S6c56bnXQiBjk9mqSYE7ykVQ7NzrRy",
            "7c1a3c0e-7a1f-4c27-9f5e-0123456789ab",
            "https://a.example/?token=7c1a3c0e-7a1f-4c27-9f5e-0123456789ab",
            "{\"seed\":null}",
        ] {
            assert!(is_likely(secret), "{secret}");
        }
    }

    #[test]
    fn plain_mistakes_are_not() {
        for value in [
            "",
            "soon",
            "hunter2",
            "fortnight",
            "1767323045678",
            "read_profile",
            "sign,encrypt,decrypt",
            "exam ple.com",
            "https://login.example.com/a",
            "localhost:3000",
            "my-host.example",
            "/home/ada/tokens 2026.txt",
            "2026-01-02T03:04:05.678",
            "19d583MBo2AMSNZVgGhBoUvjanMDYuj3Bx",
            "3jNV7pKbXva3nwPx2vq9xv8FqYUS",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "027aeae3bb69af61e1e314f3e074621c0d19b0a3283739daa3bd12b20de2fe7208",
            "--pasword-file",
        ] {
            assert!(!is_likely(value), "{value}");
        }
    }
}
