//! `serve`, and the commands that talk to it.

use serde_json::json;

use crate::support::Home;
use crate::support::serve::RunningServer;

#[test]
fn a_running_server_is_seen_unlocked_and_locked() {
    let home = Home::registered();
    let server = RunningServer::start(&home, &[]);
    let seen = || {
        home.run(["status"])
            .env("TOKENPASS_PORT", server.port())
            .json()["server"]
            .clone()
    };
    let state = |unlocked: bool| json!({"url": server.url, "unlocked": unlocked, "proven": true});
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
    let server = RunningServer::start(&home, &["--unlock", "--log", "json"]);
    let status = home
        .run(["status"])
        .env("TOKENPASS_PORT", server.port())
        .json();
    assert_eq!(status["server"]["unlocked"], true);
}

#[test]
fn a_port_in_use_is_told() {
    let home = Home::registered();
    let server = RunningServer::start(&home, &[]);
    let address = server.authority();
    let other = Home::registered();
    other.run(["serve", "--listen", address]).fails(
        1,
        &format!(
            "error: `{address}` is in use by another program
hint: choose another port with `--listen 127.0.0.1:PORT`\n"
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
hint: start one with `tokenpass serve`
",
        );
    home.run(["login", "--server", "http://example.com"]).password().fails(
        2,
        "error: `--server [<URL>]`: `http://example.com` is not a server on this machine, like `http://127.0.0.1:21000`
hint: `tokenpass login --help` says more
",
    );
}

#[test]
fn a_port_that_is_none_is_refused_by_whoever_reads_it() {
    let home = Home::registered();
    for args in ["status", "serve"].map(|verb| [verb]) {
        home.run(args)
            .password()
            .env("TOKENPASS_PORT", "65536")
            .fails(
                2,
                "error: `TOKENPASS_PORT`: `65536`: number too large to fit in target type\n",
            );
    }
}
