//! The key that bodies can be sealed to, which the API calls the session key:
//! a client that does not trust what lies between may send any body as
//! `{"ciphertext": hex BRC-78 to that key}`.

use super::error::ApiError;
use crate::crypto::brc78;
use crate::crypto::keys::{PrivateKey, PublicKey};
use crate::wire::Body;

/// Made when the server starts, kept in memory only.
pub(super) struct BodyOpener(PrivateKey);

/// BRC-78's magic number. A ciphertext for `/api/decrypt` is ECIES and starts
/// with `BIE1`, so the two are never taken for each other.
const MAGIC: &str = "42421033";

impl BodyOpener {
    pub(super) fn new(key: PrivateKey) -> Self {
        Self(key)
    }

    pub(super) fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }

    /// The body as it was before it was sealed; one that was not stays as it is.
    pub(super) fn open(&self, body: Body) -> Result<Body, ApiError> {
        let sealed = match body.text("ciphertext") {
            Some(text) if text.starts_with(MAGIC) => text,
            _ => return Ok(body),
        };
        let wrong = |what| ApiError::field("ciphertext", what);
        let sealed = hex::decode(sealed).map_err(|_| wrong("is not hex"))?;
        let (plaintext, _sender) = brc78::decrypt(&sealed, &self.0)
            .map_err(|_| wrong("is not sealed to the session key of this server"))?;
        Ok(Body::parse(&plaintext)?)
    }
}
