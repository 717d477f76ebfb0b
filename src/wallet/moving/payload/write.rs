//! Writing a master backup.

use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::crypto::keys::{KeyError, PrivateKey};
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::identity::certificate_book::CertificateBook;
use crate::identity::changes::Times;
use crate::identity::{IdentityBook, ids, json};

use super::{Extension, KnownHost, VERSION};
use crate::store::{ContactRow, LabelParent};

/// A wallet to be written as a master backup.
pub struct Backup<'a> {
    /// The root key.
    pub root: &'a PrivateKey,
    /// The BIP-39 seed, if the wallet has one.
    pub seed: Option<&'a Seed>,
    /// The words, if the wallet has them.
    pub mnemonic: Option<&'a Mnemonic>,
    /// The identities.
    pub identities: &'a IdentityBook,
    /// The profile.
    pub profile: &'a Map<String, Value>,
    /// When its fields were changed.
    pub profile_times: &'a Times,
    /// The hosts that have a key.
    pub hosts: &'a [KnownHost],
    /// The certificates.
    pub certificates: &'a CertificateBook,
    /// The contacts, the removed ones too.
    pub contacts: &'a [ContactRow],
    /// A name for the backup.
    pub label: &'a str,
    /// When it is made, in ISO 8601 with `Z`.
    pub created_at: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MasterBackup<'a> {
    ids: &'a str,
    root_pk: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mnemonic: Option<&'a str>,
    label: &'a str,
    created_at: &'a str,
    tokenpass: Extension<&'a str>,
}

impl Backup<'_> {
    /// The JSON to be encrypted. The ephemeral key, for the identities within,
    /// must be fresh and random.
    ///
    /// # Errors
    /// [`KeyError`] if a derived key is zero, which will never happen in practice.
    pub fn to_json(&self, ephemeral: &PrivateKey) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let words = self.mnemonic.map(Mnemonic::expose_phrase);
        let seed = self.seed.filter(|seed| !self.words_lead_to(seed));
        let seed = seed.map(Seed::expose_hex);
        Ok(json(&MasterBackup {
            ids: &ids::export(self.identities, self.root, ephemeral)?,
            root_pk: &self.root.expose_wif(),
            mnemonic: words.as_ref().map(|words| words.as_str()),
            label: self.label,
            created_at: self.created_at,
            tokenpass: Extension {
                version: VERSION,
                primary: self
                    .identities
                    .primary()
                    .map(|primary| primary.id().clone()),
                profile: self.profile.clone(),
                profile_times: self.profile_times.clone(),
                identity_times: self.identities.times(),
                hosts: self.hosts.iter().map(|known| known.host.clone()).collect(),
                host_labels: self
                    .hosts
                    .iter()
                    .filter(|known| known.labels == LabelParent::Host)
                    .map(|known| known.host.clone())
                    .collect(),
                contacts: self.contacts.to_vec(),
                certificates: self.certificates.records(),
                seed: seed.as_ref().map(|seed| seed.as_str()),
            },
        }))
    }

    fn words_lead_to(&self, seed: &Seed) -> bool {
        self.mnemonic
            .is_some_and(|words| words.seed("").expose_bytes() == seed.expose_bytes())
    }
}
