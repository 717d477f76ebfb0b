//! Encrypt and decrypt.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

#[cfg(test)]
use schemars::JsonSchema;

use super::encoded::Encoded;
use super::read::{parsed, parsed_if_given};
use super::{Body, Exposed, RequestError, Success};
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::{Address, PublicKey};
use crate::wallet::Timestamp;

/// `message` is encrypted to the host's own key. Without it, `data` is: to
/// `theirPublicKey`, else to the own key for `friendBapId`, else to the
/// host's.
pub(crate) struct Encrypt<'a> {
    /// Who else may be meant.
    pub(crate) friend: Friend,
    /// What is encrypted.
    pub(crate) what: ToEncrypt<'a>,
}

/// What is encrypted.
pub(crate) enum ToEncrypt<'a> {
    /// A message to the host's own key.
    Message(Encoded<'a>),
    /// Data to whoever is named.
    Data(Encoded<'a>),
}

impl<'a> Encrypt<'a> {
    /// Reads the message, or where there is none, the data.
    ///
    /// # Errors
    /// Neither is there, or a field is wrong.
    pub(crate) fn read(body: &'a Body) -> Result<Self, RequestError> {
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
    /// The host's address.
    pub(crate) address: Address,
    /// The same.
    #[cfg_attr(test, schemars(with = "super::schema::CiphertextHex"))]
    pub(crate) data: String,
    /// Hex.
    #[cfg_attr(test, schemars(with = "super::schema::CiphertextHex"))]
    pub(crate) encrypted: String,
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
        "" => Err(D::Error::custom("is empty")),
        label => Ok(label.to_owned()),
    }
}

fn label_if_given<'a, D: Deserializer<'a>>(reader: D) -> Result<Option<String>, D::Error> {
    label(reader).map(Some)
}

fn hex_text<'a, D: Deserializer<'a>>(reader: D) -> Result<Vec<u8>, D::Error> {
    let text = <&str>::deserialize(reader)?;
    Encoding::Hex.decode(text).map_err(D::Error::custom)
}
