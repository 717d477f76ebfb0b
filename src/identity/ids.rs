//! The `ids` of a BAP backup: all identities as JSON, encrypted with ECIES to a
//! child of the root key, in base64. `bsv-bap` reads what is written here to the
//! same identities, and what it writes is read here.
//!
//! The older BIP-32 mode of `bsv-bap` derives identities from a chain code that
//! a root key alone does not have. They are recognised and listed, not imported.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::crypto::ecies;
use crate::crypto::keys::{KeyError, PrivateKey};
use crate::text::{excerpt, shortened};

use super::attributes::{Attributes, RawAttributes};
use super::book::canonical_number;
use super::limits::{MAX_TEXT_LEN, SHOWN};
use super::{Identity, IdentityBook, IdentityError, MAX_IDENTITIES, legacy, member};

/// The longest text that is read, in bytes.
pub const MAX_LEN: usize = 4 * 1024 * 1024;

/// Why exported identities cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdsError {
    /// Not base64 of a ciphertext to this root key.
    #[error("the identities are damaged or belong to another root key")]
    Undecryptable,
    /// Decrypted, but not what `bsv-bap` writes.
    #[error("the identities are not in a known format (line {line}, column {column})")]
    Malformed {
        /// Line of the JSON, from 1.
        line: usize,
        /// Column of the JSON, from 1.
        column: usize,
    },
    /// One of the identities is refused.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl From<KeyError> for IdsError {
    fn from(error: KeyError) -> Self {
        Self::Identity(error.into())
    }
}

/// An identity of `bsv-bap`'s BIP-32 mode, which a root key cannot derive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyIdentity {
    /// The name its owner gave it.
    pub name: String,
    /// The BAP ID as it stands in the backup.
    pub id: String,
    /// Its BIP-32 path.
    pub path: String,
}

/// What stands in the JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Export<T> {
    #[serde(default)]
    last_id_path: String,
    ids: T,
}

/// Version 0.2 of `bsv-bap` calls `identityKey` `bapId`, and leaves name,
/// description and attributes to the application.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[serde(bound(deserialize = "A: Default + Deserialize<'de>"))]
struct Entry<A> {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(alias = "bapId")]
    identity_key: String,
    root_path: String,
    root_address: String,
    previous_path: String,
    current_path: String,
    #[serde(default)]
    id_seed: Option<String>,
    #[serde(default)]
    identity_attributes: A,
    #[serde(default)]
    last_id_path: String,
}

impl From<&Identity> for Entry<Attributes> {
    fn from(identity: &Identity) -> Self {
        Self {
            name: Some(identity.name().to_owned()),
            description: Some(identity.description().to_owned()),
            identity_key: identity.id().to_string(),
            root_path: identity.root_path(),
            root_address: identity.root_address().to_string(),
            previous_path: identity
                .previous_path()
                .unwrap_or_else(|| identity.root_path()),
            current_path: identity.current_path(),
            id_seed: Some(String::new()),
            identity_attributes: identity.attributes().clone(),
            last_id_path: String::new(),
        }
    }
}

/// Encrypts all identities for `bsv-bap`. The ephemeral key must be fresh and
/// random.
///
/// # Errors
/// [`KeyError`] if the sum is not a valid scalar, which will never happen in
/// practice.
pub fn export(
    book: &IdentityBook,
    root: &PrivateKey,
    ephemeral: &PrivateKey,
) -> Result<String, KeyError> {
    // `bsv-bap` takes no export without a last path.
    let last = book.iter().map(Identity::counter).max().unwrap_or(0);
    let plaintext = super::json(&Export {
        last_id_path: member::root_path(last),
        ids: book.iter().map(Entry::from).collect::<Vec<_>>(),
    });
    let recipient = member::export_key(root)?.public_key();
    let ciphertext = ecies::encrypt(&plaintext, &recipient, ephemeral);
    Ok(BASE64_STANDARD.encode(ciphertext))
}

/// Reads the identities that `bsv-bap` exported below this root key. Every BAP
/// ID is derived and compared; counters may have gaps.
///
/// # Errors
/// [`IdsError`]; nothing is imported then.
pub fn import(text: &str, root: &PrivateKey) -> Result<IdentityBook, IdsError> {
    let mut book = IdentityBook::new();
    for entry in entries(&decrypt(text, &member::export_key(root)?)?)? {
        book.add(entry.verify(root)?)?;
    }
    book.check_size()?;
    Ok(book)
}

