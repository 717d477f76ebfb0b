//! Which web pages may use the wallet.

use serde::{Deserialize, Serialize};

#[cfg(test)]
use schemars::JsonSchema;

use super::RequestError;
use super::permission::Decision;
use crate::wallet::{Origin, OriginInfo};

/// All origins: approved, denied, and those that asked.
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Origins {
    /// Each of them.
    pub(crate) origins: Vec<OriginInfo>,
}

/// Decides whether the pages of an origin may use the wallet.
#[derive(Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct DecideOrigin {
    /// What is decided.
    #[serde(deserialize_with = "super::read::parsed")]
    decision: Decision,
    /// The origin: scheme, host and port.
    origin: String,
}

impl DecideOrigin {
    /// What is decided, about which origin.
    ///
    /// # Errors
    /// It is no origin.
    pub(crate) fn read(self) -> Result<(Decision, Origin), RequestError> {
        let origin = self.origin.parse();
        let origin = origin.map_err(|error| RequestError::field("origin", error))?;
        Ok((self.decision, origin))
    }
}
