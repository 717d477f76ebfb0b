//! The keys of an identity, as `bsv-bap` 0.1.24 derives them in its Type42
//! mode. All are BRC-42 children with the own public key as counterparty:
//!
//! ```text
//! root key ── bap:{n} ───────── member key ─ P2PKH: root address → BAP ID
//!    │                             └─ m/424150'/…: encryption key
//!    └─────── bap:{n}:{r} ───── rotated member key
//!                                  └─ 1-sigma-identity: signing key
//! ```

use crate::crypto::brc42;
use crate::crypto::keys::{Address, KeyError, PrivateKey};

use super::BapId;

/// The invoice that leads from a member key to its signing key.
pub const SIGNING_INVOICE: &str = "1-sigma-identity";

/// The invoice of encryption keys: of an identity (from its member key) and of
/// the exported identities (from the root key). It is `bsv-bap`'s BIP-32 path,
/// taken as a text.
pub const ENCRYPTION_INVOICE: &str = "m/424150'/2147483647'/2147483647'";

/// The invoice of the member key with a counter, which defines the BAP ID.
pub fn root_path(counter: u32) -> String {
    format!("bap:{counter}")
}

/// The invoice of the member key after a number of rotations: `bap:{n}`, or
/// `bap:{n}:{r}` if there was one.
pub fn path(counter: u32, rotation: u32) -> String {
    match rotation {
        0 => root_path(counter),
        _ => format!("bap:{counter}:{rotation}"),
    }
}

/// The member key of an identity after a number of rotations.
///
/// # Errors
/// [`KeyError`] if the sum is not a valid scalar, which will never happen in
/// practice.
pub fn member_key(root: &PrivateKey, counter: u32, rotation: u32) -> Result<PrivateKey, KeyError> {
    brc42::derive_self(root, &path(counter, rotation))
}

/// The address that an identity's BAP ID is the hash of. No rotation moves it.
///
/// # Errors
/// As [`member_key`].
pub fn root_address(root: &PrivateKey, counter: u32) -> Result<Address, KeyError> {
    Ok(member_key(root, counter, 0)?.public_key().address())
}

/// The BAP ID of the identity with a counter.
///
/// # Errors
/// As [`member_key`].
pub fn bap_id(root: &PrivateKey, counter: u32) -> Result<BapId, KeyError> {
    Ok(BapId::of_root_address(&root_address(root, counter)?))
}

/// The key that signs for an identity after a number of rotations.
///
/// # Errors
/// As [`member_key`].
pub fn signing_key(root: &PrivateKey, counter: u32, rotation: u32) -> Result<PrivateKey, KeyError> {
    signing_key_at(root, &path(counter, rotation))
}

/// The signing key below any member path.
pub(super) fn signing_key_at(root: &PrivateKey, path: &str) -> Result<PrivateKey, KeyError> {
    brc42::derive_self(&brc42::derive_self(root, path)?, SIGNING_INVOICE)
}

/// The key that others encrypt to for an identity. No rotation moves it.
///
/// # Errors
/// As [`member_key`].
pub fn encryption_key(root: &PrivateKey, counter: u32) -> Result<PrivateKey, KeyError> {
    brc42::derive_self(&member_key(root, counter, 0)?, ENCRYPTION_INVOICE)
}

/// The key that exported identities are encrypted to.
///
/// # Errors
/// As [`member_key`].
pub fn export_key(root: &PrivateKey) -> Result<PrivateKey, KeyError> {
    brc42::derive_self(root, ENCRYPTION_INVOICE)
}
