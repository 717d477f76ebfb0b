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
    fn get(&self, key: &K, now: Version) -> Option<V> {
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
    fn note(&self, key: K, value: &V, version: Version) {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::wallet::{Environment, Wallet};

    /// Two that follow each other.
    fn versions() -> [Version; 2] {
        let folder = tempfile::tempdir().unwrap();
        let wallet = Wallet::open(folder.path().join("home"), Environment::system());
        ["https://a.example", "https://b.example"].map(|origin| {
            wallet.allow_origin(&origin.parse().unwrap()).unwrap();
            wallet.origins_version().unwrap()
        })
    }

    #[test]
    fn a_value_is_known_until_the_file_is_written() {
        let [before, after] = versions();
        let known = Known::default();
        known.note("a", &1, before);
        known.note("b", &2, before);
        assert_eq!(known.get(&"a", before), Some(1));
        assert_eq!(known.get(&"b", before), Some(2));
        assert_eq!(known.get(&"a", after), None);
        known.note("b", &3, after);
        assert_eq!(known.get(&"a", after), None);
        assert_eq!(known.get(&"b", after), Some(3));
    }

    #[test]
    fn no_more_values_are_known_than_have_room() {
        let [version, _] = versions();
        let known = Known::default();
        for key in 0..MOST {
            known.note(key, &(), version);
        }
        assert_eq!(known.get(&0, version), Some(()));
        known.note(MOST, &(), version);
        assert_eq!(known.get(&0, version), None);
        assert_eq!(known.get(&MOST, version), Some(()));
    }
}
