//! The real server, and a client whose connections stay open.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use tokenpass::PrivateKey;
use tokenpass::testing::crypto::brc78;

use crate::PASSWORD;
use crate::scan::{Secrets, is_allowed, search};
use crate::support::Home;
use crate::support::http::{Answer, LONG, connect, exchange};
use crate::support::proof;
use crate::support::run::tokenpass;

/// Killed when dropped.
pub(crate) struct Running {
    child: Child,
    address: SocketAddr,
    home: Home,
    /// Kept open, so that the threads behind them live on.
    connections: RefCell<Vec<TcpStream>>,
}

impl Running {
    /// A server on this home, with the password on its standard input. `None`
    /// where its memory cannot be read.
    pub(crate) fn start(home: Home, args: &[&str]) -> Option<Self> {
        let mut child = tokenpass(&home.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "off"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // One that does not read it may have closed it.
        let _ = writeln!(child.stdin.take().unwrap(), "{PASSWORD}");
        let mut url = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut url).unwrap();
        let address = url.trim().strip_prefix("http://").unwrap();
        let server = Self {
            child,
            address: address.parse().unwrap(),
            home,
            connections: RefCell::default(),
        };
        is_allowed(server.pid()).then_some(server)
    }

    /// One whose wallet is unlocked from the start.
    pub(crate) fn unlocked(args: &[&str]) -> Option<Self> {
        let args = [&["--unlock", "--password-stdin"], args].concat();
        Self::start(registered(), &args)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The wallet's encrypted backup, under its own password.
    pub(crate) fn backup(&self) -> String {
        let passphrase = self.home.secret_file("passphrase", PASSWORD);
        let export = ["export", "--format", "bep", "--backup-password-file"];
        let run = self.home.run([&export[..], &[&passphrase]].concat());
        run.env("TOKENPASS_PASSWORD", PASSWORD).prints()
    }

    /// Has it make a backup by a schedule, under the wallet's own password.
    pub(crate) fn back_up_by_schedule(&self) {
        let passphrase = self.home.secret_file("passphrase", PASSWORD);
        let folder = self.home.beside("folder");
        let to = folder.to_str().unwrap();
        let backup = [
            "backup",
            "--every",
            "1s",
            "--to",
            to,
            "--backup-password-file",
        ];
        let run = self.home.run([&backup[..], &[&passphrase]].concat());
        run.env("TOKENPASS_PASSWORD", PASSWORD).prints();
        self.home.run(["profile", "set", "a=b"]).succeeds();
        let deadline = Instant::now() + LONG;
        while std::fs::read_dir(&folder).unwrap().count() < 2 {
            assert!(Instant::now() < deadline, "no backup is made");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.ask("GET", path, None, "").ok()
    }

    /// A text is sent as it is.
    pub(crate) fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let body = match body {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.ask("POST", path, token, &body)
    }

    pub(crate) fn login(&self) {
        self.post("login", None, &json!({"password": PASSWORD}))
            .ok();
    }

    /// A short session, as a command asks for it.
    pub(crate) fn agent_session(&self) -> String {
        let key = proof::key(&self.home.path());
        let answer = self.post("agent", None, &proof::ask_agent(&key)).ok();
        proof::open(&key, &answer).unwrap()
    }

    /// By the command line, which the server unlocks for.
    pub(crate) fn sign_without_password(&self) {
        self.home.run(["sign", "m"]).prints();
    }

    pub(crate) fn logout(&self) {
        self.post("logout", None, &json!({})).ok();
    }

    /// The words, by way of the server.
    pub(crate) fn export(&self) -> String {
        let export = self
            .post("export", None, &json!({"password": PASSWORD}))
            .ok();
        export["mnemonic"].as_str().unwrap().to_owned()
    }

    fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> Answer {
        let authorization = token.map_or(String::new(), |token| {
            format!("Authorization: Bearer {token}\r\n")
        });
        let request = format!(
            "{method} /api/{path} HTTP/1.1\r\nHost: {}\r\n{authorization}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut stream = connect(self.address);
        let answer = exchange(&mut stream, request);
        self.connections.borrow_mut().push(stream);
        answer
    }

    /// Waits, without a request, until these are gone.
    pub(crate) fn await_lock(&self, secrets: &Secrets) {
        let deadline = Instant::now() + LONG;
        while !search(self.pid(), secrets).is_empty() {
            assert!(Instant::now() < deadline, "it does not lock");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A home whose wallet has fresh words, and the password of these tests.
pub(crate) fn registered() -> Home {
    let home = Home::new();
    let register = home.run(["register", "-q"]);
    register.env("TOKENPASS_PASSWORD", PASSWORD).succeeds();
    home
}

/// A body that only the holder of a key can read, in hex.
pub(crate) fn sealed_to(key: &str, body: &[u8]) -> String {
    let sender = PrivateKey::from_bytes(&[7; 32]).unwrap();
    let sealed = brc78::encrypt(body, &sender, &key.parse().unwrap(), [9; 32], [5; 32]);
    hex::encode(sealed.unwrap())
}
