//! The unlocked wallet: the root key and what is derived from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use zeroize::Zeroizing;

use super::access::known_counts::KnownCounts;
use super::access::known_tokens::KnownTokens;
use super::app_keys::AppKeys;
use super::{Host, TokenInfo, Wallet, WalletError};
use crate::crypto::auth_token::{self, AuthToken, Scheme};
use crate::crypto::bsm::{self, MessageDigest};
use crate::crypto::keys::{Address, PrivateKey, PublicKey, WrittenAddress};
use crate::crypto::symmetric::derive_secret;
use crate::identity::member::SIGNING_INVOICE;
use crate::identity::{BapId, Identity, aip, derive};
use crate::platform::stamp::Stamp;
use crate::store::{HostKeyRow, LabelParent, VaultId, WalletId};

/// Hosts whose private key is kept at hand.
const MAX_CACHED_HOSTS: usize = 1024;

/// A wallet whose root key is in memory. Dropping it wipes its keys.
pub struct UnlockedWallet {
    wallet: Wallet,
    pub(super) vault: VaultId,
    /// The vault's file when it was last seen to hold that vault.
    pub(super) seen: Mutex<Option<Stamp>>,
    root: PrivateKey,
    hosts: Mutex<HashMap<Host, Arc<HostKey>>>,
    known_tokens: KnownTokens,
    pub(super) known_counts: KnownCounts,
    pub(super) apps: AppKeys,
}

pub(super) struct HostKey {
    pub(super) private: PrivateKey,
    pub(super) public: PublicKey,
    pub(super) address: WrittenAddress,
}

/// What friend and label keys derive from.
pub(super) enum Parent<'a> {
    Root(&'a PrivateKey),
    Host(Arc<HostKey>),
}

impl Parent<'_> {
    pub(super) fn key(&self) -> &PrivateKey {
        match self {
            Self::Root(root) => root,
            Self::Host(host) => &host.private,
        }
    }
}

/// Whose key signs.
#[derive(Clone, Debug)]
pub enum Signer {
    /// A host's.
    Host(Host),
    /// An identity's.
    Identity(BapId),
}

/// Which public key to show.
#[derive(Clone, Debug)]
pub enum KeySelector {
    /// A host's.
    Host(Host),
    /// The one that a friend encrypts to.
    Friend {
        /// The app it is for; `None` is this wallet without an app.
        host: Option<Host>,
        /// The friend's BAP ID, or any other label.
        label: String,
    },
    /// An identity's signing key.
    Identity(BapId),
}

/// A message's BSM signature and whose it is.
#[derive(Clone, Debug)]
pub struct SignedMessage {
    /// The signer's address.
    pub address: WrittenAddress,
    /// The signer's public key.
    pub public_key: PublicKey,
    /// The signature.
    pub signature: bsm::Signature,
}

/// What is public of a derived key.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicKeyInfo {
    /// P2PKH of the compressed public key.
    pub address: Address,
    /// Compressed, hex.
    pub public_key: PublicKey,
    /// How it is derived from the root key.
    pub path: String,
}

impl PublicKeyInfo {
    fn of(public_key: PublicKey, path: String) -> Self {
        Self {
            address: public_key.address(),
            public_key,
            path,
        }
    }
}

impl UnlockedWallet {
    pub(super) fn new(wallet: Wallet, vault: VaultId, root: PrivateKey) -> Self {
        Self {
            wallet,
            vault,
            seen: Mutex::default(),
            root,
            hosts: Mutex::default(),
            known_tokens: KnownTokens::default(),
            known_counts: KnownCounts::default(),
            apps: AppKeys::default(),
        }
    }

    /// The handle that it was unlocked from.
    #[must_use]
    pub fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// What a presented access token is. Looks at the file each time, so that
    /// what another process granted or revoked counts at once.
    pub fn authorize(&self, presented: &str) -> Result<Arc<TokenInfo>, WalletError> {
        self.wallet
            .authorize_for(self.id(), presented, &self.known_tokens)
    }

    /// Signs a message (BSM).
    pub fn sign(&self, signer: &Signer, message: &[u8]) -> Result<SignedMessage, WalletError> {
        self.sign_digest(signer, MessageDigest::of(message))
    }

    /// Signs a message (BSM) of which the digest is known.
    pub fn sign_digest(
        &self,
        signer: &Signer,
        digest: MessageDigest,
    ) -> Result<SignedMessage, WalletError> {
        let key = self.signing_key(signer)?;
        Ok(SignedMessage {
            address: key.address.clone(),
            public_key: key.public,
            signature: bsm::sign_digest(digest, &key.private),
        })
    }

    /// Signs a request: a bitcoin-auth token. The timestamp is now, unless
    /// one is given (ISO 8601 with `Z`).
    pub fn sign_request(
        &self,
        signer: &Signer,
        scheme: Scheme,
        path: &str,
        body: &[u8],
        timestamp: Option<&str>,
    ) -> Result<AuthToken, WalletError> {
        let key = self.signing_key(signer)?;
        let now;
        let timestamp = match timestamp {
            Some(timestamp) => timestamp,
            None => {
                now = self.wallet.now().to_string();
                &now
            }
        };
        let key_id = self.wallet.environment().random()?;
        Ok(auth_token::sign(
            &key.private,
            scheme,
            path,
            body,
            timestamp,
            key_id,
        )?)
    }

    /// Signs data pushes (AIP): algorithm, address, signature.
    pub fn sign_aip(
        &self,
        signer: &Signer,
        pushes: &[Vec<u8>],
    ) -> Result<[String; 3], WalletError> {
        Ok(aip::sign_ops(&self.signing_key(signer)?.private, pushes))
    }

