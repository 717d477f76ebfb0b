//! The names that the `Host` header may have. A page can point a name of its
//! own at 127.0.0.1 (DNS rebinding), but its browser still says that name.

use crate::http::HttpRequest;
use crate::server::error::ApiError;
use crate::wallet::{Host, Origin};

/// `localhost:21000` and so on, in lower case.
pub(in crate::server) struct HostNames(Vec<String>);

impl HostNames {
    pub(in crate::server) fn new(ports: &[u16], extra: Option<&Host>) -> Self {
        let mut names = Vec::new();
        for port in ports {
            for name in ["localhost", "127.0.0.1", "[::1]"] {
                names.push(format!("{name}:{port}"));
            }
            match extra.map(Host::as_str) {
                // The address of all interfaces is nobody's name: a browser
                // that uses it was led here by somebody else (`0.0.0.0` day).
                None | Some("0.0.0.0" | "[::]") => {}
                Some(name) if has_port(name) => names.push(name.to_owned()),
                Some(name) => names.push(format!("{name}:{port}")),
            }
            // Browsers leave out the scheme's own port.
            if *port == 80 {
                let bare = names.iter().filter_map(|name| name.strip_suffix(":80"));
                names.extend(bare.map(str::to_owned).collect::<Vec<_>>());
            }
        }
        Self(names)
    }

    /// The address of the server's own page.
    pub(in crate::server) fn home_page(&self) -> String {
        let name = self.0.first().map_or("localhost", String::as_str);
        format!("http://{name}/")
    }

    /// The server's own origins.
    pub(in crate::server) fn origins(&self) -> Vec<Origin> {
        let origins = self.0.iter().map(|name| format!("http://{name}").parse());
        origins.filter_map(Result::ok).collect()
    }

    /// The `Host` header names this server, once.
    pub(in crate::server) fn check(&self, request: &HttpRequest) -> Result<(), ApiError> {
        let mut hosts = request.header_values("Host");
        let host = hosts.next().unwrap_or_default().to_ascii_lowercase();
        if hosts.next().is_none() && self.0.contains(&host) {
            Ok(())
        } else {
            Err(ApiError::Misdirected(host.chars().take(100).collect()))
        }
    }
}

/// Whether a host is written with a port.
fn has_port(host: &str) -> bool {
    host.rsplit_once(':')
        .is_some_and(|(_, port)| !port.ends_with(']'))
}
