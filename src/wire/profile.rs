//! The profile, and each host's own state: objects that are stored as they
//! are.

use serde::Serialize;

use crate::wallet::Object;

/// What is public of the primary identity: `displayName`, `paymail`, `logo`
/// and whatever else was stored. Empty where there is no wallet.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Profile(pub(crate) Object);

/// A host's own JSON object.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct State(pub(crate) Object);
