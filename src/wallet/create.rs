//! How a wallet comes to be: registered anew, or imported.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::crypto::keys::{Address, PrivateKey};
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::identity::{BapId, IdentityBook};
use crate::store::{VaultRow, WalletId, WalletRow};

use super::contents::Contents;
use super::{Event, Host, Object, UnlockedWallet, Wallet, WalletError, check_new};

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
}

/// Everything that a new wallet's rows are made of.
struct Draft {
    contents: Contents,
    profile: Object,
    identities: IdentityBook,
    hosts: Vec<Host>,
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
        let old = match (self.exists()?, replace) {
            (false, _) => None,
            (true, Replace::No) => return Err(WalletError::WalletExists),
            (true, Replace::Yes) => Some(self.open_vault(password)?.0.wallet),
        };
        let draft = Draft::of(Contents::try_from(source)?)?;
        let made = self.make(password, draft, old)?;
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
        let (bap_id, address) = (primary.bap_id().clone(), primary.root_address());
        let record = WalletRow {
            bap_id: bap_id.to_string(),
            profile: Value::Object(draft.profile).to_string(),
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
        })
    }
}

impl Draft {
    /// A wallet that nothing but its secrets is known of.
    fn of(contents: Contents) -> Result<Self, WalletError> {
        Ok(Self {
            identities: IdentityBook::first(&contents.root, FIRST_IDENTITY)?,
            contents,
            profile: Object::new(),
            hosts: Vec::new(),
        })
    }
}

impl TryFrom<ImportSource> for Contents {
    type Error = WalletError;

    fn try_from(source: ImportSource) -> Result<Self, WalletError> {
        let (seed, mnemonic, has_passphrase) = match source {
            ImportSource::Mnemonic {
                mnemonic,
                passphrase,
            } => {
                let seed = mnemonic.seed(passphrase.expose());
                (seed, Some(mnemonic), !passphrase.is_empty())
            }
            ImportSource::Seed(seed) => (seed, None, false),
            ImportSource::RootKey(root) => {
                return Ok(Self {
                    root,
                    seed: None,
                    mnemonic: None,
                    has_passphrase: false,
                });
            }
        };
        Ok(Self {
            root: seed.root_key()?,
            seed: Some(seed),
            mnemonic,
            has_passphrase,
        })
    }
}
