//! Amounts of coins.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::text::excerpt;

/// An amount in satoshis, of which 100,000,000 are a coin. It is any `u64`;
/// what an output of a transaction may hold is [`Satoshis::MAX_MONEY`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Satoshis(pub u64);

impl Satoshis {
    /// 21 million coins: more than there will ever be.
    pub const MAX_MONEY: Self = Self(2_100_000_000_000_000);

    /// The sum; `None` beyond `u64`.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference; `None` below zero.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

/// The greatest whole number that JavaScript's `JSON.parse` keeps exactly.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A text that is not an amount.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not an amount: it is a whole number of satoshis, below 2^64")]
pub struct AmountError(String);

impl FromStr for Satoshis {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        // `u64` would also read a sign.
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let number = if digits { text.parse().ok() } else { None };
        number
            .map(Self)
            .ok_or_else(|| AmountError(excerpt(text, 40)))
    }
}

impl fmt::Display for Satoshis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number where every reader of JSON gets it right, else a string.
impl Serialize for Satoshis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            number @ ..=MAX_SAFE_INTEGER => serializer.serialize_u64(number),
            _ => serializer.collect_str(self),
        }
    }
}

/// From a whole number, or a string of its digits.
impl<'de> Deserialize<'de> for Satoshis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amount;

        impl Visitor<'_> for Amount {
            type Value = Satoshis;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a whole number of satoshis below 2^64, as a number or a string of digits",
                )
            }

            fn visit_u64<E>(self, number: u64) -> Result<Satoshis, E> {
                Ok(Satoshis(number))
            }

            fn visit_str<E: de::Error>(self, digits: &str) -> Result<Satoshis, E> {
                digits.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Amount)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_whole_number() {
        for text in [
            "0",
            "1",
            "9007199254740991",
            "9007199254740993",
            "18446744073709551615",
        ] {
            assert_eq!(text.parse::<Satoshis>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "-1",
            "+1",
            "1.0",
            "1e3",
            " 1",
            "0x1",
            "18446744073709551616",
            "١",
        ] {
            assert!(text.parse::<Satoshis>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn json_keeps_every_amount() {
        for (written, read) in [
            ("0", 0),
            ("9007199254740991", (1 << 53) - 1),
            ("\"9007199254740992\"", 1 << 53),
            ("\"18446744073709551615\"", u64::MAX),
        ] {
            let amount: Satoshis = serde_json::from_str(written).unwrap();
            assert_eq!(amount, Satoshis(read));
            assert_eq!(serde_json::to_string(&amount).unwrap(), written);
            let number: Satoshis = serde_json::from_str(&read.to_string()).unwrap();
            assert_eq!(number, amount);
        }
        for wrong in [
            "-1",
            "1.0",
            "1e3",
            "18446744073709551616",
            "\"1.5\"",
            "true",
            "[1]",
        ] {
            assert!(serde_json::from_str::<Satoshis>(wrong).is_err(), "{wrong}");
        }
    }
}
