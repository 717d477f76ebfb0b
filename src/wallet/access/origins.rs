//! Web origins (RFC 6454) and who decided what about them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use thiserror::Error;

use super::audit::Event;
use crate::store::{OriginRow, OriginStatus, Version};
use crate::text::excerpt;
use crate::wallet::{Host, HostError, Timestamp, Wallet, WalletError};

/// A web origin: scheme `http` or `https`, host, and the port if it is
/// not the scheme's default. Or that of an extension or a web view, like
/// `chrome-extension://abc…`. Never opaque: `null` is not an origin here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Origin(String);

/// Schemes of browser extensions and of apps that show their pages in a web
/// view. Who may use such an origin is for the browser or the app to say.
const APP_SCHEMES: [&str; 7] = [
    "chrome-extension",
    "moz-extension",
    "safari-web-extension",
    "tauri",
    "capacitor",
    "ionic",
    "app",
];

/// What an [`Origin`] cannot be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OriginError {
    /// Anything else.
    #[error(
        "`{0}` is not a web origin: it looks like `https://example.com` or `http://localhost:3000`"
    )]
    NotAnOrigin(String),
    /// `https://*.example.com`
    #[error(
        "`{0}` is a pattern: each origin is approved by itself, since a pattern would also approve pages that nobody has seen"
    )]
    Pattern(String),
}

impl Origin {
    // `safari-web-extension://`, and the longest host with its port.
    const MAX_LENGTH: usize = 23 + 253 + 6;

    /// The origin's own words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host whose key pages of this origin may use.
    #[must_use]
    pub fn host(&self) -> Host {
        let start = self.0.find("://").map_or(0, |at| at + 3);
        Host::stored(self.0[start..].to_owned())
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let wrong = || OriginError::NotAnOrigin(excerpt(text, Self::MAX_LENGTH));
        if text.len() > Self::MAX_LENGTH * 4 {
            return Err(wrong());
        }
        if text.contains('*') {
            return Err(OriginError::Pattern(excerpt(text, Self::MAX_LENGTH)));
        }
        if let Some(origin) = of_app(text) {
            return Ok(origin);
        }
        let url = url::Url::parse(text).map_err(|_| wrong())?;
        let bare = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        let origin = url.origin().ascii_serialization();
        // What the `url` crate repairs (spaces, `\`, missing slashes) is not an origin.
        let shape = text.trim_end_matches('/').matches('/').count() == 2
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\');
        if bare && shape && origin.len() <= Self::MAX_LENGTH {
            Ok(Self(origin))
        } else {
            Err(wrong())
        }
    }
}

impl Host {
    /// Reads a host, or a web origin, whose host is meant then.
    ///
    /// # Errors
    /// It is neither.
    pub fn of_app(text: &str) -> Result<Self, HostError> {
        if text.contains("://")
            && let Ok(origin) = text.parse::<Origin>()
        {
            return Ok(origin.host());
        }
        text.parse()
    }
}

/// The origin of an extension or a web view.
fn of_app(text: &str) -> Option<Origin> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let host: Host = rest.strip_suffix('/').unwrap_or(rest).parse().ok()?;
    let known = APP_SCHEMES.contains(&&*scheme);
    known.then(|| Origin(format!("{scheme}://{host}")))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An origin in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OriginInfo {
    /// The origin.
    pub origin: String,
    /// When it was decided, or last asked.
    pub seen: Timestamp,
    /// What was decided.
    pub status: OriginStatus,
}

impl Wallet {
    /// Approves an origin: its pages may use the wallet while it is unlocked.
    pub fn allow_origin(&self, origin: &Origin) -> Result<(), WalletError> {
        self.decide(origin, OriginStatus::Approved, Event::OriginAllowed)
    }

    /// Refuses an origin, or takes its approval back. The tokens and permissions of
    /// its host end.
    pub fn deny_origin(&self, origin: &Origin) -> Result<(), WalletError> {
        if !self.exists()? {
            return self.decide(origin, OriginStatus::Denied, Event::OriginDenied);
        }
        let (wallet, host) = (self.current()?, origin.host());
        let row = self.decision(origin, OriginStatus::Denied);
        let state = &self.store().state;
        let ended = state.set_origin_and_revoke(&row, wallet, host.as_str())?;
        self.record(Event::OriginDenied, origin.as_str(), "");
        self.record_revoked(host.as_str(), ended);
        Ok(())
    }

    /// Notes that an undecided origin asked for access.
    pub fn note_pending_origin(&self, origin: &Origin) -> Result<(), WalletError> {
        let now = self.now().as_millis();
        Ok(self
            .store()
            .state
            .note_pending_origin(origin.as_str(), now)?)
    }

    /// Whether the origin was approved.
    pub fn is_origin_allowed(&self, origin: &Origin) -> Result<bool, WalletError> {
        let status = self.store().state.origin_status(origin.as_str())?;
        Ok(status == Some(OriginStatus::Approved))
    }

