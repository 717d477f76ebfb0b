//! The wallet as a whole: register, unlock, lock, status, export, import.

use serde::{Deserialize, Deserializer, Serialize, de};

#[cfg(test)]
use schemars::JsonSchema;

use super::access::TokenState;
use super::backup::BackupState;
use super::{Body, Exposed, RequestError, Success};
use crate::crypto::restoring::Restoring;
use crate::crypto::secret::Password;
use crate::identity::BapId;
use crate::wallet::{self, HostKeyInfo};

/// Makes a wallet.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Register {
    /// The wallet's new password.
    #[cfg_attr(test, schemars(extend("minLength" = 8)))]
    pub(crate) password: Password,
    /// Goes into the profile, which is public.
    pub(crate) display_name: Option<String>,
    /// Likewise.
    pub(crate) paymail: Option<String>,
    /// Likewise.
    pub(crate) logo: Option<String>,
}

/// Unlocks the wallet.
#[derive(Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Login {
    /// The wallet's password.
    #[serde(serialize_with = "exposed")]
    pub(crate) password: Password,
}

/// There is nothing to say.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Logout {}

/// Asks for what restores the wallet.
#[derive(Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Export {
    /// The wallet's password.
    pub(crate) password: Password,
}

/// What restores the wallet.
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Exported {
    /// The words; `null` where they are not known.
    pub(crate) mnemonic: Option<Exposed>,
    /// The BIP-39 seed, hex; `null` for a wallet that was made of a bare root
    /// key.
    #[cfg_attr(test, schemars(extend("pattern" = "^[0-9a-f]{128}$")))]
    pub(crate) seed: Option<Exposed>,
}

impl From<wallet::Export> for Exported {
    fn from(export: wallet::Export) -> Self {
        Self {
            seed: export.seed.map(|seed| Exposed(seed.expose_hex())),
            mnemonic: export.mnemonic.map(|words| Exposed(words.expose_phrase())),
        }
    }
}

/// The new password, and one of `mnemonic`, `seed` and `backup`.
#[cfg_attr(test, derive(JsonSchema), schemars(transform = super::schema::one_of))]
pub(crate) struct Import {
    /// The wallet's new password.
    #[cfg_attr(test, schemars(extend("minLength" = 8)))]
    pub(crate) password: Password,
    /// What the wallet is made of.
    #[cfg_attr(test, schemars(flatten))]
    pub(crate) source: Source,
}

/// What a wallet is made of.
#[cfg_attr(test, derive(JsonSchema), schemars(untagged, inline))]
pub(crate) enum Source {
    /// Words.
    Words(Words),
    /// A seed.
    Seed(SeedHex),
    /// A backup.
    Backup(Backup),
}

/// Words, and their passphrase.
#[derive(Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(inline, title = "Words", transform = super::schema::instead_of_seed_and_backup))]
pub(crate) struct Words {
    /// 12, 15, 18, 21 or 24 English words (BIP-39).
    #[serde(deserialize_with = "mnemonic")]
    #[cfg_attr(test, schemars(with = "crate::crypto::mnemonic::Mnemonic"))]
    pub(crate) mnemonic: Restoring,
    /// The BIP-39 passphrase, where the words need one.
    pub(crate) passphrase: Option<Password>,
}

/// A BIP-39 seed.
#[derive(Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(inline, title = "Seed", transform = super::schema::instead_of_mnemonic_and_backup))]
pub(crate) struct SeedHex {
    /// A BIP-39 seed, hex.
    #[serde(deserialize_with = "seed")]
    #[cfg_attr(test, schemars(with = "crate::crypto::mnemonic::Seed"))]
    pub(crate) seed: Restoring,
}

/// A backup, and what it was encrypted with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema), schemars(inline, title = "Backup", transform = super::schema::instead_of_mnemonic_and_seed))]
pub(crate) struct Backup {
    /// The text of a `.bep` file.
    pub(crate) backup: String,
    /// What it was encrypted with; `password` where absent.
    pub(crate) backup_password: Option<Password>,
}

impl Import {
    /// Reads the fields of the one source that is given.
    ///
    /// # Errors
    /// There is no password, not one source, or a field is wrong.
    pub(crate) fn read(body: &Body) -> Result<Self, RequestError> {
        let Login { password } = body.read()?;
        let given = ["mnemonic", "seed", "backup"].map(|name| body.has(name));
        let source = match given {
            [true, false, false] => Source::Words(body.read()?),
            [false, true, false] => Source::Seed(body.read()?),
            [false, false, true] => Source::Backup(body.read()?),
            _ => {
                return Err(RequestError::bad(
                    "one of `mnemonic`, `seed` and `backup` is needed",
                ));
            }
        };
        Ok(Self { password, source })
    }
}

