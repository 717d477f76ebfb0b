//! What needs no wallet: health, and the key that bodies may be sealed to.

use serde::Serialize;

#[cfg(test)]
use schemars::JsonSchema;

use crate::crypto::keys::PublicKey;

/// The server is there.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Health {
    /// Always true.
    #[cfg_attr(test, schemars(extend("const" = true)))]
    pub(crate) ok: bool,
    /// The server's version.
    #[cfg_attr(test, schemars(extend("pattern" = r"^[0-9]+\.[0-9]+\.[0-9]+")))]
    pub(crate) version: &'static str,
}

/// What bodies may be sealed to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct BodyKey {
    /// The key; another one after each start.
    pub(crate) public_key: PublicKey,
}
