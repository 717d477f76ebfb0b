//! What a BRC-100 app can be permitted.
//!
//! An app is known by its originator: the host of its page. What it asks for is to
//! use the keys of a protocol, and from level 2 on with one counterparty.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::known::Known;
use crate::crypto::brc43::{Brc43Error, Protocol, SecurityLevel};
use crate::crypto::brc100::{Counterparty, NoCounterparty};
use crate::store::{OriginStatus, RightRow};
use crate::wallet::Host;

/// How the right to everything is displayed.
const EVERYTHING: &str = "everything";

/// The decisions that were looked up lately.
pub(in crate::wallet) type KnownPermissions = Known<(Host, Right), Option<OriginStatus>>;

/// Something that an app must be permitted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Whatever can be permitted.
    All,
    /// To use a protocol of level 1 with whomever.
    Protocol(Protocol),
    /// To use a protocol of level 2 with this counterparty.
    With(Protocol, Counterparty),
}

/// Not a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RightError {
    /// See there.
    #[error(transparent)]
    Protocol(#[from] Brc43Error),
    /// See there.
    #[error(transparent)]
    Counterparty(#[from] NoCounterparty),
    /// It is every app's.
    #[error("level 0 is open to every app: there is nothing to permit")]
    Open,
    /// A protocol of level 1 is permitted for all counterparties.
    #[error("at level 1 a protocol is permitted for all counterparties: name none")]
    NeedsNone,
    /// A protocol of level 2 is permitted for one counterparty.
    #[error("at level 2 a protocol is permitted for one counterparty: name it")]
    NeedsOne,
}

impl Right {
    /// The right that the use of a protocol needs; `None` at level 0, which is open
    /// to all. The counterparty must be in the form that it has for this wallet.
    #[must_use]
    pub fn needed(protocol: &Protocol, with: Counterparty) -> Option<Self> {
        match protocol.level() {
            SecurityLevel::Open => None,
            SecurityLevel::PerProtocol => Some(Self::Protocol(protocol.clone())),
            SecurityLevel::PerCounterparty => Some(Self::With(protocol.clone(), with)),
        }
    }

    /// A right as a person names it.
    ///
    /// # Errors
    /// What of it there cannot be.
    pub fn named(
        level: u64,
        protocol: &str,
        counterparty: Option<&str>,
    ) -> Result<Self, RightError> {
        let protocol = Protocol::new(SecurityLevel::try_from(level)?, protocol)?;
        match (protocol.level(), counterparty) {
            (SecurityLevel::Open, _) => Err(RightError::Open),
            (SecurityLevel::PerProtocol, None) => Ok(Self::Protocol(protocol)),
            (SecurityLevel::PerProtocol, Some(_)) => Err(RightError::NeedsNone),
            (SecurityLevel::PerCounterparty, Some(with)) => Ok(Self::With(protocol, with.parse()?)),
            (SecurityLevel::PerCounterparty, None) => Err(RightError::NeedsOne),
        }
    }

    pub(super) fn row(&self) -> RightRow {
        let (level, protocol, counterparty) = match self {
            Self::All => (SecurityLevel::PerCounterparty, "", String::new()),
            Self::Protocol(protocol) => (protocol.level(), protocol.name(), String::new()),
            Self::With(protocol, with) => (protocol.level(), protocol.name(), with.to_string()),
        };
        RightRow {
            level: level.number(),
            protocol: protocol.to_owned(),
            counterparty,
        }
    }

    /// `None` for what no version of this program has written.
    pub(super) fn of_row(row: &RightRow) -> Option<Self> {
        if row.protocol.is_empty() {
            return Some(Self::All);
        }
        let with = Some(&*row.counterparty).filter(|with| !with.is_empty());
        Self::named(row.level.into(), &row.protocol, with).ok()
    }
}

/// As it is displayed.
impl FromStr for Right {
    type Err = RightError;

    fn from_str(text: &str) -> Result<Self, RightError> {
        if text == EVERYTHING {
            return Ok(Self::All);
        }
        let (level, rest) = text.split_once(' ').ok_or(Brc43Error::Level)?;
        let level = level.parse().map_err(|_| Brc43Error::Level)?;
        match rest.rsplit_once(' ') {
            Some((protocol, with)) if level > 1 => Self::named(level, protocol, Some(with)),
            _ => Self::named(level, rest, None),
        }
    }
}

/// The level, the protocol's name, and at level 2 with whom: of these only the name
/// can hold a space.
impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str(EVERYTHING),
            Self::Protocol(protocol) => {
                write!(f, "{} {}", protocol.level().number(), protocol.name())
            }
            Self::With(protocol, with) => {
                write!(
                    f,
                    "{} {} {with}",
                    protocol.level().number(),
                    protocol.name()
                )
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_right_is_read_as_it_is_displayed() {
        for text in [
            "everything",
            "1 identity key retrieval",
            "1 some tests self",
            "2 server hmac self",
            "2 server hmac anyone",
            "2 server hmac 02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf",
        ] {
            let right: Right = text.parse().unwrap();
            assert_eq!(right.to_string(), text);
            assert_eq!(Right::of_row(&right.row()), Some(right));
        }
        for text in [
            "",
            "1",
            "0 some tests",
            "2 server hmac",
            "3 some tests",
            "x some tests",
        ] {
            assert!(text.parse::<Right>().is_err(), "{text}");
        }
    }
}
