//! How a wallet comes to be: its rows, and its registration.

use zeroize::Zeroizing;

use super::contents::Contents;
use super::moving::draft::Draft;
use super::vault::check_new;
use super::{Event, Merge, Object, UnlockedWallet, Wallet, WalletError};
use crate::crypto::keys::Address;
use crate::crypto::mnemonic::Mnemonic;
use crate::crypto::secret::Password;
use crate::identity::BapId;
use crate::store::{PasswordId, VaultRow, WalletId, WalletRow};

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
    /// The new wallet, unlocked.
    pub wallet: UnlockedWallet,
    /// What restores it; to be shown once.
    pub mnemonic: Mnemonic,
    /// Its primary identity.
    pub bap_id: BapId,
    /// That identity's root address.
    pub address: Address,
}

/// A new wallet whose rows are on disk.
pub(super) struct Made {
    pub(super) wallet: UnlockedWallet,
    pub(super) bap_id: BapId,
    pub(super) address: Address,
}

impl Wallet {
    /// Makes a wallet with fresh words, an empty BIP-39 passphrase, and one
    /// identity. Refuses if a wallet exists.
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
        let now = self.now().as_millis();
        draft.profile.change(registration.profile, Merge::Keep, now);
        let made = self.make(password, draft, None)?;
        self.record(Event::Registered, "", made.bap_id.as_str());
        Ok(Registered {
            wallet: made.wallet,
            mnemonic: words(),
            bap_id: made.bap_id,
            address: made.address,
        })
    }

    /// Without effect on the wallet that there is now, which is why a failure
    /// is only warned of.
    fn forget_all_but(&self, wallet: WalletId) {
        let state = self.store().state.keep_only(wallet);
        let keys = self.store().keys.keep_only(wallet);
        if let Err(error) = state.and(keys) {
            let left = "public records of the wallet that was replaced are still there";
            self.environment().warn(&format!("{left}: {error}"));
        }
    }

    /// Writes the new wallet's rows, then its vault, which makes them count.
    /// `replaces` is the wallet that must be there, if any.
    pub(super) fn make(
        &self,
        password: &Password,
        draft: Draft,
        replaces: Option<WalletId>,
    ) -> Result<Made, WalletError> {
        let id = WalletId(self.environment().random()?);
        let root = &draft.contents.root;
        let primary = draft.identities.primary();
        let primary = primary.expect("a draft has an identity");
        let (bap_id, address) = (primary.id().clone(), *primary.root_address());
        let mut record = WalletRow {
            bap_id: bap_id.to_string(),
            identities: self.seal_identities(root, &draft.identities)?,
            ..WalletRow::default()
        };
        draft.profile.write(&mut record)?;
        self.seal_certificates(root, &draft.certificates, &mut record)?;
        let keys = draft
            .hosts
            .iter()
            .map(|(host, labels)| self.host_row(root, host, *labels))
            .collect::<Result<Vec<_>, _>>()?;
        let row = VaultRow {
            wallet: id,
            password: PasswordId(self.environment().random()?),
            vault: self.seal_vault(id, password, &draft.contents)?,
        };
        let vault = row.id();
        self.replace_vault(|there| {
            match there.map(|row| row.wallet) {
                there if there == replaces => {}
                // Another process was first.
                _ => return Err(WalletError::WalletExists),
            }
            self.store().state.put_wallet(id, &record)?;
            self.store().state.put_contacts(id, &draft.contacts)?;
            self.store().keys.put(id, &keys)?;
            Ok(row)
        })?;
        self.forget_all_but(id);
        Ok(Made {
            wallet: self.unlocked(vault, draft.contents.root),
            bap_id,
            address,
        })
    }
}
