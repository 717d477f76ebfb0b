//! The folder of TokenPass Desktop, in its three forms:
//!
//! - since 2025 (0.0.8): `backup.bep` has root key and identities, `keys.db` the
//!   hosts, `state.db` profile and tokens. All derivations are those of here.
//! - in between: `seed.db` (NeDB) has the seed in a `.bep` container.
//! - 2023: `seed.db` (NeDB) has the seed in AES-256-CBC under the SHA-256 of the
//!   password. Host keys were BIP-32 children then: they cannot be
//!   derived again.
//!
//! Tokens are not taken over: they were stored unencrypted.

use std::fmt;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::crypto::backup_file::{self, BackupFileError};
use crate::crypto::desktop_seed;
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::identity::{BapId, derive};

use super::nedb::{self, Document, Documents};
use super::payload::{self, KnownHost, PayloadError, Restored};
use crate::store::LabelParent;

/// The longest file that is read, in bytes.
pub const MAX_FILE_LEN: usize = 16 * 1024 * 1024;

/// The host of the record in `state.db` that is the profile.
const PROFILE: &str = "global";

/// Fields of a state record that are no profile, or are derived here.
const NO_PROFILE: [&str; 8] = [
    "_id",
    "host",
    "bapID",
    "accessToken",
    "expireTime",
    "scopes",
    "icon",
    "identityKey",
];

/// A file of the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesktopFile {
    /// `backup.bep`
    Backup,
    /// `seed.db`
    Seed,
    /// `keys.db`
    Keys,
    /// `state.db`
    State,
}

impl fmt::Display for DesktopFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backup => "backup.bep",
            Self::Seed => "seed.db",
            Self::Keys => "keys.db",
            Self::State => "state.db",
        })
    }
}

/// The contents of the files that are there.
#[derive(Clone, Copy, Default)]
pub struct DesktopFiles<'a> {
    /// `backup.bep`
    pub backup: Option<&'a [u8]>,
    /// `seed.db`
    pub seed: Option<&'a [u8]>,
    /// `keys.db`
    pub keys: Option<&'a [u8]>,
    /// `state.db`
    pub state: Option<&'a [u8]>,
}

/// Which TokenPass wrote the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesktopForm {
    /// `backup.bep`: nothing is lost.
    Backup,
    /// `seed.db` with a `.bep` container.
    SealedSeed,
    /// `seed.db` of 2023.
    LegacySeed,
}

/// Why no wallet comes out of a folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DesktopError {
    /// Neither `backup.bep` nor `seed.db`.
    #[error("not a TokenPass Desktop folder: there is neither `backup.bep` nor `seed.db`")]
    NotDesktop,
    /// `seed.db` is SQLite: a wallet of this program, not of TokenPass Desktop.
    #[error("the folder holds a wallet of this TokenPass, not of TokenPass Desktop")]
    AlreadyMoved,
    /// A file over [`MAX_FILE_LEN`].
    #[error("`{0}` is larger than {MAX_FILE_LEN} bytes")]
    TooLarge(DesktopFile),
    /// A file that is not NeDB, or of which too much is unreadable.
    #[error("`{0}` is damaged or not a file of TokenPass Desktop")]
    Damaged(DesktopFile),
    /// The password does not open `seed.db`.
    #[error("wrong password, or `seed.db` is damaged")]
    WrongPassword,
    /// A seed that did not come from BIP-39.
    #[error("the seed in `seed.db` has {0} bytes: only the 64 of BIP-39 can be imported")]
    SeedLength(usize),
    /// `backup.bep` can't be opened.
    #[error("`backup.bep`: {0}")]
    Backup(#[source] BackupFileError),
    /// What was decrypted is refused.
    #[error(transparent)]
    Payload(#[from] PayloadError),
}

/// A wallet as TokenPass Desktop left it. Holds secrets: no `Debug`.
pub struct DesktopWallet {
    /// The wallet, with profile and hosts.
    pub restored: Restored,
    /// Which form it had.
    pub form: DesktopForm,
    /// Hosts that had another key than they will have here.
    pub changed_hosts: Vec<String>,
    /// Lines of `keys.db`, `state.db` and `seed.db` that could not be read.
    pub skipped_lines: usize,
}

impl DesktopWallet {
    /// Reads a folder. The password opens its wallet and is tried as the BIP-39
    /// passphrase, which it was in TokenPass Desktop.
    ///
    /// # Errors
    /// [`DesktopError`] says which file is to blame; nothing is read then.
    pub fn read(files: DesktopFiles<'_>, password: &Password) -> Result<Self, DesktopError> {
        let keys = documents(DesktopFile::Keys, files.keys)?;
        let state = documents(DesktopFile::State, files.state)?;
        let (restored, form, skipped) = match files {
            DesktopFiles {
                backup: Some(backup),
                ..
            } => (open_backup(backup, password)?, DesktopForm::Backup, 0),
            DesktopFiles {
                seed: Some(seed), ..
            } => open_seed(seed, password)?,
            _ => return Err(DesktopError::NotDesktop),
        };
        let mut wallet = Self {
            restored,
            form,
            changed_hosts: Vec::new(),
            skipped_lines: skipped + keys.skipped + state.skipped,
        };
        for record in &keys.documents {
            wallet.add_host(record);
        }
        for record in &state.documents {
            match text(record, "host") {
                Some(PROFILE) => wallet.take_profile(record),
                Some(_) if record.contains_key("accessToken") => wallet.add_host(record),
                _ => {}
            }
        }
        Ok(wallet)
    }

    fn add_host(&mut self, record: &Document) {
        let Some(host) = text(record, "host") else {
            return;
        };
        if self.restored.hosts.iter().any(|known| known.host == host) {
            return;
        }
        self.restored.hosts.push(KnownHost {
            host: host.to_owned(),
            labels: LabelParent::Root,
        });
        let same = text(record, "address").is_none_or(|address| {
            derive::host_key(&self.restored.root, host)
                .is_ok_and(|key| key.public_key().address().to_string() == address)
        });
        if !same {
            self.changed_hosts.push(host.to_owned());
        }
    }

    fn take_profile(&mut self, record: &Document) {
        let primary = text(record, "bapID").and_then(|id| id.parse::<BapId>().ok());
        if let Some(primary) = primary {
            // Of another wallet's profile the first identity stays primary.
            let _ = self.restored.identities.set_primary(&primary);
        }
        let kept = record
            .iter()
            .filter(|(name, _)| !NO_PROFILE.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()));
        self.restored.profile = kept.collect::<Map<_, _>>();
    }
}

