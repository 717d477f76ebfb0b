//! How a wallet comes to be: registered anew, or imported.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::crypto::keys::{Address, PrivateKey};
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::identity::{BapId, IdentityBook};
use crate::store::{VaultRow, WalletId, WalletRow};

use super::contents::Contents;
use super::moving::desktop_folder::DesktopFolder;
use super::{Event, Host, Object, UnlockedWallet, Wallet, WalletError, check_new, profile};

/// What a new wallet's first identity is called.
const FIRST_IDENTITY: &str = "Primary Identity";

/// How many words a new mnemonic has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WordCount {
    /// 128 bits of entropy.
    #[default]
    Twelve,
    /// 256 bits of entropy.
    TwentyFour,
}

/// What a new wallet says of its owner; all of it public.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    /// How many words the mnemonic has.
    pub words: WordCount,
    /// The profile's first fields.
    pub profile: Object,
}

/// A wallet that is on disk.
pub struct Registered {
    /// It, unlocked.
    pub wallet: UnlockedWallet,
    /// What restores it; to be shown once.
    pub mnemonic: Mnemonic,
    /// Its primary identity.
    pub bap_id: BapId,
    /// That identity's root address.
    pub address: Address,
}

/// Where an imported wallet comes from.
pub enum ImportSource {
    /// Words, and the BIP-39 passphrase where they need one.
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

/// What happens where a wallet exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// The import is refused.
    No,
    /// The password must open it; it is then replaced.
    Yes,
}

/// A wallet that was brought in.
pub struct Imported {
    /// It, unlocked.
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

/// Everything that a new wallet's rows are made of.
pub(super) struct Draft {
    pub(super) contents: Contents,
    pub(super) profile: Object,
    pub(super) identities: IdentityBook,
    pub(super) hosts: Vec<Host>,
    pub(super) notes: Vec<String>,
}

impl Wallet {
    /// Makes a wallet with fresh words, an empty BIP-39 passphrase, and one
    /// identity. Refuses where a wallet exists.
    pub fn register(
        &self,
        password: &Password,
        registration: Registration,
    ) -> Result<Registered, WalletError> {
        check_new(password)?;
        if self.exists()? {
            return Err(WalletError::WalletExists);
        }
        let entropy = Zeroizing::new(self.environment().random::<32>()?);
        let entropy = match registration.words {
            WordCount::Twelve => &entropy[..16],
            WordCount::TwentyFour => &entropy[..],
        };
        let words = || Mnemonic::from_entropy(entropy).expect("16 and 32 bytes make mnemonics");
        let seed = words().seed("");
        let contents = Contents {
            root: seed.root_key()?,
            seed: Some(seed),
            mnemonic: Some(words()),
            has_passphrase: false,
        };
        let mut draft = Draft::of(contents)?;
        draft.profile = registration.profile;
        let made = self.make(password, draft, None)?;
        self.record(Event::Registered, "", made.bap_id.as_str())?;
        Ok(Registered {
            wallet: made.wallet,
            mnemonic: words(),
            bap_id: made.bap_id,
            address: made.address,
        })
    }

    /// Brings a wallet in. Refuses where one exists, unless told to replace it.
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
        let mut folder = None;
        let draft = match source {
            ImportSource::Mnemonic {
                mnemonic,
                passphrase,
            } => Draft::of(Contents::of_mnemonic(mnemonic, &passphrase)?)?,
            ImportSource::Seed(seed) => Draft::of(Contents::of_seed(seed)?)?,
            ImportSource::RootKey(root) => Draft::of(Contents::of_root(root))?,
            ImportSource::Backup { text, passphrase } => {
                let _turn = self.0.turnstile.enter()?;
                Draft::of_backup(&text, &passphrase)?
            }
            ImportSource::Desktop(path) => {
                let found = DesktopFolder::read(&path)?;
                let draft = found.draft(password)?;
                folder = Some(found);
                draft
            }
        };
        let (old, replaced) = match replace {
            Replace::Yes if self.exists()? => self.put_aside(password)?,
            _ => (None, None),
        };
        if let Some(folder) = folder {
            folder.clear_the_way(self.home(), self.now())?;
        }
        let mut made = self.make(password, draft, old)?;
        made.replaced = replaced;
        self.record(Event::Imported, "", made.bap_id.as_str())?;
        Ok(made)
    }

    /// Writes the new wallet's rows, then its vault, which makes them count.
    /// `replaces` is the wallet that must be there, if any.
    fn make(
        &self,
        password: &Password,
        draft: Draft,
        replaces: Option<WalletId>,
    ) -> Result<Imported, WalletError> {
        let id = WalletId(self.environment().random()?);
        let root = &draft.contents.root;
        let primary = draft.identities.primary();
        let primary = primary.expect("a draft has an identity");
        let (bap_id, address) = (primary.id().clone(), *primary.root_address());
        let record = WalletRow {
            bap_id: bap_id.to_string(),
            profile: profile::fresh(draft.profile)?,
            identities: self.seal_identities(root, &draft.identities)?,
        };
        let keys = draft
            .hosts
            .iter()
            .map(|host| self.host_row(root, host))
            .collect::<Result<Vec<_>, _>>()?;
        let vault = self.seal_vault(id, password, &draft.contents)?;
        self.store().seed.replace(|there| {
            match there.map(|row| row.wallet) {
                there if there == replaces => {}
                // Another process was first.
                _ => return Err(WalletError::WalletExists),
            }
            self.store().state.put_wallet(id, &record)?;
            self.store().keys.put(id, &keys)?;
            Ok((VaultRow { wallet: id, vault }, ()))
        })?;
        self.store().state.keep_only(id)?;
        self.store().keys.keep_only(id)?;
        Ok(Imported {
            wallet: self.unlocked(id, draft.contents.root),
            bap_id,
            address,
            replaced: None,
            notes: draft.notes,
        })
    }
}

impl Draft {
    /// A wallet that nothing but its secrets is known of.
    pub(super) fn of(contents: Contents) -> Result<Self, WalletError> {
        let mut identities = IdentityBook::new();
        identities.create(&contents.root, FIRST_IDENTITY)?;
        Ok(Self {
            contents,
            profile: Object::new(),
            identities,
            hosts: Vec::new(),
            notes: Vec::new(),
        })
    }
}
