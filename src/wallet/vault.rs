//! The password and what it opens: unlocking, changing it, showing the secrets.

use super::access::attempts;
use super::contents::Contents;
use super::error::MIN_PASSWORD_CHARS;
use super::{Event, UnlockedWallet, Wallet, WalletError};
use crate::crypto::keys::PrivateKey;
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::crypto::vault::Vault;
use crate::store::{VaultRow, WalletId};

/// The secrets that restore a wallet.
pub struct Export {
    /// The BIP-39 seed; a wallet that came from a bare root key has none.
    pub seed: Option<Seed>,
    /// The words; likewise.
    pub mnemonic: Option<Mnemonic>,
    /// Whether the words need a BIP-39 passphrase to give this seed.
    pub has_passphrase: bool,
    /// The root key, which everything else derives from.
    pub root: PrivateKey,
}

impl Wallet {
    /// Unlocks with the password: one key derivation. A vault that was
    /// sealed at a lower cost than today's is sealed anew.
    pub fn unlock(&self, password: &Password) -> Result<UnlockedWallet, WalletError> {
        let (row, contents) = self.open_vault(password)?;
        self.record(Event::Unlocked, "", "")?;
        let today = self.environment().kdf.cost;
        if row.vault.iterations < today.iterations() {
            self.reseal(row.wallet, row.vault.checksum, password, &contents)?;
        }
        Ok(self.unlocked(row.wallet, contents.root))
    }

    /// Seals the vault under a new password; sessions end.
    pub fn change_password(&self, old: &Password, new: &Password) -> Result<(), WalletError> {
        check_new(new)?;
        let (row, contents) = self.open_vault(old)?;
        self.reseal(row.wallet, row.vault.checksum, new, &contents)?;
        self.end_all_sessions()?;
        self.record(Event::PasswordChanged, "", "")
    }

    /// The secrets that restore the wallet. Always needs the password.
    pub fn export(&self, password: &Password) -> Result<Export, WalletError> {
        let (_, contents) = self.open_vault(password)?;
        self.record(Event::Exported, "", "seed")?;
        Ok(Export {
            seed: contents.seed,
            mnemonic: contents.mnemonic,
            has_passphrase: contents.has_passphrase,
            root: contents.root,
        })
    }

    /// Opens the vault with a password, under the limiter.
    pub(super) fn open_vault(
        &self,
        password: &Password,
    ) -> Result<(VaultRow, Contents), WalletError> {
        let row = self.store().seed.vault()?.ok_or(WalletError::NoWallet)?;
        // Both under one turn, or parallel guesses would all pass the check.
        let turn = self.turnstile().enter()?;
        let state = &self.store().state;
        let attempts = state.attempts()?;
        attempts::check(attempts, self.now())?;
        let accepted = self.environment().kdf.accepted.clone();
        let json = match row
            .vault
            .open(password, accepted)
            .map_err(WalletError::from)
        {
            Ok(json) => json,
            Err(error) => {
                if matches!(error, WalletError::WrongPassword) {
                    state.count_failure(self.now().as_millis())?;
                    self.record(Event::UnlockFailed, "", "")?;
                }
                return Err(error);
            }
        };
        if attempts.failures > 0 {
            state.clear_attempts()?;
        }
        drop(turn);
        let contents = Contents::from_json(&json, row.wallet)?;
        Ok((row, contents))
    }

    /// Writes the vault anew, unless another process changed it since.
    pub(super) fn reseal(
        &self,
        wallet: WalletId,
        checksum: [u8; 32],
        password: &Password,
        contents: &Contents,
    ) -> Result<(), WalletError> {
        let vault = self.seal_vault(wallet, password, contents)?;
        self.store().seed.replace(|row| match row {
            Some(row) if row.wallet == wallet && row.vault.checksum == checksum => {
                Ok((VaultRow { wallet, vault }, ()))
            }
            // The password was changed, or the wallet replaced, meanwhile.
            Some(_) => Err(WalletError::WrongPassword),
            None => Err(WalletError::NoWallet),
        })
    }

    pub(super) fn seal_vault(
        &self,
        wallet: WalletId,
        password: &Password,
        contents: &Contents,
    ) -> Result<Vault, WalletError> {
        let environment = self.environment();
        Ok(Vault::seal(
            password,
            environment.kdf.cost,
            environment.random()?,
            environment.random()?,
            &contents.to_json(wallet),
        ))
    }
}

/// Refuses a new password that is too short.
pub(super) fn check_new(password: &Password) -> Result<(), WalletError> {
    let text = std::str::from_utf8(password.as_bytes()).unwrap_or_default();
    if text.chars().count() < MIN_PASSWORD_CHARS {
        return Err(WalletError::PasswordTooShort);
    }
    Ok(())
}
