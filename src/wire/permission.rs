//! What BRC-100 apps may do.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[cfg(test)]
use schemars::JsonSchema;

use super::RequestError;
use crate::wallet::{Host, PermissionInfo, Right};

/// All permissions: approved, denied, and those that apps ask for.
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Permissions {
    /// Each of them.
    pub(crate) permissions: Vec<PermissionInfo>,
}

/// Decides what an app may do. Without `level` and `protocol` it is about
/// everything that the app can ask for, and replaces all that was decided.
#[derive(Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct DecidePermission {
    /// What is decided.
    #[serde(deserialize_with = "super::read::parsed")]
    decision: Decision,
    /// The app: the host of its pages, or their origin.
    originator: String,
    /// The protocol's security level.
    #[cfg_attr(test, schemars(range(min = 1, max = 2)))]
    level: Option<u64>,
    /// The protocol's name.
    protocol: Option<String>,
    /// At level 2 with whom: `self`, `anyone` or a public key.
    counterparty: Option<String>,
}

/// What is decided.
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(JsonSchema), schemars(inline, rename_all = "lowercase"))]
pub(crate) enum Decision {
    /// It is permitted.
    Allow,
    /// It is denied, or taken back.
    Deny,
}

impl FromStr for Decision {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "allow" => Ok(Self::Allow),
            "deny" => Ok(Self::Deny),
            _ => Err("must be `allow` or `deny`"),
        }
    }
}

impl DecidePermission {
    /// What is decided, about which app and what.
    ///
    /// # Errors
    /// Which field is wrong.
    pub(crate) fn read(self) -> Result<(Decision, Host, Right), RequestError> {
        let app = Host::of_app(&self.originator);
        let app = app.map_err(|error| RequestError::field("originator", error))?;
        let right = match (self.level, &self.protocol) {
            (None, None) => Right::All,
            (Some(level), Some(protocol)) => {
                Right::named(level, protocol, self.counterparty.as_deref())
                    .map_err(|error| RequestError::bad(error.to_string()))?
            }
            (None, _) => return Err(RequestError::field("level", "is needed")),
            (_, None) => return Err(RequestError::field("protocol", "is needed")),
        };
        Ok((self.decision, app, right))
    }
}
