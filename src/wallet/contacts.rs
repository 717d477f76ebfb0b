//! Contacts: what this wallet's owner calls other people.
//!
//! They are kept in clear and need no password: whom one knows is not among the
//! secrets of a wallet, and a locked one can still say who signed. A contact that
//! is removed leaves its name and the time behind, so that of two copies of a
//! wallet the later change counts.

use serde::Serialize;

use super::contact::{ContactError, ContactName, ContactTarget};
use super::{Timestamp, Wallet, WalletError};
use crate::crypto::keys::Address;
use crate::store::ContactRow;

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Contact {
    /// What they are called.
    pub name: ContactName,
    /// Who they are.
    #[serde(flatten)]
    pub target: ContactTarget,
    /// When that was last changed.
    pub changed: Timestamp,
}

impl Contact {
    /// `None` for one that was removed, and for what no version of this program
    /// has written.
    fn of_row(row: &ContactRow) -> Option<Self> {
        Some(Self {
            name: row.name.parse().ok()?,
            target: row.target.as_ref()?.parse().ok()?,
            changed: Timestamp::from_millis(row.changed),
        })
    }
}

impl Wallet {
    /// The contacts, by name.
    pub fn contacts(&self) -> Result<Vec<Contact>, WalletError> {
        let rows = self.store().state.contacts(self.current()?)?;
        Ok(rows.iter().filter_map(Contact::of_row).collect())
    }

    /// Who is called that; in any case.
    pub fn contact(&self, name: &ContactName) -> Result<Option<Contact>, WalletError> {
        let row = self.store().state.contact(self.current()?, &name.key())?;
        Ok(row.as_ref().and_then(Contact::of_row))
    }

    /// The contacts with this address.
    pub fn contacts_at(&self, address: &Address) -> Result<Vec<Contact>, WalletError> {
        let mut contacts = self.contacts()?;
        contacts.retain(|contact| contact.target.address().as_ref() == Some(address));
        Ok(contacts)
    }

    /// Adds a contact. A name that means somebody else is not taken from them.
    pub fn add_contact(
        &self,
        name: &ContactName,
        target: &ContactTarget,
    ) -> Result<(), WalletError> {
        let key = name.key();
        self.change(&key, &key, |[old, _]| {
            match old.as_ref().and_then(Contact::of_row) {
                Some(there) if there.target != *target => Err(exists(&there.name)),
                _ => Ok(vec![(
                    key.clone(),
                    self.row(name.as_str(), Some(target), old.as_ref()),
                )]),
            }
        })
    }

    /// Removes a contact.
    pub fn remove_contact(&self, name: &ContactName) -> Result<(), WalletError> {
        let key = name.key();
        self.change(&key, &key, |[old, _]| {
            let there = present(old.as_ref(), name)?;
            let row = self.row(there.name.as_str(), None, old.as_ref());
            Ok(vec![(key.clone(), row)])
        })
    }

    /// Calls a contact otherwise.
    pub fn rename_contact(&self, from: &ContactName, to: &ContactName) -> Result<(), WalletError> {
        let (old_key, new_key) = (from.key(), to.key());
        self.change(&old_key, &new_key, |[old, new]| {
            let there = present(old.as_ref(), from)?;
            if old_key != new_key
                && let Some(taken) = new.as_ref().and_then(Contact::of_row)
            {
                return Err(exists(&taken.name));
            }
            let gone = self.row(there.name.as_str(), None, old.as_ref());
            let named = self.row(to.as_str(), Some(&there.target), new.as_ref());
            // In this order: it may be one row.
            Ok(vec![(old_key.clone(), gone), (new_key.clone(), named)])
        })
    }

    fn change(
        &self,
        key: &str,
        other: &str,
        change: impl FnOnce([Option<ContactRow>; 2]) -> Result<Vec<(String, ContactRow)>, WalletError>,
    ) -> Result<(), WalletError> {
        let wallet = self.current()?;
        let state = &self.store().state;
        state.change_contacts(wallet, [key, other], change)
    }

    /// Later than what it replaces, whatever the clock says.
    fn row(
        &self,
        name: &str,
        target: Option<&ContactTarget>,
        old: Option<&ContactRow>,
    ) -> ContactRow {
        let after = old.map_or(0, |old| old.changed.saturating_add(1));
        ContactRow {
            name: name.to_owned(),
            target: target.map(ToString::to_string),
            changed: self.now().as_millis().max(after),
        }
    }
}

/// A contact out of a backup with the key that it is stored under; `None` if it
/// is none that this program would have written.
pub(in crate::wallet) fn restored(row: ContactRow) -> Option<(String, ContactRow)> {
    let name: ContactName = row.name.parse().ok()?;
    let target = match &row.target {
        Some(target) => Some(target.parse::<ContactTarget>().ok()?.to_string()),
        None => None,
    };
    i64::try_from(row.changed).ok()?;
    let row = ContactRow {
        name: name.to_string(),
        target,
        changed: row.changed,
    };
    Some((name.key(), row))
}

fn exists(name: &ContactName) -> WalletError {
    ContactError::Exists(name.to_string()).into()
}

fn present(row: Option<&ContactRow>, name: &ContactName) -> Result<Contact, WalletError> {
    let there = row.and_then(Contact::of_row);
    there.ok_or_else(|| ContactError::Unknown(name.to_string()).into())
}
