//! What an unlocked wallet has for BRC-100 apps: one key, from which all of theirs
//! derive, so that no app can ask its way to another key of this wallet.

use std::sync::OnceLock;

use super::access::rights::KnownPermissions;
use crate::crypto::brc42;
use crate::crypto::brc100::WalletKey;
use crate::crypto::keys::{KeyError, PrivateKey};

/// Of the child of the root key, for oneself.
const INVOICE: &str = "2-brc100-wallet";

/// See the module.
#[derive(Default)]
pub(super) struct AppKeys {
    key: OnceLock<WalletKey>,
    pub(super) permissions: KnownPermissions,
}

impl AppKeys {
    /// The key, derived at its first use.
    pub(super) fn of(&self, root: &PrivateKey) -> Result<&WalletKey, KeyError> {
        if let Some(key) = self.key.get() {
            return Ok(key);
        }
        let key = WalletKey::new(brc42::derive_self(root, INVOICE)?);
        Ok(self.key.get_or_init(|| key))
    }
}