    /// What is another one once anything was changed, by whichever process: the
    /// origins, perhaps. Costs next to nothing; `None` where it cannot be told.
    pub fn origins_version(&self) -> Option<Version> {
        self.store().state.version()
    }

    /// All origins: approved, denied, pending.
    pub fn origins(&self) -> Result<Vec<OriginInfo>, WalletError> {
        let rows = self.store().state.origins()?;
        Ok(rows
            .into_iter()
            .map(|row| OriginInfo {
                origin: row.origin,
                status: row.status,
                seen: Timestamp::from_millis(row.seen),
            })
            .collect())
    }

    fn decide(
        &self,
        origin: &Origin,
        status: OriginStatus,
        event: Event,
    ) -> Result<(), WalletError> {
        let row = self.decision(origin, status);
        self.store().state.set_origin(&row)?;
        self.record(event, origin.as_str(), "");
        Ok(())
    }

    fn decision(&self, origin: &Origin, status: OriginStatus) -> OriginRow {
        OriginRow {
            origin: origin.as_str().into(),
            status,
            seen: self.now().as_millis(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn origins_are_compared_whole_after_parsing() {
        for (text, origin, host) in [
            ("https://example.com", "https://example.com", "example.com"),
            (
                "HTTPS://Example.COM:443/",
                "https://example.com",
                "example.com",
            ),
            (
                "http://localhost:3000",
                "http://localhost:3000",
                "localhost:3000",
            ),
            ("http://[::1]:8080", "http://[::1]:8080", "[::1]:8080"),
            (
                "chrome-extension://cjpalhdlnbpafiamejdnhcphjbkeiagm",
                "chrome-extension://cjpalhdlnbpafiamejdnhcphjbkeiagm",
                "cjpalhdlnbpafiamejdnhcphjbkeiagm",
            ),
            (
                "moz-extension://9d2b1e4c-6ab1-4d6c-9c0e-0b8a3c1f7d11/",
                "moz-extension://9d2b1e4c-6ab1-4d6c-9c0e-0b8a3c1f7d11",
                "9d2b1e4c-6ab1-4d6c-9c0e-0b8a3c1f7d11",
            ),
            ("tauri://localhost", "tauri://localhost", "localhost"),
            (
                "Capacitor://localhost",
                "capacitor://localhost",
                "localhost",
            ),
            ("app://obsidian.md", "app://obsidian.md", "obsidian.md"),
            ("ionic://localhost", "ionic://localhost", "localhost"),
            (
                "safari-web-extension://1B6F2D1C-4D1A-4C0E-9E57-0D1C5F6A7B8C",
                "safari-web-extension://1b6f2d1c-4d1a-4c0e-9e57-0d1c5f6a7b8c",
                "1b6f2d1c-4d1a-4c0e-9e57-0d1c5f6a7b8c",
            ),
            (
                "https://tauri.localhost",
                "https://tauri.localhost",
                "tauri.localhost",
            ),
        ] {
            let read: Origin = text.parse().unwrap();
            assert_eq!((read.as_str(), read.host().as_str()), (origin, host));
            assert_eq!(read.host(), host.parse().unwrap());
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "null",
            "example.com",
            "file:///x",
            "data:,x",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "https://a b",
            "https:a",
            "https:\\\\a",
            "https://a\\",
            "https://a#",
            "chrome-extension://",
            "chrome-extension://a/b",
            "chrome-extension:a",
            "ftp://a",
            "about:blank",
            " https://a",
            "https://a\t",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_longest_is_read_however_long_it_was_written() {
        let label = |letter: &str| [letter; 4].map(|one| one.repeat(56)).join(".");
        for scheme in ["https", "safari-web-extension"] {
            let text = format!("{scheme}://{}.example.com:65535", label("a"));
            let read: Origin = text.parse().unwrap();
            assert_eq!(read.as_str(), text);
        }
        // More bytes than the origin that it is.
        let text = format!("https://{}", label("ü"));
        let read: Origin = text.parse().unwrap();
        assert!(read.as_str().len() < Origin::MAX_LENGTH && Origin::MAX_LENGTH < text.len());

        // Browsers leave out soft hyphens.
        let hyphens = "\u{ad}".repeat(Origin::MAX_LENGTH * 2 - 10);
        let read: Origin = format!("https://{hyphens}some.example").parse().unwrap();
        assert_eq!(read.as_str(), "https://some.example");
        let longer = format!("https://{hyphens}other.example");
        assert!(longer.parse::<Origin>().is_err());
    }

    #[test]
    fn a_pattern_is_refused_with_the_reason() {
        for text in [
            "*",
            "https://*.example.com",
            "https://example.com:*",
            "*://a",
        ] {
            let error = text.parse::<Origin>().unwrap_err();
            assert_eq!(error, OriginError::Pattern(text.into()));
        }
    }
}
