//! Access tokens: what lets a host use the wallet.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::identity::BapId;
use crate::store::{ListedToken, Page, TokenRow};
use crate::text::excerpt;
use crate::text::marks::compact;
use crate::wallet::{
    AccessError, Environment, Event, Host, Satoshis, Scope, Scopes, Timestamp, Wallet, WalletError,
};

/// The token itself: a UUID v4 (RFC 9562), shown once.
pub struct AccessToken(Zeroizing<String>);

impl AccessToken {
    pub(in crate::wallet) fn generate(environment: &Environment) -> Result<Self, WalletError> {
        let uuid = uuid::Builder::from_random_bytes(environment.random()?).into_uuid();
        Ok(Self(Zeroizing::new(uuid.hyphenated().to_string())))
    }

    /// The token, to hand to the host.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(in crate::wallet) fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

/// The SHA-256 of a token's text: what is stored. Looking one up by it
/// leaks nothing through timing, since nobody can choose a hash's first bytes.
pub(crate) struct TokenHash(pub(crate) [u8; 32]);

impl TokenHash {
    /// Of what a client presents; letters in either case.
    pub(crate) fn of(presented: &str) -> Self {
        let canonical = Zeroizing::new(presented.to_ascii_lowercase());
        Self(Sha256::digest(canonical.as_bytes()).into())
    }

    /// Six bytes of the hash: enough to tell tokens apart, no help to guess one.
    pub(in crate::wallet) fn id(&self) -> TokenId {
        TokenId(hex::encode(&self.0[..TokenId::BYTES]))
    }
}

/// Names a token in lists without being it: 12 hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TokenId(String);

impl TokenId {
    const BYTES: usize = 6;

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TokenId {
    type Err = AccessError;

    fn from_str(text: &str) -> Result<Self, AccessError> {
        let given = text;
        let text = &*compact(given);
        let hex = text.len() == 2 * Self::BYTES && text.bytes().all(|b| b.is_ascii_hexdigit());
        // Whoever pastes a token here should not find it in an error text.
        hex.then(|| Self(text.to_ascii_lowercase()))
            .ok_or_else(|| AccessError::Id(excerpt(given, 7)))
    }
}

/// What is known of a token, without the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenInfo {
    /// Its name in lists.
    pub id: TokenId,
    /// Whose it is.
    pub host: Host,
    /// What it allows.
    pub scopes: Scopes,
    /// When it was granted.
    pub created: Timestamp,
    /// When it ends; `None` is never.
    pub expires: Option<Timestamp>,
    /// The app's picture.
    pub icon: Option<String>,
    /// The identity it may sign as.
    pub identity: Option<BapId>,
    /// What it may spend in a day; `None` is no limit.
    pub max_satoshis: Option<Satoshis>,
}

impl TokenInfo {
    /// Fails unless the token allows `scope`.
    pub fn require(&self, scope: Scope) -> Result<(), WalletError> {
        if self.scopes.contains(scope) {
            Ok(())
        } else {
            Err(WalletError::ScopeMissing(scope))
        }
    }

    pub(crate) fn from_row(row: TokenRow) -> Self {
        Self {
            id: TokenId(row.id),
            host: Host::stored(row.host),
            scopes: Scopes::from_stored(&row.scopes),
            created: Timestamp::from_millis(row.created),
            expires: row.expires.map(Timestamp::from_millis),
            icon: row.icon,
            identity: row.identity.and_then(|id| id.parse().ok()),
            max_satoshis: row.max_satoshis.map(Satoshis),
        }
    }
}

/// Where a token stands in lists, to go on from there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenPlace {
    host: String,
    created: u64,
    id: String,
}

impl From<&TokenInfo> for TokenPlace {
    fn from(token: &TokenInfo) -> Self {
        Self {
            host: token.host.to_string(),
            created: token.created.as_millis(),
            id: token.id.to_string(),
        }
    }
}

/// Which tokens to revoke.
#[derive(Clone, Debug)]
pub enum Revoke {
    /// One.
    Id(TokenId),
    /// All of a host.
    Host(Host),
    /// All.
    All,
}

impl Wallet {
    /// The tokens that have not expired, by host and age.
    pub fn tokens(&self, host: Option<&Host>, page: Page) -> Result<Vec<TokenInfo>, WalletError> {
        let listed = self.listed_tokens(host, page)?;
        Ok(listed.into_iter().map(|(token, _)| token).collect())
    }

    /// The same, each with the OAuth client that it was given to, if it was.
    pub(crate) fn listed_tokens(
        &self,
        host: Option<&Host>,
        page: Page,
    ) -> Result<Vec<(TokenInfo, Option<String>)>, WalletError> {
        let now = self.now().as_millis();
        let host = host.map(Host::as_str);
        let rows = self
            .store()
            .state
            .tokens(self.current()?, host, now, page)?;
        let listed = |row: ListedToken| (TokenInfo::from_row(row.token), row.client);
        Ok(rows.into_iter().map(listed).collect())
    }

    /// The same from after a token, or from the start, at most `limit`.
    pub fn tokens_after(
        &self,
        host: Option<&Host>,
        after: Option<&TokenPlace>,
        limit: usize,
    ) -> Result<Vec<TokenInfo>, WalletError> {
        let now = self.now().as_millis();
        let after = after.map_or(("", 0, ""), |place| {
            (&*place.host, place.created, &*place.id)
        });
        let rows = self.store().state.tokens_after(
            self.current()?,
            host.map(Host::as_str),
            now,
            after,
            limit,
        )?;
        Ok(rows.into_iter().map(TokenInfo::from_row).collect())
    }

    /// Revokes tokens at once, for every process; returns how many.
    pub fn revoke(&self, which: &Revoke) -> Result<usize, WalletError> {
        let wallet = self.current()?;
        let state = &self.store().state;
        let (host, count) = match which {
            Revoke::Id(id) => match state.revoke_id(wallet, id.as_str())? {
                Some(host) => (host, 1),
                None => return Ok(0),
            },
            Revoke::Host(host) => (
                host.to_string(),
                state.revoke_tokens(wallet, Some(host.as_str()))?,
            ),
            Revoke::All => (String::new(), state.revoke_tokens(wallet, None)?),
        };
        self.record_revoked(&host, count);
        Ok(count)
    }

    /// Notes that so many tokens of a host, or of all, have ended.
    pub(super) fn record_revoked(&self, host: &str, count: usize) {
        if count > 0 {
            self.record(Event::Revoked, host, &count.to_string());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_token_is_not_repeated_in_the_error() {
        let token = "5aa9c0de-1111-4222-8333-444455556666";
        let error = token.parse::<TokenId>().unwrap_err().to_string();
        assert!(!error.contains("4222"), "{error}");
    }

    #[test]
    fn an_id_is_as_long_as_it_is_shown() {
        let id = "aB".repeat(TokenId::BYTES);
        assert_eq!(id.parse::<TokenId>().unwrap().as_str(), id.to_lowercase());
        for other in [&id[1..], &format!("{id}0"), ""] {
            assert!(other.parse::<TokenId>().is_err(), "{other}");
        }
    }
}
