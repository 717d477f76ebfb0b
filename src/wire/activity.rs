//! What happened.

use serde::Serialize;

#[cfg(test)]
use schemars::JsonSchema;

use crate::wallet::AuditEntry;

/// The newest entries of the audit trail, the oldest of them first.
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Activity {
    /// Each of them.
    pub(crate) entries: Vec<AuditEntry>,
}
