//! The identities of one wallet: which there are, which is primary, and what
//! can be done with them. Pure: the caller seals the record and stores it.

pub(super) mod merge;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::crypto::keys::{Address, KeyError, PrivateKey};
use crate::text::excerpt;

use super::attributes::{AttributeName, Attributes};
use super::changes::Times;
use super::limits::{MAX_IDENTITIES, MAX_RECORD_LEN, MAX_TEXT_LEN, SHOWN};
use super::{BapId, IdentityError, member};

/// The version of the record that is written, and the only one that is read.
const VERSION: u8 = 1;

/// One identity. Its attributes are private: no `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    id: BapId,
    root_address: Address,
    counter: u32,
    #[serde(default)]
    rotation: u32,
    /// Rotated by an older `bsv-bap`, whose paths are only the number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    bare_rotation: bool,
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    attributes: Attributes,
    #[serde(default, skip_serializing_if = "Times::is_empty")]
    changed: Times,
}

impl Identity {
    /// The identity that a root key has at a counter, not rotated.
    pub(super) fn derive(
        root: &PrivateKey,
        counter: u32,
        name: &str,
    ) -> Result<Self, IdentityError> {
        let root_address = member::root_address(root, counter)?;
        Ok(Self {
            id: BapId::of_root_address(&root_address),
            root_address,
            counter,
            rotation: 0,
            bare_rotation: false,
            name: name.to_owned(),
            description: String::new(),
            attributes: Attributes::default(),
            changed: Times::default(),
        })
    }

    /// The BAP ID.
    pub fn id(&self) -> &BapId {
        &self.id
    }

    /// The address that the BAP ID is the hash of.
    pub fn root_address(&self) -> &Address {
        &self.root_address
    }

    /// The `n` of `bap:{n}`.
    pub fn counter(&self) -> u32 {
        self.counter
    }

    /// How often the signing key was changed.
    pub fn rotation(&self) -> u32 {
        self.rotation
    }

    /// The name, for its owner only.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The description, for its owner only.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The attributes.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// The invoice of the member key that defines the BAP ID.
    pub fn root_path(&self) -> String {
        member::root_path(self.counter)
    }

    /// The invoice of the member key that is in use.
    pub fn current_path(&self) -> String {
        self.path_after(self.rotation)
    }

    /// The invoice of the member key before the last rotation, if there was one.
    pub fn previous_path(&self) -> Option<String> {
        Some(self.path_after(self.rotation.checked_sub(1)?))
    }

    /// The key that signs for this identity now.
    ///
    /// # Errors
    /// [`KeyError`] if the sum is not a valid scalar, which will never happen in
    /// practice.
    pub fn signing_key(&self, root: &PrivateKey) -> Result<PrivateKey, KeyError> {
        member::signing_key_at(root, &self.current_path())
    }

    /// The keys that signed for this identity before, the last `most` of them.
    ///
    /// # Errors
    /// As [`Self::signing_key`].
    pub fn earlier_signing_keys(
        &self,
        root: &PrivateKey,
        most: u32,
    ) -> Result<Vec<PrivateKey>, KeyError> {
        (self.rotation.saturating_sub(most)..self.rotation)
            .map(|rotation| member::signing_key_at(root, &self.path_after(rotation)))
            .collect()
    }

    /// The key that others encrypt to for this identity.
    ///
    /// # Errors
    /// As [`Self::signing_key`].
    pub fn encryption_key(&self, root: &PrivateKey) -> Result<PrivateKey, KeyError> {
        member::encryption_key(root, self.counter)
    }

    /// What was read elsewhere replaces what a fresh identity has.
    pub(super) fn restore(
        &mut self,
        current_path: &str,
        description: String,
        attributes: Attributes,
    ) -> Result<(), IdentityError> {
        let rotation = |text: &str| canonical_number(text).filter(|&number| number > 0);
        let prefix = self.root_path() + ":";
        if let Some(number) = current_path.strip_prefix(&prefix).and_then(rotation) {
            self.rotation = number;
        } else if let Some(number) = rotation(current_path) {
            self.rotation = number;
            self.bare_rotation = true;
        } else if current_path != self.root_path() {
            return Err(IdentityError::UnsupportedPath {
                id: self.id.to_string(),
                path: excerpt(current_path, SHOWN),
            });
        }
        self.description = description;
        self.attributes = attributes;
        Ok(())
    }

    fn path_after(&self, rotation: u32) -> String {
        match rotation {
            1.. if self.bare_rotation => rotation.to_string(),
            _ => member::path(self.counter, rotation),
        }
    }
}

/// A decimal number as `bsv-bap` writes it: `7`, not `07` or `+7`.
pub(super) fn canonical_number(text: &str) -> Option<u32> {
    text.parse()
        .ok()
        .filter(|number: &u32| number.to_string() == text)
}

/// The identities of a wallet, in the order in which they were added. The first
/// is primary unless another was chosen.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct IdentityBook {
    identities: Vec<Identity>,
    primary: usize,
    /// When another was made primary: milliseconds since 1970.
    primary_changed: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record<T> {
    version: u8,
    primary: usize,
    #[serde(default)]
    primary_changed: u64,
    identities: T,
}

impl IdentityBook {
    /// A book without identities.
    pub fn new() -> Self {
        Self::default()
    }

