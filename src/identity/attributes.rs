//! Attributes of an identity, their URNs and attestation hashes.
//!
//! An attribute is private: a name, a value and a random nonce. What goes on
//! chain is only the hash of `bap:attest:{hex(sha256(URN))}:{BAP ID}`, where the
//! URN is `urn:bap:id:{name}:{value}:{nonce}`; without the nonce nobody can try
//! values. The value stands in the URN as it is: only the name must be free of
//! colons for the two to be told apart.

use std::fmt;
use std::str::FromStr;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::BapId;
use crate::text;

/// The longest attribute name in bytes.
pub const MAX_NAME_LEN: usize = 128;

/// The longest attribute value in bytes: room for a small picture as data URL.
pub const MAX_VALUE_LEN: usize = 64 * 1024;

/// The most attributes an identity has.
pub const MAX_ATTRIBUTES: usize = 1_000;

/// Why an attribute is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// A name without a character.
    #[error("an attribute name is empty")]
    EmptyName,
    /// A name over [`MAX_NAME_LEN`].
    #[error("an attribute name has {0} bytes: at most {MAX_NAME_LEN} are allowed")]
    LongName(usize),
    /// A name with a colon, which separates the parts of a URN.
    #[error("attribute name `{0}` contains a colon")]
    Colon(String),
    /// A name with a line feed or the like.
    #[error("an attribute name contains control characters")]
    ControlCharacter,
    /// An empty value, which BAP cannot hold.
    #[error("attribute `{0}` has no value")]
    EmptyValue(AttributeName),
    /// A value over [`MAX_VALUE_LEN`].
    #[error("attribute `{0}` is too long: at most {MAX_VALUE_LEN} bytes are allowed")]
    LongValue(AttributeName),
    /// A nonce that is missing or that ends the URN early.
    #[error("attribute `{0}` has no usable nonce")]
    Nonce(AttributeName),
    /// More than [`MAX_ATTRIBUTES`].
    #[error("more than {MAX_ATTRIBUTES} attributes")]
    TooMany,
}

/// The name of an attribute: 1 to [`MAX_NAME_LEN`] bytes, no colon, no control
/// character. Names of schema.org are customary.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AttributeName(String);

impl AttributeName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AttributeName {
    type Err = AttributeError;

    fn from_str(name: &str) -> Result<Self, AttributeError> {
        match name {
            "" => Err(AttributeError::EmptyName),
            _ if name.len() > MAX_NAME_LEN => Err(AttributeError::LongName(name.len())),
            _ if name.chars().any(char::is_control) => Err(AttributeError::ControlCharacter),
            _ if name.contains(':') => Err(AttributeError::Colon(text::excerpt(name, 80))),
            _ => Ok(Self(name.to_owned())),
        }
    }
}

