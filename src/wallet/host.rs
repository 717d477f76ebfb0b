//! Hosts: whose key signs.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;
use thiserror::Error;

use crate::crypto::kind::Kind;
use crate::crypto::recognise;
use crate::identity::derive;
use crate::text::excerpt;

/// An app's origin without its scheme: `example.com`, `localhost:3000`,
/// `[::1]:8080`. Lower case; names beyond ASCII as punycode
/// (`xn--bcher-kva.example`), as browsers write them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Host(Arc<str>);

/// What a [`Host`] cannot be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "`{0}` is not a host: it is a name or address, with a port if there is one, like `example.com` or `localhost:3000`"
)]
pub struct HostError(pub String);

impl Host {
    /// DNS allows 253 characters of name; a colon and a port follow.
    const MAX_LENGTH: usize = 253 + 6;

    /// The host's own words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `localhost`: the host where none is named.
    #[must_use]
    pub fn localhost() -> Self {
        Self("localhost".into())
    }

    /// The BRC-42 invoice of this host's key.
    #[must_use]
    pub fn invoice(&self) -> String {
        derive::host_invoice(&self.0)
    }

    /// A host that was checked when it was stored.
    pub(super) fn stored(text: String) -> Self {
        Self(text.into())
    }
}

impl FromStr for Host {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let wrong = || HostError(excerpt(text, Self::MAX_LENGTH));
        // A key would pass for a name without dots, and be shown in every list.
        if recognise::kind(text).is_some_and(Kind::is_secret) {
            return Err(wrong());
        }
        if text.is_empty() || text.len() > Self::MAX_LENGTH * 4 {
            return Err(wrong());
        }
        let (name, port) = split_port(text).ok_or_else(wrong)?;
        let name = match url::Host::parse(name) {
            // `url` reads `1.1` as an IPv4 address and rewrites it.
            Ok(url::Host::Ipv4(address)) if address.to_string() != name => return Err(wrong()),
            Ok(host) => host.to_string(),
            Err(_) => return Err(wrong()),
        };
        let host = match port {
            Some(port) => format!("{name}:{port}"),
            None => name,
        };
        if host.len() > Self::MAX_LENGTH {
            return Err(wrong());
        }
        Ok(Self(host.into()))
    }
}

/// Splits `name:port`; `None` if the port is not a number from 1 to 65535 or
/// has leading zeros.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let colon = match text.rfind(']') {
        Some(bracket) => text[bracket..].find(':').map(|at| bracket + at),
        None => text.find(':'),
    };
    let Some(colon) = colon else {
        return Some((text, None));
    };
    let (name, port) = (&text[..colon], &text[colon + 1..]);
    let number: u16 = port.parse().ok()?;
    let canonical = number != 0 && number.to_string() == port;
    canonical.then_some((name, Some(number)))
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_browsers_write_them() {
        for (text, host) in [
            ("example.com", "example.com"),
            ("EXAMPLE.com:8443", "example.com:8443"),
            ("localhost:3000", "localhost:3000"),
            ("127.0.0.1:21000", "127.0.0.1:21000"),
            ("[::1]:80", "[::1]:80"),
            ("[::1]", "[::1]"),
            ("bücher.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(text.parse::<Host>().unwrap().as_str(), host);
        }
    }

    #[test]
    fn the_longest_is_read_however_long_it_was_written() {
        let name = |length: usize| format!("{}.example:65535", "a".repeat(length - 8));
        let longest = name(253);
        assert_eq!(longest.len(), Host::MAX_LENGTH);
        assert_eq!(longest.parse::<Host>().unwrap().as_str(), longest);
        assert!(name(254).parse::<Host>().is_err());

        // Browsers leave out soft hyphens.
        let hyphens = "\u{ad}".repeat(Host::MAX_LENGTH * 2 - 6);
        let read: Host = format!("{hyphens}some.example").parse().unwrap();
        assert_eq!(read.as_str(), "some.example");
        assert!(format!("{hyphens}other.example").parse::<Host>().is_err());
    }

    #[test]
    fn a_key_is_no_host() {
        for secret in [
            "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
            "S6c56bnXQiBjk9mqSYE7ykVQ7NzrRy",
        ] {
            assert!(secret.parse::<Host>().is_err(), "{secret}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            " ",
            "https://example.com",
            "a b",
            "a/b",
            "a:",
            "a:0",
            "a:080",
            "a:65536",
            "a:b",
            "a\n",
            "a@b",
            "[::1",
            "::1",
            "1.1",
            "a|b",
            "a:1:2",
            &"a".repeat(300),
        ] {
            assert!(text.parse::<Host>().is_err(), "{text:?}");
        }
    }
}
