//! A request's JSON object, and its fields with their types checked.

use std::fmt;
use std::str::FromStr;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use zeroize::Zeroize;

use super::error::ApiError;
use crate::crypto::encoding::Encoding;
use crate::crypto::secret::Password;

/// The object. Its strings are wiped when it is dropped, since one may be a
/// password. Unknown fields are ignored.
#[derive(Default)]
pub(super) struct Body(Map<String, Value>);

impl Body {
    /// Reads a JSON object: UTF-8, no field twice.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ApiError> {
        if bytes.is_empty() {
            return Err(bad("the body is empty; a JSON object is needed"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| bad("the body is not UTF-8"))?;
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = NoFieldTwice
            .deserialize(&mut reader)
            .and_then(|value| reader.end().map(|()| value))
            .map_err(|error| bad(&format!("the body is not a JSON object: {error}")))?;
        match value {
            Value::Object(object) => Ok(Self(object)),
            _ => Err(bad("the body is JSON, but not an object")),
        }
    }

    /// The whole object.
    pub(super) fn into_object(mut self) -> Map<String, Value> {
        std::mem::take(&mut self.0)
    }

    /// A field; `null` counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        self.get(name)
            .map(|value| {
                value
                    .as_str()
                    .ok_or_else(|| field(name, "must be a string"))
            })
            .transpose()
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.text(name)?.ok_or_else(|| field(name, "is needed"))
    }

    /// A field whose string stands for a value of some type.
    pub(super) fn parsed<T>(&self, name: &str) -> Result<Option<T>, ApiError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.text(name)?.map(|text| parse(name, text)).transpose()
    }

    /// A string as bytes, in the encoding that another field names.
    pub(super) fn bytes(&self, name: &str, encoding: &str) -> Result<Option<Vec<u8>>, ApiError> {
        let encoding: Encoding = self.parsed(encoding)?.unwrap_or_default();
        self.text(name)?
            .map(|text| {
                encoding
                    .decode(text)
                    .map_err(|error| field(name, &error.to_string()))
            })
            .transpose()
    }

    pub(super) fn password(&self, name: &str) -> Result<Option<Password>, ApiError> {
        Ok(self.text(name)?.map(|text| Password::new(text.to_owned())))
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

pub(super) fn parse<T>(name: &str, text: &str) -> Result<T, ApiError>
where
    T: FromStr<Err: fmt::Display>,
{
    text.parse()
        .map_err(|error: T::Err| field(name, &error.to_string()))
}

pub(super) fn field(name: &str, what: &str) -> ApiError {
    ApiError::BadRequest(format!("`{name}`: {what}"))
}

pub(super) fn bad(what: &str) -> ApiError {
    ApiError::BadRequest(what.to_owned())
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
        while let Some(value) = values.next_element_seed(Self)? {
            array.push(value);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if object.contains_key(&name) {
                let name: String = name.chars().take(64).collect();
                return Err(Error::custom(format!("the field `{name}` comes twice")));
            }
            object.insert(name, fields.next_value_seed(Self)?);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_whole_objects_are_read() {
        for (bytes, said) in [
            (&b""[..], "empty"),
            (b"[]", "not an object"),
            (b"1", "not an object"),
            (b"{\"a\":1", "not a JSON object"),
            (b"{} {}", "trailing"),
            (b"{\"a\":\"\xff\"}", "not UTF-8"),
            (b"{\"a\":1,\"a\":2}", "`a` comes twice"),
            (b"{\"a\":[{\"b\":{\"c\":1,\"c\":2}}]}", "`c` comes twice"),
        ] {
            let error = Body::parse(bytes).map(drop).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(500), "]".repeat(500));
        assert!(Body::parse(deep.as_bytes()).is_err());
    }

    #[test]
    fn an_error_names_the_field() {
        let body = Body::parse(br#"{"n":1,"e":"latin1","h":"0g","x":null}"#).unwrap();
        let told = |error: ApiError| error.to_string();
        assert!(told(body.required("n").unwrap_err()).starts_with("`n`"));
        assert!(told(body.required("x").unwrap_err()).starts_with("`x`"));
        assert!(told(body.bytes("h", "e").unwrap_err()).starts_with("`e`"));
        assert!(body.text("missing").unwrap().is_none());
    }
}
