//! JSON objects that apps and people fill: the profile, which is public, and
//! each host's own state.

use serde_json::{Map, Value};

use super::{Host, Wallet, WalletError};
use crate::identity::changes::{Fields, Times, newer};
use crate::store::WalletRow;

/// Bytes of JSON that the profile, or one host's state, may take.
pub const MAX_JSON_BYTES: usize = 256 * 1024;

/// Fields of the profile that are derived, not set.
const RESERVED: [&str; 2] = ["host", "bapID"];

/// Whether a field of the profile is derived from the keys: it cannot be set or
/// removed.
#[must_use]
pub fn is_derived(field: &str) -> bool {
    RESERVED.contains(&field)
}

/// A JSON object.
pub type Object = Map<String, Value>;

/// What happens to the fields that a change does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Merge {
    /// They stay.
    #[default]
    Keep,
    /// They go.
    Clear,
}

impl Wallet {
    /// The public data of the primary identity, with `"host":"global"` and
    /// `bapID`; empty if there is no wallet.
    pub fn profile(&self) -> Result<Object, WalletError> {
        let Some(wallet) = self.store().seed.wallet()? else {
            return Ok(Object::new());
        };
        let row = self.store().state.wallet(wallet)?;
        let row = row.ok_or(WalletError::Record("it is missing"))?;
        let mut profile = Object::new();
        profile.insert("host".into(), "global".into());
        profile.extend(parse(&row.profile)?);
        profile.insert("bapID".into(), row.bap_id.into());
        Ok(profile)
    }

    /// Merges `patch` into the profile, field by field; `null` removes.
    pub fn update_profile(&self, patch: Object, merge: Merge) -> Result<(), WalletError> {
        if let Some(field) = RESERVED
            .into_iter()
            .find(|field| patch.contains_key(*field))
        {
            return Err(WalletError::ReservedField(field.into()));
        }
        let wallet = self.current()?;
        let now = self.now().as_millis();
        let changed = self.store().state.change_wallet(wallet, |mut row| {
            let mut profile = Profile::of_row(&row)?;
            profile.change(patch, merge, now);
            profile.write(&mut row)?;
            Ok::<_, WalletError>(row)
        })?;
        changed.ok_or(WalletError::Record("it is missing"))
    }

    /// A host's own JSON object; empty if it stored none.
    pub fn host_state(&self, host: &Host) -> Result<Object, WalletError> {
        let state = self
            .store()
            .state
            .host_state(self.current()?, host.as_str())?;
        state.map_or_else(|| Ok(Object::new()), |state| parse(&state))
    }

    /// Merges `patch` into a host's object, field by field; `null` removes.
    pub fn update_host_state(
        &self,
        host: &Host,
        patch: Object,
        merge: Merge,
    ) -> Result<(), WalletError> {
        let wallet = self.current()?;
        self.store()
            .state
            .change_host_state(wallet, host.as_str(), |state| {
                let before = state.as_deref().map_or_else(|| Ok(Object::new()), parse)?;
                text(patched(before, patch, merge)).map(Some)
            })
    }

    /// Removes a host's object.
    pub fn clear_host_state(&self, host: &Host) -> Result<(), WalletError> {
        let wallet = self.current()?;
        self.store()
            .state
            .change_host_state(wallet, host.as_str(), |_| Ok(None))
    }
}

/// The profile, and when each of its fields was changed.
#[derive(Default)]
pub(super) struct Profile {
    pub(super) fields: Object,
    pub(super) times: Times,
}

impl Profile {
    pub(super) fn of_row(row: &WalletRow) -> Result<Self, WalletError> {
        let times = serde_json::from_str(&row.profile_times);
        Ok(Self {
            fields: parse(&row.profile)?,
            times: times.map_err(|_| WalletError::Record("its times are not in a known form"))?,
        })
    }

    /// Of a backup, as far as a profile can hold it.
    pub(super) fn restored(fields: Object, mut times: Times) -> Self {
        let fields = without_derived(fields);
        times.retain(|field| !is_derived(field));
        times.forget_removed(|field| fields.contains_key(field));
        Self { fields, times }
    }

    /// Merges `patch`, field by field; `null` removes.
    pub(super) fn change(&mut self, patch: Object, merge: Merge, now: u64) {
        let before = self.texts();
        let fields = std::mem::take(&mut self.fields);
        self.fields = patched(fields, patch, merge);
        let after = self.texts();
        self.times.note(&before, &after, now);
    }

    /// Puts it in the wallet's row.
    pub(super) fn write(self, row: &mut WalletRow) -> Result<(), WalletError> {
        row.profile = text(self.fields)?;
        row.profile_times = serde_json::json!(self.times).to_string();
        Ok(())
    }

    /// Takes on each field that another copy changed later; how many.
    pub(super) fn merge(&mut self, other: &Self) -> usize {
        let (here, there) = (self.texts(), other.texts());
        let newer = newer((&here, &self.times), (&there, &other.times));
        for field in &newer {
            self.times.set(field, other.times.of(field));
            match other.fields.get(field) {
                Some(value) => drop(self.fields.insert(field.clone(), value.clone())),
                None => drop(self.fields.remove(field)),
            }
        }
        let fields = &self.fields;
        self.times
            .forget_removed(|field| fields.contains_key(field));
        let changed = |field: &&String| here.get(*field) != there.get(*field);
        newer.iter().filter(changed).count()
    }

    fn texts(&self) -> Fields<String> {
        let fields = self.fields.iter();
        fields
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    }
}

/// What of a profile can be set, and so is kept in a backup.
pub(super) fn without_derived(mut profile: Object) -> Object {
    profile.retain(|field, _| !is_derived(field));
    profile
}

/// An object after a change.
fn patched(before: Object, patch: Object, merge: Merge) -> Object {
    let mut object = match merge {
        Merge::Keep => before,
        Merge::Clear => Object::new(),
    };
    object.extend(patch);
    object.retain(|_, value| !value.is_null());
    object
}

/// What is stored of an object.
fn text(object: Object) -> Result<String, WalletError> {
    let text = Value::Object(object).to_string();
    if text.len() > MAX_JSON_BYTES {
        return Err(WalletError::TooLarge {
            limit: MAX_JSON_BYTES,
        });
    }
    Ok(text)
}

fn parse(text: &str) -> Result<Object, WalletError> {
    serde_json::from_str(text).map_err(|_| WalletError::Record("it is not a JSON object"))
}
