//! Where the server listens.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::str::FromStr;

use thiserror::Error;

use super::log::AccessLog;
use super::start_error::ServeError;
use crate::text::secrecy;

/// Where to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// At this address.
    At(SocketAddr),
    /// Where clients look for `localhost`, on this port: at 127.0.0.1 and, where
    /// that can be had, at ::1, which some try first.
    Localhost(u16),
}

/// Not a place to listen at.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a port, or an address like `127.0.0.1:21000` or `localhost:21000`")]
pub struct ListenError(String);

impl FromStr for Listen {
    type Err = ListenError;

    /// Reads `21000`, `localhost:21000`, `127.0.0.1:21000`, `[::1]:21000`.
    fn from_str(text: &str) -> Result<Self, ListenError> {
        let port = text.strip_prefix("localhost:").unwrap_or(text);
        if let Ok(port) = port.parse() {
            return Ok(Self::Localhost(port));
        }
        let address = text.parse().map(Self::At);
        address.map_err(|_| ListenError(secrecy::target(text)))
    }
}

impl fmt::Display for Listen {
    /// As it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(address) => address.fmt(f),
            Self::Localhost(port) => write!(f, "localhost:{port}"),
        }
    }
}

impl From<SocketAddr> for Listen {
    fn from(address: SocketAddr) -> Self {
        Self::At(address)
    }
}

/// Listens at all of these places.
pub(super) fn open(places: &[Listen], log: &AccessLog) -> Result<Vec<TcpListener>, ServeError> {
    let mut listeners = Vec::new();
    for place in places {
        match *place {
            Listen::At(address) => listeners.push(bind(address)?),
            Listen::Localhost(port) => {
                let first = bind((Ipv4Addr::LOCALHOST, port).into())?;
                let port = first.local_addr().map_err(ServeError::Start)?.port();
                listeners.push(first);
                listeners.extend(bind_if_possible((Ipv6Addr::LOCALHOST, port).into(), log));
            }
        }
    }
    Ok(listeners)
}

/// A system without IPv6 is none to warn of: no client can go there.
fn bind_if_possible(address: SocketAddr, log: &AccessLog) -> Option<TcpListener> {
    match bind(address) {
        Ok(listener) => Some(listener),
        Err(taken @ ServeError::InUse(_)) => {
            log.warn(&format!(
                "{taken}: clients that try it before 127.0.0.1 do not reach this server"
            ));
            None
        }
        Err(_) => None,
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(address),
        _ => ServeError::Listen { address, cause },
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_port_localhost_or_an_address() {
        for (text, place) in [
            ("21000", Listen::Localhost(21000)),
            ("localhost:0", Listen::Localhost(0)),
            ("127.0.0.1:80", Listen::At(([127, 0, 0, 1], 80).into())),
            ("[::1]:80", Listen::At((Ipv6Addr::LOCALHOST, 80).into())),
        ] {
            assert_eq!(text.parse(), Ok(place));
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in ["", "localhost", "127.0.0.1", "65536", "example.com:80"] {
            assert_eq!(text.parse::<Listen>(), Err(ListenError(text.into())));
        }
    }
}