    /// The identities in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Identity> {
        self.identities.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.identities.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }

    /// The identity with a BAP ID.
    ///
    /// # Errors
    /// [`IdentityError::Unknown`].
    pub fn get(&self, id: &BapId) -> Result<&Identity, IdentityError> {
        self.position(id).map(|index| &self.identities[index])
    }

    /// The primary identity; `None` only in an empty book.
    pub fn primary(&self) -> Option<&Identity> {
        self.identities.get(self.primary)
    }

    /// Creates an identity at the counter after the highest in use. A gap in
    /// the counters is left alone: an identity may have been there.
    ///
    /// # Errors
    /// [`IdentityError::Name`], [`IdentityError::Exhausted`].
    pub fn create(&mut self, root: &PrivateKey, name: &str) -> Result<&Identity, IdentityError> {
        let counter = match self.identities.iter().map(Identity::counter).max() {
            Some(highest) => highest.checked_add(1).ok_or(IdentityError::Exhausted)?,
            None => 0,
        };
        check_name(name)?;
        self.add(Identity::derive(root, counter, name)?)
    }

    /// Changes an identity's signing key: `bap:{n}` becomes `bap:{n}:1`, and so
    /// on. The BAP ID stays.
    ///
    /// # Errors
    /// [`IdentityError::Unknown`], [`IdentityError::Exhausted`].
    pub fn rotate(&mut self, id: &BapId) -> Result<&Identity, IdentityError> {
        let identity = self.get_mut(id)?;
        identity.rotation = identity
            .rotation
            .checked_add(1)
            .ok_or(IdentityError::Exhausted)?;
        Ok(identity)
    }

    /// Gives an identity another name.
    ///
    /// # Errors
    /// [`IdentityError::Unknown`], [`IdentityError::Name`].
    pub fn rename(&mut self, id: &BapId, name: &str) -> Result<(), IdentityError> {
        check_name(name)?;
        self.change(id, |identity| {
            name.clone_into(&mut identity.name);
            Ok(())
        })
    }

    /// Sets an attribute. A new one takes `nonce`, which must be fresh and
    /// random; a known one keeps its own.
    ///
    /// # Errors
    /// [`IdentityError::Unknown`], [`IdentityError::Attribute`].
    pub fn set_attribute(
        &mut self,
        id: &BapId,
        name: &str,
        value: &str,
        nonce: [u8; 32],
    ) -> Result<(), IdentityError> {
        let name: AttributeName = name.parse()?;
        self.change(id, |identity| {
            Ok(identity.attributes.set(name, value, nonce)?)
        })
    }

    /// Removes an attribute; whether it was there.
    ///
    /// # Errors
    /// [`IdentityError::Unknown`].
    pub fn remove_attribute(&mut self, id: &BapId, name: &str) -> Result<bool, IdentityError> {
        Ok(self.get_mut(id)?.attributes.remove(name))
    }

    /// Makes an identity the primary one.
    ///
    /// # Errors
    /// [`IdentityError::Unknown`].
    pub fn set_primary(&mut self, id: &BapId) -> Result<(), IdentityError> {
        self.primary = self.position(id)?;
        Ok(())
    }

    /// The record to be sealed: versioned JSON. It holds private data, so it
    /// wipes itself.
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        let record = Record {
            version: VERSION,
            primary: self.primary,
            primary_changed: self.primary_changed,
            identities: &self.identities,
        };
        super::json(&record)
    }

    /// Reads a record that [`Self::to_json`] made and that was sealed since:
    /// its BAP IDs are not derived again.
    ///
    /// # Errors
    /// [`IdentityError::Record`].
    pub fn from_json(record: &[u8]) -> Result<Self, IdentityError> {
        let record: Record<Vec<Identity>> =
            serde_json::from_slice(record).map_err(|_| IdentityError::Record)?;
        let mut book = Self::new();
        for identity in record.identities {
            book.add(identity).map_err(|_| IdentityError::Record)?;
        }
        book.primary = record.primary;
        book.primary_changed = record.primary_changed;
        match record.version {
            VERSION if book.is_empty() || book.primary().is_some() => Ok(book),
            _ => Err(IdentityError::Record),
        }
    }

    /// Adds an identity that was checked.
    pub(super) fn add(&mut self, identity: Identity) -> Result<&Identity, IdentityError> {
        if self.position(&identity.id).is_ok() {
            return Err(IdentityError::Duplicate(identity.id));
        }
        if self.identities.len() == MAX_IDENTITIES {
            return Err(IdentityError::Exhausted);
        }
        self.identities.push(identity);
        Ok(&self.identities[self.identities.len() - 1])
    }

    fn position(&self, id: &BapId) -> Result<usize, IdentityError> {
        self.identities
            .iter()
            .position(|identity| identity.id == *id)
            .ok_or_else(|| IdentityError::Unknown(id.clone()))
    }

    /// Whether the record is not over [`MAX_RECORD_LEN`].
    pub(super) fn check_size(&self) -> Result<(), IdentityError> {
        match self.to_json().len() {
            0..=MAX_RECORD_LEN => Ok(()),
            _ => Err(IdentityError::TooLarge),
        }
    }

    /// Changes an identity, or nothing if the change is refused.
    fn change(
        &mut self,
        id: &BapId,
        change: impl FnOnce(&mut Identity) -> Result<(), IdentityError>,
    ) -> Result<(), IdentityError> {
        let mut changed = self.clone();
        change(changed.get_mut(id)?)?;
        changed.check_size()?;
        *self = changed;
        Ok(())
    }

    fn get_mut(&mut self, id: &BapId) -> Result<&mut Identity, IdentityError> {
        let index = self.position(id)?;
        Ok(&mut self.identities[index])
    }
}

fn check_name(name: &str) -> Result<(), IdentityError> {
    let allowed = 1..=MAX_TEXT_LEN;
    if allowed.contains(&name.len()) && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(IdentityError::Name)
    }
}
