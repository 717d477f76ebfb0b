//! Access tokens.

use std::fmt;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

#[cfg(test)]
use schemars::JsonSchema;

use super::read::parsed_if_given;
use super::{Body, Exposed, RequestError, Success};
use crate::crypto::secret::Password;
use crate::identity::BapId;
use crate::wallet::{self, Expiry, Host, Satoshis, Scope, Scopes, Timestamp, TokenInfo};

/// Asks for an access token.
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Auth {
    /// The wallet's password; it also unlocks. An approved page needs none
    /// while the wallet is unlocked.
    pub(crate) password: Option<Password>,
    /// For whom and for what. A mistake here is told only to who has proved
    /// that they may ask.
    #[cfg_attr(test, schemars(flatten, with = "Wish"))]
    pub(crate) wish: Result<Wish, RequestError>,
}

/// For whom a token is, for what and how long.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema), schemars(inline))]
pub(crate) struct Wish {
    /// For which host.
    #[serde(deserialize_with = "super::read::parsed")]
    pub(crate) host: Host,
    /// How long the token lives: `once` is 10 s and what it is where absent,
    /// `1m` is 30 days.
    #[serde(default, deserialize_with = "parsed_if_given")]
    expire: Option<Expiry>,
    /// The same, as some clients call it.
    #[serde(default, deserialize_with = "parsed_if_given")]
    expiry: Option<Expiry>,
    /// What the token allows; none where absent: such a token only proves its
    /// host.
    #[serde(default, deserialize_with = "scopes")]
    #[cfg_attr(test, schemars(with = "super::schema::WishedScopes"))]
    pub(crate) scopes: Scopes,
    /// The app's picture: an `http` or `https` URL, or a path on the host.
    #[cfg_attr(test, schemars(extend("pattern" = r"^(https?://|/)[^\u0000-\u001f\u007f-\u009f]*$", "maxLength" = 2048)))]
    pub(crate) icon: Option<String>,
    /// The BAP ID of the identity that the token may sign as.
    #[serde(default, deserialize_with = "parsed_if_given")]
    #[cfg_attr(test, schemars(with = "Option<super::schema::BapIdText>"))]
    pub(crate) identity_key: Option<BapId>,
    /// What the token may spend in a day, fees included; without it there is
    /// no limit.
    pub(crate) max_satoshis: Option<Satoshis>,
}

impl Auth {
    /// Reads the password, and the rest as far as it can be read.
    ///
    /// # Errors
    /// The password is not a string.
    pub(crate) fn read(body: &Body) -> Result<Self, RequestError> {
        Ok(Self {
            password: body.field("password")?,
            wish: body.read(),
        })
    }
}

impl Wish {
    /// How long the token lives.
    #[must_use]
    pub(crate) fn expiry(&self) -> Expiry {
        self.expire.or(self.expiry).unwrap_or_default()
    }
}

/// An access token; it is shown once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Granted {
    /// A UUID v4. It is shown once.
    #[cfg_attr(test, schemars(extend("format" = "uuid")))]
    pub(crate) access_token: Exposed,
    /// The identity it may sign as, else the primary one.
    pub(crate) bap_id: BapId,
    /// When it ends.
    pub(crate) expire_time: ExpireTime,
    /// Whose it is.
    pub(crate) host: Host,
    /// What it may spend in a day, where that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Satoshis"))]
    pub(crate) max_satoshis: Option<Satoshis>,
    /// Always true.
    pub(crate) success: Success,
}

impl Granted {
    /// The answer to a grant; `primary` is the primary identity, which was read before:
    /// a token that exists is always told.
    pub(crate) fn new(granted: wallet::Granted, primary: BapId) -> Self {
        let info = granted.info;
        Self {
            success: Success,
            access_token: Exposed::from(granted.token.expose()),
            expire_time: ExpireTime(info.expires),
            host: info.host,
            max_satoshis: info.max_satoshis,
            bap_id: info.identity.unwrap_or(primary),
        }
    }
}

/// When the token ends, in milliseconds since 1970-01-01T00:00:00Z; 0 is
/// never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExpireTime(pub(crate) Option<Timestamp>);

impl Serialize for ExpireTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.map_or(0, Timestamp::as_millis))
    }
}

/// What is public of an access token.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct TokenState {
    /// When it ends.
    pub(crate) expire_time: ExpireTime,
    /// Whose it is.
    pub(crate) host: Host,
    /// The app's picture.
    pub(crate) icon: Option<String>,
    /// What it allows.
    pub(crate) scopes: Scopes,
}

impl From<TokenInfo> for TokenState {
    fn from(token: TokenInfo) -> Self {
        Self {
            host: token.host,
            scopes: token.scopes,
            expire_time: ExpireTime(token.expires),
            icon: token.icon,
        }
    }
}

/// A comma-separated string, or an array of strings.
fn scopes<'a, D: Deserializer<'a>>(reader: D) -> Result<Scopes, D::Error> {
    struct Words;

    impl<'a> Visitor<'a> for Words {
        type Value = Scopes;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or an array of strings")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Scopes, E> {
            text.parse().map_err(E::custom)
        }

        fn visit_seq<A: SeqAccess<'a>>(self, mut words: A) -> Result<Scopes, A::Error> {
            let mut scopes = Vec::new();
            let not_strings = |_| de::Error::custom("must be an array of strings");
            while let Some(word) = words.next_element::<&str>().map_err(not_strings)? {
                scopes.push(word.parse::<Scope>().map_err(de::Error::custom)?);
            }
            Ok(scopes.into_iter().collect())
        }
    }

    reader.deserialize_any(Words)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn wish(text: &str) -> Result<Wish, RequestError> {
        Auth::read(&Body::parse(text.as_bytes()).unwrap())
            .unwrap()
            .wish
    }

    #[test]
    fn scopes_are_a_string_or_an_array() {
        for scopes in [r#""sign, encrypt""#, r#"["encrypt","sign"]"#] {
            let wish = wish(&format!(r#"{{"host":"a","scopes":{scopes}}}"#)).unwrap();
            assert_eq!(wish.scopes.to_string(), "sign,encrypt");
        }
        for (scopes, said) in [
            ("1", "`scopes`: must be a string or an array of strings"),
            ("[1]", "`scopes`: must be an array of strings"),
            (r#"["walk"]"#, "`scopes`: "),
        ] {
            let error = wish(&format!(r#"{{"host":"a","scopes":{scopes}}}"#));
            assert!(error.unwrap_err().to_string().starts_with(said));
        }
    }

    #[test]
    fn the_first_of_two_names_for_the_expiry_wins() {
        let asked = wish(r#"{"host":"a","expiry":"1d","expire":"1h"}"#).unwrap();
        assert_eq!(asked.expiry(), Expiry::Hour);
        assert_eq!(wish(r#"{"host":"a"}"#).unwrap().expiry(), Expiry::Once);
    }

    #[test]
    fn a_bad_wish_does_not_hide_the_password() {
        let body = Body::parse(br#"{"host":1,"password":"p"}"#).unwrap();
        let auth = Auth::read(&body).unwrap();
        assert!(auth.password.is_some() && auth.wish.is_err());
    }
}
