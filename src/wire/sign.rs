//! Sign and verify.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

#[cfg(test)]
use schemars::JsonSchema;

use super::encoded::Encoded;
use super::read::parsed;
use super::write::as_text;
use super::{Body, RequestError, Success};
use crate::crypto::auth_token::{AuthToken, Scheme};
use crate::crypto::bsm::Signature;
use crate::crypto::encoding::Encoding;
#[cfg(test)]
use crate::crypto::keys::Address;
use crate::crypto::keys::WrittenAddress;
use crate::crypto::signer_address::SignerAddress;
use crate::wallet::{self, Timestamp};

/// `message` is signed as a Bitcoin Signed Message; without it, `path` and
/// `body` as a bitcoin-auth token.
pub(crate) struct Sign<'a> {
    /// Sign as this identity, by its BAP ID, instead of the host. The token
    /// must have been granted for it.
    pub(crate) identity_key: Option<String>,
    /// What is signed.
    pub(crate) what: ToSign<'a>,
}

/// What is signed.
pub(crate) enum ToSign<'a> {
    /// A message.
    Message(Encoded<'a>),
    /// A request.
    Request(Request<'a>),
}

/// The request that a bitcoin-auth token goes with.
pub(crate) struct Request<'a> {
    /// Its path.
    pub(crate) path: String,
    /// Its body, where it has one.
    pub(crate) body: Option<Encoded<'a>>,
    /// How the token is signed.
    pub(crate) scheme: Scheme,
}

impl<'a> Sign<'a> {
    /// Reads the message, or where there is none, the request.
    ///
    /// # Errors
    /// Neither is there, or a field is wrong.
    pub(crate) fn read(body: &'a Body) -> Result<Self, RequestError> {
        let identity_key = body.field("identityKey")?;
        let what = match Encoded::read(body, "message", "encoding")? {
            Some(message) => ToSign::Message(message),
            None => ToSign::Request(Request::read(body)?),
        };
        Ok(Self { identity_key, what })
    }
}

impl<'a> Request<'a> {
    fn read(body: &'a Body) -> Result<Self, RequestError> {
        let Some(path) = body.field("path")? else {
            return Err(RequestError::bad("`message` or `path` is needed"));
        };
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct How {
            #[serde(default, deserialize_with = "parsed")]
            signature_type: Scheme,
        }
        let request_body = Encoded::read(body, "body", "bodyEncoding")?;
        let How { signature_type } = body.read()?;
        Ok(Self {
            path,
            body: request_body,
            scheme: signature_type,
        })
    }
}

/// A signature over a message, or over a request.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(JsonSchema), schemars(transform = super::schema::one_of))]
pub(crate) enum Signed<'a> {
    /// A message.
    Message(SignedMessage<'a>),
    /// A request.
    Request(SignedRequest),
}

/// A message with its signature.
#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(JsonSchema),
    schemars(inline, title = "Message", deny_unknown_fields)
)]
pub(crate) struct SignedMessage<'a> {
    /// Whose key signed.
    #[cfg_attr(test, schemars(with = "Address"))]
    pub(crate) address: WrittenAddress,
    /// As it was sent.
    pub(crate) message: &'a str,
    /// The recovery id, as remote signers of `sigma-protocol` want it.
    #[cfg_attr(test, schemars(range(min = 0, max = 3)))]
    pub(crate) recovery: u8,
    /// The signature.
    #[serde(serialize_with = "as_text")]
    pub(crate) sig: Signature,
    /// When it was signed.
    pub(crate) ts: Timestamp,
}

impl<'a> SignedMessage<'a> {
    /// The answer to `message`, signed at `ts`.
    pub(crate) fn new(message: &'a str, signed: &wallet::SignedMessage, ts: Timestamp) -> Self {
        Self {
            address: signed.address.clone(),
            message,
            sig: signed.signature,
            ts,
            recovery: signed.signature.recovery_id(),
        }
    }
}

/// The token that goes with a request.
#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(JsonSchema),
    schemars(inline, title = "Request", deny_unknown_fields)
)]
pub(crate) struct SignedRequest {
    /// Always true.
    pub(crate) success: Success,
    /// A bitcoin-auth token: `public key|scheme|timestamp|path|signature`.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(
        with = "String",
        extend("pattern" = r"^0[23][0-9a-f]{64}\|(brc77|bsm)\|[^|]+\|[^|]*\|[A-Za-z0-9+/=]+$"),
    ))]
    pub(crate) token: AuthToken,
}

