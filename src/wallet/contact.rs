//! What a contact may be called, and what it may stand for.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::crypto::keys::{Address, PublicKey};
use crate::identity::BapId;
use crate::text::{escape, is_unshowable};

/// Characters of a name at most.
const MAX_NAME: usize = 64;

/// From here on a word of letters and digits alone may be an address or a key.
const MIN_ENCODED: usize = 26;

/// What somebody is called: composed (NFC), without anything that cannot be
/// seen, and nothing that could be taken for a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ContactName(String);

/// What cannot be a contact, or is none.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ContactError {
    /// Nothing, or too much.
    #[error("a contact's name has 1 to {MAX_NAME} characters")]
    NameLength,
    /// A name with a control character or the like.
    #[error("a contact's name cannot hold `{}`", escape(&.0.to_string()))]
    NameCharacter(char),
    /// A name that begins like an option.
    #[error("a contact's name cannot begin with `-`")]
    NameIsOption,
    /// A name that would stand in for somebody's key.
    #[error("a contact's name cannot look like a key, an address or a BAP ID")]
    NameIsKey,
    /// Neither a BAP ID nor a public key nor an address. It may be a secret: it
    /// is not repeated.
    #[error("a contact is a BAP ID, a public key (hex) or an address")]
    Target,
    /// The name means somebody else already.
    #[error("there is a contact `{0}` already")]
    Exists(String),
    /// Nobody is called that.
    #[error("no contact is called `{0}`")]
    Unknown(String),
}

impl ContactName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Names that differ only in case are one: they are typed from memory.
    pub(super) fn key(&self) -> String {
        self.0.to_lowercase().nfc().collect()
    }
}

impl FromStr for ContactName {
    type Err = ContactError;

    fn from_str(text: &str) -> Result<Self, ContactError> {
        let name: String = text.trim().nfc().take(MAX_NAME + 1).collect();
        if !(1..=MAX_NAME).contains(&name.chars().count()) {
            return Err(ContactError::NameLength);
        }
        let hidden = |c: char| is_unshowable(c) || (c.is_whitespace() && c != ' ');
        if let Some(c) = name.chars().find(|c| hidden(*c)) {
            return Err(ContactError::NameCharacter(c));
        }
        if name.starts_with('-') {
            return Err(ContactError::NameIsOption);
        }
        let is_hex = name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if name.parse::<ContactTarget>().is_ok() || is_hex || (is_word && name.len() >= MIN_ENCODED)
        {
            return Err(ContactError::NameIsKey);
        }
        Ok(Self(name))
    }
}

impl fmt::Display for ContactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "value")]
pub enum ContactTarget {
    /// An identity: what `friend` takes.
    #[serde(rename = "bapID")]
    BapId(BapId),
    /// A key to encrypt to, or that encrypted.
    #[serde(rename = "publicKey")]
    PublicKey(PublicKey),
    /// Whose signatures are checked.
    #[serde(rename = "address")]
    Address(Address),
}

impl ContactTarget {
    /// What kind of thing it is, with its article.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BapId(_) => "a BAP ID",
            Self::PublicKey(_) => "a public key",
            Self::Address(_) => "an address",
        }
    }

    /// The address that signatures of theirs name, where it is known.
    #[must_use]
    pub fn address(&self) -> Option<Address> {
        match self {
            Self::BapId(_) => None,
            Self::PublicKey(key) => Some(key.address()),
            Self::Address(address) => Some(*address),
        }
    }
}

impl FromStr for ContactTarget {
    type Err = ContactError;

    fn from_str(text: &str) -> Result<Self, ContactError> {
        let text = text.trim();
        let id = || text.parse().map(Self::BapId).ok();
        let key = || text.parse().map(Self::PublicKey).ok();
        let address = || text.parse().map(Self::Address).ok();
        key()
            .or_else(address)
            .or_else(id)
            .ok_or(ContactError::Target)
    }
}

impl fmt::Display for ContactTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BapId(id) => id.fmt(f),
            Self::PublicKey(key) => key.fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_a_person_can_read_and_type() {
        for (text, name) in [
            ("Alice", "Alice"),
            ("  Bob from work ", "Bob from work"),
            ("Jose\u{301}", "Jos\u{e9}"),
            ("李雷", "李雷"),
            ("maximilianschneider", "maximilianschneider"),
        ] {
            assert_eq!(text.parse::<ContactName>().unwrap().as_str(), name);
        }
        let key = |text: &str| text.parse::<ContactName>().unwrap().key();
        assert_eq!(key("ÉMILE"), key("e\u{301}mile"));
        for (text, error) in [
            ("", ContactError::NameLength),
            (" \t ", ContactError::NameLength),
            (&*"a".repeat(65), ContactError::NameLength),
            ("a\u{1b}[2J", ContactError::NameCharacter('\u{1b}')),
            ("a\nb", ContactError::NameCharacter('\n')),
            ("a\u{202e}b", ContactError::NameCharacter('\u{202e}')),
            ("a\u{200b}", ContactError::NameCharacter('\u{200b}')),
            ("a\u{a0}b", ContactError::NameCharacter('\u{a0}')),
            ("--force", ContactError::NameIsOption),
            ("3jNV7pKbXva3nwPx2vq9xv8FqYUS", ContactError::NameIsKey),
            (
                "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj",
                ContactError::NameIsKey,
            ),
            ("02ff", ContactError::NameIsKey),
            // One letter wrong is still no name.
            (
                "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhx",
                ContactError::NameIsKey,
            ),
        ] {
            assert_eq!(text.parse::<ContactName>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn who_is_meant_is_told_by_its_form() {
        let key = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf";
        for (text, kind) in [
            ("3jNV7pKbXva3nwPx2vq9xv8FqYUS", "a BAP ID"),
            (key, "a public key"),
            ("1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj", "an address"),
        ] {
            let target: ContactTarget = text.parse().unwrap();
            assert_eq!((target.kind(), target.to_string().as_str()), (kind, text));
        }
        let upper: ContactTarget = key.to_uppercase().parse().unwrap();
        assert_eq!(upper.to_string(), key);
        for text in [
            "",
            "alice",
            "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
        ] {
            let error = text.parse::<ContactTarget>().unwrap_err();
            assert_eq!(error, ContactError::Target);
        }
    }
}
