//! `serve`, and the commands that talk to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::support::{Home, PASSWORD};

/// A running server, killed when dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(home: &Home, args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tokenpass"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .env_clear()
            .env("TOKENPASS_HOME", home.path())
            .env("TOKENPASS_PASSWORD", PASSWORD)
            .env("TOKENPASS_INSECURE_TEST_KDF_ITERATIONS", "1")
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

    fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_running_server_is_seen_unlocked_and_locked() {
    let home = Home::registered();
    let server = Server::start(&home, &[]);
    let seen = || {
        home.run(["status"])
            .env("TOKENPASS_PORT", server.port())
            .json()["server"]
            .clone()
    };
    let state = |unlocked: bool| json!({"url": server.url, "unlocked": unlocked});
    assert_eq!(seen(), state(false));
    home.run(["login", "--server", &server.url])
        .password()
        .prints();
    assert_eq!(seen(), state(true));
    home.run(["logout", "--server", &server.url]).prints();
    assert_eq!(seen(), state(false));
    let wrong = home.run(["login", "--server", &server.url]);
    wrong
        .env("TOKENPASS_PASSWORD", "wrong horse")
        .fails(1, "error: wrong password\n");
}

#[test]
fn a_server_can_be_unlocked_from_the_start() {
    let home = Home::registered();
    let server = Server::start(&home, &["--unlock", "--log", "json"]);
    let status = home
        .run(["status"])
        .env("TOKENPASS_PORT", server.port())
        .json();
    assert_eq!(status["server"]["unlocked"], true);
}

#[test]
fn a_port_in_use_is_told() {
    let home = Home::registered();
    let server = Server::start(&home, &[]);
    let address = server.url.trim_start_matches("http://");
    home.run(["serve", "--listen", address]).fails(
        1,
        &format!(
            "error: `{address}` is in use by another program
hint: `--listen 127.0.0.1:PORT` takes another port\n"
        ),
    );
}

#[test]
fn serve_unlocks_nothing_with_a_wrong_password() {
    let home = Home::registered();
    let run = home.run(["serve", "--unlock", "--listen", "127.0.0.1:0"]);
    let done = run.env("TOKENPASS_PASSWORD", "wrong horse").done();
    assert_eq!((done.code, done.stdout.len()), (1, 0));
}

#[test]
fn nobody_at_the_other_end_is_told() {
    let home = Home::registered();
    home.run(["login", "--server", "http://127.0.0.1:1"])
        .password()
        .fails(
            1,
            "error: no TokenPass server at `http://127.0.0.1:1`: connection refused
hint: start one with `tokenpass serve`, or name it: `--server http://127.0.0.1:PORT`
",
        );
    home.run(["login", "--server", "http://example.com"]).password().fails(
        2,
        "error: `--server [<URL>]`: `http://example.com` is not a server on this machine, like `http://127.0.0.1:21000`
hint: `tokenpass login --help` tells more
",
    );
}
