//! Who asks, and where the answer may go.
//!
//! A client is an app's own URL (no registration, nothing is fetched), or one
//! that the owner added because its id is no URL.

use std::fmt;

use subtle::ConstantTimeEq;
use thiserror::Error;
use url::{Host as UrlHost, Url};

use super::secrets::{hash, shown};
use crate::wallet::{Host, Origin};

/// Longer ids and redirect URIs are refused, in bytes.
pub(super) const MAX_URL: usize = 2048;

/// Why a client or its redirect URI cannot be trusted with an answer. It is
/// told to the person on a page, never sent to the URI (RFC 6749, 4.1.2.1).
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum ClientError {
    /// There is no `client_id`, or two.
    #[error("the request does not say, once, which app it comes from (`client_id`)")]
    NoClient,
    /// It is neither an acceptable URL nor a client of the owner's.
    #[error("`{0}` is not the address of an app, and no client of that name was added here")]
    UnknownClient(String),
    /// A URL, but not one that can name an app.
    #[error("`{client}` cannot name an app: {why}")]
    BadClient {
        /// The id.
        client: String,
        /// What is wrong with it.
        why: UrlFlaw,
    },
    /// There is no `redirect_uri`, or two.
    #[error("the request does not say, once, where the answer goes (`redirect_uri`)")]
    NoRedirect,
    /// Not an address that an answer can go to.
    #[error("the answer cannot go to `{uri}`: {why}")]
    BadRedirect {
        /// The redirect URI.
        uri: String,
        /// What is wrong with it.
        why: UrlFlaw,
    },
    /// It is somebody else's.
    #[error("the answer would go to `{uri}`, which does not belong to `{client}`")]
    ForeignRedirect {
        /// The redirect URI.
        uri: String,
        /// The client's id.
        client: String,
    },
}

/// What is wrong with a URL.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum UrlFlaw {
    /// Not a URL.
    #[error("it is not a web address")]
    NoUrl,
    /// A scheme that is neither `https` nor `http` on this machine.
    #[error("it is neither `https` nor `http` on this computer")]
    Scheme,
    /// `user:password@`.
    #[error("it has a user name in it")]
    UserInfo,
    /// `#…`.
    #[error("it has a fragment")]
    Fragment,
    /// It is not written the way browsers write it: dot segments, letters that
    /// need escaping, a port that need not be named.
    #[error("it is not written the way browsers write it")]
    NotCanonical,
    /// Too long.
    #[error("it is too long")]
    TooLong,
}

/// A client, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// An app named by its own URL.
    Url(UrlClient),
    /// One that the owner added.
    Owned(OwnedClient),
}

/// See [`Client::Url`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlClient {
    id: String,
    url: Url,
    names_port: bool,
}

/// See [`Client::Owned`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnedClient {
    /// What the client calls itself in requests, and the owner in lists.
    pub(crate) name: String,
    /// The exact addresses that answers may go to; all on one host.
    pub(crate) redirect_uris: Vec<String>,
    /// SHA-256 of the secret, where the client has one.
    pub(crate) secret: Option<[u8; 32]>,
    /// Whether it must use PKCE.
    pub(crate) pkce: bool,
    /// The key that its `X-Auth-Token` must be signed with, where one is pinned.
    pub(crate) key: Option<String>,
}

/// An address that an answer may go to, exactly as the client wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RedirectUri {
    text: String,
    url: Url,
}

impl UrlClient {
    /// Reads an id that is a URL: `https`, or `http` on loopback.
    pub(crate) fn parse(id: &str) -> Result<Self, UrlFlaw> {
        let url = checked(id)?;
        let authority = id.split_once("://").map_or("", |(_, rest)| rest);
        let authority = authority.split(['/', '?']).next().unwrap_or_default();
        let names_port = authority
            .rsplit_once(':')
            .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
        Ok(Self {
            id: id.to_owned(),
            url,
            names_port,
        })
    }

    /// Whether answers may go there: the same scheme, host and port. On
    /// loopback an id without a port allows any (RFC 8252, 7.3).
    fn owns(&self, redirect: &RedirectUri) -> bool {
        let (own, there) = (&self.url, &redirect.url);
        let any_port = is_loopback(own) && !self.names_port;
        own.scheme() == there.scheme()
            && own.host() == there.host()
            && (any_port || own.port_or_known_default() == there.port_or_known_default())
    }
}

