//! From an answer's struct to its bytes.

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::body::wipe;

/// The bytes of an answer. Fields are in the order of their names, at every
/// depth: a struct that is one names them so. The buffer wipes itself.
pub(crate) fn to_json(answer: &impl Serialize) -> Zeroizing<Vec<u8>> {
    let bytes = crate::identity::json(answer);
    debug_assert_eq!(*bytes, *sorted(&bytes), "fields out of order");
    bytes
}

/// The same document with its fields in the order of their names.
fn sorted(document: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut value = serde_json::from_slice(document).expect("what was just written is JSON");
    let bytes = crate::identity::json(&value);
    wipe(&mut value);
    bytes
}

/// Text that was asked for and may be secret; wipes itself.
pub(crate) struct Exposed(pub(crate) Zeroizing<String>);

impl Serialize for Exposed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl From<&str> for Exposed {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

/// `"success": true`: all that some answers say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Success;

impl Serialize for Success {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

/// What leaves as its text.
pub(super) fn as_text<S, T>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: std::fmt::Display,
{
    serializer.collect_str(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct InOrder {
        a: Vec<Success>,
        b: Exposed,
    }

    #[derive(Serialize)]
    struct OutOfOrder {
        b: Success,
        a: Success,
    }

    #[test]
    fn an_answer_is_written_as_it_is() {
        let answer = InOrder {
            a: vec![Success],
            b: "\"".into(),
        };
        assert_eq!(&**to_json(&answer), br#"{"a":[true],"b":"\""}"#);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "fields out of order")]
    fn fields_out_of_order_are_found() {
        let (a, b) = (Success, Success);
        to_json(&OutOfOrder { b, a });
    }
}
