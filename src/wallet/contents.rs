//! What the vault holds: versioned JSON.
//!
//! `{"version":1,"wallet":hex,"rootKey":hex,"seed":hex?,"mnemonic":text?,"passphrase":bool}`;
//! `passphrase` says that the mnemonic alone does not give the seed.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::WalletError;
use crate::crypto::keys::PrivateKey;
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::store::WalletId;

const VERSION: u32 = 1;

/// More than the longest contents need, so that serialising never moves them
/// and leaves a copy behind.
const CAPACITY: usize = 2048;

/// The secrets of a wallet.
pub(super) struct Contents {
    pub(super) root: PrivateKey,
    pub(super) seed: Option<Seed>,
    pub(super) mnemonic: Option<Mnemonic>,
    pub(super) has_passphrase: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    version: u32,
    wallet: String,
    root_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mnemonic: Option<String>,
    #[serde(default)]
    passphrase: bool,
}

impl Drop for Document {
    fn drop(&mut self) {
        self.root_key.zeroize();
        self.seed.zeroize();
        self.mnemonic.zeroize();
    }
}

impl Contents {
    pub(super) fn of_mnemonic(
        mnemonic: Mnemonic,
        passphrase: &Password,
    ) -> Result<Self, WalletError> {
        let seed = mnemonic.seed(passphrase.expose());
        let mut contents = Self::of_seed(seed)?;
        contents.mnemonic = Some(mnemonic);
        contents.has_passphrase = !passphrase.is_empty();
        Ok(contents)
    }

    pub(super) fn of_seed(seed: Seed) -> Result<Self, WalletError> {
        let mut contents = Self::of_root(seed.root_key()?);
        contents.seed = Some(seed);
        Ok(contents)
    }

    pub(super) fn of_root(root: PrivateKey) -> Self {
        Self {
            root,
            seed: None,
            mnemonic: None,
            has_passphrase: false,
        }
    }

    pub(super) fn to_json(&self, wallet: WalletId) -> Zeroizing<Vec<u8>> {
        let document = Document {
            version: VERSION,
            wallet: hex::encode(wallet.0),
            root_key: hex::encode(*self.root.expose_bytes()),
            seed: self.seed.as_ref().map(|seed| seed.expose_hex().to_string()),
            mnemonic: self
                .mnemonic
                .as_ref()
                .map(|mnemonic| mnemonic.expose_phrase().to_string()),
            passphrase: self.has_passphrase,
        };
        let mut json = Zeroizing::new(Vec::with_capacity(CAPACITY));
        serde_json::to_writer(&mut *json, &document).expect("strings and numbers always serialise");
        json
    }

    pub(super) fn from_json(json: &[u8], wallet: WalletId) -> Result<Self, WalletError> {
        let broken = WalletError::VaultContents;
        let document: Document =
            serde_json::from_slice(json).map_err(|_| broken("it is not in the known form"))?;
        if document.version != VERSION {
            return Err(broken("a newer version wrote it"));
        }
        if document.wallet != hex::encode(wallet.0) {
            return Err(broken("it belongs to another record"));
        }
        let mut root = Zeroizing::new([0; 32]);
        hex::decode_to_slice(&document.root_key, &mut *root)
            .map_err(|_| broken("the root key is invalid"))?;
        let seed = document.seed.as_deref().map(Seed::from_hex).transpose();
        let mnemonic = document
            .mnemonic
            .as_deref()
            .map(Mnemonic::parse)
            .transpose();
        Ok(Self {
            root: PrivateKey::from_bytes(&root).map_err(|_| broken("the root key is invalid"))?,
            seed: seed.map_err(|_| broken("the seed is invalid"))?,
            mnemonic: mnemonic.map_err(|_| broken("the mnemonic is invalid"))?,
            has_passphrase: document.passphrase,
        })
    }
}
