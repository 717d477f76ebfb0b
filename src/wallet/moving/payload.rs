//! What a decrypted backup means: which of the kinds that `bitcoin-backup`
//! 0.0.7 knows it is, and the wallet it holds, if it holds a root key.
//!
//! | kind | fields | root |
//! |---|---|---|
//! | master | `ids`, `rootPk`, `mnemonic?` | the WIF key `rootPk` |
//! | legacy master | `ids`, `xprv`, `mnemonic` | the key of the master node |
//! | key | `wif`, or only the WIF as text | the key |
//! | Yours Wallet | `payPk`, `ordPk`, `mnemonic` | of the mnemonic |
//! | 1Sat | `payPk`, `ordPk`, `identityPk` | the WIF key `identityPk` |
//! | seed of TokenPass | `encryptedVault`, `scheme` | of the seed within |
//! | member, vaults, ZIP | | none |
//!
//! TokenPass writes a master backup, with one more field, `tokenpass`, for what
//! the others have no place for. Other readers pass it over.

mod error;
mod write;

use std::collections::HashSet;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::crypto::keys::PrivateKey;
use crate::crypto::mnemonic::{Mnemonic, Seed, root_key_from_xprv};
use crate::crypto::secret::Password;
use crate::identity::certificate_book::CertificateRecord;
use crate::identity::changes::Times;
use crate::identity::ids::{self, LegacyIdentity};
use crate::identity::{BapId, BookTimes, IdentityBook};
use crate::store::{ContactRow, LabelParent};

pub use error::{BackupKind, PayloadError};
pub use write::Backup;

/// The version of the `tokenpass` field that is written, and the highest read.
const VERSION: u32 = 1;

/// The scheme of a vault that holds the seed of an older TokenPass.
const TOKENPASS_SEED: &str = "tokenpass-seed-v1";

/// What is said of keys that are of no use here.
const COIN_KEYS: &str = "the payment and ordinals keys were left out: this wallet holds no coins";
const YOURS_KEYS: &str = "the payment, ordinals and identity keys of Yours Wallet were left out: \
    the words give this wallet keys of its own, and it holds no coins";

/// A host that had a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHost {
    /// As the source writes it.
    pub host: String,
    /// Which key its friend and label keys derive from.
    pub labels: LabelParent,
}

/// A wallet as read from elsewhere. Holds secrets: no `Debug`.
pub struct Restored {
    /// All derives from this.
    pub root: PrivateKey,
    /// The BIP-39 seed, if known; its root key is `root`.
    pub seed: Option<Seed>,
    /// The words, if known; with some passphrase they give `seed`.
    pub mnemonic: Option<Mnemonic>,
    /// The identities; there may be none.
    pub identities: IdentityBook,
    /// Identities of the BIP-32 kind, which cannot be taken over.
    pub legacy_identities: Vec<LegacyIdentity>,
    /// What the backup holds of other wallets, which is not taken over; a
    /// sentence each.
    pub left_out: Vec<&'static str>,
    /// The profile without `host` and `bapID`.
    pub profile: Map<String, Value>,
    /// When its fields were changed.
    pub profile_times: Times,
    /// The hosts that were known.
    pub hosts: Vec<KnownHost>,
    /// The contacts, not checked yet.
    pub contacts: Vec<ContactRow>,
    /// The certificates, those that were given up too.
    pub certificates: Vec<CertificateRecord>,
    /// The name its owner gave the backup.
    pub label: Option<String>,
}

impl Restored {
    pub(in crate::wallet) fn of_root(root: PrivateKey) -> Self {
        Self {
            root,
            seed: None,
            mnemonic: None,
            identities: IdentityBook::new(),
            legacy_identities: Vec::new(),
            left_out: Vec::new(),
            profile: Map::new(),
            profile_times: Times::default(),
            hosts: Vec::new(),
            contacts: Vec::new(),
            certificates: Vec::new(),
            label: None,
        }
    }

    pub(in crate::wallet) fn of_seed(seed: Seed) -> Result<Self, PayloadError> {
        let root = seed.root_key().map_err(PayloadError::RootKey)?;
        let mut restored = Self::of_root(root);
        restored.seed = Some(seed);
        Ok(restored)
    }

