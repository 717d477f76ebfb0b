//! A field that another field says how to read.

use zeroize::Zeroizing;

use super::{Body, RequestError};
use crate::crypto::encoding::Encoding;

/// A string that stands for bytes, in the encoding that another field names.
pub(crate) struct Encoded<'a> {
    text: &'a str,
    /// Absent where the string is itself the bytes.
    decoded: Option<Zeroizing<Vec<u8>>>,
}

impl<'a> Encoded<'a> {
    /// As it was sent.
    #[must_use]
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// What it stands for.
    #[must_use]
    pub(crate) fn bytes(&self) -> &[u8] {
        match &self.decoded {
            Some(bytes) => bytes,
            None => self.text.as_bytes(),
        }
    }

    /// Reads the field `name` in the encoding that the field `encoding` names,
    /// UTF-8 where it is absent.
    pub(super) fn read(
        body: &'a Body,
        name: &'static str,
        encoding: &'static str,
    ) -> Result<Option<Self>, RequestError> {
        let encoding = match body.field::<&str>(encoding)? {
            Some(word) => word
                .parse()
                .map_err(|error| RequestError::field(encoding, error))?,
            None => Encoding::default(),
        };
        let Some(text) = body.field(name)? else {
            return Ok(None);
        };
        let decoded = match encoding {
            Encoding::Utf8 => None,
            other => Some(Zeroizing::new(
                other
                    .decode(text)
                    .map_err(|error| RequestError::field(name, error))?,
            )),
        };
        Ok(Some(Self { text, decoded }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encoding_that_is_named() {
        let read = |text: &str| {
            let body = Body::parse(text.as_bytes()).unwrap();
            let encoded = Encoded::read(&body, "m", "e")?;
            Ok::<_, RequestError>(encoded.map(|encoded| encoded.bytes().to_vec()))
        };
        assert_eq!(read(r#"{"m":"00ff"}"#), Ok(Some(b"00ff".to_vec())));
        assert_eq!(read(r#"{"m":"00ff","e":"hex"}"#), Ok(Some(vec![0, 255])));
        assert_eq!(read(r#"{"e":"hex"}"#), Ok(None));
        for (text, said) in [
            (r#"{"m":"0g","e":"hex"}"#, "`m`"),
            (r#"{"m":"00","e":"latin1"}"#, "`e`"),
            (r#"{"m":"00","e":1}"#, "`e`"),
            (r#"{"m":[],"e":"hex"}"#, "`m`"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
