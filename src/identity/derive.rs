//! Keys that the root key has for hosts and friends: Type42 (BRC-42) children
//! whose invoices follow BRC-43 (`level-protocol-key id`).
//!
//! "Self" derivation takes the own public key as counterparty, so only the
//! owner of the root key can find these keys.

use sha2::{Digest, Sha256};

use crate::crypto::brc42;
use crate::crypto::keys::{KeyError, PrivateKey, PublicKey};

/// The invoice of a host's key: `2-tokenpass-{host}`.
pub fn host_invoice(host: &str) -> String {
    format!("2-tokenpass-{host}")
}

/// The invoice of a friend's key: `2-friend-{hex(sha256(friend's BAP ID))}`.
pub fn friend_invoice(friend: &str) -> String {
    format!("2-friend-{}", hex::encode(Sha256::digest(friend)))
}

/// The invoice of the encryption keys of a label, which is a friend's BAP ID
/// or `default`: `2-encrypt-{hex(sha256(label))}`.
pub fn encryption_invoice(label: &str) -> String {
    format!("2-encrypt-{}", hex::encode(Sha256::digest(label)))
}

/// The key that signs and decrypts for one host.
///
/// # Errors
/// [`KeyError`] if the sum is not a valid scalar, which will never happen in
/// practice.
pub fn host_key(root: &PrivateKey, host: &str) -> Result<PrivateKey, KeyError> {
    brc42::derive_self(root, &host_invoice(host))
}

/// The key whose public half one friend encrypts to.
///
/// # Errors
/// As [`host_key`].
pub fn friend_key(root: &PrivateKey, friend: &str) -> Result<PrivateKey, KeyError> {
    brc42::derive_self(root, &friend_invoice(friend))
}

/// The own key for a label: what is encrypted to nobody else in particular.
///
/// # Errors
/// As [`host_key`].
pub fn own_encryption_key(root: &PrivateKey, label: &str) -> Result<PrivateKey, KeyError> {
    brc42::derive_self(root, &encryption_invoice(label))
}

/// The own half of the key shared with `other` for a label; the other side
/// finds its public half with [`shared_encryption_public_key`].
///
/// # Errors
/// As [`host_key`].
pub fn shared_encryption_key(
    root: &PrivateKey,
    other: &PublicKey,
    label: &str,
) -> Result<PrivateKey, KeyError> {
    brc42::derive_private(root, other, &encryption_invoice(label))
}

/// The public key that `other` alone can decrypt for, as agreed with our root.
///
/// # Errors
/// As [`host_key`].
pub fn shared_encryption_public_key(
    root: &PrivateKey,
    other: &PublicKey,
    label: &str,
) -> Result<PublicKey, KeyError> {
    brc42::derive_public(other, root, &encryption_invoice(label))
}