    /// Takes the words on, if with no or one of the passphrases they lead to
    /// the root.
    pub(in crate::wallet) fn attach_mnemonic(
        &mut self,
        mnemonic: Mnemonic,
        passphrases: &[&Password],
    ) -> Result<(), PayloadError> {
        let root = self.root.public_key();
        let seed = std::iter::once("")
            .chain(passphrases.iter().map(|passphrase| {
                std::str::from_utf8(passphrase.as_bytes()).expect("a password is made of a String")
            }))
            .map(|passphrase| mnemonic.seed(passphrase))
            .find(|seed| seed.root_key().is_ok_and(|key| key.public_key() == root))
            .ok_or(PayloadError::ForeignMnemonic)?;
        self.seed = Some(seed);
        self.mnemonic = Some(mnemonic);
        Ok(())
    }
}

/// Text that wipes itself.
struct Secret(Zeroizing<String>);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// Every field that tells the kinds apart or is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    ids: Option<String>,
    root_pk: Option<Secret>,
    xprv: Option<Secret>,
    mnemonic: Option<Secret>,
    wif: Option<Secret>,
    id: Option<serde::de::IgnoredAny>,
    ord_pk: Option<serde::de::IgnoredAny>,
    pay_pk: Option<serde::de::IgnoredAny>,
    identity_pk: Option<Secret>,
    encrypted_vault: Option<Secret>,
    scheme: Option<String>,
    chrome_storage: Option<serde::de::IgnoredAny>,
    label: Option<String>,
    tokenpass: Option<Extension<Secret>>,
}

/// The `tokenpass` field. Identities and their attributes are in `ids`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension<S> {
    version: u32,
    /// The primary identity.
    #[serde(default)]
    primary: Option<BapId>,
    #[serde(default)]
    profile: Map<String, Value>,
    /// When the profile's fields were changed: milliseconds since 1970. One that
    /// has a time and no value was removed.
    #[serde(default, skip_serializing_if = "Times::is_empty")]
    profile_times: Times,
    /// The same of the identities.
    #[serde(default)]
    identity_times: BookTimes,
    /// The hosts that had a key.
    #[serde(default)]
    hosts: Vec<String>,
    /// Those of them whose friend and label keys derive from the host's key.
    /// Those of the others, and of a backup of 0.1, derive from the root key.
    #[serde(default)]
    host_labels: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<ContactRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<CertificateRecord>,
    /// The seed in hex, if the words alone do not lead to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<S>,
}

impl<S> Extension<S> {
    fn known_hosts(&self) -> Vec<KnownHost> {
        let own: HashSet<_> = self.host_labels.iter().collect();
        let known = self.hosts.iter().map(|host| KnownHost {
            host: host.clone(),
            labels: match own.contains(host) {
                true => LabelParent::Host,
                false => LabelParent::Root,
            },
        });
        known.collect()
    }
}

#[derive(Deserialize)]
struct TokenPassSeed {
    hex: Secret,
    mnemonic: Option<Secret>,
}

/// Reads the wallet in a decrypted backup. A mnemonic must lead to the root
/// with an empty BIP-39 passphrase or one of those given (TokenPass Desktop took
/// the wallet's password as such).
///
/// # Errors
/// [`PayloadError`] says what is missing or does not fit; nothing is read then.
pub fn restore(payload: &[u8], passphrases: &[&Password]) -> Result<Restored, PayloadError> {
    if let Some(root) = bare_wif(payload) {
        return Ok(Restored::of_root(root));
    }
    let fields: Fields = serde_json::from_slice(payload)?;
    let mut restored = match (fields.kind().ok_or(PayloadError::UnknownKind)?, &fields) {
        (
            BackupKind::Master | BackupKind::Key,
            Fields {
                root_pk: Some(wif), ..
            }
            | Fields { wif: Some(wif), .. },
        ) => Restored::of_root(PrivateKey::from_wif(wif.0.trim()).map_err(PayloadError::RootKey)?),
        (
            BackupKind::LegacyMaster,
            Fields {
                xprv: Some(xprv), ..
            },
        ) => {
            let xprv = xprv.0.trim_ascii();
            let root = root_key_from_xprv(xprv).map_err(PayloadError::RootKey)?;
            let mut restored = Restored::of_root(root);
            if let Some(ids) = fields.ids.as_deref().filter(|ids| !ids.is_empty()) {
                restored.legacy_identities = ids::list_legacy(ids, xprv)?;
            }
            restored
        }
        (
            BackupKind::YoursWallet,
            Fields {
                mnemonic: Some(words),
                ..
            },
        ) => {
            let mut restored = Restored::of_seed(parse_mnemonic(words)?.seed(""))?;
            restored.left_out.push(match fields.identity_pk {
                Some(_) => YOURS_KEYS,
                None => COIN_KEYS,
            });
            restored
        }
        (
            kind @ BackupKind::OneSat,
            Fields {
                identity_pk: Some(wif),
                ..
            },
        ) => {
            let root = PrivateKey::from_wif(&wif.0).map_err(|_| PayloadError::NoRoot(kind))?;
            let mut restored = Restored::of_root(root);
            restored.left_out.push(COIN_KEYS);
            restored
        }
        (
            BackupKind::Vault,
            Fields {
                encrypted_vault: Some(vault),
                scheme: Some(scheme),
                ..
            },
        ) if scheme == TOKENPASS_SEED => return of_tokenpass_seed(&vault.0, passphrases),
        (kind, _) => return Err(PayloadError::NoRoot(kind)),
    };
    if let (Some(_), Some(ids)) = (&fields.root_pk, &fields.ids)
        && !ids.is_empty()
        && fields.xprv.is_none()
    {
        restored.identities = ids::import(ids, &restored.root)?;
    }
    let extension = fields.tokenpass;
    if let Some(Extension { version, .. }) = extension
        && version > VERSION
    {
        return Err(PayloadError::NewerVersion(version));
    }
    let seed = extension.as_ref().and_then(|known| known.seed.as_ref());
    restored.attach_words(fields.mnemonic.as_ref(), seed, passphrases)?;
    if let Some(extension) = extension {
        if let Some(primary) = &extension.primary {
            restored.identities.set_primary(primary)?;
        }
        restored
            .identities
            .set_times(extension.identity_times.clone());
        restored.hosts = extension.known_hosts();
        restored.profile = extension.profile;
        restored.profile_times = extension.profile_times;
        restored.contacts = extension.contacts;
        restored.certificates = extension.certificates;
    }
    restored.label = fields.label;
    Ok(restored)
}

