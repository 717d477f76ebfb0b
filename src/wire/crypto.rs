//! Sign, verify, encrypt, decrypt.

use serde::{Deserialize, Deserializer, Serialize};

#[cfg(test)]
use schemars::JsonSchema;

use super::read::{Encoded, parsed, parsed_if_given};
use super::write::as_text;
use super::{Body, Exposed, RequestError, Success};
use crate::crypto::auth_token::{AuthToken, Scheme};
use crate::crypto::bsm::Signature;
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::{Address, PublicKey};
use crate::wallet::Timestamp;

/// `message` is signed as a Bitcoin Signed Message; without it, `path` and
/// `body` as a bitcoin-auth token.
pub(crate) struct Sign {
    /// Sign as this identity, by its BAP ID, instead of the host. The token
    /// must have been granted for it.
    pub(crate) identity_key: Option<String>,
    /// What is signed.
    pub(crate) what: ToSign,
}

/// What is signed.
pub(crate) enum ToSign {
    /// A message.
    Message(Encoded),
    /// A request.
    Request(Request),
}

/// The request that a bitcoin-auth token goes with.
pub(crate) struct Request {
    /// Its path.
    pub(crate) path: String,
    /// Its body, where it has one.
    pub(crate) body: Option<Encoded>,
    /// How the token is signed.
    pub(crate) scheme: Scheme,
}

impl Sign {
    /// Reads the message, or where there is none, the request.
    ///
    /// # Errors
    /// Neither is there, or a field is wrong.
    pub(crate) fn read(body: &Body) -> Result<Self, RequestError> {
        let identity_key = body.field("identityKey")?;
        let what = match Encoded::read(body, "message", "encoding")? {
            Some(message) => ToSign::Message(message),
            None => ToSign::Request(Request::read(body)?),
        };
        Ok(Self { identity_key, what })
    }
}

impl Request {
    fn read(body: &Body) -> Result<Self, RequestError> {
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
pub(crate) enum Signed {
    /// A message.
    Message(SignedMessage),
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
pub(crate) struct SignedMessage {
    /// Whose key signed.
    pub(crate) address: Address,
    /// As it was sent.
    pub(crate) message: Exposed,
    /// The signature.
    #[serde(serialize_with = "as_text")]
    pub(crate) sig: Signature,
    /// When it was signed.
    pub(crate) ts: Timestamp,
    /// The recovery id, as remote signers of `sigma-protocol` want it.
    #[cfg_attr(test, schemars(range(min = 0, max = 3)))]
    pub(crate) recovery: u8,
}

/// The token that goes with a request.
#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(JsonSchema),
    schemars(inline, title = "Request", deny_unknown_fields)
)]
pub(crate) struct SignedRequest {
    /// A bitcoin-auth token: `public key|scheme|timestamp|path|signature`.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(
        with = "String",
        extend("pattern" = r"^0[23][0-9a-f]{64}\|(brc77|bsm)\|[^|]+\|[^|]*\|[A-Za-z0-9+/=]+$"),
    ))]
    pub(crate) token: AuthToken,
    /// Always true.
    pub(crate) success: Success,
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
pub(crate) struct Verify {
    /// What was signed.
    pub(crate) message: Encoded,
    /// Who is said to have signed.
    pub(crate) address: Address,
    /// The signature.
    pub(crate) sig: Signature,
}

impl Verify {
    /// Reads all three.
    ///
    /// # Errors
    /// A field is missing or wrong.
    pub(crate) fn read(body: &Body) -> Result<Self, RequestError> {
        #[derive(Deserialize)]
        struct Claim {
            #[serde(deserialize_with = "parsed")]
            address: Address,
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
    /// Whether it does.
    pub(crate) valid: bool,
    /// Why not; only the command line tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(skip))]
    pub(crate) reason: Option<String>,
}

/// `message` is encrypted to the host's own key. Without it, `data` is: to
/// `theirPublicKey`, else to the own key for `friendBapId`, else to the
/// host's.
pub(crate) struct Encrypt {
    /// Who else may be meant.
    pub(crate) friend: Friend,
    /// What is encrypted.
    pub(crate) what: ToEncrypt,
}

/// What is encrypted.
pub(crate) enum ToEncrypt {
    /// A message to the host's own key.
    Message(Encoded),
    /// Data to whoever is named.
    Data(Encoded),
}

impl Encrypt {
    /// Reads the message, or where there is none, the data.
    ///
    /// # Errors
    /// Neither is there, or a field is wrong.
    pub(crate) fn read(body: &Body) -> Result<Self, RequestError> {
        let friend = Friend::read(body)?;
        let what = match Encoded::read(body, "message", "encoding")? {
            Some(message) => ToEncrypt::Message(message),
            None => ToEncrypt::Data(
                Encoded::read(body, "data", "encoding")?
                    .ok_or_else(|| RequestError::bad("`message` or `data` is needed"))?,
            ),
        };
        Ok(Self { friend, what })
    }
}

/// The other side of a ciphertext.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema), schemars(inline))]
pub(crate) struct Friend {
    /// A public key of theirs: compressed or uncompressed, hex.
    #[serde(default, deserialize_with = "parsed_if_given")]
    #[cfg_attr(test, schemars(with = "Option<super::schema::AnyPublicKey>"))]
    pub(crate) their_public_key: Option<PublicKey>,
    /// The friend: their BAP ID, or any other label that both sides use.
    #[serde(default, deserialize_with = "label_if_given")]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) friend_bap_id: Option<String>,
}

impl Friend {
    fn read(body: &Body) -> Result<Self, RequestError> {
        body.read()
    }
}

/// A ciphertext.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(JsonSchema), schemars(transform = super::schema::one_of))]
pub(crate) enum Encrypted {
    /// To the host.
    ToHost(EncryptedToHost),
    /// To a friend.
    ToFriend(Ciphertext),
}

/// A ciphertext to the host's own key.
#[derive(Debug, Serialize)]
#[cfg_attr(
    test,
    derive(JsonSchema),
    schemars(inline, title = "To the host", deny_unknown_fields)
)]
pub(crate) struct EncryptedToHost {
    /// Hex.
    #[cfg_attr(test, schemars(with = "super::schema::CiphertextHex"))]
    pub(crate) encrypted: String,
    /// The same.
    #[cfg_attr(test, schemars(with = "super::schema::CiphertextHex"))]
    pub(crate) data: String,
    /// The host's address.
    pub(crate) address: Address,
    /// When it was encrypted.
    pub(crate) ts: Timestamp,
}

