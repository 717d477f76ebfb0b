//! The shared core. Everything that the command line and the server can ask
//! for is a method here; nothing here prints, prompts, reads the environment
//! or exits.
//!
//! A [`Wallet`] is a handle to a home folder. It can tell what is public and
//! manage what needs no key; it cannot sign. [`Wallet::unlock`] and
//! [`Wallet::resume`] give an [`UnlockedWallet`], which can; dropping it
//! wipes its keys.

pub mod access;
mod app_keys;
mod brc100;
mod certificates;
mod ciphers;
mod coins;
mod contact;
mod contacts;
mod contents;
mod create;
mod doctor;
mod ending;
mod environment;
mod error;
mod file_signature;
mod handle;
mod host;
mod identities;
pub mod moving;
mod profile;
mod status;
mod streams;
mod unlocked;
mod vault;

pub(crate) use access::agent_sessions::AgentSession;
pub use access::attempts::Asker;
pub use access::audit::{AuditEntry, Event};
pub use access::grants::{Grant, Granted, MAX_PAGE_TOKENS};
pub use access::origins::{Origin, OriginError, OriginInfo};
pub use access::permissions::PermissionInfo;
pub use access::rights::{Right, RightError};
pub use access::scopes::{AccessError, Expiry, Scope, Scopes};
pub use access::sessions::{Session, SessionKey, SessionKeyError};
pub(crate) use access::tokens::TokenHash;
pub use access::tokens::{AccessToken, Revoke, TokenId, TokenInfo, TokenPlace};
pub use ciphers::{Recipient, Sender};
pub use coins::{Payer, Purse, Terms};
pub use contact::{ContactError, ContactName, ContactTarget};
pub use contacts::Contact;
pub use create::{Registered, Registration, WordCount};
pub use doctor::{Finding, Level};
pub use ending::Ending;
pub use environment::{Environment, KdfPolicy, Timestamp};
pub use error::{MIN_PASSWORD_CHARS, WalletError};
pub use file_signature::{FileSignature, FileSignatureError, Mismatch, Statement};
pub use handle::Wallet;
pub use host::{Host, HostError};
pub use identities::Publication;
pub use moving::backup::{BackedUp, BackupMark, BackupText};
pub use moving::dated::BackupFolder;
pub use moving::folder::{backups_in, read_backup};
pub use moving::import::{ImportSource, Imported, Incoming, Replace};
pub use moving::merge::Gained;
pub use moving::schedule::{BackupFailure, BackupStatus, DueBackup, Schedule};
pub use profile::{MAX_JSON_BYTES, Merge, Object, is_derived};
pub use status::{HostKeyInfo, Status};
pub use streams::{Decoded, Encoded, Form, Hashed, StreamError, Twice, digest_stream, hash_stream};
pub use unlocked::{KeySelector, PublicKeyInfo, SignedMessage, Signer, UnlockedWallet};
pub use vault::Export;

pub use crate::store::{OriginStatus, Page, StoreError};
pub use crate::transaction::Satoshis;