impl Fields {
    /// The kind, by the rules and in the order of `bitcoin-backup`.
    fn kind(&self) -> Option<BackupKind> {
        let keys = self.ord_pk.is_some() && self.pay_pk.is_some();
        Some(match self {
            Self { xprv: Some(_), .. } => BackupKind::LegacyMaster,
            Self {
                root_pk: Some(_), ..
            } => BackupKind::Master,
            Self {
                wif: Some(_),
                id: Some(_),
                ..
            } => BackupKind::Member,
            Self { wif: Some(_), .. } => BackupKind::Key,
            Self {
                identity_pk: Some(_),
                mnemonic: None,
                ..
            } if keys => BackupKind::OneSat,
            _ if keys => BackupKind::YoursWallet,
            Self {
                encrypted_vault: Some(_),
                ..
            } => BackupKind::Vault,
            Self {
                chrome_storage: Some(_),
                ..
            } => BackupKind::YoursWalletZip,
            _ => return None,
        })
    }
}

impl Restored {
    /// Words and seed, each as far as there is one, must lead to the root.
    fn attach_words(
        &mut self,
        words: Option<&Secret>,
        seed: Option<&Secret>,
        passphrases: &[&Password],
    ) -> Result<(), PayloadError> {
        if let Some(hex) = seed {
            let seed = Seed::from_hex(&hex.0).map_err(|_| PayloadError::ForeignSeed)?;
            let root = seed.root_key().map_err(|_| PayloadError::ForeignSeed)?;
            if root.public_key() != self.root.public_key() {
                return Err(PayloadError::ForeignSeed);
            }
            self.seed = Some(seed);
        }
        match words.filter(|words| !words.0.trim().is_empty()) {
            None => Ok(()),
            // TokenPass writes a seed if the words have a passphrase, which
            // it does not keep; the words were checked when they came in.
            Some(words) if self.seed.is_some() => {
                self.mnemonic = Some(parse_mnemonic(words)?);
                Ok(())
            }
            Some(words) => self.attach_mnemonic(parse_mnemonic(words)?, passphrases),
        }
    }
}

/// The oldest backups hold a WIF and nothing around it.
fn bare_wif(payload: &[u8]) -> Option<PrivateKey> {
    PrivateKey::from_wif(std::str::from_utf8(payload).ok()?.trim_ascii()).ok()
}

fn parse_mnemonic(words: &Secret) -> Result<Mnemonic, PayloadError> {
    Mnemonic::parse(&words.0).map_err(PayloadError::Mnemonic)
}

fn of_tokenpass_seed(vault: &str, passphrases: &[&Password]) -> Result<Restored, PayloadError> {
    let TokenPassSeed { hex, mnemonic } = serde_json::from_str(vault)?;
    let seed = Seed::from_hex(&hex.0).map_err(PayloadError::RootKey)?;
    let mut restored = Restored::of_seed(seed)?;
    if let Some(words) = mnemonic {
        restored.attach_mnemonic(parse_mnemonic(&words)?, passphrases)?;
    }
    Ok(restored)
}