impl Client {
    /// The id, as the client sends it.
    #[must_use]
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Url(client) => &client.id,
            Self::Owned(client) => &client.name,
        }
    }

    /// What the owner called it, if the owner added it.
    #[must_use]
    pub(crate) fn owner_name(&self) -> Option<&str> {
        match self {
            Self::Url(_) => None,
            Self::Owned(client) => Some(&client.name),
        }
    }

    /// The host whose key and tokens the client gets.
    #[must_use]
    pub(crate) fn host(&self) -> Option<Host> {
        let url = match self {
            Self::Url(client) => client.url.clone(),
            Self::Owned(client) => Url::parse(client.redirect_uris.first()?).ok()?,
        };
        host_of(&url)
    }

    /// Whether it is a program on this machine that cannot prove what it is.
    #[must_use]
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::Url(client) => is_loopback(&client.url),
            Self::Owned(client) => client
                .redirect_uris
                .iter()
                .all(|uri| Url::parse(uri).is_ok_and(|url| is_loopback(&url))),
        }
    }

    /// The redirect URI of a request, if answers for this client may go there.
    pub(crate) fn redirect(&self, uri: &str) -> Result<RedirectUri, ClientError> {
        let redirect = RedirectUri::parse(uri).map_err(|why| ClientError::BadRedirect {
            uri: shown(uri),
            why,
        })?;
        let own = match self {
            Self::Url(client) => client.owns(&redirect),
            // Letter by letter (RFC 9700, 2.1).
            Self::Owned(client) => client.redirect_uris.iter().any(|known| known == uri),
        };
        if own {
            Ok(redirect)
        } else {
            Err(ClientError::ForeignRedirect {
                uri: shown(uri),
                client: shown(self.id()),
            })
        }
    }

    /// Whether requests need PKCE.
    #[must_use]
    pub(crate) fn needs_pkce(&self) -> bool {
        match self {
            Self::Url(_) => true,
            Self::Owned(client) => client.pkce,
        }
    }

    /// Whether the token endpoint may be talked to from this origin: the
    /// client's own.
    #[must_use]
    pub(crate) fn is_of_origin(&self, origin: &Origin) -> bool {
        let there = origin.as_str();
        match self {
            Self::Url(client) if is_loopback(&client.url) && !client.names_port => {
                let url = Url::parse(there);
                url.is_ok_and(|url| {
                    url.scheme() == client.url.scheme() && url.host() == client.url.host()
                })
            }
            Self::Url(client) => client.url.origin().ascii_serialization() == there,
            Self::Owned(client) => client.redirect_uris.iter().any(|uri| {
                Url::parse(uri).is_ok_and(|url| url.origin().ascii_serialization() == there)
            }),
        }
    }
}

impl OwnedClient {
    /// Whether this is the client's secret.
    #[must_use]
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        let presented = hash(secret);
        self.secret
            .is_some_and(|known| bool::from(known.ct_eq(&presented)))
    }
}

impl RedirectUri {
    /// Reads an address that an answer can go to.
    pub(crate) fn parse(text: &str) -> Result<Self, UrlFlaw> {
        let lower = text.to_ascii_lowercase();
        // A server behind the app may take these for the end of the address.
        if ["%00", "%0a", "%0d"].iter().any(|bad| lower.contains(bad)) {
            return Err(UrlFlaw::NotCanonical);
        }
        let url = checked(text)?;
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }

    /// As the client wrote it.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Its origin, for a form's `Content-Security-Policy`.
    #[must_use]
    pub(crate) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The host, with its port where it is not the scheme's own.
    #[must_use]
    pub(crate) fn host(&self) -> Option<Host> {
        host_of(&self.url)
    }

    /// The address with parameters added to its query.
    #[must_use]
    pub(crate) fn with(&self, parameters: &[(&str, &str)]) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url.into()
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A URL that is `https`, or `http` on loopback, has neither user info nor
/// fragment, and is written as browsers write it: two programs then never read
/// it in two ways.
fn checked(text: &str) -> Result<Url, UrlFlaw> {
    if text.len() > MAX_URL {
        return Err(UrlFlaw::TooLong);
    }
    let url = Url::parse(text).map_err(|_| UrlFlaw::NoUrl)?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        _ => return Err(UrlFlaw::Scheme),
    }
    if !url.username().is_empty() || url.password().is_some() || authority_has_at(text) {
        return Err(UrlFlaw::UserInfo);
    }
    if url.fragment().is_some() {
        return Err(UrlFlaw::Fragment);
    }
    // `https://app.example` is what `https://app.example/` is also called, and
    // a scheme's own port may be named.
    let written = url.as_str();
    let bare = written.strip_suffix('/').filter(|_| url.path() == "/");
    let with_port = with_default_port(&url);
    let same = text == written
        || bare == Some(text)
        || with_port.as_deref() == Some(text)
        || with_port.as_deref().and_then(|text| text.strip_suffix('/')) == Some(text);
    if same {
        Ok(url)
    } else {
        Err(UrlFlaw::NotCanonical)
    }
}

