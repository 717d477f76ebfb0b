//! Who may use the wallet, and who did: tokens and their scopes, web origins,
//! sessions, the limiter of password attempts, the audit trail.

pub(super) mod agent_sessions;
pub(super) mod attempts;
pub(super) mod audit;
pub(super) mod grants;
mod known;
pub(super) mod known_counts;
pub(super) mod known_tokens;
pub(super) mod origins;
pub(super) mod permissions;
pub(super) mod rights;
pub(super) mod scopes;
pub(super) mod sessions;
pub(super) mod tokens;