fn text<'a>(record: &'a Document, field: &str) -> Option<&'a str> {
    record.get(field).and_then(Value::as_str)
}

fn documents(file: DesktopFile, content: Option<&[u8]>) -> Result<Documents, DesktopError> {
    let content = content.unwrap_or_default();
    if content.len() > MAX_FILE_LEN {
        return Err(DesktopError::TooLarge(file));
    }
    // A write that was torn may have cut a character.
    nedb::read(&String::from_utf8_lossy(content)).ok_or(DesktopError::Damaged(file))
}

fn open_backup(content: &[u8], password: &Password) -> Result<Restored, DesktopError> {
    let text = std::str::from_utf8(content).unwrap_or_default();
    let payload = backup_file::decrypt(text, password).map_err(DesktopError::Backup)?;
    Ok(payload::restore(&payload, &[password])?)
}

fn open_seed(
    content: &[u8],
    password: &Password,
) -> Result<(Restored, DesktopForm, usize), DesktopError> {
    if content.starts_with(b"SQLite format 3\0") {
        return Err(DesktopError::AlreadyMoved);
    }
    let Documents { documents, skipped } = documents(DesktopFile::Seed, Some(content))?;
    let record = documents
        .iter()
        .find(|record| record.contains_key("encrypted") || record.contains_key("hex"))
        .ok_or(DesktopError::Damaged(DesktopFile::Seed))?;
    if let Some(container) = text(record, "encrypted") {
        let payload = backup_file::decrypt(container, password).map_err(|error| match error {
            BackupFileError::NotABackup => DesktopError::Damaged(DesktopFile::Seed),
            BackupFileError::WrongPassphraseOrDamaged => DesktopError::WrongPassword,
        })?;
        let restored = payload::restore(&payload, &[password])?;
        return Ok((restored, DesktopForm::SealedSeed, skipped));
    }
    // The padding alone tells a wrong password badly: the first form counts
    // that gives a wallet.
    let mut forms = password.forms().into_iter();
    let given = forms.next().expect("a password has a form");
    let restored = legacy_wallet(record, &given).or_else(|error| {
        let others = forms.find_map(|form| legacy_wallet(record, &form).ok());
        others.ok_or(error)
    })?;
    Ok((restored, DesktopForm::LegacySeed, skipped))
}

/// The seed of 2023 and its words.
fn legacy_wallet(record: &Document, password: &Password) -> Result<Restored, DesktopError> {
    let hex = decrypt_field(record, "hex", password)?;
    let seed = match hex.len() {
        128 => Seed::from_hex(&hex).map_err(|_| DesktopError::WrongPassword)?,
        len if len > 0 && hex::decode(&*hex).is_ok() => {
            return Err(DesktopError::SeedLength(len / 2));
        }
        _ => return Err(DesktopError::WrongPassword),
    };
    let mut restored = Restored::of_seed(seed)?;
    if record.contains_key("mnemonic") {
        let words = decrypt_field(record, "mnemonic", password)?;
        let mnemonic = Mnemonic::parse(&words).map_err(PayloadError::Mnemonic)?;
        restored.attach_mnemonic(mnemonic, &[password])?;
    }
    Ok(restored)
}

/// A field `{"iv": hex, "encryptedData": hex}`, which is text within.
fn decrypt_field(
    record: &Document,
    field: &str,
    password: &Password,
) -> Result<Zeroizing<String>, DesktopError> {
    const DAMAGED: DesktopError = DesktopError::Damaged(DesktopFile::Seed);
    let part = |name| {
        let hex = record.get(field)?.get(name)?.as_str()?;
        hex::decode(hex).ok()
    };
    let iv = part("iv")
        .and_then(|iv| iv.try_into().ok())
        .ok_or(DAMAGED)?;
    let ciphertext = part("encryptedData").ok_or(DAMAGED)?;
    let plaintext = desktop_seed::decrypt(&iv, &ciphertext, password);
    plaintext
        .as_deref()
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .map(|text| Zeroizing::new(text.to_owned()))
        .ok_or(DesktopError::WrongPassword)
}
