//! The wallet's identities: sealed at rest, since names and attributes are
//! private.

use crate::crypto::keys::PrivateKey;
use crate::crypto::seal::SealingKey;
use crate::identity::{BapId, Identity, IdentityBook};

use super::{UnlockedWallet, Wallet, WalletError};

/// Names the key that identities are sealed under; not for anything else.
const LABEL: &str = "tokenpass identities v1";

impl Wallet {
    pub(super) fn seal_identities(
        &self,
        root: &PrivateKey,
        book: &IdentityBook,
    ) -> Result<Vec<u8>, WalletError> {
        let iv = self.environment().random()?;
        Ok(sealing_key(root).seal(iv, b"", &book.to_json()))
    }
}

impl UnlockedWallet {
    /// All identities of this wallet.
    pub fn identities(&self) -> Result<IdentityBook, WalletError> {
        let row = self.wallet().store().state.wallet(self.id())?;
        let row = row.ok_or(WalletError::Record("it is missing"))?;
        let json = sealing_key(self.root())
            .open(b"", &row.identities)
            .map_err(|_| WalletError::Record("the identities do not open"))?;
        IdentityBook::from_json(&json, self.root())
            .map_err(|_| WalletError::Record("the identities are in no known form"))
    }

    pub(super) fn identity(&self, id: &BapId) -> Result<Identity, WalletError> {
        let book = self.identities()?;
        let identity = book.get(id).cloned();
        identity.ok_or_else(|| WalletError::UnknownIdentity(id.clone()))
    }
}

fn sealing_key(root: &PrivateKey) -> SealingKey {
    SealingKey::derive(&root.expose_bytes(), LABEL)
}
