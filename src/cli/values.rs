//! Values of options that several commands share.

use std::time::Duration;

use clap::Args;

use crate::identity::BapId;
use crate::wallet::{Host, KeySelector, Signer};

/// Whose key is used.
#[derive(Args)]
pub(crate) struct SignerArgs {
    /// Use the key of this host [default: localhost]
    #[arg(long, value_name = "HOST", conflicts_with = "identity")]
    host: Option<Host>,

    /// Use the signing key of this identity
    #[arg(long, value_name = "BAPID")]
    identity: Option<BapId>,
}

impl SignerArgs {
    /// Uses this identity if neither a host nor an identity was named.
    pub(crate) fn default_to_identity(&mut self, id: BapId) {
        if self.host.is_none() && self.identity.is_none() {
            self.identity = Some(id);
        }
    }

    pub(crate) fn signer(self) -> Signer {
        match self.identity {
            Some(id) => Signer::Identity(id),
            None => Signer::Host(self.host.unwrap_or_else(Host::localhost)),
        }
    }

    /// The host, if one was named.
    pub(crate) fn host(self) -> Option<Host> {
        self.host
    }

    pub(crate) fn key(self) -> KeySelector {
        match self.signer() {
            Signer::Host(host) => KeySelector::Host(host),
            Signer::Identity(id) => KeySelector::Identity(id),
        }
    }
}

/// A length of time: `90s`, `15m`, `1h 30m`, `7d`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| format!("`{text}` is not a length of time, like `90s`, `15m` or `1d`"))
}

/// How long a session may last: a second at least, 30 days at most.
pub(crate) fn session_length(text: &str) -> Result<Duration, String> {
    const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
    let length = duration(text)?;
    if (Duration::from_secs(1)..=LONGEST).contains(&length) {
        Ok(length)
    } else {
        Err(format!("`{text}` is not between `1s` and `30d`"))
    }
}

/// A length of time for people: whole seconds, the two largest units.
pub(crate) fn in_words(length: Duration) -> String {
    let whole = humantime::format_duration(Duration::from_secs(length.as_secs())).to_string();
    whole.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(duration("1h 30m").unwrap(), Duration::from_secs(5400));
        assert!(duration("soon").unwrap_err().contains("`soon`"));
        assert!(session_length("0s").is_err() && session_length("31d").is_err());
        assert_eq!(in_words(Duration::from_millis(899_500)), "14m 59s");
        assert_eq!(
            in_words(Duration::from_secs(2 * 86_400 + 3600 + 61)),
            "2days 1h"
        );
    }
}
