//! Two copies of a wallet's identities that were changed apart, made one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::super::attributes::{Attribute, AttributeName};
use super::super::changes::{Fields, Times, after_all, newer};
use super::super::{BapId, FIRST_NAME, IdentityError, default_name};
use super::{Identity, IdentityBook};

const NAME: &str = "name";
const DESCRIPTION: &str = "description";
/// Before an attribute's name, which has no colon.
const ATTRIBUTE: &str = "attribute:";

/// What a merge brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedIdentities {
    /// Identities that were not there.
    pub new: usize,
    /// Identities with a later signing key.
    pub rotated: usize,
    /// Names that count now, each with the one that was there.
    pub renamed: Vec<Renamed>,
    /// Descriptions and attributes that were changed or removed elsewhere.
    pub fields: usize,
    /// Whether another identity is primary now.
    pub primary: bool,
}

/// An identity that is called otherwise now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Renamed {
    /// What it was called here.
    pub from: String,
    /// What it is called now.
    pub to: String,
}

/// When the fields of all identities were changed, as a backup holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookTimes {
    /// When another identity was made primary.
    #[serde(default, skip_serializing_if = "is_zero")]
    primary: u64,
    /// By BAP ID; the fields are `name`, `description` and `attribute:…`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    identities: BTreeMap<String, Times>,
}

fn is_zero(time: &u64) -> bool {
    *time == 0
}

/// A value as it is compared. A name that nobody chose counts least.
type Value<'a> = (bool, &'a str, &'a str);

impl IdentityBook {
    /// Notes what was changed since `before`, at this moment.
    pub fn note_changes(&mut self, before: &Self, now: u64) {
        for identity in &mut self.identities {
            let mut changed = std::mem::take(&mut identity.changed);
            let fields = before.get(&identity.id).map(Identity::fields);
            changed.note(&fields.unwrap_or_default(), &identity.fields(), now);
            identity.changed = changed;
        }
        let primary = |book: &Self| book.primary().map(|identity| identity.id.clone());
        if !before.is_empty() && primary(before) != primary(self) {
            self.primary_changed = after_all(self.primary_changed, now);
        }
    }

    /// When what was changed.
    pub fn times(&self) -> BookTimes {
        let changed = self.identities.iter();
        let changed = changed.filter(|identity| !identity.changed.is_empty());
        BookTimes {
            primary: self.primary_changed,
            identities: changed
                .map(|identity| (identity.id.to_string(), identity.changed.clone()))
                .collect(),
        }
    }

    /// Takes on when what was changed, as far as there is such a thing.
    pub fn set_times(&mut self, mut times: BookTimes) {
        self.primary_changed = times.primary;
        for identity in &mut self.identities {
            let Some(mut changed) = times.identities.remove(identity.id.as_str()) else {
                continue;
            };
            changed.retain(|field| match field.strip_prefix(ATTRIBUTE) {
                Some(name) => name.parse::<AttributeName>().is_ok(),
                None => [NAME, DESCRIPTION].contains(&field),
            });
            let there: BTreeSet<String> = identity.fields().into_keys().collect();
            changed.forget_removed(|field| there.contains(field));
            identity.changed = changed;
        }
    }

    /// Takes on what another copy of this wallet has: identities by counter,
    /// the greater rotation, and of each field the greater (time, bytes). The
    /// result is in the order of counters and names, whichever copy it comes from.
    ///
    /// # Errors
    /// [`IdentityError::Exhausted`], [`IdentityError::TooLarge`] and
    /// [`IdentityError::Attribute`] where both together are too much; nothing is
    /// changed then.
    pub fn merge(&mut self, other: &Self) -> Result<MergedIdentities, IdentityError> {
        let mut merged = self.clone();
        let mut told = MergedIdentities::default();
        let primary = merged.merged_primary(other);
        for theirs in &other.identities {
            match merged.position(&theirs.id) {
                Ok(index) => merged.identities[index].merge(theirs, &mut told)?,
                Err(_) => {
                    merged.add(theirs.clone())?;
                    told.new += 1;
                }
            }
        }
        merged.identities.sort_by_key(Identity::counter);
        for identity in &mut merged.identities {
            identity.attributes.sort();
        }
        if let Some(primary) = &primary {
            told.primary = self.primary().is_some_and(|before| before.id != *primary);
            merged.set_primary(primary)?;
        }
        merged.check_size()?;
        *self = merged;
        Ok(told)
    }

    /// Which identity is primary from now on.
    fn merged_primary(&mut self, other: &Self) -> Option<BapId> {
        let choice = |book: &Self| {
            let primary = book.primary()?;
            // The first is primary unless somebody chose another.
            Some((book.primary_changed, primary.counter, primary.id.clone()))
        };
        let chosen = [choice(self), choice(other)].into_iter().flatten();
        let (changed, _, primary) =
            chosen.max_by_key(|(changed, counter, _)| (*changed, *counter))?;
        self.primary_changed = changed;
        Some(primary)
    }
}

impl Identity {
    fn fields(&self) -> Fields<Value<'_>> {
        let chosen = self.name != FIRST_NAME && self.name != default_name(self.counter);
        let attributes = self.attributes.iter().map(|(name, attribute)| {
            let Attribute { value, nonce } = attribute;
            (
                format!("{ATTRIBUTE}{name}"),
                (true, value.as_str(), nonce.as_str()),
            )
        });
        attributes
            .chain([
                (NAME.to_owned(), (chosen, self.name.as_str(), "")),
                (
                    DESCRIPTION.to_owned(),
                    (true, self.description.as_str(), ""),
                ),
            ])
            .collect()
    }

    fn merge(&mut self, other: &Self, told: &mut MergedIdentities) -> Result<(), IdentityError> {
        let rotation = |identity: &Self| (identity.rotation, identity.bare_rotation);
        if rotation(other) > rotation(self) {
            (self.rotation, self.bare_rotation) = rotation(other);
            told.rotated += 1;
        }
        let newer = newer(
            (&self.fields(), &self.changed),
            (&other.fields(), &other.changed),
        );
        for field in newer {
            self.changed.set(&field, other.changed.of(&field));
            if self.fields().get(&field) == other.fields().get(&field) {
                continue;
            }
            match field.strip_prefix(ATTRIBUTE) {
                Some(name) => {
                    self.attributes.take(name, &other.attributes)?;
                    told.fields += 1;
                }
                None if field == NAME => {
                    let from = std::mem::replace(&mut self.name, other.name.clone());
                    let to = self.name.clone();
                    told.renamed.push(Renamed { from, to });
                }
                None => {
                    self.description.clone_from(&other.description);
                    told.fields += 1;
                }
            }
        }
        let there: BTreeSet<String> = self.fields().into_keys().collect();
        self.changed.forget_removed(|field| there.contains(field));
        Ok(())
    }
}
