//! Backups: everything that the words alone would lose.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::payload::{self, Backup, Restored};
use crate::crypto::backup_file;
use crate::crypto::secret::Password;
use crate::identity::{Identity, IdentityBook};
use crate::platform::files;
use crate::store::WalletId;
use crate::text::excerpt;
use crate::wallet::contents::Contents;
use crate::wallet::create::Draft;
use crate::wallet::profile;
use crate::wallet::{Event, Host, Page, Wallet, WalletError};

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
        let text = self.backup_of(row.wallet, contents, passphrase)?;
        self.record(Event::Exported, "", "backup")?;
        Ok(text)
    }

    /// Writes the wallet there is to a `.bep` beside its databases, under its
    /// own password. Returns which wallet it is, and where the file is.
    pub(in crate::wallet) fn put_aside(
        &self,
        password: &Password,
    ) -> Result<(Option<WalletId>, Option<PathBuf>), WalletError> {
        let (row, contents) = self.open_vault(password)?;
        let text = self.backup_of(row.wallet, contents, password)?;
        let name = format!("replaced-{}.bep", self.now().for_file_name());
        let path = self.home().join(name);
        files::write_private(&path, text.as_bytes(), false).map_err(|cause| WalletError::File {
            path: path.clone(),
            cause,
        })?;
        self.record(Event::Exported, "", "backup")?;
        Ok((Some(row.wallet), Some(path)))
    }

    fn backup_of(
        &self,
        wallet: WalletId,
        contents: Contents,
        passphrase: &Password,
    ) -> Result<String, WalletError> {
        let root = contents.root.duplicate();
        let unlocked = self.unlocked(wallet, root);
        let profile = profile::without_derived(self.profile()?);
        let hosts = self.store().keys.list(wallet, Page::all())?;
        let backup = Backup {
            root: &contents.root,
            seed: contents.seed.as_ref(),
            mnemonic: contents.mnemonic.as_ref(),
            identities: &unlocked.identities()?,
            profile: &profile,
            hosts: &hosts.into_iter().map(|row| row.host).collect::<Vec<_>>(),
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

/// The lowest counter that is skipped.
fn first_gap(identities: &IdentityBook) -> Option<u32> {
    let used: BTreeSet<u32> = identities.iter().map(Identity::counter).collect();
    let last = *used.last()?;
    (0..last).find(|counter| !used.contains(counter))
}

impl Draft {
    pub(in crate::wallet) fn of_backup(
        text: &str,
        passphrase: &Password,
    ) -> Result<Self, WalletError> {
        let json = backup_file::decrypt(text, passphrase)?;
        Self::of_restored(payload::restore(&json, &[passphrase])?)
    }

    /// What a backup, or another program's folder, gives.
    pub(in crate::wallet) fn of_restored(restored: Restored) -> Result<Self, WalletError> {
        let mut contents = Contents::of_root(restored.root);
        contents.has_passphrase = match (&restored.mnemonic, &restored.seed) {
            (Some(words), Some(seed)) => words.seed("").expose_bytes() != seed.expose_bytes(),
            _ => false,
        };
        contents.seed = restored.seed;
        contents.mnemonic = restored.mnemonic;
        let mut draft = Self::of(contents)?;
        if !restored.identities.is_empty() {
            draft.identities = restored.identities;
        }
        draft.profile = profile::without_derived(restored.profile);
        for host in restored.hosts {
            match host.parse::<Host>() {
                // Written otherwise, it had another key.
                Ok(read) if read.as_str() == host => draft.hosts.push(read),
                _ => draft.notes.push(format!(
                    "the host `{}` was left out: no browser writes a host so",
                    excerpt(&host, 80)
                )),
            }
        }
        if let Some(missing) = first_gap(&draft.identities) {
            // Refusing would lose the wallet over an identity that is not in it.
            draft.notes.push(format!(
                "no identity has the counter {missing}, though a later one is there: \
                 a new one continues after the last"
            ));
        }
        for identity in restored.legacy_identities {
            draft.notes.push(format!(
                "the identity `{}` was left out: its key is derived in a way (BIP-32) that this wallet does not have",
                identity.id
            ));
        }
        Ok(draft)
    }
}