/// Lists the identities that `bsv-bap` exported in its BIP-32 mode under an
/// extended private key.
///
/// # Errors
/// [`IdsError`], as [`import`].
pub fn list_legacy(text: &str, xprv: &str) -> Result<Vec<LegacyIdentity>, IdsError> {
    let entries = entries(&decrypt(text, &legacy::export_key(xprv)?)?)?;
    let listed = entries.iter().map(|entry| LegacyIdentity {
        name: shortened(entry.name.as_deref().unwrap_or_default(), SHOWN),
        id: excerpt(&entry.identity_key, SHOWN),
        path: excerpt(&entry.root_path, SHOWN),
    });
    Ok(listed.collect())
}

impl Entry<RawAttributes> {
    fn verify(self, root: &PrivateKey) -> Result<Identity, IdentityError> {
        let id = excerpt(&self.identity_key, SHOWN);
        let path = excerpt(&self.root_path, SHOWN);
        if self.id_seed.is_some_and(|seed| !seed.is_empty()) {
            return Err(IdentityError::OwnSeed(id));
        }
        let description = self.description.unwrap_or_default();
        let name = self.name.unwrap_or_default();
        if name.len() > MAX_TEXT_LEN || description.len() > MAX_TEXT_LEN {
            return Err(IdentityError::Name);
        }
        let Some(counter) = self
            .root_path
            .strip_prefix("bap:")
            .and_then(canonical_number)
        else {
            return Err(IdentityError::UnsupportedPath { id, path });
        };
        let name = match name.is_empty() {
            true => super::default_name(counter),
            false => name,
        };
        let mut identity = Identity::derive(root, counter, &name)?;
        if identity.id().as_str() != self.identity_key
            || identity.root_address().to_string() != self.root_address
        {
            return Err(IdentityError::Foreign { id, path });
        }
        let attributes = Attributes::try_from(self.identity_attributes)?;
        identity.restore(&self.current_path, description, attributes)?;
        Ok(identity)
    }
}

fn decrypt(text: &str, key: &PrivateKey) -> Result<Zeroizing<Vec<u8>>, IdsError> {
    if text.len() > MAX_LEN {
        return Err(IdsError::Undecryptable);
    }
    let ciphertext = BASE64_STANDARD
        .decode(text.trim_ascii())
        .map_err(|_| IdsError::Undecryptable)?;
    ecies::decrypt(&ciphertext, key).map_err(|_| IdsError::Undecryptable)
}

/// The entries of the wrapped form or, as it was before, of the bare list.
fn entries(json: &[u8]) -> Result<Vec<Entry<RawAttributes>>, IdsError> {
    let parsed = if json.trim_ascii_start().starts_with(b"[") {
        serde_json::from_slice(json)
    } else {
        serde_json::from_slice(json).map(|export: Export<_>| export.ids)
    };
    let entries: Vec<_> = parsed.map_err(|error| IdsError::Malformed {
        line: error.line(),
        column: error.column(),
    })?;
    if entries.len() > MAX_IDENTITIES {
        return Err(IdentityError::Exhausted.into());
    }
    Ok(entries)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// The exports of `bsv-bap` 0.2, encrypted as it does.
    fn sealed(key: &PrivateKey, entry: &serde_json::Value) -> String {
        let export = serde_json::json!({"lastIdPath": entry["rootPath"], "ids": [entry]});
        let ephemeral = PrivateKey::from_bytes(&[5; 32]).unwrap();
        let plaintext = export.to_string();
        let ciphertext = ecies::encrypt(plaintext.as_bytes(), &key.public_key(), &ephemeral);
        BASE64_STANDARD.encode(ciphertext)
    }

    fn entry(address: &crate::crypto::keys::Address, path: &str) -> serde_json::Value {
        serde_json::json!({
            "bapId": crate::identity::BapId::of_root_address(address),
            "rootPath": path,
            "rootAddress": address,
            "previousPath": path,
            "currentPath": path,
            "idSeed": "",
            "lastIdPath": "",
        })
    }

    #[test]
    fn version_two_leaves_names_to_the_application() {
        let root = PrivateKey::from_bytes(&[7; 32]).unwrap();
        let address = member::root_address(&root, 1).unwrap();
        let key = member::export_key(&root).unwrap();
        let text = sealed(&key, &entry(&address, "bap:1"));
        let book = import(&text, &root).unwrap();
        let identity = book.iter().next().unwrap();
        assert_eq!(*identity.root_address(), address);
        assert_eq!((identity.name(), identity.counter()), ("Identity 2", 1));
    }

    #[test]
    fn those_of_version_two_that_are_bip32_are_listed() {
        // Test vector 1 of BIP-32.
        let xprv = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";
        let key = legacy::export_key(xprv).unwrap();
        let path = "m/424150'/0'/0'/0/0/0";
        let entry = entry(&key.public_key().address(), path);
        let listed = list_legacy(&sealed(&key, &entry), xprv).unwrap();
        assert_eq!(
            (listed[0].id.as_str(), listed[0].path.as_str()),
            (entry["bapId"].as_str().unwrap(), path)
        );
    }
}
