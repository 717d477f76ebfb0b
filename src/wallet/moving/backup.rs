//! Backups: everything that the words alone would lose.

use std::path::PathBuf;

use super::payload::{Backup, KnownHost};
use crate::crypto::backup_file;
use crate::crypto::secret::Password;
use crate::platform::files;
use crate::store::{VaultId, WalletId};
use crate::wallet::contents::Contents;
use crate::wallet::profile::Profile;
use crate::wallet::{Event, Page, Wallet, WalletError};

/// What a backup is called by its readers.
const LABEL: &str = "TokenPass";

impl Wallet {
    /// The wallet as a `.bep` file's text: root key, words, identities with
    /// their attributes, profile, hosts. Always needs the password.
    pub fn backup(
        &self,
        password: &Password,
        passphrase: &Password,
    ) -> Result<String, WalletError> {
        let (row, contents) = self.open_vault(password)?;
        let text = self.backup_of(row.id(), contents, passphrase)?;
        self.record(Event::Exported, "", "backup");
        Ok(text)
    }

    /// Writes the wallet there is to a `.bep` beside its databases, under its
    /// own password. Returns which wallet it is, and where the file is.
    pub(in crate::wallet) fn put_aside(
        &self,
        password: &Password,
    ) -> Result<(Option<WalletId>, Option<PathBuf>), WalletError> {
        let (row, contents) = self.open_vault(password)?;
        let text = self.backup_of(row.id(), contents, password)?;
        let name = format!("replaced-{}.bep", self.now().for_file_name());
        let path = self.home().join(name);
        files::write_private(&path, text.as_bytes(), false).map_err(|cause| WalletError::File {
            path: path.clone(),
            cause,
        })?;
        self.record(Event::Exported, "", "backup");
        Ok((Some(row.wallet), Some(path)))
    }

    fn backup_of(
        &self,
        vault: VaultId,
        contents: Contents,
        passphrase: &Password,
    ) -> Result<String, WalletError> {
        let root = contents.root.duplicate();
        let unlocked = self.unlocked(vault, root);
        let row = self.store().state.wallet(vault.wallet)?;
        let row = row.ok_or(WalletError::Record("it is missing"))?;
        let profile = Profile::of_row(&row)?;
        let hosts = self.store().keys.list(vault.wallet, Page::all())?;
        let backup = Backup {
            root: &contents.root,
            seed: contents.seed.as_ref(),
            mnemonic: contents.mnemonic.as_ref(),
            identities: &unlocked.open_book(&row)?,
            profile: &profile.fields,
            profile_times: &profile.times,
            hosts: &hosts
                .into_iter()
                .map(|row| KnownHost {
                    host: row.host,
                    labels: row.labels,
                })
                .collect::<Vec<_>>(),
            certificates: &unlocked.open_certificates(&row)?,
            contacts: &self.store().state.contacts(vault.wallet)?,
            label: LABEL,
            created_at: &self.now().to_string(),
        };
        let json = backup.to_json(&self.fresh_key()?)?;
        let environment = self.environment();
        Ok(backup_file::encrypt(
            &json,
            passphrase,
            environment.random()?,
            environment.random()?,
        ))
    }
}
