//! Encrypting and decrypting: with hosts' keys, and with those of labels and
//! friends.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::unlocked::{HostKey, Parent};
use super::{Host, UnlockedWallet, Wallet, WalletError};
use crate::crypto::ecies;
use crate::crypto::keys::{PrivateKey, PublicKey};
use crate::identity::derive;

/// Who can decrypt.
#[derive(Clone, Debug)]
pub enum Recipient {
    /// The holder of a host's key: this wallet.
    Host(Host),
    /// The holder of this wallet's own key for a label.
    Label {
        /// The app it is for; `None` is this wallet without an app.
        host: Option<Host>,
        /// A friend's BAP ID, or any other label.
        label: String,
    },
    /// The holder of any key.
    PublicKey(PublicKey),
}

/// Whom a ciphertext may come from, and so which keys are tried.
#[derive(Clone, Debug)]
pub enum Sender {
    /// Encrypted to a host's key.
    Host(Host),
    /// Encrypted to a host's key, to the key that a friend was given, or to
    /// the own or shared key of that label.
    Friend {
        /// The app it is for, whose key is tried first; `None` is this wallet
        /// without an app, and the key of `localhost`.
        host: Option<Host>,
        /// The friend's BAP ID, or any other label.
        label: String,
        /// The friend's public key, for the shared key.
        public_key: Option<PublicKey>,
    },
}

impl UnlockedWallet {
    /// Encrypts (ECIES, BIE1) from a fresh key.
    pub fn encrypt(&self, to: &Recipient, plaintext: &[u8]) -> Result<Vec<u8>, WalletError> {
        self.wallet()
            .encrypt_to(&self.recipient_key(to)?, plaintext)
    }

    /// Decrypts with the first of the sender's keys that fits; the HMAC tells.
    pub fn decrypt(
        &self,
        from: &Sender,
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, WalletError> {
        ecies::check_form(ciphertext)?;
        if let Ok(plaintext) = ecies::decrypt(ciphertext, &self.first_key(from)?.private) {
            return Ok(plaintext);
        }
        self.friend_keys(from)?
            .iter()
            .find_map(|key| ecies::decrypt(ciphertext, key).ok())
            .ok_or(WalletError::CannotDecrypt)
    }

    /// The key that is encrypted to.
    pub fn recipient_key(&self, to: &Recipient) -> Result<PublicKey, WalletError> {
        Ok(match to {
            Recipient::Host(host) => self.host_key(host)?.public,
            Recipient::Label { host, label } => {
                let parent = self.label_parent(host.as_ref())?;
                derive::own_encryption_key(parent.key(), label)?.public_key()
            }
            Recipient::PublicKey(key) => *key,
        })
    }

    /// The key that is tried first: the host's.
    pub(super) fn first_key(&self, from: &Sender) -> Result<Arc<HostKey>, WalletError> {
        match from {
            Sender::Host(host)
            | Sender::Friend {
                host: Some(host), ..
            } => self.host_key(host),
            Sender::Friend { host: None, .. } => self.host_key(&Host::localhost()),
        }
    }

    /// The keys that are tried next: those that a friend may have used.
    pub(super) fn friend_keys(&self, from: &Sender) -> Result<Vec<PrivateKey>, WalletError> {
        let Sender::Friend {
            host,
            label,
            public_key,
        } = from
        else {
            return Ok(Vec::new());
        };
        let below = |parent: &PrivateKey| {
            let mut keys = vec![
                derive::friend_key(parent, label)?,
                derive::own_encryption_key(parent, label)?,
            ];
            if let Some(public_key) = public_key {
                keys.push(derive::shared_encryption_key(parent, public_key, label)?);
            }
            Ok::<_, WalletError>(keys)
        };
        let parent = self.label_parent(host.as_ref())?;
        let mut keys = below(parent.key())?;
        if let (Parent::Root(_), Some(host)) = (&parent, host) {
            // A copy of this wallet that did not know the host from before
            // derived from the host's own key.
            keys.extend(below(&self.host_key(host)?.private)?);
        }
        Ok(keys)
    }
}

impl Wallet {
    /// Encrypts (ECIES, BIE1) from a fresh key. Needs no key of this wallet.
    pub fn encrypt_to(
        &self,
        recipient: &PublicKey,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, WalletError> {
        Ok(ecies::encrypt(plaintext, recipient, &self.fresh_key()?))
    }

    /// A key that was never used.
    pub(crate) fn fresh_key(&self) -> Result<PrivateKey, WalletError> {
        loop {
            let bytes = Zeroizing::new(self.environment().random()?);
            // All but one in 2^128 are valid.
            if let Ok(key) = PrivateKey::from_bytes(&bytes) {
                return Ok(key);
            }
        }
    }
}
