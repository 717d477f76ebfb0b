//! Clients that the owner adds, since their ids are no URLs.

use serde::Serialize;
use thiserror::Error;
use zeroize::Zeroizing;

use super::client::{RedirectUri, UrlFlaw};
use super::provider::Provider;
use super::secrets::{hash, random_text, shown};
use crate::crypto::keys::PublicKey;
use crate::store::ClientRow;
use crate::wallet::{Event, Timestamp, WalletError};

/// Characters of a name.
const MAX_NAME: usize = 64;

/// A client to add.
#[derive(Clone, Debug)]
pub(crate) struct NewClient {
    /// Its `client_id`: letters, digits, `-`, `_` and `.`.
    pub(crate) name: String,
    /// Where its answers may go: one host.
    pub(crate) redirect_uris: Vec<String>,
    /// Whether it gets a secret.
    pub(crate) secret: bool,
    /// Whether it must use PKCE.
    pub(crate) pkce: bool,
    /// The key that its token requests must be signed with.
    pub(crate) key: Option<PublicKey>,
}

/// Why a client cannot be added.
#[derive(Debug, Error)]
pub(crate) enum NewClientError {
    /// A name that a request could not carry, or that looks like a URL.
    #[error("`{0}` is not a client's name: letters, digits, `-`, `_` and `.`, at most 64")]
    Name(String),
    /// There is one of that name.
    #[error("there is a client `{0}` already")]
    Taken(String),
    /// An address that no answer can go to.
    #[error("`{uri}` cannot be a redirect URI: {why}")]
    Redirect {
        /// The address.
        uri: String,
        /// What is wrong with it.
        why: UrlFlaw,
    },
    /// Each host has a key of its own, and a client has one.
    #[error("`{uri}` is on another host than `{first}`: add a client for each")]
    TwoHosts {
        /// The address.
        uri: String,
        /// The first one.
        first: String,
    },
    /// PKCE or a secret: one of them must tie the code to the client.
    #[error("a client without PKCE needs a secret")]
    Open,
    /// The wallet.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}

/// A client in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientInfo {
    /// Its `client_id`.
    pub(crate) name: String,
    /// Where its answers may go.
    pub(crate) redirect_uris: Vec<String>,
    /// Whether it has a secret.
    pub(crate) secret: bool,
    /// Whether it must use PKCE.
    pub(crate) pkce: bool,
    /// When it was added.
    pub(crate) created: Timestamp,
}

impl Provider {
    /// Adds a client. Its secret is told once and stored as a hash.
    pub(crate) fn add_client(
        &self,
        client: &NewClient,
    ) -> Result<Option<Zeroizing<String>>, NewClientError> {
        client.check()?;
        let secret = if client.secret {
            Some(random_text(&self.wallet)?)
        } else {
            None
        };
        let row = ClientRow {
            name: client.name.clone(),
            redirect_uris: client.redirect_uris.join("\n"),
            secret: secret.as_ref().map(|text| hash(text)),
            pkce: client.pkce,
            key: client.key.as_ref().map(ToString::to_string),
            algorithm: "ES256".to_owned(),
            created: self.now().as_millis(),
        };
        let wallet = self.wallet.current()?;
        let added = self.state().add_client(wallet, &row);
        if added.map_err(WalletError::from)? {
            let how = if client.secret { "with a secret" } else { "" };
            self.wallet.record(Event::ClientAdded, &client.name, how);
            Ok(secret)
        } else {
            Err(NewClientError::Taken(shown(&client.name)))
        }
    }

    /// The clients that were added, by name.
    pub(crate) fn clients(&self) -> Result<Vec<ClientInfo>, WalletError> {
        let rows = self.state().clients(self.wallet.current()?)?;
        let infos = rows.into_iter().map(|row| ClientInfo {
            redirect_uris: row.redirect_uris.lines().map(str::to_owned).collect(),
            secret: row.secret.is_some(),
            pkce: row.pkce,
            created: Timestamp::from_millis(row.created),
            name: row.name,
        });
        Ok(infos.collect())
    }

    /// Removes a client, and all that it was allowed. False where there is none.
    pub(crate) fn remove_client(&self, name: &str) -> Result<bool, WalletError> {
        let removed = self.state().remove_client(self.wallet.current()?, name)?;
        if removed {
            let what = "and all that it was allowed";
            self.wallet.record(Event::ClientRemoved, name, what);
        }
        Ok(removed)
    }
}

impl NewClient {
    fn check(&self) -> Result<(), NewClientError> {
        let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let fits = (1..=MAX_NAME).contains(&self.name.len()) && self.name.bytes().all(letter);
        if !fits {
            return Err(NewClientError::Name(shown(&self.name)));
        }
        if !self.pkce && !self.secret {
            return Err(NewClientError::Open);
        }
        let mut first: Option<RedirectUri> = None;
        for uri in &self.redirect_uris {
            let uri = RedirectUri::parse(uri).map_err(|why| NewClientError::Redirect {
                uri: shown(uri),
                why,
            })?;
            match &first {
                Some(known) if known.host() != uri.host() => {
                    return Err(NewClientError::TwoHosts {
                        uri: shown(uri.as_str()),
                        first: shown(known.as_str()),
                    });
                }
                Some(_) => {}
                None => first = Some(uri),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_client_of_the_owners() {
        let check = |name: &str, uris: &[&str], secret, pkce| {
            let client = NewClient {
                name: name.to_owned(),
                redirect_uris: uris.iter().map(ToString::to_string).collect(),
                secret,
                pkce,
                key: None,
            };
            client.check().err().map(|error| error.to_string())
        };
        let uri = "https://app.example/cb";
        let longest = "a".repeat(MAX_NAME);
        for name in ["a", "My-app_2.0", &longest] {
            assert_eq!(check(name, &[uri], false, true), None, "{name}");
        }
        for name in ["", "a b", "a:b", "é", &format!("{longest}a")] {
            let said = check(name, &[uri], false, true);
            assert!(said.is_some_and(|said| said.contains("is not a client's name")));
        }
        let open = "a client without PKCE needs a secret";
        for (secret, pkce, said) in [
            (true, true, None),
            (true, false, None),
            (false, false, Some(open.to_owned())),
        ] {
            assert_eq!(check("app", &[uri], secret, pkce), said);
        }
        let other_page = "https://app.example/other";
        assert_eq!(check("app", &[uri, other_page], true, true), None);
        let two = check("app", &[uri, "https://b.example/cb"], true, true);
        assert!(two.is_some_and(|said| said.ends_with("add a client for each")));
        let bad = check("app", &[uri, "ftp://app.example"], true, true);
        assert!(bad.is_some_and(|said| said.contains("cannot be a redirect URI")));
    }
}
