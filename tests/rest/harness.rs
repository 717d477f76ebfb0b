//! A home, a server on it, and a small HTTP client.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokenpass::server::{LogFormat, ServeOptions, Server};
use tokenpass::wallet::{Environment, KdfPolicy, Timestamp, Wallet};

use crate::schema;

pub(crate) const PASSWORD: &str = "correct horse";
pub(crate) const ALL_SCOPES: &str =
    "sign,encrypt,decrypt,read_profile,write_profile,read_state,write_state,fund,transfer";

/// No answer is longer.
const MAX_ANSWER: u64 = 8 * 1024 * 1024;

/// A home folder and its clock. Servers and handles on it are as many
/// processes.
pub(crate) struct Home {
    folder: TempDir,
    clock: Arc<AtomicU64>,
    iterations: u32,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self::at_cost(2)
    }

    pub(crate) fn at_cost(iterations: u32) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(AtomicU64::new(1_800_000_000_000)),
            iterations,
        }
    }

    /// A handle of its own, as another process would have.
    pub(crate) fn wallet(&self) -> Wallet {
        let clock = Arc::clone(&self.clock);
        let environment = Environment::system()
            .with_clock(move || Timestamp::from_millis(clock.load(Ordering::SeqCst)))
            .with_kdf(KdfPolicy::insecure_for_tests(self.iterations));
        Wallet::open(self.path(), environment)
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.load(Ordering::SeqCst)
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

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
        listen: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
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
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn own_origin(&self) -> String {
        format!("http://localhost:{}", self.port())
    }

    pub(crate) fn request(&self, method: &str, target: &str) -> Request {
        Request {
            address: self.address,
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![("Host".to_owned(), format!("localhost:{}", self.port()))],
            body: Vec::new(),
        }
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
        String::from_utf8(exchange(self.address, bytes)).unwrap()
    }
}

/// A request that is yet to be sent.
#[derive(Clone)]
pub(crate) struct Request {
    address: SocketAddr,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Another `Host` than the server's.
    pub(crate) fn host(mut self, host: &str) -> Self {
        self.headers.retain(|(name, _)| name != "Host");
        self.header("Host", host)
    }

    pub(crate) fn origin(self, origin: &str) -> Self {
        self.header("Origin", origin)
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: Value) -> Self {
        self.bytes("application/json", body.to_string().as_bytes())
    }

    pub(crate) fn bytes(mut self, media_type: &str, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self.header("Content-Type", media_type)
    }

    /// Sends it, on a connection of its own. The answer is what the contract
    /// says, and breaks none of the rules that hold for every answer.
    pub(crate) fn send(&self) -> Answer {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            bytes += &format!("{name}: {value}\r\n");
        }
        if !self.body.is_empty() || self.method == "POST" {
            bytes += &format!("Content-Length: {}\r\n", self.body.len());
        }
        bytes += "Connection: close\r\n\r\n";
        let mut bytes = bytes.into_bytes();
        bytes.extend_from_slice(&self.body);
        let answer = Answer::parse(&exchange(self.address, &bytes));
        self.check(&answer);
        answer
    }

    fn check(&self, answer: &Answer) {
        let what = format!("{} {}", self.method, self.target);
        assert_eq!(answer.header("Set-Cookie"), None, "{what}");
        let reader = answer.header("Access-Control-Allow-Origin");
        assert_ne!(reader, Some("*"), "{what}");
        let credentials = answer.header("Access-Control-Allow-Credentials");
        assert_eq!(credentials, None, "{what}");
        let path = self.target.split('?').next().unwrap();
        if path != "/" && self.method != "HEAD" && answer.status != 204 {
            let media_type = answer.header("Content-Type");
            assert_eq!(media_type, Some("application/json"), "{what}");
            assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{what}");
            let problem = schema::check_answer(&self.method, path, answer);
            assert_eq!(problem, Ok(()), "{what} answered {}", answer.text());
        }
    }
}

fn exchange(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    // So that a server that hangs fails a test instead of hanging it.
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream
        .set_write_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    // A server that has seen enough answers before everything is sent.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.take(MAX_ANSWER).read_to_end(&mut answer);
    answer
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        Self {
            status: status.parse().unwrap(),
            headers: headers.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = |(header, _): &&(String, String)| header.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(found)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The body of a 200.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// The message of an error that is the one expected.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: u64) -> String {
        let said = (self.status, self.json()["code"].as_u64());
        assert_eq!(said, (status, Some(code)), "{}", self.text());
        self.json()["error"].as_str().unwrap().to_owned()
    }
}