/// A ciphertext to anybody else.
#[derive(Debug, Serialize)]
#[cfg_attr(
    test,
    derive(JsonSchema),
    schemars(inline, title = "To a friend", deny_unknown_fields)
)]
pub(crate) struct Ciphertext {
    /// Hex.
    #[cfg_attr(test, schemars(with = "super::schema::CiphertextHex"))]
    pub(crate) ciphertext: String,
    /// Always true.
    pub(crate) success: Success,
}

/// Asks for a plaintext.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Decrypt {
    /// ECIES (BIE1), hex.
    #[serde(deserialize_with = "hex_text")]
    #[cfg_attr(test, schemars(with = "super::schema::HexText"))]
    pub(crate) ciphertext: Vec<u8>,
    /// A public key of theirs: compressed or uncompressed, hex.
    #[serde(default, deserialize_with = "parsed_if_given")]
    #[cfg_attr(test, schemars(with = "Option<super::schema::AnyPublicKey>"))]
    pub(crate) their_public_key: Option<PublicKey>,
    /// The friend: their BAP ID, or any other label that both sides use.
    #[serde(default, deserialize_with = "label_if_given")]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) friend_bap_id: Option<String>,
    /// How the text stands for bytes; `utf8` where absent.
    #[serde(default, deserialize_with = "parsed")]
    #[cfg_attr(test, schemars(with = "Option<Encoding>"))]
    pub(crate) encoding: Encoding,
}

/// A plaintext.
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Decrypted {
    /// The plaintext, in the encoding asked for.
    pub(crate) data: Exposed,
    /// Where nobody asked for one: only the command line tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(skip))]
    pub(crate) encoding: Option<Encoding>,
    /// Always true.
    pub(crate) success: Success,
}

/// Asks for the key that a friend encrypts to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct FriendPublicKey {
    /// The friend: their BAP ID, or any other label that both sides use.
    #[serde(deserialize_with = "label")]
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) friend_bap_id: String,
}

/// The key that a friend encrypts to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct FriendPublicKeyIs {
    /// The key.
    pub(crate) public_key: PublicKey,
    /// Always true.
    pub(crate) success: Success,
}

fn label<'a, D: Deserializer<'a>>(reader: D) -> Result<String, D::Error> {
    match <&str>::deserialize(reader)? {
        "" => Err(serde::de::Error::custom("is empty")),
        label => Ok(label.to_owned()),
    }
}

fn label_if_given<'a, D: Deserializer<'a>>(reader: D) -> Result<Option<String>, D::Error> {
    label(reader).map(Some)
}

fn hex_text<'a, D: Deserializer<'a>>(reader: D) -> Result<Vec<u8>, D::Error> {
    let text = <&str>::deserialize(reader)?;
    Encoding::Hex.decode(text).map_err(serde::de::Error::custom)
}

/// An array of hex strings; the error says which one is not hex.
fn pushes<'a, D: Deserializer<'a>>(reader: D) -> Result<Vec<Vec<u8>>, D::Error> {
    use serde::de::{Error, SeqAccess, Visitor};

    struct Pushes;

    impl<'a> Visitor<'a> for Pushes {
        type Value = Vec<Vec<u8>>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an array of hex strings")
        }

        fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut pushes = Vec::new();
            let wrong = |index| A::Error::custom(format_args!("element {index} is not hex"));
            while let Some(hex) = items
                .next_element::<&str>()
                .map_err(|_| wrong(pushes.len()))?
            {
                pushes.push(hex::decode(hex).map_err(|_| wrong(pushes.len()))?);
            }
            Ok(pushes)
        }
    }

    reader.deserialize_any(Pushes)
}
