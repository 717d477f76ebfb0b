//! The names that the `Host` header may have. A page can point a name of its
//! own at 127.0.0.1 (DNS rebinding), but its browser still says that name.

use std::net::SocketAddr;
use std::str::FromStr;

use crate::http::HttpRequest;
use crate::server::error::ApiError;
use crate::text::excerpt;
use crate::wallet::{Host, HostError, Origin};

/// What this server is called, in lower case. A name without a port is what
/// clients say where the scheme's own port is meant.
pub(in crate::server) struct HostNames {
    /// `localhost:21000` and so on: who says one of these came here directly.
    loopback: Vec<String>,
    /// The addresses listened on, and the names that were given: somebody on
    /// the way may pass requests on.
    others: Vec<String>,
    /// The names that were given, as they were.
    given: Vec<Host>,
    /// Those of the given names that are reached without TLS.
    plain: Vec<String>,
}

/// A name that others reach the server by, through a proxy or a tunnel: with
/// TLS, unless it is written with `http://`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicName {
    host: Host,
    is_plain: bool,
}

/// Not a name that a server can be reached by.
pub type PublicNameError = HostError;

impl FromStr for PublicName {
    type Err = PublicNameError;

    fn from_str(text: &str) -> Result<Self, PublicNameError> {
        let text = text.trim_end_matches('/');
        let (name, is_plain) = match text.split_once("://") {
            Some(("http", name)) => (name, true),
            Some(("https", name)) => (name, false),
            _ => (text, false),
        };
        Ok(Self {
            host: name.parse()?,
            is_plain,
        })
    }
}

impl HostNames {
    pub(in crate::server) fn new(listening: &[SocketAddr], given: &[PublicName]) -> Self {
        let mut names = Self {
            loopback: Vec::new(),
            others: Vec::new(),
            given: Vec::new(),
            plain: Vec::new(),
        };
        for address in listening {
            let ip = address.ip().to_canonical();
            let port = address.port();
            if ip.is_loopback() || ip.is_unspecified() {
                for name in ["localhost", "127.0.0.1", "[::1]"] {
                    add(&mut names.loopback, name, port);
                }
            }
            // The address of all interfaces is nobody's name: a browser that
            // uses it was led here by somebody else (`0.0.0.0` day).
            if !ip.is_unspecified() {
                add(&mut names.others, &host_of(SocketAddr::new(ip, 0)), port);
            }
        }
        for given in given {
            let name = given.host.as_str();
            if is_all_addresses(name) {
                continue;
            }
            let mut all = vec![name.to_owned()];
            if !has_port(name) {
                // A proxy in front listens on the usual ports; some clients
                // write them all the same.
                let ports = [80, 443].into_iter();
                let ports = ports.chain(listening.iter().map(SocketAddr::port));
                all.extend(ports.map(|port| format!("{name}:{port}")));
            }
            if given.is_plain {
                names.plain.extend_from_slice(&all);
            }
            names.others.append(&mut all);
        }
        names.given = given.iter().map(|given| given.host.clone()).collect();
        names
    }

    /// The address of the server's own page.
    pub(in crate::server) fn home_page(&self) -> String {
        let mut names = self.loopback.iter().chain(&self.others);
        format!("http://{}/", names.next().map_or("localhost", |name| name))
    }

