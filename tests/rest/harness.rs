//! A server on a home, whose every answer is held to the contract.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokenpass::testing::server::{LogFormat, ServeOptions, Server};

use crate::support::http;
pub(crate) use crate::support::http::{Answer, Request};
use crate::support::schema;
pub(crate) use crate::support::{Home, PASSWORD};

pub(crate) const ALL_SCOPES: &str =
    "sign,encrypt,decrypt,read_profile,write_profile,read_state,write_state,fund,transfer";

/// Servers and handles on one home are as many processes.
impl Home {
    pub(crate) fn serve(&self) -> Site {
        self.serve_as(options())
    }

    pub(crate) fn serve_as(&self, options: ServeOptions) -> Site {
        let server = Server::start(self.wallet(), options).unwrap();
        Site {
            address: server.addresses()[0],
            _server: server,
        }
    }

    /// A server whose wallet is made and unlocked.
    pub(crate) fn serve_registered(&self) -> Site {
        let site = self.serve();
        site.register();
        site
    }
}

pub(crate) fn options() -> ServeOptions {
    ServeOptions {
        listen: vec![SocketAddr::from(([127, 0, 0, 1], 0)).into()],
        auto_lock: None,
        log: LogFormat::Off,
        ..ServeOptions::default()
    }
}

/// A running server; it stops when this is dropped.
pub(crate) struct Site {
    address: SocketAddr,
    _server: Server,
}

impl Site {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn own_origin(&self) -> String {
        format!("http://localhost:{}", self.port())
    }

    pub(crate) fn request(&self, method: &str, target: &str) -> Request {
        Request::to(self.address, method, target).checked_by(check)
    }

    pub(crate) fn get(&self, target: &str) -> Request {
        self.request("GET", target)
    }

    pub(crate) fn post(&self, target: &str, body: Value) -> Request {
        self.request("POST", target).json(body)
    }

    pub(crate) fn register(&self) {
        self.post("/api/register", json!({"password": PASSWORD}))
            .send()
            .ok();
    }

    pub(crate) fn login(&self) {
        self.post("/api/login", json!({"password": PASSWORD}))
            .send()
            .ok();
    }

    pub(crate) fn logout(&self) {
        self.request("POST", "/api/logout").send().ok();
    }

    /// An access token for `example.com`, for an hour.
    pub(crate) fn token(&self, scopes: &str) -> String {
        self.token_for("example.com", scopes)
    }

    pub(crate) fn token_for(&self, host: &str, scopes: &str) -> String {
        let body = json!({"host": host, "password": PASSWORD, "scopes": scopes, "expire": "1h"});
        let granted = self.post("/api/auth", body).send().ok();
        granted["accessToken"].as_str().unwrap().to_owned()
    }

    /// Sends bytes as they are; the answer's text.
    pub(crate) fn raw(&self, bytes: &[u8]) -> String {
        http::raw(self.address, bytes)
    }
}

/// The answer is what the contract says, and breaks none of the rules that
/// hold for every answer.
fn check(request: &Request, answer: &Answer) {
    let what = format!("{} {}", request.method, request.target);
    assert_eq!(answer.header("Set-Cookie"), None, "{what}");
    let reader = answer.header("Access-Control-Allow-Origin");
    assert_ne!(reader, Some("*"), "{what}");
    let credentials = answer.header("Access-Control-Allow-Credentials");
    assert_eq!(credentials, None, "{what}");
    let path = request.target.split('?').next().unwrap();
    if request.method == "HEAD" || answer.status == 204 {
        return;
    }
    // `/auth` is the API's, too.
    if !schema::is_web(path) || path == "/auth" {
        let media_type = answer.header("Content-Type");
        assert_eq!(media_type, Some("application/json"), "{what}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{what}");
    }
    let problem = schema::check_answer(&request.method, path, answer);
    assert_eq!(problem, Ok(()), "{what} answered {}", answer.text());
}
