//! JSON objects that apps and people fill: the profile, which is public, and
//! each host's own state.

use serde_json::{Map, Value};

use super::{Host, Wallet, WalletError};

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
        let changed = self.store().state.change_wallet(wallet, |mut row| {
            row.profile = merged(Some(&row.profile), patch, merge)?;
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
                merged(state.as_deref(), patch, merge).map(Some)
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

/// What of a profile can be set, and so is kept in a backup.
pub(super) fn without_derived(mut profile: Object) -> Object {
    profile.retain(|field, _| !is_derived(field));
    profile
}

/// The JSON text of a new wallet's profile.
pub(super) fn fresh(profile: Object) -> Result<String, WalletError> {
    merged(None, profile, Merge::Clear)
}

/// The JSON text of an object after a change.
fn merged(before: Option<&str>, patch: Object, merge: Merge) -> Result<String, WalletError> {
    let mut object = match (merge, before) {
        (Merge::Keep, Some(before)) => parse(before)?,
        _ => Object::new(),
    };
    for (field, value) in patch {
        if value.is_null() {
            object.remove(&field);
        } else {
            object.insert(field, value);
        }
    }
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
