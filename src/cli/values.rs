//! Values of options that several commands share.

use std::str::FromStr;

use clap::Args;
use unicode_normalization::UnicodeNormalization;

use super::error::CliError;
use crate::identity::{BapId, Identity};
use crate::text::excerpt;
use crate::wallet::{Host, KeySelector, Signer, UnlockedWallet};

/// An identity as its owner calls it: its BAP ID, or its name if no other of
/// the wallet has that name.
///
/// What has the form of a BAP ID is one and never a name: else a name out of a
/// backup could stand in for somebody's BAP ID.
#[derive(Clone, Debug)]
pub(crate) struct IdentityName(String);

impl IdentityName {
    /// The identity that is meant.
    pub(crate) fn find(&self, unlocked: &UnlockedWallet) -> Result<BapId, CliError> {
        if let Ok(id) = self.0.parse() {
            return Ok(id);
        }
        let book = unlocked.identities()?;
        let found: Vec<_> = book.iter().filter(|one| self.names(one)).collect();
        let name = excerpt(&self.0, 64);
        match found[..] {
            [one] => Ok(one.id().clone()),
            [] => Err(CliError::input_hint(
                format!("no identity is called `{name}`"),
                "`tokenpass identity list` shows those of this wallet",
            )),
            _ => {
                let ids: Vec<_> = found.iter().map(|one| format!("`{}`", one.id())).collect();
                Err(CliError::input_hint(
                    format!("{} identities are called `{name}`", ids.len()),
                    format!("name one by its BAP ID: {}", ids.join(", ")),
                ))
            }
        }
    }

    /// However the letters are composed.
    fn names(&self, identity: &Identity) -> bool {
        self.0.nfc().eq(identity.name().nfc())
    }
}

impl From<BapId> for IdentityName {
    fn from(id: BapId) -> Self {
        Self(id.to_string())
    }
}

impl FromStr for IdentityName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" => Err("it names no identity"),
            name => Ok(Self(name.to_owned())),
        }
    }
}

/// A name that is given to an identity: not one that reads as a BAP ID.
pub(crate) fn new_name(text: &str) -> Result<String, String> {
    match text.parse::<BapId>() {
        Ok(_) => Err(format!(
            "`{text}` reads as a BAP ID, so it cannot be a name"
        )),
        Err(_) => Ok(text.to_owned()),
    }
}

/// Whose key is used.
#[derive(Args)]
pub(crate) struct SignerArgs {
    /// Use the key of this host [default: localhost]
    #[arg(long, value_name = "HOST", conflicts_with = "identity")]
    host: Option<Host>,

    /// Use the signing key of this identity
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<IdentityName>,
}

impl SignerArgs {
    /// Uses this identity if none was named. A host cannot be: its signature
    /// would be taken for the identity's.
    pub(crate) fn as_identity(&mut self, id: BapId) -> Result<(), CliError> {
        if let Some(host) = &self.host {
            return Err(CliError::input_hint(
                format!("`--host {host}` signs as that host, and `identity sign` as an identity"),
                format!("`tokenpass sign --host {host}` uses the host's key"),
            ));
        }
        self.identity.get_or_insert_with(|| id.into());
        Ok(())
    }

    pub(crate) fn signer(self, unlocked: &UnlockedWallet) -> Result<Signer, CliError> {
        Ok(match self.identity {
            Some(name) => Signer::Identity(name.find(unlocked)?),
            None => Signer::Host(self.host.unwrap_or_else(Host::localhost)),
        })
    }

    /// Whether a host was named, and not left at `localhost`.
    pub(crate) fn names_a_host(&self) -> bool {
        self.host.is_some()
    }

    /// The host, if one was named.
    pub(crate) fn host(self) -> Option<Host> {
        self.host
    }

    pub(crate) fn key(self, unlocked: &UnlockedWallet) -> Result<KeySelector, CliError> {
        Ok(match self.signer(unlocked)? {
            Signer::Host(host) => KeySelector::Host(host),
            Signer::Identity(id) => KeySelector::Identity(id),
        })
    }
}