    /// What is public of a key.
    pub fn public_key(&self, which: &KeySelector) -> Result<PublicKeyInfo, WalletError> {
        let (public_key, path) = match which {
            KeySelector::Host(host) => (self.host_key(host)?.public, host.invoice()),
            KeySelector::Friend { host, label } => self.friend_key(host.as_ref(), label)?,
            KeySelector::Identity(id) => return self.key_of(&self.identity(id)?),
        };
        Ok(PublicKeyInfo::of(public_key, path))
    }

    /// What is public of an identity's key. Reads nothing.
    pub fn key_of(&self, identity: &Identity) -> Result<PublicKeyInfo, WalletError> {
        let key = identity.signing_key(&self.root)?;
        let path = format!("{}/{}", identity.current_path(), SIGNING_INVOICE);
        Ok(PublicKeyInfo::of(key.public_key(), path))
    }

    pub(crate) fn id(&self) -> WalletId {
        self.vault.wallet
    }

    /// What the wallet's own picture is drawn from: known to nobody who does
    /// not hold the keys.
    pub(crate) fn picture_seed(&self) -> String {
        hex::encode(&self.derive_secret("tokenpass picture v1")[..16])
    }

    /// A secret for one purpose, the same each time. `label` names the purpose.
    pub(crate) fn derive_secret(&self, label: &str) -> Zeroizing<[u8; 32]> {
        derive_secret(&self.root.expose_bytes(), label)
    }

    pub(super) fn root(&self) -> &PrivateKey {
        &self.root
    }

    pub(super) fn signing_key(&self, signer: &Signer) -> Result<Arc<HostKey>, WalletError> {
        match signer {
            Signer::Host(host) => self.host_key(host),
            Signer::Identity(id) => {
                let private = self.identity(id)?.signing_key(&self.root)?;
                Ok(Arc::new(HostKey::from(private)))
            }
        }
    }

    /// A host's key, derived at its first use and noted in `keys.db`.
    pub(super) fn host_key(&self, host: &Host) -> Result<Arc<HostKey>, WalletError> {
        let hosts = || self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = hosts().get(host) {
            return Ok(Arc::clone(key));
        }
        // Derived and noted without the lock: other hosts go on signing.
        let key = Arc::new(HostKey::derive(&self.root, host)?);
        let noted = self.note(host, &key);
        let what = format!("the address of `{host}` was not noted");
        self.wallet.warn_if_unwritten(&what, noted)?;
        let mut hosts = hosts();
        if hosts.len() >= MAX_CACHED_HOSTS {
            // Rare, and deriving again costs less than keeping an order.
            hosts.clear();
        }
        hosts.insert(host.clone(), Arc::clone(&key));
        Ok(key)
    }

    /// Notes a host's key in `keys.db`, where it must be before a token is granted.
    pub(super) fn note_host(&self, host: &Host) -> Result<(), WalletError> {
        self.note(host, &HostKey::derive(&self.root, host)?)
    }

    fn note(&self, host: &Host, key: &HostKey) -> Result<(), WalletError> {
        let keys = &self.wallet.store().keys;
        let known = keys.get(self.id(), host.as_str())?;
        let (created, labels) = known.as_ref().map_or_else(
            || (self.wallet.now().as_millis(), LabelParent::Host),
            |row| (row.created, row.labels),
        );
        let row = key.row(host, created, labels);
        if known.as_ref() != Some(&row) {
            keys.put(self.id(), &[row])?;
        }
        Ok(())
    }

    /// What friend and label keys derive from, for an app or without one.
    pub(super) fn label_parent(&self, host: Option<&Host>) -> Result<Parent<'_>, WalletError> {
        let Some(host) = host else {
            return Ok(Parent::Root(&self.root));
        };
        let key = self.host_key(host)?;
        let row = self.wallet.store().keys.get(self.id(), host.as_str())?;
        Ok(match row.map(|row| row.labels) {
            Some(LabelParent::Root) => Parent::Root(&self.root),
            // Also a new host that a full disk kept from being noted.
            Some(LabelParent::Host) | None => Parent::Host(key),
        })
    }

    fn friend_key(
        &self,
        host: Option<&Host>,
        label: &str,
    ) -> Result<(PublicKey, String), WalletError> {
        let parent = self.label_parent(host)?;
        let public_key = derive::friend_key(parent.key(), label)?.public_key();
        let invoice = derive::friend_invoice(label);
        let path = match (host, &parent) {
            (Some(host), Parent::Host(_)) => format!("{}/{invoice}", host.invoice()),
            _ => invoice,
        };
        Ok((public_key, path))
    }
}

impl HostKey {
    pub(super) fn derive(root: &PrivateKey, host: &Host) -> Result<Self, WalletError> {
        Ok(derive::host_key(root, host.as_str())?.into())
    }

    fn row(&self, host: &Host, created: u64, labels: LabelParent) -> HostKeyRow {
        HostKeyRow {
            host: host.to_string(),
            invoice: host.invoice(),
            public_key: self.public.to_string(),
            address: self.address.to_string(),
            created,
            labels,
        }
    }
}

impl Wallet {
    pub(super) fn unlocked(&self, vault: VaultId, root: PrivateKey) -> UnlockedWallet {
        UnlockedWallet::new(self.clone(), vault, root)
    }

    /// What `keys.db` holds of a host's key.
    pub(super) fn host_row(
        &self,
        root: &PrivateKey,
        host: &Host,
        labels: LabelParent,
    ) -> Result<HostKeyRow, WalletError> {
        let key = HostKey::derive(root, host)?;
        Ok(key.row(host, self.now().as_millis(), labels))
    }
}

impl From<PrivateKey> for HostKey {
    fn from(private: PrivateKey) -> Self {
        let public = private.public_key();
        Self {
            address: public.address().into(),
            public,
            private,
        }
    }
}
