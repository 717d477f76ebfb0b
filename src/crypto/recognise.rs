//! What a key, an address or a secret is, by its form and, where it has one, its
//! checksum.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;

use super::hash::sha256;
use super::kind::Kind;
use super::{base58, bech32};
use crate::text::marks::{compact_secret, unmarked};

/// What the text is, if that can be told.
#[must_use]
pub fn kind(text: &str) -> Option<Kind> {
    let trimmed = unmarked(text).trim();
    if trimmed.starts_with(['{', '[']) {
        return Some(Kind::Json);
    }
    if trimmed.split('|').count() == 5 {
        return Some(Kind::AuthToken);
    }
    if trimmed.contains("://") {
        return Some(Kind::Url);
    }
    let letters = |word: &str| {
        word.chars()
            .all(|c| c.is_alphabetic() || ".,:)".contains(c))
    };
    if trimmed
        .split_whitespace()
        .filter(|word| letters(word))
        .count()
        >= 3
    {
        return Some(Kind::Words);
    }
    let text = compact_secret(text);
    if text.is_empty() {
        return None;
    }
    of_hex(&text)
        .or_else(|| of_bech32(&text))
        .or_else(|| of_electrum(&text))
        .or_else(|| of_base58(&text))
        .or_else(|| of_base64(&text))
}

fn of_hex(text: &str) -> Option<Kind> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match (text.len(), &text.as_bytes()[..text.len().min(2)]) {
        (64, _) => Some(Kind::Hex32),
        (128, _) => Some(Kind::Hex64),
        (66, b"02" | b"03") | (130, b"04") => Some(Kind::PublicKey),
        (32.., _) => Some(Kind::Hex),
        _ => None,
    }
}

fn of_bech32(text: &str) -> Option<Kind> {
    if text.to_ascii_lowercase().starts_with("bitcoincash:") {
        return Some(Kind::CashAddress);
    }
    let witness = bech32::decode(text)?;
    Some(match (witness.network, witness.version) {
        (bech32::Network::Main, 0) => Kind::Bech32Address,
        (bech32::Network::Main, _) => Kind::TaprootAddress,
        (bech32::Network::Test, _) => Kind::TestnetBech32Address,
    })
}

fn of_electrum(text: &str) -> Option<Kind> {
    let (script, _) = text.split_once(':')?;
    let scripts = [
        "p2pkh",
        "p2wpkh",
        "p2wpkh-p2sh",
        "p2sh",
        "p2wsh",
        "p2wsh-p2sh",
    ];
    scripts.contains(&script).then_some(Kind::ElectrumKey)
}

fn of_base58(text: &str) -> Option<Kind> {
    if is_mini_key(text) {
        return Some(Kind::MiniKey);
    }
    let payload = base58::decode_check(text).ok()?;
    Some(match (payload.len(), &payload[..]) {
        (33, [0x80, ..]) | (34, [0x80, .., 1]) => Kind::Wif,
        (33, [0xef, ..]) | (34, [0xef, .., 1]) => Kind::TestnetWif,
        (39, [1, 0x42 | 0x43, ..]) => Kind::Bip38,
        (21, [0x00, ..]) => Kind::Address,
        (21, [0x05, ..]) => Kind::ScriptAddress,
        (21, [0x6f | 0xc4, ..]) => Kind::TestnetAddress,
        (78, [0x04, 0x88, 0xad, 0xe4, ..]) => Kind::ExtendedPrivateKey,
        (78, [0x04, 0x88, 0xb2, 0x1e, ..]) => Kind::ExtendedPublicKey,
        // SLIP-132: the first bytes of testnet's keys are 04 35, 04 4a, 04 5f, 02 42, 02 57.
        (78, [0x04, 0x35 | 0x4a | 0x5f, ..] | [0x02, 0x42 | 0x57, ..]) => Kind::TestnetExtendedKey,
        (78, [0x04, 0x9d | 0xb2, ..] | [0x02, 0x95 | 0xaa, ..]) => Kind::SegwitExtendedKey,
        _ => return None,
    })
}

/// A container has more bytes than anything else here, in letters of all kinds.
fn of_base64(text: &str) -> Option<Kind> {
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let has = |kind: fn(&u8) -> bool| text.bytes().any(|byte| kind(&byte));
    let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let mixed = mixed && text.bytes().all(base64);
    (text.len() > 120 && mixed).then_some(Kind::Backup)
}