/// Asks for an AIP signature.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct SignAip {
    /// The data pushes before the signature, hex. Where the `|` is to be
    /// signed too, it is the last.
    #[serde(deserialize_with = "pushes")]
    #[cfg_attr(test, schemars(with = "Vec<super::schema::HexText>"))]
    pub(crate) data: Vec<Vec<u8>>,
    /// Sign as this identity, by its BAP ID, instead of the host. The token
    /// must have been granted for it.
    pub(crate) identity_key: Option<String>,
}

/// The pushes of an AIP signature.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct SignedAip {
    /// The algorithm, the address, the signature.
    #[cfg_attr(test, schemars(with = "super::schema::AipPushes"))]
    pub(crate) signed_ops: [String; 3],
    /// Always true.
    pub(crate) success: Success,
}

/// A message and its signature.
pub(crate) struct Verify<'a> {
    /// What was signed.
    pub(crate) message: Encoded<'a>,
    /// Who is said to have signed.
    pub(crate) address: SignerAddress,
    /// The signature.
    pub(crate) sig: Signature,
}

impl<'a> Verify<'a> {
    /// Reads all three.
    ///
    /// # Errors
    /// A field is missing or wrong.
    pub(crate) fn read(body: &'a Body) -> Result<Self, RequestError> {
        #[derive(Deserialize)]
        struct Claim {
            #[serde(deserialize_with = "parsed")]
            address: SignerAddress,
            #[serde(deserialize_with = "parsed")]
            sig: Signature,
        }
        let message = Encoded::read(body, "message", "encoding")?;
        let message = message.ok_or_else(|| RequestError::field("message", "is needed"))?;
        let Claim { address, sig } = body.read()?;
        Ok(Self {
            message,
            address,
            sig,
        })
    }
}

/// Whether a signature holds.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Verified {
    /// What the owner calls who signed; only the command line tells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(skip))]
    pub(crate) contacts: Vec<String>,
    /// Why not; only the command line tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(skip))]
    pub(crate) reason: Option<String>,
    /// Whether it does.
    pub(crate) valid: bool,
}

/// An array of hex strings; the error says which one is not hex.
pub(super) fn pushes<'a, D: Deserializer<'a>>(reader: D) -> Result<Vec<Vec<u8>>, D::Error> {
    struct Pushes;

    impl<'a> Visitor<'a> for Pushes {
        type Value = Vec<Vec<u8>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of hex strings")
        }

        fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut pushes = Vec::new();
            let wrong = |index| A::Error::custom(format_args!("element {index} is not hex"));
            while let Some(hex) = items
                .next_element::<&str>()
                .map_err(|_| wrong(pushes.len()))?
            {
                let push = Encoding::Hex.decode(hex);
                pushes.push(push.map_err(|_| wrong(pushes.len()))?);
            }
            Ok(pushes)
        }
    }

    reader.deserialize_any(Pushes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        Body::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn beside_a_message_the_fields_of_a_request_are_not_looked_at() {
        let body_of_both = body(r#"{"message":"m","path":1,"signatureType":"x"}"#);
        let asked = Sign::read(&body_of_both).unwrap();
        assert!(matches!(asked.what, ToSign::Message(message) if message.text() == "m"));
        let body_of_request = body(r#"{"message":null,"path":"/","body":"{}"}"#);
        let asked = Sign::read(&body_of_request).unwrap();
        assert!(matches!(asked.what, ToSign::Request(request) if request.path == "/"));
        let said = Sign::read(&body("{}")).map(drop).unwrap_err().to_string();
        assert_eq!(said, "`message` or `path` is needed");
    }

    #[test]
    fn the_push_that_is_not_hex_is_named() {
        for (data, said) in [
            (r#""00""#, "`data`: must be an array of hex strings"),
            (r#"["00",1]"#, "`data`: element 1 is not hex"),
            (r#"["00","","0"]"#, "`data`: element 2 is not hex"),
        ] {
            let asked = body(&format!(r#"{{"data":{data}}}"#));
            let error = asked.read::<SignAip>().map(drop).unwrap_err();
            assert_eq!(error.to_string(), said);
        }
    }
}
