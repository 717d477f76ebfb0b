//! Identities.

use serde::{Deserialize, Serialize};

#[cfg(test)]
use schemars::JsonSchema;

use super::Success;
use crate::crypto::keys::Address;
use crate::identity::{self, BapId};

/// An identity of the wallet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Identity {
    /// Which of the wallet's identities it is, counted from 0.
    #[cfg_attr(test, schemars(range(max = 4_294_967_295_u64)))]
    pub(crate) counter: u32,
    /// Its BAP ID.
    pub(crate) id_key: BapId,
    /// What it is called.
    pub(crate) name: String,
    /// The address that its BAP ID is made of.
    pub(crate) root_address: Address,
}

impl From<&identity::Identity> for Identity {
    fn from(identity: &identity::Identity) -> Self {
        Self {
            id_key: identity.id().clone(),
            name: identity.name().to_owned(),
            root_address: *identity.root_address(),
            counter: identity.counter(),
        }
    }
}

/// All identities of the wallet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Identities {
    /// How many there are.
    pub(crate) count: usize,
    /// The identities.
    #[cfg_attr(test, schemars(length(max = 1000)))]
    pub(crate) identities: Vec<Identity>,
    /// The primary one.
    pub(crate) primary_id: Option<BapId>,
}

impl From<&identity::IdentityBook> for Identities {
    fn from(book: &identity::IdentityBook) -> Self {
        Self {
            identities: book.iter().map(Identity::from).collect(),
            primary_id: book.primary().map(|primary| primary.id().clone()),
            count: book.len(),
        }
    }
}

/// Asks for one more identity.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct NewIdentity {
    /// What to call it.
    #[cfg_attr(test, schemars(
        length(min = 1, max = 4096),
        extend("pattern" = r"^[^\u0000-\u001f\u007f-\u009f]+$"),
    ))]
    pub(crate) name: String,
}

/// An identity that was made.
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct CreatedIdentity {
    /// The identity.
    #[serde(flatten)]
    pub(crate) identity: Identity,
    /// Always true.
    pub(crate) success: Success,
}