/// Casascius' form: `S`, 21, 25 or 29 more characters, and the SHA-256 of it and
/// a `?` begins with a zero.
fn is_mini_key(text: &str) -> bool {
    matches!(text.len(), 22 | 26 | 30)
        && text.starts_with('S')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && sha256(format!("{text}?").as_bytes())[0] == 0
}

/// Whether words, in lower case with one space between them, are a seed of
/// Electrum 2 and later: standard, SegWit, or with two-factor authentication.
#[must_use]
pub fn is_electrum_seed(words: &str) -> bool {
    let mut mac = Hmac::<Sha512>::new_from_slice(b"Seed version").expect("HMAC takes any key");
    mac.update(words.as_bytes());
    let digest = mac.finalize().into_bytes();
    let version = hex::encode(&digest[..2]);
    version.starts_with("01")
        || ["100", "101", "102"]
            .iter()
            .any(|known| version.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told() {
        let encode = |payload: &[u8]| base58::encode_check(payload).to_string();
        let payload = |first: &[u8], length: usize, last: u8| {
            let mut payload = vec![last; length];
            payload[..first.len()].copy_from_slice(first);
            encode(&payload)
        };
        for (text, expected) in [
            (
                "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn".into(),
                Kind::Wif,
            ),
            (
                "5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf".into(),
                Kind::Wif,
            ),
            (
                "cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA".into(),
                Kind::TestnetWif,
            ),
            (
                "6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg".into(),
                Kind::Bip38,
            ),
            ("S6c56bnXQiBjk9mqSYE7ykVQ7NzrRy".into(), Kind::MiniKey),
            (
                "p2pkh:KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn".into(),
                Kind::ElectrumKey,
            ),
            ("ab".repeat(32), Kind::Hex32),
            (format!("0x{}", "AB".repeat(32)), Kind::Hex32),
            ("ab".repeat(64), Kind::Hex64),
            (format!("02{}", "ab".repeat(32)), Kind::PublicKey),
            ("ab".repeat(20), Kind::Hex),
            ("1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj".into(), Kind::Address),
            (
                "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN".into(),
                Kind::ScriptAddress,
            ),
            (
                "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn".into(),
                Kind::TestnetAddress,
            ),
            (
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4".into(),
                Kind::Bech32Address,
            ),
            (
                "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4".into(),
                Kind::Bech32Address,
            ),
            (
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0".into(),
                Kind::TaprootAddress,
            ),
            (
                "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx".into(),
                Kind::TestnetBech32Address,
            ),
            (
                "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a".into(),
                Kind::CashAddress,
            ),
            (
                payload(&[0x04, 0x88, 0xad, 0xe4], 78, 0),
                Kind::ExtendedPrivateKey,
            ),
            (
                payload(&[0x04, 0x88, 0xb2, 0x1e], 78, 2),
                Kind::ExtendedPublicKey,
            ),
            (
                payload(&[0x04, 0xb2, 0x43, 0x0c], 78, 0),
                Kind::SegwitExtendedKey,
            ),
            (
                payload(&[0x04, 0x9d, 0x78, 0x78], 78, 0),
                Kind::SegwitExtendedKey,
            ),
            (
                payload(&[0x04, 0x35, 0x83, 0x94], 78, 0),
                Kind::TestnetExtendedKey,
            ),
            ("{\"seed\":1}".into(), Kind::Json),
            ("\u{feff} [1]".into(), Kind::Json),
            ("legal winner thank".into(), Kind::Words),
            ("1. legal 2. winner 3. thank".into(), Kind::Words),
            ("TlfubfsP".repeat(20), Kind::Backup),
            ("02ab|brc77|now|/p|sig".into(), Kind::AuthToken),
            ("https://a.example".into(), Kind::Url),
        ] {
            assert_eq!(super::kind(&text), Some(expected), "{text}");
            assert_eq!(
                super::kind(&format!("{text}\r\n")),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "",
            "hello",
            "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhk",
            "S6c56bnXQiBjk9mqSYE7ykVQ7NzrRz",
            "electroencephalographs",
            // These hash as such a key does.
            "page59",
            "Sign221",
            "two words",
            &"TlfubfsP".repeat(15),
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn electrum_seeds_are_told_by_their_checksum() {
        let seed = "napkin remember anger mean exile order drift return ski toss breeze blade";
        assert!(is_electrum_seed(seed));
        // SegWit: the test vector of Electrum's documentation.
        assert!(is_electrum_seed(
            "wild father tree among universe such mobile favorite target dynamic credit identify"
        ));
        assert!(!is_electrum_seed(
            "legal winner thank year wave sausage worth useful legal winner thank yellow"
        ));
    }
}
