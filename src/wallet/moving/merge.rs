//! What another copy of this wallet has, brought in from its backup.
//!
//! Merging is a maximum, field by field ([`crate::identity::changes`]): backups
//! may come in any order and again, and the copies end up the same. Nothing
//! that is here is lost but what was changed or removed later elsewhere.

use std::collections::HashMap;

use serde::Serialize;

use super::draft::Draft;
use crate::crypto::backup_file::Opener;
use crate::identity::Renamed;
use crate::store::{ContactRow, LabelParent, Page, WalletContents};
use crate::wallet::certificates::open_certificates;
use crate::wallet::identities::open_book;
use crate::wallet::profile::Profile;
use crate::wallet::{Event, Host, UnlockedWallet, WalletError};

/// What a merge brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Gained {
    /// Identities that were not here.
    pub identities: usize,
    /// Identities with a later signing key.
    pub rotations: usize,
    /// Identities that are called otherwise now.
    pub names: Vec<Renamed>,
    /// Attributes and descriptions that were changed or removed elsewhere.
    pub attributes: usize,
    /// Whether another identity is primary now.
    pub primary: bool,
    /// Fields of the profile that were changed or removed elsewhere.
    pub profile: usize,
    /// Contacts that were changed or removed elsewhere.
    pub contacts: usize,
    /// Certificates that were acquired or given up elsewhere.
    pub certificates: usize,
    /// Hosts that were not known here, or whose labels are older than was known.
    pub hosts: usize,
}

impl Gained {
    /// Whether the backup had nothing that was not here.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What two backups brought, one after the other.
    pub fn add(&mut self, other: Self) {
        self.identities += other.identities;
        self.rotations += other.rotations;
        self.names.extend(other.names);
        self.attributes += other.attributes;
        self.primary |= other.primary;
        self.profile += other.profile;
        self.contacts += other.contacts;
        self.certificates += other.certificates;
        self.hosts += other.hosts;
    }
}

impl UnlockedWallet {
    /// Brings in what a backup of this wallet has (a `.bep` file's text), and
    /// what could not be taken over of it, a sentence each.
    ///
    /// # Errors
    /// [`WalletError::OtherWallet`] for the backup of another; whatever the
    /// error, nothing was changed but that hosts may be known already.
    pub fn merge(
        &self,
        text: &str,
        opener: &mut Opener,
    ) -> Result<(Gained, Vec<String>), WalletError> {
        let draft = {
            let _turn = self.wallet().turn()?;
            Draft::of_backup(text, opener)?
        };
        if draft.contents.root.public_key() != self.root().public_key() {
            return Err(WalletError::OtherWallet);
        }
        let hosts = self.merge_hosts(&draft.hosts)?;
        let state = &self.wallet().store().state;
        let brought = state.change_contents(self.id(), |here| self.merge_contents(here, &draft))?;
        let mut brought = brought.ok_or(WalletError::Record("it is missing"))?;
        brought.hosts = hosts;
        if !brought.is_nothing() {
            self.wallet().record(Event::Merged, "", "");
        }
        Ok((brought, draft.notes))
    }

    /// One line for each kind of thing that a backup holds.
    fn merge_contents(
        &self,
        here: &mut WalletContents,
        draft: &Draft,
    ) -> Result<Gained, WalletError> {
        let mut brought = Gained::default();
        self.merge_identities(here, draft, &mut brought)?;
        let mut profile = Profile::of_row(&here.row)?;
        brought.profile = profile.merge(&draft.profile);
        profile.write(&mut here.row)?;
        brought.contacts = merge_contacts(here, &draft.contacts);
        brought.certificates = self.merge_certificates(here, draft)?;
        Ok(brought)
    }

    fn merge_identities(
        &self,
        here: &mut WalletContents,
        draft: &Draft,
        brought: &mut Gained,
    ) -> Result<(), WalletError> {
        if draft.is_bare {
            return Ok(());
        }
        let before = open_book(self.root(), &here.row)?;
        let mut book = before.clone();
        let merged = book.merge(&draft.identities)?;
        if book != before {
            // Each sealing has other bytes, so that it would look like a change.
            self.write_book(&book, &mut here.row)?;
        }
        brought.identities = merged.new;
        brought.rotations = merged.rotated;
        brought.names = merged.renamed;
        brought.attributes = merged.fields;
        brought.primary = merged.primary;
        Ok(())
    }

    fn merge_certificates(
        &self,
        here: &mut WalletContents,
        draft: &Draft,
    ) -> Result<usize, WalletError> {
        let before = open_certificates(self.root(), &here.row)?;
        let mut book = before.clone();
        let count = book.merge(&draft.certificates.records());
        if book != before {
            let wallet = self.wallet();
            wallet.seal_certificates(self.root(), &book, &mut here.row)?;
        }
        Ok(count)
    }

    fn merge_hosts(&self, hosts: &[(Host, LabelParent)]) -> Result<usize, WalletError> {
        let keys = &self.wallet().store().keys;
        let known = keys.list(self.id(), Page::all())?;
        let known: HashMap<_, _> = known
            .into_iter()
            .map(|row| (row.host, (row.labels, row.created)))
            .collect();
        let mut rows = Vec::new();
        for (host, labels) in hosts {
            let mut row = match known.get(host.as_str()) {
                // What was encrypted for a host from before must still open, and
                // such a host opens what was encrypted with its own key too.
                Some((LabelParent::Root, _)) => continue,
                Some((LabelParent::Host, _)) if *labels == LabelParent::Host => continue,
                _ => self.wallet().host_row(self.root(), host, *labels)?,
            };
            if let Some((_, created)) = known.get(host.as_str()) {
                row.created = *created;
            }
            rows.push(row);
        }
        if !rows.is_empty() {
            keys.put(self.id(), &rows)?;
        }
        Ok(rows.len())
    }
}

/// How many are others than they were, or gone.
fn merge_contacts(here: &mut WalletContents, contacts: &[(String, ContactRow)]) -> usize {
    let rank = |row: &ContactRow| (row.changed, row.target.clone(), row.name.clone());
    let mut count = 0;
    for (key, theirs) in contacts {
        let there = here.contacts.get(key);
        if there.is_some_and(|there| rank(there) >= rank(theirs)) {
            continue;
        }
        let was = there.and_then(|there| there.target.as_ref());
        count += usize::from(was != theirs.target.as_ref());
        here.contacts.insert(key.clone(), theirs.clone());
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_backups_brought_is_added() {
        let gained = |count: usize, primary, to: &[&str]| Gained {
            identities: count,
            rotations: count + 1,
            names: to
                .iter()
                .map(|to| Renamed {
                    from: "Work".into(),
                    to: (*to).into(),
                })
                .collect(),
            attributes: count + 2,
            primary,
            profile: count + 3,
            contacts: count + 4,
            certificates: count + 5,
            hosts: count + 6,
        };
        let mut sum = gained(2, false, &["A"]);
        sum.add(gained(3, true, &["B"]));
        assert_eq!(
            sum,
            Gained {
                identities: 5,
                rotations: 7,
                attributes: 9,
                profile: 11,
                contacts: 13,
                certificates: 15,
                hosts: 17,
                ..gained(0, true, &["A", "B"])
            }
        );
        sum.add(Gained::default());
        assert!(sum.primary);
    }
}
