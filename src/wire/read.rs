//! From a JSON object to a request's struct, and what is said of a field that
//! cannot be used.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::crypto::secret::Password;

/// Why a body is not the request that it should be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum RequestError {
    /// There is no `password`: it has an error code of its own.
    #[error("`password` is needed")]
    PasswordNeeded,
    /// Anything else, in words that name the field.
    #[error("{0}")]
    Bad(String),
}

impl RequestError {
    /// Says what is wrong.
    pub(crate) fn bad(what: impl Into<String>) -> Self {
        Self::Bad(what.into())
    }

    /// Says what is wrong with a field.
    pub(crate) fn field(name: &str, what: impl Display) -> Self {
        Self::Bad(format!("`{name}`: {what}"))
    }
}

impl de::Error for RequestError {
    fn custom<T: Display>(what: T) -> Self {
        Self::Bad(what.to_string())
    }

    /// Never tells the value: it may be a secret in the wrong place.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Bad(format!("must be {expected}"))
    }

    fn missing_field(name: &'static str) -> Self {
        match name {
            "password" => Self::PasswordNeeded,
            name => Self::field(name, "is needed"),
        }
    }
}

/// The object as a struct reads it: the fields that the struct declares, in
/// that order, without those that are `null`.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    names: std::slice::Iter<'static, &'static str>,
    next: Option<(&'static str, &'a Value)>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(object: &'a Map<String, Value>) -> Self {
        Self {
            object,
            names: [].iter(),
            next: None,
        }
    }

    /// One field.
    pub(super) fn only<T: Deserialize<'a>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, RequestError> {
        self.given(name)
            .map(|value| named(name, T::deserialize(Field(value))))
            .transpose()
    }

    fn given(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }
}

fn named<T>(name: &str, outcome: Result<T, RequestError>) -> Result<T, RequestError> {
    outcome.map_err(|error| RequestError::field(name, error))
}

impl<'de> Deserializer<'de> for Fields<'de> {
    type Error = RequestError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RequestError> {
        visitor.visit_map(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RequestError> {
        self.names = names.iter();
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

impl<'a> MapAccess<'a> for Fields<'a> {
    type Error = RequestError;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, RequestError> {
        while let Some(name) = self.names.next() {
            if let Some(value) = self.given(name) {
                self.next = Some((name, value));
                return seed
                    .deserialize(BorrowedStrDeserializer::new(name))
                    .map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, RequestError> {
        let (name, value) = self.next.take().expect("a key comes before its value");
        named(name, seed.deserialize(Field(value)))
    }
}

/// The value of a field: a string, a number, an object, or an array of them.
/// No request has others.
#[derive(Clone, Copy)]
struct Field<'a>(&'a Value);

impl<'de> Deserializer<'de> for Field<'de> {
    type Error = RequestError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RequestError> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(values) => {
                let mut items = de::value::SeqDeserializer::new(values.iter().map(Field));
                visitor.visit_seq(&mut items)
            }
            Value::Number(number) => match (number.as_u64(), number.as_f64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Value::Object(fields) => Fields::of(fields).deserialize_any(visitor),
            _ => Err(de::Error::invalid_type(Unexpected::Other("JSON"), &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RequestError> {
        match self.0 {
            Value::Object(object) => Fields::of(object).deserialize_struct(name, fields, visitor),
            _ => Err(de::Error::custom("must be an object")),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RequestError> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(text),
            _ => Err(de::Error::custom("must be a string")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RequestError> {
        self.deserialize_str(visitor)
    }

    /// A `null` does not come this far.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RequestError> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier
        ignored_any
    }
}

impl<'a> IntoDeserializer<'a, RequestError> for Field<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A field whose string stands for a value.
pub(super) fn parsed<'a, D, T>(reader: D) -> Result<T, D::Error>
where
    D: Deserializer<'a>,
    T: FromStr<Err: Display>,
{
    <&str>::deserialize(reader)?
        .parse()
        .map_err(de::Error::custom)
}

/// The same, for one that may be absent.
pub(super) fn parsed_if_given<'a, D, T>(reader: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'a>,
    T: FromStr<Err: Display>,
{
    parsed(reader).map(Some)
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        // From a borrowed string, so that the only copies are those that are wiped.
        Self::entered(<&str>::deserialize(reader)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::Body;
    use super::*;
    use crate::crypto::encoding::Encoding;

    #[derive(Debug, serde::Deserialize)]
    struct Asked {
        second: String,
        first: Option<String>,
        #[serde(default, deserialize_with = "parsed_if_given")]
        encoding: Option<Encoding>,
    }

    fn body(text: &str) -> Body {
        Body::parse(text.as_bytes()).unwrap()
    }

    fn refused(text: &str) -> String {
        body(text).read::<Asked>().unwrap_err().to_string()
    }

    #[test]
    fn a_mistake_names_its_field() {
        assert_eq!(refused(r#"{"second":1}"#), "`second`: must be a string");
        assert_eq!(refused(r#"{"second":null}"#), "`second`: is needed");
        assert_eq!(
            refused(r#"{"second":"","first":[]}"#),
            "`first`: must be a string"
        );
        assert!(refused(r#"{"second":"","encoding":"latin1"}"#).starts_with("`encoding`: unknown"));
        // The first in the order of the struct, whatever the object's is.
        assert!(refused(r#"{"first":1,"second":1}"#).starts_with("`second`"));
    }

    #[test]
    fn null_is_as_good_as_absent_and_unknown_fields_are_ignored() {
        let asked: Asked = body(r#"{"second":"s","first":null,"more":{"a":[1]}}"#)
            .read()
            .unwrap();
        assert_eq!((asked.second.as_str(), asked.first), ("s", None));
        assert_eq!(asked.encoding, None);
    }

    #[test]
    fn a_missing_password_has_a_code_of_its_own() {
        let read = body("{}").read::<super::super::wallet::Login>();
        assert_eq!(read.map(drop).unwrap_err(), RequestError::PasswordNeeded);
    }
}
