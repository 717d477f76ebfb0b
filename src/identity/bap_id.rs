//! The BAP ID: base58 of RIPEMD-160 of SHA-256 of the root address as ASCII,
//! without a checksum (BAP, "identity key").

use std::fmt;
use std::str::FromStr;

use ripemd::Ripemd160;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use crate::crypto::keys::Address;
use crate::text::excerpt;
use crate::text::marks::compact;

const HASH_LEN: usize = 20;

/// 20 bytes take at most 28 base58 digits.
const MAX_CHARS: usize = 28;

/// The name of an identity: base58 of 20 bytes, 20 to 28 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct BapId(String);

/// Not a BAP ID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a BAP ID: it is base58 of 20 bytes")]
pub struct BapIdError(String);

impl BapId {
    /// The identity that belongs to a root address.
    pub fn of_root_address(address: &Address) -> Self {
        let hash = Ripemd160::digest(Sha256::digest(address.to_string()));
        Self(bs58::encode(hash).into_string())
    }

    /// The base58 text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BapId {
    type Err = BapIdError;

    /// Reads base58, with any white space around it.
    fn from_str(text: &str) -> Result<Self, BapIdError> {
        let text = &*compact(text);
        let mut hash = [0; HASH_LEN];
        // The length first: base58 takes quadratic time.
        let fits = text.len() <= MAX_CHARS && bs58::decode(text).onto(&mut hash) == Ok(HASH_LEN);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(BapIdError(excerpt(text, 40)))
        }
    }
}

impl fmt::Display for BapId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for BapId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for BapId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_base58_of_twenty_bytes_is_a_bap_id() {
        assert!("3jNV7pKbXva3nwPx2vq9xv8FqYUS".parse::<BapId>().is_ok());
        assert!("11111111111111111111".parse::<BapId>().is_ok());
        for text in [
            "",
            "1111111111111111111",
            "3jNV7pKbXva3nwPx2vq9xv8FqYUS1",
            "3jNV7pKbXva3nwPx2vq9xv",
            "3jNV7pKbXva3nwPx2vq9xv8FqYU0",
            "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj",
            "zzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        ] {
            assert!(text.parse::<BapId>().is_err(), "{text}");
        }
    }
}