impl fmt::Display for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value and the nonce that hides it. Both are private: no `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The value, any text.
    #[serde(deserialize_with = "text_of_scalar")]
    pub value: String,
    /// What makes the hash of the URN unguessable: 32 random bytes in hex where
    /// TokenPass made it, any text elsewhere.
    #[serde(deserialize_with = "text_of_scalar")]
    pub nonce: String,
}

/// The attributes of one identity, in the order in which they were added, which
/// is the order of their URNs.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "RawAttributes")]
pub struct Attributes(Vec<(AttributeName, Attribute)>);

impl Attributes {
    /// The attribute with a name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.iter()
            .find(|(known, _)| known.as_str() == name)
            .map(|(_, attribute)| attribute)
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&AttributeName, &Attribute)> {
        self.0.iter().map(|(name, attribute)| (name, attribute))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a value. A known attribute keeps its nonce, as in `bsv-bap`; a new
    /// one takes `nonce`, which must be fresh and random.
    ///
    /// # Errors
    /// [`AttributeError`] for an empty or overlong value, or too many attributes.
    pub fn set(
        &mut self,
        name: AttributeName,
        value: &str,
        nonce: [u8; 32],
    ) -> Result<(), AttributeError> {
        let nonce = match self.get(name.as_str()) {
            Some(known) => known.nonce.clone(),
            None => hex::encode(nonce),
        };
        let value = value.to_owned();
        self.insert(name, Attribute { value, nonce })
    }

    /// Removes an attribute; whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(known, _)| known.as_str() != name);
        self.0.len() < before
    }

    /// Makes one attribute what it is in another list: also none.
    pub(super) fn take(&mut self, name: &str, from: &Self) -> Result<(), AttributeError> {
        match from.get(name) {
            Some(attribute) => self.insert(name.parse()?, attribute.clone()),
            None => {
                self.remove(name);
                Ok(())
            }
        }
    }

    /// Puts them in the order of their names.
    pub(super) fn sort(&mut self) {
        self.0.sort_by(|(one, _), (other, _)| one.cmp(other));
    }

    /// The URN of one attribute.
    pub fn urn(&self, name: &str) -> Option<String> {
        self.get(name).map(|attribute| urn(name, attribute))
    }

    /// The URNs of all attributes, each with a line feed after it.
    pub fn urns(&self) -> String {
        self.iter()
            .map(|(name, attribute)| urn(name.as_str(), attribute) + "\n")
            .collect()
    }

    fn insert(&mut self, name: AttributeName, attribute: Attribute) -> Result<(), AttributeError> {
        if attribute.value.is_empty() {
            return Err(AttributeError::EmptyValue(name));
        }
        if attribute.value.len() > MAX_VALUE_LEN {
            return Err(AttributeError::LongValue(name));
        }
        if attribute.nonce.is_empty() || attribute.nonce.len() > MAX_NAME_LEN {
            return Err(AttributeError::Nonce(name));
        }
        let full = self.0.len() == MAX_ATTRIBUTES;
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = attribute,
            None if full => return Err(AttributeError::TooMany),
            None => self.0.push((name, attribute)),
        }
        Ok(())
    }
}

fn urn(name: &str, Attribute { value, nonce }: &Attribute) -> String {
    format!("urn:bap:id:{name}:{value}:{nonce}")
}

/// What an attestation is made over: `bap:attest:{hex(sha256(urn))}:{BAP ID}`.
pub fn attestation(urn: &str, identity: &BapId) -> String {
    format!("bap:attest:{}:{identity}", hex::encode(Sha256::digest(urn)))
}

/// The SHA-256 of an [`attestation`]: what goes on chain, in hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttestationHash([u8; 32]);

/// Not an attestation hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an attestation hash: it is 64 hex digits")]
pub struct AttestationHashError;

impl AttestationHash {
    /// The hash of an attribute's URN for its identity.
    pub fn of(urn: &str, identity: &BapId) -> Self {
        Self(Sha256::digest(attestation(urn, identity)).into())
    }
}

impl fmt::Display for AttestationHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for AttestationHash {
    type Err = AttestationHashError;

    fn from_str(text: &str) -> Result<Self, AttestationHashError> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash).map_err(|_| AttestationHashError)?;
        Ok(Self(hash))
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Attributes as read, not checked yet, so that the error can be told apart.
#[derive(Default)]
pub(super) struct RawAttributes(Vec<(String, Attribute)>);

impl TryFrom<RawAttributes> for Attributes {
    type Error = AttributeError;

    fn try_from(raw: RawAttributes) -> Result<Self, AttributeError> {
        let mut attributes = Self::default();
        for (name, attribute) in raw.0 {
            attributes.insert(name.parse()?, attribute)?;
        }
        Ok(attributes)
    }
}

impl<'de> Deserialize<'de> for RawAttributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = RawAttributes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of attributes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawAttributes, A::Error> {
                let mut raw = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    raw.push(entry);
                }
                Ok(RawAttributes(raw))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// `bsv-bap` takes what it is given; a number or boolean in a URN reads as
/// JavaScript prints it, so it is kept as that text.
fn text_of_scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Scalar;

    impl Visitor<'_> for Scalar {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_string<E>(self, text: String) -> Result<String, E> {
            Ok(text)
        }

        fn visit_bool<E>(self, flag: bool) -> Result<String, E> {
            Ok(flag.to_string())
        }

        fn visit_u64<E>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_i64<E>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }

    deserializer.deserialize_any(Scalar)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn name(text: &str) -> AttributeName {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_must_leave_the_urn_readable() {
        assert_eq!(
            "a:b".parse::<AttributeName>(),
            Err(AttributeError::Colon("a:b".to_owned()))
        );
        assert_eq!("".parse::<AttributeName>(), Err(AttributeError::EmptyName));
        assert_eq!(
            "a\nb".parse::<AttributeName>(),
            Err(AttributeError::ControlCharacter)
        );
        assert_eq!(
            "x".repeat(129).parse::<AttributeName>(),
            Err(AttributeError::LongName(129))
        );
        assert!("Straße ✓".parse::<AttributeName>().is_ok());
    }

    #[test]
    fn a_changed_value_keeps_its_nonce_and_its_place() {
        let mut attributes = Attributes::default();
        attributes.set(name("b"), "1", [1; 32]).unwrap();
        attributes.set(name("a"), "2", [2; 32]).unwrap();
        attributes.set(name("b"), "x:y", [3; 32]).unwrap();
        let nonce = "01".repeat(32);
        assert_eq!(
            attributes.urns(),
            format!(
                "urn:bap:id:b:x:y:{nonce}\nurn:bap:id:a:2:{}\n",
                "02".repeat(32)
            )
        );
        assert!(attributes.remove("b"));
        assert!(!attributes.remove("b"));
        assert_eq!(attributes.len(), 1);
    }

    #[test]
    fn json_keeps_the_order_and_reads_scalars_as_text() {
        let json = r#"{"z":{"value":1,"nonce":"n"},"a":{"value":true,"nonce":"m"}}"#;
        let attributes: Attributes = serde_json::from_str(json).unwrap();
        assert_eq!(attributes.urns(), "urn:bap:id:z:1:n\nurn:bap:id:a:true:m\n");
        assert_eq!(
            serde_json::to_string(&attributes).unwrap(),
            r#"{"z":{"value":"1","nonce":"n"},"a":{"value":"true","nonce":"m"}}"#
        );
    }

    #[test]
    fn what_bap_can_not_hold_is_refused() {
        for json in [
            r#"{"a":{"value":"","nonce":"n"}}"#,
            r#"{"a":{"value":"v","nonce":""}}"#,
            r#"{"a":{"value":{"x":1},"nonce":"n"}}"#,
            r#"{"a:b":{"value":"v","nonce":"n"}}"#,
            r#"{"a":"v"}"#,
            r#"["a"]"#,
        ] {
            assert!(serde_json::from_str::<Attributes>(json).is_err(), "{json}");
        }
    }
}
