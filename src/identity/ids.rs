//! The `ids` of a BAP backup: all identities as JSON, encrypted with ECIES to a
//! child of the root key, in base64. `bsv-bap` reads what is written here to the
//! same identities, and what it writes is read here.
//!
//! The older BIP-32 mode of `bsv-bap` derives identities from a chain code that
//! a root key alone does not have. They are recognised and listed, not imported.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::crypto::ecies;
use crate::crypto::keys::{KeyError, PrivateKey};

use super::attributes::Attributes;
use super::book::{MAX_TEXT_LEN, canonical_number, printable};
use super::{Identity, IdentityBook, IdentityError, MAX_IDENTITIES, member};

/// The longest text that is read, in bytes.
pub const MAX_LEN: usize = 4 * 1024 * 1024;

/// Why exported identities can't be read.
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

/// An identity of `bsv-bap`'s BIP-32 mode, which a root key can't derive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyIdentity {
    /// The name its owner gave it.
    pub name: String,
    /// The BAP ID as it stands in the backup.
    pub id: String,
    /// Its BIP-32 path.
    pub path: String,
}

/// What stands in the JSON: the same fields in every version.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Export<T> {
    #[serde(default)]
    last_id_path: String,
    ids: T,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: String,
    #[serde(default)]
    description: Option<String>,
    identity_key: String,
    root_path: String,
    root_address: String,
    previous_path: String,
    current_path: String,
    #[serde(default)]
    id_seed: Option<String>,
    identity_attributes: Attributes,
    #[serde(default)]
    last_id_path: String,
}

/// The wrapped form, or the bare list of before.
#[derive(Deserialize)]
#[serde(untagged)]
enum AnyExport {
    Wrapped(Export<Vec<Entry>>),
    List(Vec<Entry>),
}

impl From<&Identity> for Entry {
    fn from(identity: &Identity) -> Self {
        Self {
            name: identity.name().to_owned(),
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
/// [`KeyError`] where the sum is no valid scalar, which no one will ever meet.
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
    Ok(book)
}

/// Lists the identities that `bsv-bap` exported in its BIP-32 mode under an
/// extended private key.
///
/// # Errors
/// [`IdsError`], as [`import`].
pub fn list_legacy(text: &str, xprv: &str) -> Result<Vec<LegacyIdentity>, IdsError> {
    let entries = entries(&decrypt(text, &legacy_export_key(xprv)?)?)?;
    let listed = entries.iter().map(|entry| LegacyIdentity {
        name: printable(&entry.name),
        id: printable(&entry.identity_key),
        path: printable(&entry.root_path),
    });
    Ok(listed.collect())
}

impl Entry {
    fn verify(self, root: &PrivateKey) -> Result<Identity, IdentityError> {
        let id = printable(&self.identity_key);
        let path = printable(&self.root_path);
        if self.id_seed.is_some_and(|seed| !seed.is_empty()) {
            return Err(IdentityError::OwnSeed(id));
        }
        let description = self.description.unwrap_or_default();
        if self.name.len() > MAX_TEXT_LEN || description.len() > MAX_TEXT_LEN {
            return Err(IdentityError::Name);
        }
        let Some(counter) = self
            .root_path
            .strip_prefix("bap:")
            .and_then(canonical_number)
        else {
            return Err(IdentityError::UnsupportedPath { id, path });
        };
        let mut identity = Identity::derive(root, counter, &self.name)?;
        if identity.id().as_str() != self.identity_key
            || identity.root_address().to_string() != self.root_address
        {
            return Err(IdentityError::Foreign { id, path });
        }
        identity.restore(&self.current_path, description, self.identity_attributes)?;
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

fn entries(json: &[u8]) -> Result<Vec<Entry>, IdsError> {
    let export = serde_json::from_slice(json).map_err(|error| IdsError::Malformed {
        line: error.line(),
        column: error.column(),
    })?;
    let (AnyExport::Wrapped(Export { ids, .. }) | AnyExport::List(ids)) = export;
    if ids.len() > MAX_IDENTITIES {
        return Err(IdentityError::Exhausted.into());
    }
    Ok(ids)
}

/// The BIP-32 child at [`member::ENCRYPTION_INVOICE`], here taken as the path it
/// looks like: `m/424150'/2147483647'/2147483647'`.
fn legacy_export_key(xprv: &str) -> Result<PrivateKey, KeyError> {
    const HARDENED: u32 = 1 << 31;
    // Checks length, version, checksum and that the key is a master key.
    let mut key = crate::crypto::mnemonic::root_key_from_xprv(xprv)?.expose_bytes();
    // version 4 | depth 1 | parent 4 | child 4 | chain code 32 | 00 | key 32 | checksum 4
    let mut bytes = Zeroizing::new([0; 82]);
    bs58::decode(xprv.trim())
        .onto(&mut *bytes)
        .expect("the key above was read from the same text");
    let mut chain = Zeroizing::new([0; 32]);
    chain.copy_from_slice(&bytes[13..45]);
    for index in [424_150 | HARDENED, u32::MAX, u32::MAX] {
        let mut mac = Hmac::<Sha512>::new_from_slice(&*chain).expect("HMAC takes any key");
        mac.update(&[0]);
        mac.update(&*key);
        mac.update(&index.to_be_bytes());
        let out = Zeroizing::new(<[u8; 64]>::from(mac.finalize().into_bytes()));
        let (tweak, next_chain) = out.split_at(32);
        key = add(&key, tweak)?;
        chain.copy_from_slice(next_chain);
    }
    PrivateKey::from_bytes(&key)
}
