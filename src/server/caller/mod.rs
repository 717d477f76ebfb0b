//! Who may ask at all: the `Host` header, origins, `Sec-Fetch-Site`.
//!
//! A page in a browser can send requests here from any site, and can point
//! its own name at 127.0.0.1 (DNS rebinding). The browser says truthfully
//! which page asks (`Origin`, `Sec-Fetch-Site`) and which name it used
//! (`Host`); this is where we look.

pub(super) mod limits;

use super::reply::ApiError;
use crate::http::{HttpRequest, HttpResponse};
use crate::wallet::{Host, Origin, Wallet};

/// Names and origins that are let in, beside those in the wallet's list.
pub(super) struct Guard {
    /// `localhost:21000` and so on, lower case.
    names: Vec<String>,
    /// The server's own origins: `http://` before those names.
    own: Vec<Origin>,
    /// `TOKENPASS_ORIGIN_WHITELIST`.
    listed: Vec<Origin>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// Not a browser's page: there is no `Origin`.
    Program,
    /// A page of this server.
    Own(Origin),
    /// A page of an approved origin.
    Page(Origin),
    /// A page of any other origin, as it named it; `None` where that is no
    /// origin at all (`null`).
    Stranger(String, Option<Origin>),
}

impl Guard {
    pub(super) fn new(ports: &[u16], extra: Option<&Host>, listed: Vec<Origin>) -> Self {
        let mut names = Vec::new();
        for port in ports {
            for name in ["localhost", "127.0.0.1", "[::1]"] {
                names.push(format!("{name}:{port}"));
            }
            match extra.map(Host::as_str) {
                // The address of every interface is nobody's name: a browser
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
        let own = names
            .iter()
            .filter_map(|name| format!("http://{name}").parse().ok())
            .collect();
        Self { names, own, listed }
    }

    /// The address of the server's own page.
    pub(super) fn home_page(&self) -> String {
        let name = self.names.first().map_or("localhost", String::as_str);
        format!("http://{name}/")
    }

    /// The `Host` header names this server, once.
    pub(super) fn check_host(&self, request: &HttpRequest) -> Result<(), ApiError> {
        let mut hosts = request.header_values("Host");
        let host = hosts.next().unwrap_or_default().to_ascii_lowercase();
        let known = hosts.next().is_none() && self.names.contains(&host);
        if known {
            Ok(())
        } else {
            Err(ApiError::Misdirected(host.chars().take(100).collect()))
        }
    }

    /// Who asks; a request from another site that hides its origin is refused.
    pub(super) fn caller(
        &self,
        request: &HttpRequest,
        wallet: &Wallet,
    ) -> Result<Caller, ApiError> {
        let mut origins = request.header_values("Origin");
        let Some(text) = origins.next() else {
            let mut sites = request.header_values("Sec-Fetch-Site");
            let from_here = sites.all(|site| matches!(site, "none" | "same-origin"));
            // A link may lead to the server's own page from anywhere.
            return if from_here || request.path == "/" {
                Ok(Caller::Program)
            } else {
                Err(ApiError::CrossSite)
            };
        };
        let shown: String = text.chars().take(100).collect();
        let origin = match text.parse::<Origin>() {
            Ok(origin) if origins.next().is_none() => origin,
            _ => return Ok(Caller::Stranger(shown, None)),
        };
        if self.own.contains(&origin) {
            return Ok(Caller::Own(origin));
        }
        if self.listed.contains(&origin) || wallet.is_origin_allowed(&origin)? {
            return Ok(Caller::Page(origin));
        }
        Ok(Caller::Stranger(shown, Some(origin)))
    }
}

impl Caller {
    /// A page uses only its own host's key.
    pub(super) fn may_use(&self, host: &Host) -> Result<(), ApiError> {
        match self {
            Self::Page(origin) if origin.host() != *host => Err(ApiError::ForeignHost {
                origin: origin.to_string(),
                host: host.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether it is a page that nobody approved.
    pub(super) fn is_stranger(&self) -> bool {
        matches!(self, Self::Stranger(..))
    }

    /// Whether it needs no password for a token while the wallet is unlocked.
    pub(super) fn is_approved_page(&self) -> bool {
        matches!(self, Self::Own(_) | Self::Page(_))
    }

    /// The origin that may read the answer, as a CORS header wants it.
    fn readable_by(&self) -> Option<&Origin> {
        match self {
            Self::Own(origin) | Self::Page(origin) => Some(origin),
            Self::Stranger(_, origin) => origin.as_ref(),
            Self::Program => None,
        }
    }

    /// Lets the caller's page, and no other, read the answer.
    pub(super) fn allow_reading(&self, response: HttpResponse) -> HttpResponse {
        let response = response.with_header("Vary", "Origin");
        match self.readable_by() {
            Some(origin) => response
                .with_header("Access-Control-Allow-Origin", origin.as_str().to_owned())
                .with_header("Access-Control-Expose-Headers", "Retry-After"),
            None => response,
        }
    }
}

/// Whether a host is written with a port.
fn has_port(host: &str) -> bool {
    host.rsplit_once(':')
        .is_some_and(|(_, port)| !port.ends_with(']'))
}

/// The answer to a preflight of a page that may ask (Fetch, "CORS protocol";
/// Private Network Access).
pub(super) fn preflight(request: &HttpRequest, methods: &'static str) -> HttpResponse {
    let response = HttpResponse::empty(204)
        .with_header("Allow", methods)
        .with_header("Access-Control-Allow-Methods", methods)
        .with_header(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type",
        )
        .with_header("Access-Control-Max-Age", "600");
    if request.header("Access-Control-Request-Private-Network") == Some("true") {
        response.with_header("Access-Control-Allow-Private-Network", "true")
    } else {
        response
    }
}
