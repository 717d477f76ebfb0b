//! The dashboard's list of contacts.

use super::form::Form;
use super::{Refused, Visit, sentence};
use crate::server::error::ApiError;
use crate::server::pages::ContactLine;
use crate::wallet::{ContactError, ContactName, ContactTarget, WalletError};

impl Visit<'_> {
    /// Who it is decides whose messages can be read: it asks the password.
    pub(super) fn add_contact(&self, form: &Form) -> Result<String, Refused> {
        let name = name(form)?;
        let who = form.get("who").unwrap_or_default();
        let target: ContactTarget = who.parse().map_err(said)?;
        self.prove(form)?;
        let added = self.lock.wallet().add_contact(&name, &target);
        told(added).map(|()| format!("{name} is among your contacts."))
    }

    pub(super) fn remove_contact(&self, form: &Form) -> Result<String, Refused> {
        let name = name(form)?;
        let removed = self.lock.wallet().remove_contact(&name);
        told(removed).map(|()| format!("{name} is removed from your contacts."))
    }

    pub(super) fn contact_lines(&self) -> Result<Vec<ContactLine>, ApiError> {
        let contacts = self.lock.wallet().contacts()?;
        let line = |contact: crate::wallet::Contact| ContactLine {
            name: contact.name.to_string(),
            who: contact.target.to_string(),
        };
        Ok(contacts.into_iter().map(line).collect())
    }
}

fn name(form: &Form) -> Result<ContactName, Refused> {
    let name = form.get("name").unwrap_or_default();
    name.parse().map_err(said)
}

fn told(changed: Result<(), WalletError>) -> Result<(), Refused> {
    changed.map_err(|error| match error {
        WalletError::Contact(error) => said(error),
        other => other.into(),
    })
}

fn said(error: ContactError) -> Refused {
    Refused::Said(400, sentence(&error.to_string()))
}
