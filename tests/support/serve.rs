//! `tokenpass serve` as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

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
        Self::spawn(home, args, Stdio::null())
    }

    /// Starts one that is told where to listen by variables only.
    pub(crate) fn by_environment(home: &Home, variables: &[(&str, &str)]) -> Self {
        let mut command = tokenpass(&home.path());
        command.arg("serve").envs(variables.iter().copied());
        Self::run(command.stderr(Stdio::null()))
    }

    fn spawn(home: &Home, args: &[&str], stderr: Stdio) -> Self {
        let place = if args.contains(&"--listen") {
            &[][..]
        } else {
            &["--listen", "127.0.0.1:0"]
        };
        let mut command = tokenpass(&home.path());
        command.arg("serve").args(place).args(args);
        Self::run(command.env("TOKENPASS_PASSWORD", PASSWORD).stderr(stderr))
    }

    /// Starts `serve` as it is told, and waits until it is ready.
    pub(crate) fn run(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut url = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut url).unwrap();
        let url = url.trim_end().to_owned();
        Self { child, url }
    }

    /// Ends it as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end; returns its exit code.
    #[cfg(unix)]
    pub(crate) fn stop(&mut self) -> Option<i32> {
        self.signal(rustix::process::Signal::TERM);
        self.wait()
    }

    /// Sends it a signal.
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal).unwrap();
    }

    /// Waits for its end; returns its exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Starts one that logs JSON, and reads its log.
    pub(crate) fn with_log(
        home: &Home,
        args: &[&str],
    ) -> (Self, impl Iterator<Item = Value> + use<>) {
        let args = [&["--log", "json"], args].concat();
        let mut server = Self::spawn(home, &args, Stdio::piped());
        let log = BufReader::new(server.child.stderr.take().unwrap());
        let lines = log.lines().map_while(Result::ok);
        (
            server,
            lines.filter_map(|line| serde_json::from_str(&line).ok()),
        )
    }

    /// Whether it has not ended.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.authority().parse().unwrap()
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
        Request::to(self.address(), method, target)
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
