//! A request's body: one JSON object.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use zeroize::Zeroize;

use super::read::{Fields, RequestError};
use crate::text::excerpt;
use crate::text::marks::utf8;

/// The object; its strings are wiped when it is dropped, since one may be a
/// password.
#[derive(Default)]
pub(crate) struct Body(Map<String, Value>);

impl Body {
    /// Reads a JSON object: UTF-8, no field twice.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        let text = utf8(bytes).map_err(|flaw| RequestError::bad(format!("the body {flaw}")))?;
        if text.is_empty() {
            return Err(RequestError::bad(
                "the body is empty; a JSON object is needed",
            ));
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        let broken = |error| RequestError::bad(format!("the body is not a JSON object: {error}"));
        match NoFieldTwice.deserialize(&mut reader).map_err(broken)? {
            Value::Object(object) => {
                let body = Self(object);
                reader.end().map_err(broken)?;
                Ok(body)
            }
            mut other => {
                wipe(&mut other);
                reader.end().map_err(broken)?;
                Err(RequestError::bad("the body is JSON, but not an object"))
            }
        }
    }

    /// The fields of a request.
    ///
    /// # Errors
    /// The first field, in the order of `T`, that is missing or wrong.
    pub(crate) fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, RequestError> {
        T::deserialize(Fields::of(&self.0))
    }

    /// One field, where it is given.
    ///
    /// # Errors
    /// It is of another type.
    pub(crate) fn field<'a, T: Deserialize<'a>>(
        &'a self,
        name: &'static str,
    ) -> Result<Option<T>, RequestError> {
        Fields::of(&self.0).only(name)
    }

    /// A field that may be a string, where it is one.
    #[must_use]
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Whether a field is given; `null` counts as absent.
    #[must_use]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// The whole object, for what is stored as it is.
    #[must_use]
    pub(crate) fn into_object(mut self) -> Map<String, Value> {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

/// Wipes every string in a value.
pub(super) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

/// Reads JSON in which no object has a field twice, at any depth. `serde_json`
/// lets the last of two fields of a name win; two readers of one body could
/// then see different things.
struct NoFieldTwice;

impl<'de> DeserializeSeed<'de> for NoFieldTwice {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NoFieldTwice {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        loop {
            match values.next_element_seed(Self) {
                Ok(Some(value)) => array.push(value),
                Ok(None) => return Ok(array.into()),
                Err(error) => {
                    array.iter_mut().for_each(wipe);
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        // Wiped where a later field is wrong.
        let mut object = Body::default();
        while let Some(name) = fields.next_key::<String>()? {
            if object.0.contains_key(&name) {
                let name = excerpt(&name, 64);
                return Err(Error::custom(format!("the field `{name}` comes twice")));
            }
            object.0.insert(name, fields.next_value_seed(Self)?);
        }
        Ok(object.into_object().into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_mark_before_the_object_is_no_content() {
        let body = Body::parse("\u{feff}{\"a\":\"\u{feff}b\"}\r\n".as_bytes()).unwrap();
        assert_eq!(body.text("a"), Some("\u{feff}b"));
    }

    #[test]
    fn only_whole_objects_are_read() {
        for (bytes, said) in [
            (&b""[..], "empty"),
            (b"[]", "not an object"),
            (b"1", "not an object"),
            (b"{\"a\":1", "not a JSON object"),
            (b"{} {}", "trailing"),
            (b"{\"a\":\"\xff\"}", "not UTF-8"),
            (b"\xff\xfe{\0}\0", "UTF-16, save it as UTF-8"),
            (b"\xef\xbb\xbf", "empty"),
            (b"\xef\xbb\xbf\xef\xbb\xbf{}", "not a JSON object"),
            (b"{\"a\":1,\"a\":2}", "`a` comes twice"),
            (b"{\"a\":[{\"b\":{\"c\":1,\"c\":2}}]}", "`c` comes twice"),
        ] {
            let error = Body::parse(bytes).map(drop).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(500), "]".repeat(500));
        assert!(Body::parse(deep.as_bytes()).is_err());
    }
}
