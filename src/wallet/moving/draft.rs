//! A wallet that is about to be: what was made or brought in, before its rows
//! are written.

use std::collections::BTreeSet;

use super::payload::{self, KnownHost, Restored};
use crate::crypto::backup_file::Opener;
use crate::identity::certificate_book::CertificateBook;
use crate::identity::{FIRST_NAME, Identity, IdentityBook};
use crate::store::{ContactRow, LabelParent};
use crate::text::excerpt;
use crate::text::marks::unmarked;
use crate::wallet::contents::Contents;
use crate::wallet::profile::Profile;
use crate::wallet::{Host, WalletError, contacts};

/// What is said of a backup in clear.
const NOT_ENCRYPTED: &str = "the backup is not encrypted: whoever can read its file has the wallet";

/// Everything that a new wallet's rows are made of.
pub(in crate::wallet) struct Draft {
    pub(in crate::wallet) contents: Contents,
    pub(in crate::wallet) profile: Profile,
    pub(in crate::wallet) identities: IdentityBook,
    /// Whether the source has no identities, and the first one is only made up.
    pub(in crate::wallet) is_bare: bool,
    pub(in crate::wallet) hosts: Vec<(Host, LabelParent)>,
    /// Each with the key that its name is found by.
    pub(in crate::wallet) contacts: Vec<(String, ContactRow)>,
    pub(in crate::wallet) certificates: CertificateBook,
    pub(in crate::wallet) notes: Vec<String>,
}

impl Draft {
    /// A wallet that nothing but its secrets is known of.
    pub(in crate::wallet) fn of(contents: Contents) -> Result<Self, WalletError> {
        let mut identities = IdentityBook::new();
        identities.create(&contents.root, FIRST_NAME)?;
        Ok(Self {
            contents,
            profile: Profile::default(),
            identities,
            is_bare: true,
            hosts: Vec::new(),
            contacts: Vec::new(),
            certificates: CertificateBook::default(),
            notes: Vec::new(),
        })
    }

    pub(in crate::wallet) fn of_backup(
        text: &str,
        opener: &mut Opener,
    ) -> Result<Self, WalletError> {
        let plain = unmarked(text).trim_ascii();
        if plain.starts_with('{') {
            // As Yours Wallet exports it.
            let mut draft =
                Self::of_restored(payload::restore(plain.as_bytes(), &opener.forms())?)?;
            draft.notes.push(NOT_ENCRYPTED.to_owned());
            return Ok(draft);
        }
        let json = opener.open(text)?;
        Self::of_restored(payload::restore(&json, &opener.forms())?)
    }

    /// What a backup, or another program's folder, gives.
    pub(in crate::wallet) fn of_restored(restored: Restored) -> Result<Self, WalletError> {
        let mut contents = Contents::of_root(restored.root);
        contents.has_passphrase = match (&restored.mnemonic, &restored.seed) {
            (Some(words), Some(seed)) => words.seed("").expose_bytes() != seed.expose_bytes(),
            _ => false,
        };
        contents.seed = restored.seed;
        contents.mnemonic = restored.mnemonic;
        let mut draft = Self::of(contents)?;
        if !restored.identities.is_empty() {
            draft.identities = restored.identities;
            draft.is_bare = false;
        }
        draft.profile = Profile::restored(restored.profile, restored.profile_times);
        for KnownHost { host, labels } in restored.hosts {
            match host.parse::<Host>() {
                // Written otherwise, it had another key.
                Ok(read) if read.as_str() == host => draft.hosts.push((read, labels)),
                _ => draft.notes.push(format!(
                    "the host `{}` was left out: browsers do not write it this way",
                    excerpt(&host, 80)
                )),
            }
        }
        draft.certificates.merge(&restored.certificates);
        for contact in restored.contacts {
            let name = excerpt(&contact.name, 80);
            match contacts::restored(contact) {
                Some(contact) => draft.contacts.push(contact),
                None => draft.notes.push(format!(
                    "the contact `{name}` was left out: it is none that TokenPass makes"
                )),
            }
        }
        if let Some(missing) = first_gap(&draft.identities) {
            // Refusing would lose the wallet over an identity that is not in it.
            draft.notes.push(format!(
                "no identity has the counter {missing}, though a later one is there: \
                 a new one continues after the last"
            ));
        }
        let left_out = restored.left_out.into_iter().map(str::to_owned);
        draft.notes.extend(left_out);
        for identity in restored.legacy_identities {
            draft.notes.push(format!(
                "the identity `{}` was left out: its key is derived in a way (BIP-32) that this wallet does not have",
                identity.id
            ));
        }
        Ok(draft)
    }
}

/// The lowest counter that is skipped.
fn first_gap(identities: &IdentityBook) -> Option<u32> {
    let used: BTreeSet<u32> = identities.iter().map(Identity::counter).collect();
    let last = *used.last()?;
    (0..last).find(|counter| !used.contains(counter))
}