/// The URL with its scheme's own port spelled out.
fn with_default_port(url: &Url) -> Option<String> {
    if url.port().is_some() {
        return None;
    }
    let port = url.port_or_known_default()?;
    let host = url.host_str()?;
    let rest = url.as_str().split_once("://")?.1.strip_prefix(host)?;
    Some(format!("{}://{host}:{port}{rest}", url.scheme()))
}

/// `@` in the authority, even where nothing stands before it.
fn authority_has_at(text: &str) -> bool {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest[..end].contains('@')
}

/// Names and addresses that are this machine (RFC 8252, 7.3 and 8.3; RFC 6761).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(UrlHost::Domain(name)) => name == "localhost",
        Some(UrlHost::Ipv4(ip)) => ip.is_loopback(),
        Some(UrlHost::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn host_of(url: &Url) -> Option<Host> {
    let host = url.host_str()?;
    let host = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    host.parse().ok()
}

/// The client with this id: a URL, or a name that `owned` knows.
pub(super) fn find_client<E>(
    id: &str,
    owned: impl FnOnce(&str) -> Result<Option<Client>, E>,
) -> Result<Result<Client, ClientError>, E> {
    // A name that the owner added has no scheme, so it is never taken for a URL.
    if !id.contains(':') {
        let unknown = || ClientError::UnknownClient(shown(id));
        return Ok(owned(id)?.ok_or_else(unknown));
    }
    let client = UrlClient::parse(id).map(Client::Url);
    Ok(client.map_err(|why| ClientError::BadClient {
        client: shown(id),
        why,
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn client(id: &str) -> Client {
        Client::Url(UrlClient::parse(id).unwrap())
    }

    #[test]
    fn what_can_name_an_app() {
        for id in [
            "https://app.example",
            "https://app.example/",
            "https://app.example:8443/path?x=1",
            "https://app.example:443",
            "http://localhost",
            "http://localhost:80",
            "http://localhost:3000/",
            "http://127.0.0.1:5000",
            "http://[::1]:5000/app",
        ] {
            assert!(UrlClient::parse(id).is_ok(), "{id}");
        }
        for (id, why) in [
            ("app", UrlFlaw::NoUrl),
            ("", UrlFlaw::NoUrl),
            ("http://app.example", UrlFlaw::Scheme),
            ("http://localhost.evil", UrlFlaw::Scheme),
            ("http://127.0.0.1.evil", UrlFlaw::Scheme),
            ("ftp://app.example", UrlFlaw::Scheme),
            ("javascript:alert(1)", UrlFlaw::Scheme),
            ("https://user@app.example", UrlFlaw::UserInfo),
            ("https://user:pass@app.example", UrlFlaw::UserInfo),
            ("https://@app.example", UrlFlaw::UserInfo),
            ("https://app.example/#here", UrlFlaw::Fragment),
            ("https://app.example#", UrlFlaw::Fragment),
            ("https://app.example/a/../b", UrlFlaw::NotCanonical),
            ("https://app.example/a/%2e%2e/b", UrlFlaw::NotCanonical),
            ("https://app.example/./", UrlFlaw::NotCanonical),
            ("https:\\\\app.example", UrlFlaw::NotCanonical),
            ("https:app.example", UrlFlaw::NotCanonical),
            ("https://APP.example", UrlFlaw::NotCanonical),
            (" https://app.example", UrlFlaw::NotCanonical),
            ("https://app.example\r\n", UrlFlaw::NotCanonical),
        ] {
            assert_eq!(UrlClient::parse(id).map(drop), Err(why), "{id:?}");
        }
    }

    #[test]
    fn a_url_has_2048_bytes_at_most() {
        let url = |length: usize| {
            let start = "https://app.example/";
            format!("{start}{}", "a".repeat(length - start.len()))
        };
        assert!(RedirectUri::parse(&url(MAX_URL)).is_ok());
        for longer in [MAX_URL + 1, MAX_URL * 2] {
            let read = RedirectUri::parse(&url(longer));
            assert_eq!(read.map(drop), Err(UrlFlaw::TooLong), "{longer}");
        }
    }

    #[test]
    fn an_answer_goes_to_the_same_scheme_host_and_port() {
        for (id, uri, allowed) in [
            ("https://app.example", "https://app.example/cb", true),
            ("https://app.example", "https://app.example:443/cb", true),
            ("https://app.example", "https://app.example:8443/cb", false),
            ("https://app.example", "https://www.app.example/cb", false),
            ("https://app.example", "https://app.example.evil/cb", false),
            ("https://app.example", "http://localhost/cb", false),
            ("http://localhost", "http://localhost:49152/cb", true),
            ("http://localhost:80", "http://localhost:49152/cb", false),
            ("http://localhost:80", "http://localhost/cb", true),
            ("http://localhost:3000", "http://localhost:3000/cb", true),
            ("http://localhost:3000", "http://localhost:3001/cb", false),
            ("http://localhost", "http://127.0.0.1:3000/cb", false),
            ("http://localhost", "https://localhost/cb", false),
            ("http://[::1]", "http://[::1]:9/cb", true),
        ] {
            assert_eq!(client(id).redirect(uri).is_ok(), allowed, "{id} {uri}");
        }
    }

    #[test]
    fn an_answer_never_goes_to_what_two_programs_read_in_two_ways() {
        let app = client("https://app.example");
        for uri in [
            "https://app.example/cb#x",
            "https://user@app.example/cb",
            "https://app.example\\@evil.example/cb",
            "https://evil.example\\@app.example/cb",
            "https://app.example/cb%00",
            "https://app.example/cb%0d%0aX",
            "https://app.example/cb\r\n",
            "https://app.example/../cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp://cb",
            "",
        ] {
            assert!(app.redirect(uri).is_err(), "{uri:?}");
        }
    }

    fn owned(redirect_uris: &[&str]) -> Client {
        Client::Owned(OwnedClient {
            name: "desk".into(),
            redirect_uris: redirect_uris.iter().map(ToString::to_string).collect(),
            secret: None,
            pkce: true,
            key: None,
        })
    }

    #[test]
    fn only_scripts_of_a_clients_own_pages_may_ask_for_its_tokens() {
        let desk = owned(&["https://desk.example/cb", "http://127.0.0.1:5000/cb"]);
        for (client, origin, own) in [
            (&client("https://app.example"), "https://app.example", true),
            (
                &client("https://app.example/a"),
                "https://app.example",
                true,
            ),
            (&client("https://app.example"), "https://b.example", false),
            (&client("https://app.example"), "http://localhost", false),
            (&client("http://localhost"), "http://localhost:3000", true),
            (&client("http://localhost"), "https://localhost:3000", false),
            (&client("http://localhost"), "http://127.0.0.1:3000", false),
            (&client("http://localhost:1"), "http://localhost:1", true),
            (&client("http://localhost:1"), "http://localhost:2", false),
            (&desk, "https://desk.example", true),
            (&desk, "http://127.0.0.1:5000", true),
            (&desk, "http://127.0.0.1:5001", false),
            (&desk, "https://app.example", false),
        ] {
            let origin: Origin = origin.parse().unwrap();
            assert_eq!(client.is_of_origin(&origin), own, "{client:?} {origin}");
        }
    }

    #[test]
    fn a_client_is_a_local_program_where_all_its_answers_stay_here() {
        for (client, is_local) in [
            (client("http://localhost"), true),
            (client("https://127.0.0.1"), true),
            (client("https://app.example"), false),
            (owned(&["http://[::1]/cb", "http://127.0.0.1/cb"]), true),
            (
                owned(&["https://app.example/cb", "http://127.0.0.1/cb"]),
                false,
            ),
        ] {
            assert_eq!(client.is_loopback(), is_local, "{client:?}");
        }
    }

    #[test]
    fn an_owners_client_is_held_to_every_letter() {
        let client = owned(&["https://desk.example/cb"]);
        assert!(client.redirect("https://desk.example/cb").is_ok());
        for uri in ["https://desk.example/cb/", "https://desk.example/cb?a=1"] {
            assert!(client.redirect(uri).is_err(), "{uri}");
        }
        assert_eq!(client.host(), Some("desk.example".parse().unwrap()));
    }

    #[test]
    fn parameters_are_added_to_those_that_are_there() {
        let uri = RedirectUri::parse("https://app.example/cb?a=1").unwrap();
        assert_eq!(
            uri.with(&[("code", "x&y")]),
            "https://app.example/cb?a=1&code=x%26y"
        );
        assert_eq!(uri.origin(), "https://app.example");
    }
}
