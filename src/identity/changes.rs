//! When each field of a record was last changed, so that two copies of it that
//! were changed apart can be merged.
//!
//! Of two values of one field the one with the greater (time, bytes) counts. A
//! field that has a time and no value was removed. So merging is a maximum,
//! field by field: the order of copies makes no difference, and nor does it to
//! merge one twice.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Bytes that the names of removed fields may take; beyond, the oldest are
/// forgotten.
const MAX_REMOVED_LEN: usize = 16 * 1024;

/// The fields that a record has, each with its value.
pub type Fields<V> = BTreeMap<String, V>;

/// When each field was last changed: milliseconds since 1970. A field that is
/// not here has not been changed since it was first there, or since before
/// times were kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Times(BTreeMap<String, u64>);

impl Times {
    /// Whether no field was changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields that were changed; some of them were removed.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// When a field was changed.
    pub fn of(&self, field: &str) -> u64 {
        self.0.get(field).copied().unwrap_or_default()
    }

    /// Keeps the fields that may be there.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|field, _| keep(field));
    }

    /// Notes which fields have another value than before.
    pub fn note<V: PartialEq>(&mut self, before: &Fields<V>, after: &Fields<V>, now: u64) {
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            if before.get(name) != after.get(name) {
                let later = after_all(self.of(name), now);
                self.0.insert(name.clone(), later);
            }
        }
        self.forget_removed(|name| after.contains_key(name));
    }

    /// Takes on when a field was changed elsewhere.
    pub fn set(&mut self, field: &str, time: u64) {
        if time > 0 {
            self.0.insert(field.to_owned(), time);
        }
    }

    /// Forgets the oldest removals if there are too many.
    pub fn forget_removed(&mut self, is_there: impl Fn(&str) -> bool) {
        let mut removed: Vec<(u64, String)> = (self.0.iter())
            .filter(|(name, _)| !is_there(name))
            .map(|(name, time)| (*time, name.clone()))
            .collect();
        removed.sort_unstable_by(|one, other| other.cmp(one));
        let mut length = 0;
        for (_, name) in removed {
            length += name.len();
            if length > MAX_REMOVED_LEN {
                self.0.remove(&name);
            }
        }
    }
}

/// A moment that is later than an earlier change, whatever the clock says.
pub fn after_all(changed: u64, now: u64) -> u64 {
    now.max(changed.saturating_add(1))
}

/// The fields of which another copy has the greater (time, value).
pub fn newer<V: Ord>(here: (&Fields<V>, &Times), there: (&Fields<V>, &Times)) -> Vec<String> {
    let (values, times) = there;
    let known = values.keys().map(String::as_str).chain(times.fields());
    let names: BTreeSet<&str> = known.collect();
    let counts =
        |name: &&str| (times.of(name), values.get(*name)) > (here.1.of(name), here.0.get(*name));
    names
        .into_iter()
        .filter(counts)
        .map(str::to_owned)
        .collect()
}
