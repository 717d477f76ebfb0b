//! `serve` on a home, for its API and for BRC-100 apps.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::shim::{Fault, Watch};
use crate::support::http::{Request, try_connect};
use crate::support::run::tokenpass;
use crate::support::serve::RunningServer;
use crate::support::{Home, PASSWORD};

pub(crate) struct Served {
    pub(crate) server: RunningServer,
    apps: SocketAddr,
    watch: Watch,
}

impl Served {
    pub(crate) fn start(home: &Home) -> Self {
        let watch = Watch::new();
        Self::run(command(home), watch)
    }

    /// The calls of its requests are counted from [`Self::arm`] on: the scheduled
    /// backup makes its own when it likes, also after an answer.
    pub(crate) fn under_shim(home: &Home, fault: Option<Fault>) -> Self {
        Self::spared(home, fault, "backups")
    }

    /// All calls are counted from [`Self::arm`] on.
    pub(crate) fn wholly_under_shim(home: &Home, fault: Option<Fault>) -> Self {
        Self::spared(home, fault, "")
    }

    fn spared(home: &Home, fault: Option<Fault>, thread: &str) -> Self {
        let (mut command, watch) = (command(home), Watch::new());
        watch.over(&mut command, home, fault);
        command.env("FAULT_ARMED", watch.beside("armed"));
        command.env("FAULT_SPARES", thread);
        Self::run(command, watch)
    }

    fn run(mut command: Command, watch: Watch) -> Self {
        let log = File::create(watch.beside("log")).unwrap();
        let mut server = RunningServer::run(command.stderr(log));
        let told: Value = serde_json::from_str(&server.url).unwrap();
        let url = |name: &str| told[name].as_str().unwrap().to_owned();
        server.url = url("url");
        let apps = url("brc100Url");
        Self {
            apps: apps.trim_start_matches("http://").parse().unwrap(),
            server,
            watch,
        }
    }

    pub(crate) fn arm(&self) {
        fs::write(self.watch.beside("armed"), "").unwrap();
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        self.watch.calls()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.watch.beside("log")).unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Request {
        self.server.request("POST", path).json(body)
    }

    /// A call of an approved page to the wallet that BRC-100 apps find.
    pub(crate) fn app(&self, method: &str, args: Value) -> Request {
        let request = Request::to(self.apps, "POST", &format!("/{method}"));
        request.json(args).origin("https://a.example")
    }
}

/// Unlocked, where there is a wallet.
fn command(home: &Home) -> Command {
    let mut command = tokenpass(&home.path());
    command.args(["--json", "serve", "--listen", "127.0.0.1:0"]);
    command.args(["--brc100-listen", "127.0.0.1:0"]);
    if home.path().exists() {
        command.arg("--unlock").env("TOKENPASS_PASSWORD", PASSWORD);
    }
    command.stdin(Stdio::null());
    command
}

/// An answer that arrived whole.
pub(crate) struct Answered {
    pub(crate) head: String,
    body: Vec<u8>,
}

impl Answered {
    /// `None` where it is a page.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn is_good(&self) -> bool {
        self.head.starts_with("HTTP/1.1 2") || self.head.starts_with("HTTP/1.1 3")
    }

    /// Where the browser is sent.
    pub(crate) fn location(&self) -> &str {
        let line = self
            .head
            .lines()
            .find(|line| line.starts_with("Location: "));
        line.unwrap().trim_start_matches("Location: ")
    }
}

/// Sends a request; `None` where the server is gone before it has answered all of
/// it, or before it was asked.
pub(crate) fn ask(request: &Request) -> Option<Answered> {
    let mut stream = try_connect(request.address()).ok()?;
    let _ = stream.write_all(&request.to_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let body = answer.split_off(end);
    let head = String::from_utf8(answer).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))?;
    (length.parse() == Ok(body.len())).then_some(Answered { head, body })
}

/// The same; `None` where it was refused, too.
pub(crate) fn got(request: &Request) -> Option<Answered> {
    ask(request).filter(Answered::is_good)
}
