//! The password and what it opens: unlocking, changing it, showing the secrets.

use super::access::attempts;
use super::contents::Contents;
use super::error::MIN_PASSWORD_CHARS;
use super::{Event, UnlockedWallet, Wallet, WalletError};
use crate::crypto::keys::PrivateKey;
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::crypto::vault::Vault;
use crate::store::{Committed, PasswordId, VaultRow, WalletId};

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
    /// Unlocks with the password: one key derivation. A vault that was sealed at
    /// a lower cost than today's, or under the password as it was typed, is
    /// sealed anew.
    pub fn unlock(&self, password: &Password) -> Result<UnlockedWallet, WalletError> {
        let (row, contents) = self.open_vault(password)?;
        self.record(Event::Unlocked, "", "");
        let today = self.environment().kdf.cost;
        if row.vault.version < Vault::VERSION || row.vault.iterations < today.iterations() {
            let resealed = self.reseal(&row, row.password, password, &contents, || Ok(()));
            // The old vault is as good until there is room for a new one.
            self.warn_if_unwritten("the vault was not sealed anew", resealed)?;
        }
        Ok(self.unlocked(row.id(), contents.root))
    }

    /// Seals the vault under a new password; sessions end. They end first: a
    /// new password beside old sessions would be the worse thing to be left with.
    pub fn change_password(&self, old: &Password, new: &Password) -> Result<(), WalletError> {
        check_new(new)?;
        let (row, contents) = self.open_vault(old)?;
        let name = PasswordId(self.environment().random()?);
        self.reseal(&row, name, new, &contents, || {
            self.end_all_sessions().map(drop)
        })?;
        self.record(Event::PasswordChanged, "", "");
        Ok(())
    }

    /// The secrets that restore the wallet. Always needs the password.
    pub fn export(&self, password: &Password) -> Result<Export, WalletError> {
        let (_, contents) = self.open_vault(password)?;
        self.record(Event::Exported, "", "seed");
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
        self.store().follow_home()?;
        let row = self.store().seed.vault()?.ok_or(WalletError::NoWallet)?;
        // Both under one turn, or parallel guesses would all pass the check.
        let turn = self.turn()?;
        let lane = self.asker().as_str();
        let state = &self.store().state;
        let attempts = turn.count(state.attempts(lane)?);
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
                    let now = self.now().as_millis();
                    if state.count_failure(lane, now).is_err() {
                        turn.count_unwritten(now);
                    }
                    self.record(Event::UnlockFailed, "", "");
                }
                return Err(error);
            }
        };
        if attempts.failures > 0 {
            turn.clear();
            let cleared = state.clear_attempts(lane).map_err(WalletError::from);
            self.warn_if_unwritten("wrong passwords before this one still count", cleared)?;
        }
        drop(turn);
        let contents = Contents::from_json(&json, row.wallet)?;
        Ok((row, contents))
    }

    /// Writes the vault anew, under the password of this name, unless another
    /// process changed the password since. `first` must succeed before.
    fn reseal(
        &self,
        opened: &VaultRow,
        name: PasswordId,
        password: &Password,
        contents: &Contents,
        first: impl FnOnce() -> Result<(), WalletError>,
    ) -> Result<(), WalletError> {
        let wallet = opened.wallet;
        let row = VaultRow {
            wallet,
            password: name,
            vault: self.seal_vault(wallet, password, contents)?,
        };
        self.replace_vault(|there| match there {
            Some(there) if there.id() == opened.id() => {
                first()?;
                Ok(row)
            }
            // The password was changed, or the wallet replaced, meanwhile.
            Some(_) => Err(WalletError::WrongPassword),
            None => Err(WalletError::NoWallet),
        })
    }

    /// Makes or changes the vault; see [`SeedDb::replace`].
    ///
    /// [`SeedDb::replace`]: crate::store::SeedDb::replace
    pub(super) fn replace_vault(
        &self,
        work: impl FnOnce(Option<VaultRow>) -> Result<VaultRow, WalletError>,
    ) -> Result<(), WalletError> {
        if let Committed::Unconfirmed(error) = self.store().seed.replace(work)? {
            let done = "the vault was changed, but whether the disk holds it for good is not sure";
            self.environment().warn(&format!("{done}: {error}"));
        }
        Ok(())
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
    if password.opaque().expose().chars().count() < MIN_PASSWORD_CHARS {
        return Err(WalletError::PasswordTooShort);
    }
    Ok(())
}
