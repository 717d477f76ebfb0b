//! The wallet that BRC-100 apps speak to.

use super::{UnlockedWallet, WalletError};
use crate::crypto::brc43::Invoice;
use crate::crypto::brc100::{Counterparty, WalletKey};

impl UnlockedWallet {
    /// The key of the BRC-100 wallet.
    pub fn brc100_key(&self) -> Result<&WalletKey, WalletError> {
        Ok(self.apps.of(self.root())?)
    }

    /// Encrypts under a key of the BRC-100 wallet, with a fresh IV.
    pub fn brc100_encrypt(
        &self,
        invoice: &Invoice,
        with: Counterparty,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, WalletError> {
        let iv = self.wallet().environment().random()?;
        Ok(self.brc100_key()?.encrypt(invoice, with, iv, plaintext)?)
    }
}
