//! `tokenpass serve` as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};

use super::http::Request;
use super::run::tokenpass;
use super::{Home, PASSWORD};

/// A running server, killed when dropped.
pub(crate) struct RunningServer {
    child: Child,
    /// Its first line on standard output.
    pub(crate) url: String,
}

impl RunningServer {
    /// Starts one on a free port, and waits until it is ready.
    pub(crate) fn start(home: &Home, args: &[&str]) -> Self {
        let mut child = tokenpass(&home.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .env("TOKENPASS_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut url).unwrap();
        let url = url.trim_end().to_owned();
        Self { child, url }
    }

    /// Its address, without the scheme.
    pub(crate) fn authority(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Its port, as it is written in `TOKENPASS_PORT`.
    pub(crate) fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap()
    }

    /// A request to it.
    pub(crate) fn request(&self, method: &str, target: &str) -> Request {
        let address: SocketAddr = self.authority().parse().unwrap();
        Request::to(address, method, target)
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
