//! Bringing a wallet in.

use std::path::PathBuf;

use super::desktop_folder::DesktopFolder;
use super::draft::Draft;
use crate::crypto::backup_file::Opener;
use crate::crypto::keys::{Address, PrivateKey};
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::restoring::Restoring;
use crate::crypto::secret::Password;
use crate::identity::{BapId, Identity};
use crate::wallet::contents::Contents;
use crate::wallet::vault::check_new;
use crate::wallet::{Event, Host, UnlockedWallet, Wallet, WalletError};

/// Where an imported wallet comes from.
pub enum ImportSource {
    /// Words, and the BIP-39 passphrase if they need one.
    Mnemonic {
        /// The words.
        mnemonic: Mnemonic,
        /// Empty for most wallets.
        passphrase: Password,
    },
    /// A BIP-39 seed.
    Seed(Seed),
    /// A bare root key: from an extended private key or a WIF.
    RootKey(PrivateKey),
    /// A `.bep` file's text.
    Backup {
        /// Base64.
        text: String,
        /// What it was encrypted with.
        passphrase: Password,
    },
    /// The folder of TokenPass Desktop; the wallet's password is the one that
    /// was used there.
    Desktop(PathBuf),
}

impl ImportSource {
    /// Words, with their BIP-39 passphrase if there is one; or the seed, where an
    /// export says that they do not lead to it.
    #[must_use]
    pub fn restoring(found: Restoring, passphrase: Option<Password>) -> Self {
        let passphrase = passphrase.unwrap_or_else(|| Password::new(String::new()));
        match found {
            Restoring::Both(words, seed)
                if words.seed(passphrase.expose()).expose_bytes() != seed.expose_bytes() =>
            {
                Self::Seed(seed)
            }
            Restoring::Words(mnemonic) | Restoring::Both(mnemonic, _) => Self::Mnemonic {
                mnemonic,
                passphrase,
            },
            Restoring::Seed(seed) => Self::Seed(seed),
        }
    }
}

/// What happens if a wallet exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// The import is refused.
    No,
    /// The password must open it; it is then replaced.
    Yes,
}

/// A wallet that was brought in.
pub struct Imported {
    /// The new wallet, unlocked.
    pub wallet: UnlockedWallet,
    /// Its primary identity.
    pub bap_id: BapId,
    /// That identity's root address.
    pub address: Address,
    /// The backup of the wallet that was replaced.
    pub replaced: Option<PathBuf>,
    /// What could not be taken over, and what else to know; a sentence each.
    pub notes: Vec<String>,
}

/// A wallet that was read from elsewhere, before anything is written.
pub struct Incoming {
    draft: Draft,
    folder: Option<DesktopFolder>,
}

impl Incoming {
    /// Its primary identity.
    #[must_use]
    pub fn primary(&self) -> &Identity {
        let primary = self.draft.identities.primary();
        primary.expect("a draft has an identity")
    }

    /// All identities.
    pub fn identities(&self) -> impl Iterator<Item = &Identity> {
        self.draft.identities.iter()
    }

    /// The hosts that are known of.
    pub fn hosts(&self) -> impl Iterator<Item = &Host> {
        self.draft.hosts.iter().map(|(host, _)| host)
    }
}

impl Wallet {
    /// Brings a wallet in. Refuses if one exists, unless told to replace it.
    pub fn import(
        &self,
        password: &Password,
        source: ImportSource,
        replace: Replace,
    ) -> Result<Imported, WalletError> {
        check_new(password)?;
        if replace == Replace::No && self.exists()? {
            return Err(WalletError::WalletExists);
        }
        let incoming = self.incoming(source, password)?;
        self.bring_in(password, incoming, replace)
    }

    /// Reads a wallet from elsewhere. The password is for a folder of TokenPass
    /// Desktop.
    pub fn incoming(
        &self,
        source: ImportSource,
        password: &Password,
    ) -> Result<Incoming, WalletError> {
        let mut folder = None;
        let draft = match source {
            ImportSource::Mnemonic {
                mnemonic,
                passphrase,
            } => Draft::of(Contents::of_mnemonic(mnemonic, &passphrase)?)?,
            ImportSource::Seed(seed) => Draft::of(Contents::of_seed(seed)?)?,
            ImportSource::RootKey(root) => Draft::of(Contents::of_root(root))?,
            ImportSource::Backup { text, passphrase } => {
                let _turn = self.turn()?;
                Draft::of_backup(&text, &mut Opener::new(&passphrase))?
            }
            ImportSource::Desktop(path) => {
                let found = DesktopFolder::read(&path)?;
                let draft = found.draft(password)?;
                folder = Some(found);
                draft
            }
        };
        Ok(Incoming { draft, folder })
    }

    /// Brings in what was read, under this password.
    pub fn bring_in(
        &self,
        password: &Password,
        incoming: Incoming,
        replace: Replace,
    ) -> Result<Imported, WalletError> {
        check_new(password)?;
        if replace == Replace::No && self.exists()? {
            return Err(WalletError::WalletExists);
        }
        let Incoming { mut draft, folder } = incoming;
        let (old, replaced) = match replace {
            Replace::Yes if self.exists()? => self.put_aside(password)?,
            _ => (None, None),
        };
        if let Some(folder) = folder {
            folder.clear_the_way(self.home(), self.now())?;
        }
        let notes = std::mem::take(&mut draft.notes);
        let made = self.make(password, draft, old)?;
        self.record(Event::Imported, "", made.bap_id.as_str());
        Ok(Imported {
            wallet: made.wallet,
            bap_id: made.bap_id,
            address: made.address,
            replaced,
            notes,
        })
    }
}
