//! One argument.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use zeroize::Zeroizing;

/// An argument as it was sent. One of another type is no mistake until somebody
/// needs it.
#[derive(Default)]
pub(crate) enum Param<T> {
    /// Or `null`.
    #[default]
    Absent,
    Given(T),
    /// Of another type.
    Wrong,
}

/// An argument that cannot be used, and why, in the SDK's words where it has some.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub(crate) struct BadArgument {
    pub(crate) parameter: String,
    pub(crate) text: String,
}

impl BadArgument {
    /// As the SDK's `WERR_INVALID_PARAMETER` says it.
    pub(crate) fn must_be(parameter: &str, what: impl fmt::Display) -> Self {
        Self::new(
            parameter,
            format!("The {parameter} parameter must be {what}"),
        )
    }

    pub(crate) fn new(parameter: &str, text: impl Into<String>) -> Self {
        Self {
            parameter: parameter.to_owned(),
            text: text.into(),
        }
    }
}

impl<T: Sent> Param<T> {
    /// The value, where there is one.
    ///
    /// # Errors
    /// It is of another type.
    pub(crate) fn optional(&self, name: &str) -> Result<Option<&T>, BadArgument> {
        match self {
            Self::Absent => Ok(None),
            Self::Given(value) => Ok(Some(value)),
            Self::Wrong => Err(BadArgument::must_be(name, T::IS)),
        }
    }

    /// The value.
    ///
    /// # Errors
    /// There is none, or of another type.
    pub(crate) fn needed(&self, name: &str) -> Result<&T, BadArgument> {
        let value = self.optional(name)?;
        value.ok_or_else(|| BadArgument::must_be(name, T::IS))
    }
}

impl Param<bool> {
    /// Whether it is given and true.
    ///
    /// # Errors
    /// It is neither true nor false.
    pub(crate) fn is_set(&self, name: &str) -> Result<bool, BadArgument> {
        Ok(*self.optional(name)?.unwrap_or(&false))
    }

    /// There is no second keyring that a privileged call could mean.
    ///
    /// # Errors
    /// It is privileged.
    pub(crate) fn refuse_privilege(&self) -> Result<(), BadArgument> {
        if self.is_set("privileged")? {
            let what = "false: this wallet has no second, privileged keyring";
            return Err(BadArgument::must_be("privileged", what));
        }
        Ok(())
    }
}

/// What an argument can be.
pub(crate) trait Sent: Sized {
    /// What it must be, in words.
    const IS: &'static str;

    /// `None` for what is of another type.
    fn read<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Self>, D::Error> {
        Ok(Self::of(Value::deserialize(reader)?))
    }

    fn of(value: Value) -> Option<Self>;
}

impl<'de, T: Sent> Deserialize<'de> for Param<T> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Given<T>(Option<T>);

        impl<'de, T: Sent> Deserialize<'de> for Given<T> {
            fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
                T::read(reader).map(Self)
            }
        }

        Ok(match Option::<Given<T>>::deserialize(reader)? {
            None => Self::Absent,
            Some(Given(Some(value))) => Self::Given(value),
            Some(Given(None)) => Self::Wrong,
        })
    }
}

impl Sent for bool {
    const IS: &'static str = "true or false";

    fn of(value: Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Sent for String {
    const IS: &'static str = "a string";

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

/// A protocol as it was sent: `[level, name]`. The level is `None` where it is no
/// whole number from 0 up.
pub(crate) struct SentProtocol {
    pub(crate) level: Option<u64>,
    pub(crate) name: String,
}

impl Sent for SentProtocol {
    const IS: &'static str = "a security level of 0, 1 or 2 and a protocol name";

    fn of(value: Value) -> Option<Self> {
        let Value::Array(parts) = value else {
            return None;
        };
        let [level, Value::String(name)] = &*parts else {
            return None;
        };
        Some(Self {
            level: whole(level),
            name: name.clone(),
        })
    }
}

impl Sent for Zeroizing<Vec<u8>> {
    const IS: &'static str = "an array of bytes";

    /// Number by number: a `Value` takes up as much as thirty bytes.
    fn read<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Self>, D::Error> {
        reader.deserialize_any(Bytes)
    }

    fn of(_: Value) -> Option<Self> {
        None
    }
}

struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = Option<Zeroizing<Vec<u8>>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Self::Value, A::Error> {
        let mut bytes = Some(Zeroizing::default());
        while let Some(number) = numbers.next_element::<Value>()? {
            let byte = whole(&number).and_then(|number| u8::try_from(number).ok());
            match (byte, &mut bytes) {
                (Some(byte), Some(bytes)) => Vec::push(bytes, byte),
                _ => bytes = None,
            }
        }
        Ok(bytes)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// A whole number from 0 up, however JSON writes it: `1.0` is 1 to JavaScript.
fn whole(number: &Value) -> Option<u64> {
    number.as_u64().or_else(|| {
        let number = number.as_f64()?;
        let small = (0.0..=9_007_199_254_740_991.0).contains(&number) && number.fract() == 0.0;
        // Exact below 2^53.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        small.then_some(number as u64)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn bytes(json: &str) -> Param<Zeroizing<Vec<u8>>> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn bytes_are_numbers_from_0_to_255() {
        for (json, read) in [
            ("[]", &[][..]),
            ("[0,255,1.0]", &[0, 255, 1]),
            ("[-0.0]", &[0]),
        ] {
            assert_eq!(***bytes(json).needed("data").unwrap(), *read, "{json}");
        }
        for json in [
            "[256]",
            "[-1]",
            "[1.5]",
            "[\"1\"]",
            "[null]",
            "[[1]]",
            "\"\"",
            "{}",
            "{\"0\":1}",
            "1",
            "-1",
            "1.5",
            "true",
            "[1,{\"a\":[]},2]",
        ] {
            let error = bytes(json).optional("data").unwrap_err();
            let text = "The data parameter must be an array of bytes";
            assert_eq!(error, BadArgument::new("data", text), "{json}");
        }
        assert!(matches!(bytes("null"), Param::Absent));
        assert!(bytes("null").needed("data").is_err());
    }
}
