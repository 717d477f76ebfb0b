//! Contacts as options name them: in place of a BAP ID, a public key or an
//! address.

use super::app::App;
use super::error::CliError;
use crate::crypto::keys::{Address, PublicKey};
use crate::text::excerpt;
use crate::wallet::{Contact, ContactName, ContactTarget, WalletError};

/// A public key, or the name of a contact that is one.
#[derive(Clone, Debug)]
pub(crate) struct KeyName(String);

/// An address, or the name of a contact that has one.
#[derive(Clone, Debug)]
pub(crate) struct AddressName(String);

/// A friend's BAP ID, or the name of a contact that is one. Anything else is a
/// label as it stands.
#[derive(Clone, Debug)]
pub(crate) struct FriendName(String);

impl From<String> for KeyName {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<String> for AddressName {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<String> for FriendName {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl KeyName {
    /// The key that is meant.
    pub(crate) fn find(&self, app: &App, option: &str) -> Result<PublicKey, CliError> {
        let wrong = match self.0.trim().parse() {
            Ok(key) => return Ok(key),
            Err(error) => error,
        };
        let contact = named(app, option, &self.0, &wrong)?;
        match contact.target {
            ContactTarget::PublicKey(key) => Ok(key),
            _ => Err(other_kind(&contact, option, "a public key")),
        }
    }
}

impl AddressName {
    /// The address that is meant.
    pub(crate) fn find(&self, app: &App, option: &str) -> Result<Address, CliError> {
        let wrong = match self.0.trim().parse() {
            Ok(address) => return Ok(address),
            Err(error) => error,
        };
        let contact = named(app, option, &self.0, &wrong)?;
        let address = contact.target.address();
        address.ok_or_else(|| other_kind(&contact, option, "an address"))
    }
}

impl FriendName {
    /// The label that is meant.
    pub(crate) fn find(self, app: &App) -> Result<String, CliError> {
        let Ok(name) = self.0.parse::<ContactName>() else {
            return Ok(self.0);
        };
        match contact(app, &name)? {
            None => Ok(self.0),
            Some(contact) => match contact.target {
                ContactTarget::BapId(id) => Ok(id.to_string()),
                _ => Err(other_kind(&contact, "--friend", "a BAP ID")),
            },
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

/// The contact with this name, which is `wrong` as the value of an option.
fn named(
    app: &App,
    option: &str,
    text: &str,
    wrong: &dyn std::error::Error,
) -> Result<Contact, CliError> {
    // What cannot be a name was meant to be the thing itself, or is a secret
    // that was pasted here: it is not repeated.
    let Ok(name) = text.parse::<ContactName>() else {
        return Err(CliError::input(format!("`{option}`: {wrong}")));
    };
    contact(app, &name)?.ok_or_else(|| {
        CliError::input_hint(
            format!(
                "`{option}`: no contact is called `{}`, and {wrong}",
                excerpt(name.as_str(), 64)
            ),
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
    CliError::input(format!(
        "the contact `{name}` is {}: `{option}` takes {wanted}",
        target.kind()
    ))
}
