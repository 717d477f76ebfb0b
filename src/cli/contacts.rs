//! Contacts as options name them: in place of a BAP ID, a public key or an
//! address.

use std::str::FromStr;

use super::app::App;
use super::error::CliError;
use crate::crypto::keys::{Address, PublicKey};
use crate::crypto::recognise;
use crate::crypto::signer_address::SignerAddress;
use crate::text::excerpt;
use crate::wallet::{Contact, ContactName, ContactTarget, WalletError};

/// A key or an address, or the name of a contact that has one. What cannot be a
/// name was meant to be the thing itself.
#[derive(Clone, Debug)]
pub(crate) enum OrContact<T> {
    Itself(T),
    Contact(ContactName),
}

impl<T: FromStr> FromStr for OrContact<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        let error = match text.parse() {
            Ok(itself) => return Ok(Self::Itself(itself)),
            Err(error) => error,
        };
        // A key or an address of another kind is named, and no contact's name.
        match text.parse() {
            Ok(name) if recognise::kind(text).is_none() => Ok(Self::Contact(name)),
            _ => Err(error),
        }
    }
}

impl<T> OrContact<T> {
    /// What is meant: of a contact what `pick` finds, which is a `wanted`.
    fn find_by(
        self,
        app: &App,
        option: &str,
        wanted: &str,
        pick: impl Fn(&ContactTarget) -> Option<T>,
    ) -> Result<T, CliError> {
        match self {
            Self::Itself(itself) => Ok(itself),
            Self::Contact(name) => {
                let contact = named(app, option, &name, wanted)?;
                pick(&contact.target).ok_or_else(|| other_kind(&contact, option, wanted))
            }
        }
    }
}

impl OrContact<PublicKey> {
    /// The key that is meant.
    pub(crate) fn find(self, app: &App, option: &str) -> Result<PublicKey, CliError> {
        self.find_by(app, option, "a public key", |target| match target {
            ContactTarget::PublicKey(key) => Some(*key),
            _ => None,
        })
    }
}

impl OrContact<Address> {
    /// Who is paid.
    pub(crate) fn find(self, app: &App, option: &str) -> Result<Address, CliError> {
        self.find_by(app, option, "an address", ContactTarget::address)
    }
}

impl OrContact<SignerAddress> {
    /// The address that is meant.
    pub(crate) fn find(self, app: &App, option: &str) -> Result<SignerAddress, CliError> {
        self.find_by(app, option, "an address", |target| {
            target.address().map(SignerAddress::from)
        })
    }
}

/// A friend's BAP ID, or the name of a contact that is one. Anything else is a
/// label as it stands.
#[derive(Clone, Debug)]
pub(crate) struct FriendName(String);

impl From<String> for FriendName {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl FriendName {
    /// The label that is meant.
    pub(crate) fn find(self, app: &App) -> Result<String, CliError> {
        let Ok(name) = self.0.parse() else {
            return Ok(self.0);
        };
        let Some(contact) = contact(app, &name)? else {
            return Ok(self.0);
        };
        match &contact.target {
            ContactTarget::BapId(id) => Ok(id.to_string()),
            _ => Err(other_kind(&contact, "--friend", "a BAP ID")),
        }
    }
}

/// What the wallet's owner, if there is a wallet, calls who has this address. A
/// signature is as valid where that cannot be looked up.
pub(crate) fn at(app: &App, address: &Address) -> Vec<String> {
    let found = app
        .wallet()
        .and_then(|wallet| Ok(wallet.contacts_at(address)?));
    found
        .unwrap_or_default()
        .into_iter()
        .map(|contact| contact.name.to_string())
        .collect()
}

fn named(app: &App, option: &str, name: &ContactName, wanted: &str) -> Result<Contact, CliError> {
    contact(app, name)?.ok_or_else(|| {
        let shown = excerpt(name.as_str(), 64);
        CliError::input_hint(
            format!("`{option}`: `{shown}` is not {wanted}, and no contact is called that"),
            "`tokenpass contact list` shows them",
        )
    })
}

fn contact(app: &App, name: &ContactName) -> Result<Option<Contact>, CliError> {
    match app.wallet()?.contact(name) {
        Err(WalletError::NoWallet) => Ok(None),
        found => Ok(found?),
    }
}

fn other_kind(contact: &Contact, option: &str, wanted: &str) -> CliError {
    let Contact { name, target, .. } = contact;
    let kind = target.kind();
    CliError::input(format!(
        "the contact `{name}` is {kind}: `{option}` takes {wanted}"
    ))
}
