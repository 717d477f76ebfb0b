//! A request's JSON object, and its fields with their types checked.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::{Map, Value};
use zeroize::Zeroize;

use super::reply::ApiError;
use crate::crypto::encoding::Encoding;
use crate::crypto::secret::Password;

/// The object; its texts are wiped when it is dropped, since one may be a
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
        let object = reader
            .deserialize_map(NoFieldTwice)
            .and_then(|object| reader.end().map(|()| object))
            .map_err(|error| bad(&format!("the body is no JSON object: {error}")))?;
        Ok(Self(object))
    }

    /// The whole object.
    pub(super) fn into_object(mut self) -> Map<String, Value> {
        std::mem::take(&mut self.0)
    }

    /// A field; `null` is as good as absent.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        self.get(name)
            .map(|value| value.as_str().ok_or_else(|| field(name, "is no text")))
            .transpose()
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.text(name)?.ok_or_else(|| field(name, "is needed"))
    }

    /// A field whose text stands for a value of some type.
    pub(super) fn parsed<T>(&self, name: &str) -> Result<Option<T>, ApiError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.text(name)?.map(|text| parse(name, text)).transpose()
    }

    /// Text as bytes, in the encoding that another field names.
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

/// `serde_json` lets the last of two fields of a name win; two readers of
/// one body could then see different things.
struct NoFieldTwice;

impl<'de> Visitor<'de> for NoFieldTwice {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = fields.next_entry::<String, Value>()? {
            if object.contains_key(&name) {
                let name: String = name.chars().take(64).collect();
                return Err(serde::de::Error::custom(format!(
                    "the field `{name}` comes twice"
                )));
            }
            object.insert(name, value);
        }
        Ok(object)
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
            (b"[]", "no JSON object"),
            (b"1", "no JSON object"),
            (b"{\"a\":1", "no JSON object"),
            (b"{} {}", "trailing"),
            (b"{\"a\":\"\xff\"}", "not UTF-8"),
            (b"{\"a\":1,\"a\":2}", "`a` comes twice"),
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
