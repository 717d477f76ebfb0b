//! From an answer's struct to its bytes.

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::body::wipe;

/// The bytes of an answer. Fields are in the order of their names, at every
/// depth. Nothing that is written stays behind: the buffer is as large as the
/// document from the start and wipes itself, and what was sorted is wiped too.
pub(crate) fn to_json(answer: &impl Serialize) -> Zeroizing<Vec<u8>> {
    let mut sorted = serde_json::to_value(answer)
        .expect("an answer has text for keys and nothing that can fail");
    let bytes = crate::identity::json(&sorted);
    wipe(&mut sorted);
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

    #[test]
    fn fields_leave_in_the_order_of_their_names() {
        #[derive(Serialize)]
        struct Answer {
            b: Exposed,
            a: Vec<Success>,
        }
        let answer = Answer {
            b: "\"".into(),
            a: vec![Success],
        };
        assert_eq!(&**to_json(&answer), br#"{"a":[true],"b":"\""}"#);
    }
}
