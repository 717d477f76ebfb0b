//! What was looked up since `state.db` was last written.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::store::Version;

/// More than an owner's apps use at once.
const MOST: usize = 256;

/// A look-up in SQLite costs five system calls, a look at the file's version
/// one. Whatever any process writes to the file empties this.
pub(in crate::wallet) struct Known<K, V>(Mutex<Read<K, V>>);

struct Read<K, V> {
    /// What all of `values` were read from.
    version: Option<Version>,
    values: HashMap<K, V>,
}

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Read {
            version: None,
            values: HashMap::new(),
        }))
    }
}

impl<K: Eq + Hash, V: Clone> Known<K, V> {
    /// The value, if it is known from what the file holds now.
    pub(in crate::wallet) fn get(&self, key: &K, now: Version) -> Option<V> {
        let read = self.read();
        if read.version == Some(now) {
            read.values.get(key).cloned()
        } else {
            None
        }
    }

    /// The value if it is known and still holds, else what `look_up` finds, with the
    /// version that it found it in.
    pub(in crate::wallet) fn or_look_up<E>(
        &self,
        key: K,
        now: Option<Version>,
        holds: impl FnOnce(&V) -> bool,
        look_up: impl FnOnce() -> Result<(V, Option<Version>), E>,
    ) -> Result<V, E> {
        if let Some(value) = now.and_then(|now| self.get(&key, now)).filter(holds) {
            return Ok(value);
        }
        let (value, version) = look_up()?;
        if let Some(version) = version {
            self.note(key, &value, version);
        }
        Ok(value)
    }

    /// Notes a value that was read from that version.
    pub(in crate::wallet) fn note(&self, key: K, value: &V, version: Version) {
        let mut read = self.read();
        if read.version != Some(version) || read.values.len() >= MOST {
            read.values.clear();
            read.version = Some(version);
        }
        read.values.insert(key, value.clone());
    }

    fn read(&self) -> MutexGuard<'_, Read<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
