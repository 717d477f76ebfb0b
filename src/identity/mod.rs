//! BAP identities (Bitcoin Attestation Protocol) as `bsv-bap` 0.1.24 knows them
//! in its Type42 mode.
//!
//! An identity is a counter below the root key; all its keys derive from there
//! ([`member`]), and its name, the [`BapId`], is a hash of its first address.
//! The [`IdentityBook`] holds a wallet's identities with their names and private
//! [`attributes`]. [`op_return`] makes what is published of them, signed by
//! [`aip`]; [`ids`] is the form in which they are backed up; [`mod@derive`] has the
//! keys that belong to no identity: those for hosts and friends.
//!
//! Everything here is pure: random nonces and ephemeral keys come in.

pub mod aip;
pub mod attributes;
mod bap_id;
mod book;
pub mod certificate;
pub mod certificate_book;
pub mod changes;
pub mod derive;
mod error;
pub mod identicon;
pub mod ids;
mod legacy;
mod limits;
pub mod member;
pub mod op_return;
pub mod published;

pub use bap_id::{BapId, BapIdError};
pub use book::merge::{BookTimes, MergedIdentities, Renamed};
pub use book::{Identity, IdentityBook};
pub use error::IdentityError;
pub use limits::{MAX_IDENTITIES, MAX_RECORD_LEN, MAX_TEXT_LEN};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::crypto::secret::written;

/// What a new wallet's first identity is called.
pub(crate) const FIRST_NAME: &str = "Primary Identity";

/// What an identity is called that came without a name.
fn default_name(counter: u32) -> String {
    format!("Identity {}", u64::from(counter) + 1)
}

/// JSON in a buffer that wipes itself; see [`written`].
pub(crate) fn json(value: &impl Serialize) -> Zeroizing<Vec<u8>> {
    written(|out| Ok(serde_json::to_writer(out, value)?))
        .expect("no map here has keys that are not text, and memory takes every write")
}
