//! What a token allows and for how long, as words.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;
use thiserror::Error;

use crate::text::excerpt;

/// One thing that a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Sign with the host's key.
    Sign,
    /// Encrypt.
    Encrypt,
    /// Decrypt.
    Decrypt,
    /// Read the profile.
    ReadProfile,
    /// Change the profile.
    WriteProfile,
    /// Read the host's own state.
    ReadState,
    /// Change the host's own state.
    WriteState,
    /// Complete transactions with the coins at the host's own address.
    Fund,
    /// Send the coins at the host's own address.
    Transfer,
    /// Learn who the owner is to this host (OpenID Connect Core, 3.1.2.1).
    #[serde(rename = "openid")]
    OpenId,
    /// Learn name, picture and BAP ID (Core, 5.4).
    Profile,
    /// Learn the mail address (Core, 5.4).
    Email,
    /// Get fresh tokens while the owner is away (Core, 11).
    OfflineAccess,
    /// Known to Sigma's clients; allows nothing here.
    Identity,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 14] = [
        Self::Sign,
        Self::Encrypt,
        Self::Decrypt,
        Self::ReadProfile,
        Self::WriteProfile,
        Self::ReadState,
        Self::WriteState,
        Self::Fund,
        Self::Transfer,
        Self::OpenId,
        Self::Profile,
        Self::Email,
        Self::OfflineAccess,
        Self::Identity,
    ];

    /// The word used on every surface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
            Self::ReadProfile => "read_profile",
            Self::WriteProfile => "write_profile",
            Self::ReadState => "read_state",
            Self::WriteState => "write_state",
            Self::Fund => "fund",
            Self::Transfer => "transfer",
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::OfflineAccess => "offline_access",
            Self::Identity => "identity",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is wrong with a scope, an expiry or a token's id.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AccessError {
    /// No such scope.
    #[error("unknown scope `{0}`")]
    Scope(String),
    /// No such expiry.
    #[error("unknown expiry `{0}`")]
    Expiry(String),
    /// Not the form of an id.
    #[error("`{0}` is not a token's id")]
    Id(String),
}

impl FromStr for Scope {
    type Err = AccessError;

    fn from_str(text: &str) -> Result<Self, AccessError> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| AccessError::Scope(excerpt(text, 40)))
    }
}

/// A set of scopes. As text: comma-separated, in a fixed order; the empty
/// set, whose token can only prove its host, is the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Whether the scope is in the set.
    #[must_use]
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & Self::bit(scope) != 0
    }

    /// Those that are not in the other set.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether they let an app spend coins.
    #[must_use]
    pub fn spend(self) -> bool {
        self.contains(Scope::Fund) || self.contains(Scope::Transfer)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// From what was stored: a scope of a later release is one that this
    /// release cannot grant.
    pub(crate) fn from_stored(text: &str) -> Self {
        let words = text.split(',');
        words
            .filter_map(|word| word.parse::<Scope>().ok())
            .collect()
    }

    /// The scopes in their fixed order.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .into_iter()
            .filter(move |scope| self.contains(*scope))
    }

    fn bit(scope: Scope) -> u16 {
        1 << scope as u16
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().map(Self::bit).fold(0, |a, b| a | b))
    }
}

impl FromStr for Scopes {
    type Err = AccessError;

    fn from_str(text: &str) -> Result<Self, AccessError> {
        text.split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::parse)
            .collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.iter().map(Scope::as_str).collect();
        f.write_str(&words.join(","))
    }
}

impl Serialize for Scopes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// How long a token lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// 10 seconds: enough for the one request it was asked for.
    #[default]
    Once,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
    /// Another time; the command line lets its user choose.
    For(Duration),
    /// Until it is revoked.
    Forever,
}

impl Expiry {
    /// Those that have a word, the shortest first.
    pub const ALL: [Self; 6] = [
        Self::Once,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Forever,
    ];

    /// The word used on every surface.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            Self::Once => "once",
            Self::Hour => "1h",
            Self::Day => "1d",
            Self::Week => "1w",
            Self::Month => "1m",
            Self::Forever => "forever",
            Self::For(_) => return None,
        })
    }

    /// The time it stands for; `None` is without end.
    #[must_use]
    pub fn duration(self) -> Option<Duration> {
        const HOUR: u64 = 60 * 60;
        let seconds = match self {
            Self::Once => 10,
            Self::Hour => HOUR,
            Self::Day => 24 * HOUR,
            Self::Week => 7 * 24 * HOUR,
            Self::Month => 30 * 24 * HOUR,
            Self::For(time) => return Some(time),
            Self::Forever => return None,
        };
        Some(Duration::from_secs(seconds))
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.word() {
            Some(word) => f.write_str(word),
            None => humantime::format_duration(self.duration().unwrap_or_default()).fmt(f),
        }
    }
}

impl FromStr for Expiry {
    type Err = AccessError;

    fn from_str(text: &str) -> Result<Self, AccessError> {
        Self::ALL
            .into_iter()
            .find(|expiry| expiry.word() == Some(text))
            .ok_or_else(|| AccessError::Expiry(excerpt(text, 40)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_a_set_with_an_order() {
        let scopes: Scopes = "decrypt, sign,sign".parse().unwrap();
        assert_eq!(scopes.to_string(), "sign,decrypt");
        assert!(!scopes.contains(Scope::Encrypt));
        assert_eq!("".parse::<Scopes>().unwrap(), Scopes::default());
        assert_eq!(
            "sign,fly".parse::<Scopes>(),
            Err(AccessError::Scope("fly".into()))
        );
    }

    #[test]
    fn scopes_are_compared_with_others() {
        let read = |text: &str| text.parse::<Scopes>().unwrap();
        let left = read("sign,decrypt,fund").without(read("decrypt,email"));
        assert_eq!(left, read("sign,fund"));
        assert!(!left.is_empty());
        assert!(left.without(left).is_empty());
        assert!(read("fund").spend() && read("transfer").spend());
        assert!(!read("sign,write_state").spend());
    }

    #[test]
    fn every_scope_and_expiry_reads_what_it_writes() {
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(scope));
        }
        for expiry in Expiry::ALL {
            assert_eq!(expiry.to_string().parse(), Ok(expiry));
        }
        assert!("2h".parse::<Expiry>().is_err());
    }

    #[test]
    fn every_expiry_is_as_long_as_its_word_says() {
        let seconds = Expiry::ALL.map(|expiry| expiry.duration().map(|time| time.as_secs()));
        let long = [10, 3_600, 86_400, 604_800, 2_592_000].map(Some);
        assert_eq!(seconds, [&long[..], &[None]].concat()[..]);
    }
}
