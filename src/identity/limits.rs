//! How much a wallet holds of identities.

/// Characters of a foreign name or path that a message shows.
pub(super) const SHOWN: usize = 80;

/// The longest name or description in bytes.
pub const MAX_TEXT_LEN: usize = 4 * 1024;

/// The most identities a wallet has.
pub const MAX_IDENTITIES: usize = 1_000;

/// The longest record in bytes: encrypted and encoded twice, all of it still
/// fits into a backup that can be read again.
pub const MAX_RECORD_LEN: usize = 1024 * 1024;