    /// The name that a checked request used, as a URL: the issuer, and the
    /// origin of our own pages. Never from another header.
    pub(in crate::server) fn issuer(&self, request: &HttpRequest) -> String {
        let host = request.header("Host").unwrap_or_default();
        let host = host.to_ascii_lowercase();
        let is_given = self.given.iter().any(|given| {
            let rest = host.strip_prefix(given.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
        let is_here = self.loopback.contains(&host);
        let (scheme, port) = if is_given && !is_here && !self.plain.contains(&host) {
            ("https", ":443")
        } else {
            ("http", ":80")
        };
        format!("{scheme}://{}", host.strip_suffix(port).unwrap_or(&host))
    }

    /// The `Host` header names this server, once.
    pub(in crate::server) fn check(&self, request: &HttpRequest) -> Result<(), ApiError> {
        let mut hosts = request.header_values("Host");
        let host = hosts.next().unwrap_or_default().to_ascii_lowercase();
        let known = self.loopback.contains(&host) || self.others.contains(&host);
        if known && hosts.next().is_none() {
            Ok(())
        } else {
            Err(ApiError::Misdirected(excerpt(&host, 100)))
        }
    }

    /// Whether the client reached us by a name that leads nowhere else.
    pub(super) fn is_loopback(&self, request: &HttpRequest) -> bool {
        let host = request.header("Host").unwrap_or_default();
        self.loopback
            .iter()
            .any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Whether pages of that origin come from this server, itself or through a
    /// proxy for TLS.
    pub(super) fn is_own(&self, origin: &Origin) -> bool {
        let is_web = origin.as_str().starts_with("http");
        let host = origin.host();
        let mut names = self.loopback.iter().chain(&self.others);
        is_web && names.any(|name| name == host.as_str())
    }
}

/// Adds a name with its port, and without it where clients leave it out.
fn add(names: &mut Vec<String>, name: &str, port: u16) {
    names.push(format!("{name}:{port}"));
    if port == 80 {
        names.push(name.to_owned());
    }
}

/// An address as it stands in a URL, without a port.
fn host_of(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    }
}

fn is_all_addresses(name: &str) -> bool {
    let end = name.strip_prefix("0.0.0.0").or(name.strip_prefix("[::]"));
    end.is_some_and(|end| end.is_empty() || end.starts_with(':'))
}

/// Whether a host is written with a port.
fn has_port(host: &str) -> bool {
    host.rsplit_once(':')
        .is_some_and(|(_, port)| !port.ends_with(']'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn names(listening: &[&str], given: &[&str]) -> HostNames {
        let listening: Vec<_> = listening.iter().map(|one| one.parse().unwrap()).collect();
        let given: Vec<_> = given.iter().map(|one| one.parse().unwrap()).collect();
        HostNames::new(&listening, &given)
    }

    fn asked_as(host: &str) -> HttpRequest {
        HttpRequest::new("GET", "/").with_header("Host", host)
    }

    #[test]
    fn a_name_is_compared_whole_and_in_any_case() {
        let names = names(
            &["127.0.0.1:21000", "192.168.1.5:8080", "0.0.0.0:81"],
            &[
                "tp.example",
                "tp.local:8443",
                "[fd00::1]",
                "0.0.0.0",
                "[::]:80",
            ],
        );
        for (host, known, loopback) in [
            ("localhost:21000", true, true),
            ("LOCALHOST:81", true, true),
            ("[::1]:21000", true, true),
            ("localhost", false, false),
            ("localhost:8080", false, false),
            ("192.168.1.5:8080", true, false),
            ("192.168.1.5", false, false),
            ("tp.example", true, false),
            ("TP.example:21000", true, false),
            ("tp.example:8080", true, false),
            ("tp.example:443", true, false),
            ("tp.example:80", true, false),
            ("tp.example:22", false, false),
            ("tp.local:8443", true, false),
            ("tp.local", false, false),
            ("[fd00::1]:21000", true, false),
            ("0.0.0.0:81", false, false),
            ("0.0.0.0", false, false),
            ("[::]:80", false, false),
            ("", false, false),
        ] {
            let request = asked_as(host);
            assert_eq!(names.check(&request).is_ok(), known, "{host}");
            assert_eq!(names.is_loopback(&request), loopback, "{host}");
        }
        let twice = asked_as("localhost:21000").with_header("Host", "localhost:21000");
        assert!(names.check(&twice).is_err());
    }

    #[test]
    fn its_own_pages_are_known_under_every_name_and_scheme() {
        let names = names(&["127.0.0.1:21000"], &["tp.example"]);
        for (origin, own) in [
            ("http://localhost:21000", true),
            ("https://localhost:21000", true),
            ("http://127.0.0.1:21000", true),
            ("https://tp.example", true),
            ("http://tp.example:21000", true),
            ("http://localhost:3000", false),
            ("https://example.com", false),
            ("tauri://tp.example", false),
        ] {
            assert_eq!(names.is_own(&origin.parse().unwrap()), own, "{origin}");
        }
    }

    #[test]
    fn whoever_writes_the_usual_port_means_the_same_issuer() {
        let given = ["https://tp.example", "http://tp.local", "localhost"];
        let names = names(&["127.0.0.1:80"], &given);
        for (host, issuer) in [
            ("tp.example", "https://tp.example"),
            ("TP.example:443", "https://tp.example"),
            ("tp.local:80", "http://tp.local"),
            ("localhost:80", "http://localhost"),
        ] {
            assert_eq!(names.issuer(&asked_as(host)), issuer);
        }
    }

    #[test]
    fn the_home_page_is_where_the_server_answers() {
        let at = |listening: &[&str]| names(listening, &[]).home_page();
        assert_eq!(at(&["127.0.0.1:21000"]), "http://localhost:21000/");
        assert_eq!(at(&["0.0.0.0:21000"]), "http://localhost:21000/");
        assert_eq!(at(&["192.168.1.5:80"]), "http://192.168.1.5:80/");
        assert_eq!(at(&["[fd00::1]:8080"]), "http://[fd00::1]:8080/");
    }
}
