//! BAP identities.

mod bap_id;
pub mod derive;
pub mod member;

pub use bap_id::{BapId, BapIdError};

use crate::crypto::keys::{Address, KeyError, PrivateKey};
use zeroize::Zeroizing;

/// One identity.
#[derive(Clone)]
pub struct Identity {
    id: BapId,
    root_address: Address,
    counter: u32,
    rotation: u32,
}

impl Identity {
    /// Its name.
    pub fn bap_id(&self) -> &BapId {
        &self.id
    }
    /// Its root address.
    pub fn root_address(&self) -> Address {
        self.root_address
    }
    /// Its path.
    pub fn path(&self) -> String {
        member::path(self.counter, self.rotation)
    }
    /// Its signing key.
    pub fn signing_key(&self, root: &PrivateKey) -> Result<PrivateKey, KeyError> {
        member::signing_key(root, self.counter, self.rotation)
    }
}

/// The identities.
pub struct IdentityBook(Identity);

impl IdentityBook {
    /// One identity.
    pub fn first(root: &PrivateKey, _name: &str) -> Result<Self, KeyError> {
        Ok(Self(Identity {
            id: member::bap_id(root, 0)?,
            root_address: member::root_address(root, 0)?,
            counter: 0,
            rotation: 0,
        }))
    }
    /// The primary one.
    pub fn primary(&self) -> &Identity {
        &self.0
    }
    /// The one with this id.
    pub fn get(&self, id: &BapId) -> Option<&Identity> {
        Some(&self.0).filter(|i| i.id == *id)
    }
    /// JSON.
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(b"{}".to_vec())
    }
    /// From JSON.
    pub fn from_json(_json: &[u8], root: &PrivateKey) -> Result<Self, KeyError> {
        Self::first(root, "")
    }
}