/// What is public of the wallet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Status {
    /// How it stands with the backups; for programs of the owner's alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "BackupState"))]
    pub(crate) backup: Option<BackupState>,
    /// The primary identity.
    #[serde(rename = "bapID", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "BapId"))]
    pub(crate) bap_id_upper: Option<BapId>,
    /// The same, as the other endpoints call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "BapId"))]
    pub(crate) bap_id: Option<BapId>,
    /// The same, as `LocalServerSigner` calls it.
    pub(crate) created: bool,
    /// Asks for what follows. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) cursor: Option<String>,
    /// The hosts that have a key: all, for an approved page its own. Empty while
    /// locked, and for everybody else.
    #[cfg_attr(test, schemars(length(max = 100)))]
    pub(crate) keys: Vec<HostKey>,
    /// How many keys there are on all pages; absent where there are more than
    /// 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "u64"))]
    pub(crate) keys_total: Option<u64>,
    /// Whether there is a wallet.
    pub(crate) seed: bool,
    /// The access tokens that have not expired, of the same hosts as `keys`.
    #[cfg_attr(test, schemars(length(max = 100)))]
    pub(crate) states: Vec<TokenState>,
    /// How many tokens there are on all pages; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "u64"))]
    pub(crate) states_total: Option<u64>,
    /// Whether it can sign now.
    pub(crate) unlocked: bool,
}

impl Status {
    /// What all may know.
    pub(crate) fn new(exists: bool, unlocked: bool) -> Self {
        Self {
            seed: exists,
            created: exists,
            unlocked,
            keys: Vec::new(),
            states: Vec::new(),
            keys_total: None,
            states_total: None,
            cursor: None,
            bap_id_upper: None,
            bap_id: None,
            backup: None,
        }
    }
}

/// The part of [`Status`] that a server of any version tells.
#[derive(Debug, Deserialize)]
pub(crate) struct Glance {
    /// Whether the wallet can sign now.
    pub(crate) unlocked: bool,
}

/// What is public of a host's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct HostKey {
    /// Its address.
    #[cfg_attr(test, schemars(with = "crate::crypto::keys::Address"))]
    pub(crate) address: String,
    /// The host.
    #[cfg_attr(test, schemars(with = "crate::wallet::Host"))]
    pub(crate) host: String,
    /// Its public key.
    #[serde(rename = "pub")]
    #[cfg_attr(test, schemars(with = "crate::crypto::keys::PublicKey"))]
    pub(crate) public_key: String,
}

impl From<HostKeyInfo> for HostKey {
    fn from(key: HostKeyInfo) -> Self {
        Self {
            host: key.host,
            address: key.address,
            public_key: key.public_key,
        }
    }
}

/// The wallet is brought in.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct BroughtIn {
    /// What could not be taken over, and what else to know; a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    /// Always true.
    pub(crate) success: Success,
}

impl BroughtIn {
    /// With this to know of it.
    pub(crate) fn with(notes: Vec<String>) -> Self {
        Self {
            success: Success,
            notes,
        }
    }
}

/// It is done, and there is nothing to tell.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Done {
    /// Always true.
    pub(crate) success: Success,
}

/// It is done.
pub(crate) const DONE: Done = Done { success: Success };

fn exposed<S: serde::Serializer>(password: &Password, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(password.expose())
}

fn mnemonic<'a, D: Deserializer<'a>>(reader: D) -> Result<Restoring, D::Error> {
    Restoring::of_words(<&str>::deserialize(reader)?).map_err(de::Error::custom)
}

fn seed<'a, D: Deserializer<'a>>(reader: D) -> Result<Restoring, D::Error> {
    Restoring::of_seed(<&str>::deserialize(reader)?).map_err(de::Error::custom)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn import(text: &str) -> Result<Import, String> {
        let body = Body::parse(text.as_bytes()).unwrap();
        Import::read(&body).map_err(|error| error.to_string())
    }

    #[test]
    fn a_wallet_is_made_of_one_source() {
        let one = import(r#"{"password":"p","seed":null,"backup":"b"}"#).unwrap();
        assert!(matches!(one.source, Source::Backup(_)));
        for text in [
            r#"{"password":"p"}"#,
            r#"{"password":"p","seed":"00","backup":"b"}"#,
        ] {
            let said = import(text).map(drop).unwrap_err();
            assert!(said.contains("one of"), "{said}");
        }
    }

    #[test]
    fn the_fields_of_other_sources_are_not_looked_at() {
        assert!(import(r#"{"password":"p","backup":"b","passphrase":1}"#).is_ok());
        let said = import(r#"{"password":"p","backup":"b","backupPassword":1}"#);
        assert_eq!(
            said.map(drop).unwrap_err(),
            "`backupPassword`: must be a string"
        );
    }
}
