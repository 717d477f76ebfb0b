//! Requests over loopback, and nowhere else: an address that is not loopback is
//! refused. Reads are bounded in size and time, since whatever listens there
//! need not be a TokenPass.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::str::FromStr;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use url::{Host, Url};

use super::error::ClientError;
use super::reply::{is_complete, parse};
use crate::platform::errors::plain;
use crate::text::excerpt;
use crate::wire::ErrorAnswer;

/// Loopback answers at once, or nobody is there.
const CONNECT: Duration = Duration::from_millis(300);
/// How long most answers may take.
pub(super) const SOON: Duration = Duration::from_secs(2);
/// How long an unlocking may take: it may wait for other key derivations.
pub(super) const PATIENT: Duration = Duration::from_secs(60);
const MAX_REPLY: u64 = 2 * 1024 * 1024;

/// Where a server on this machine is.
#[derive(Clone, Debug)]
pub(crate) struct ServerUrl {
    address: SocketAddr,
    /// What `Host` says: as in the URL that was given.
    host: String,
}

impl FromStr for ServerUrl {
    type Err = String;

    /// Reads `http://127.0.0.1:21000`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            let shown = excerpt(text, 80);
            format!("`{shown}` is not a server on this machine, like `http://127.0.0.1:21000`")
        };
        let url = Url::parse(text).map_err(|_| wrong())?;
        let bare = url.scheme() == "http"
            && url.path() == "/"
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        let host = url.host().filter(|_| bare).ok_or_else(wrong)?;
        let ip = loopback(&host.to_owned()).ok_or_else(wrong)?;
        let port = url.port_or_known_default().ok_or_else(wrong)?;
        Ok(Self {
            address: SocketAddr::new(ip, port),
            host: format!("{host}:{port}"),
        })
    }
}

/// The loopback address that a host stands for; no name is looked up.
fn loopback(host: &Host<String>) -> Option<IpAddr> {
    let ip = match host {
        Host::Domain(name) if name == "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Host::Domain(_) => return None,
        Host::Ipv4(ip) => IpAddr::V4(*ip),
        Host::Ipv6(ip) => IpAddr::V6(*ip),
    };
    ip.is_loopback().then_some(ip)
}

impl ServerUrl {
    /// The one at a loopback address; `None` for any other.
    pub(crate) fn at(address: SocketAddr) -> Option<Self> {
        let host = address.to_string();
        address.ip().is_loopback().then_some(Self { address, host })
    }

    /// The loopback address that a host's name stands for.
    pub(crate) fn loopback(host: &str) -> Option<IpAddr> {
        loopback(&Host::parse(host).ok()?)
    }

    /// Whether both are the same place.
    pub(super) fn is_same_place(&self, other: &Self) -> bool {
        self.address == other.address
    }

    /// Asks for something, and reads the answer.
    pub(super) fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        patience: Duration,
    ) -> Result<T, ClientError> {
        let deadline = Instant::now() + patience;
        let reply = self
            .exchange(method, path, body, deadline)
            .map_err(|error| match error.kind() {
                // Unix says of a read that took too long that it would block.
                ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                    self.gone(&"it does not answer in time")
                }
                _ => self.gone(&plain(&error)),
            })?;
        let foreign = || self.gone(&"it does not answer like a TokenPass");
        let (status, body) = parse(&reply).ok_or_else(foreign)?;
        if status == 200 {
            return serde_json::from_slice(body).map_err(|_| foreign());
        }
        match serde_json::from_slice(body) {
            Ok(ErrorAnswer { error, code, .. }) => Err(ClientError::Refused {
                code,
                message: error,
            }),
            Err(error) if error.is_data() => {
                Err(self.gone(&format_args!("it answers with status {status}")))
            }
            Err(_) => Err(foreign()),
        }
    }

    fn exchange(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        deadline: Instant,
    ) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect_timeout(&self.address, CONNECT)?;
        stream.set_write_timeout(Some(SOON))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.host,
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut reply = Vec::new();
        let mut part = [0; 8192];
        while (reply.len() as u64) < MAX_REPLY && !is_complete(&reply) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            stream.set_read_timeout(Some(left))?;
            match stream.read(&mut part)? {
                0 => break,
                n => reply.extend_from_slice(&part[..n]),
            }
        }
        Ok(reply)
    }

    fn gone(&self, detail: &dyn std::fmt::Display) -> ClientError {
        ClientError::NoServer {
            url: self.to_string(),
            detail: detail.to_string(),
        }
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.host)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_leaves_the_machine() {
        for url in [
            "http://example.com",
            "http://192.168.0.1:21000",
            "https://localhost",
            "http://localhost.example.com",
            "http://user@localhost",
            "http://localhost/path",
            "localhost:21000",
        ] {
            assert!(url.parse::<ServerUrl>().is_err(), "{url}");
        }
    }

    #[test]
    fn loopback_in_every_form() {
        for (url, address) in [
            ("http://localhost:1234", "127.0.0.1:1234"),
            ("http://127.0.0.2", "127.0.0.2:80"),
            ("http://[::1]:21000/", "[::1]:21000"),
        ] {
            assert_eq!(
                url.parse::<ServerUrl>().unwrap().address.to_string(),
                address
            );
        }
    }
}
