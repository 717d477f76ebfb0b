//! How many hosts and tokens there are.

use super::known::Known;
use crate::store::TokenCount;

/// By how far they were counted.
#[derive(Default)]
pub(in crate::wallet) struct KnownCounts {
    pub(in crate::wallet) hosts: Known<u64, Option<u64>>,
    pub(in crate::wallet) tokens: Known<u64, TokenCount>,
}
