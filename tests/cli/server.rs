//! `serve`, and the commands that talk to it.

use std::io::{BufRead, BufReader};
use std::net::{Ipv6Addr, SocketAddr, TcpListener};
use std::process::Stdio;

use serde_json::json;

use crate::support::http::Request;
use crate::support::run::tokenpass;
use crate::support::serve::RunningServer;
use crate::support::{Home, PASSWORD};

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

/// `None` where there is no IPv6.
fn at_v6(port: &str) -> Option<SocketAddr> {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).ok()?;
    Some(format!("[::1]:{port}").parse().unwrap())
}

#[test]
fn localhost_is_served_at_both_of_its_addresses() {
    let home = Home::registered();
    for place in ["0", "localhost:0"] {
        let server = RunningServer::start(&home, &["--listen", place]);
        assert!(
            server.url.starts_with("http://127.0.0.1:"),
            "{}",
            server.url
        );
        for address in [Some(server.address()), at_v6(server.port())] {
            let Some(address) = address else { continue };
            for host in [address.to_string(), format!("localhost:{}", server.port())] {
                let login = Request::to(address, "POST", "/api/login").host(&host);
                let login = login.json(json!({"password": PASSWORD}));
                login.send().ok();
                let profile = Request::to(address, "GET", "/api/profile");
                assert!(profile.host(&host).send().ok()["bapID"].is_string());
            }
        }
    }
}

#[test]
fn without_an_option_it_is_localhost_at_the_usual_port() {
    let home = Home::registered();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let port = address.port().to_string();
    let _server = RunningServer::by_environment(&home, &[("TOKENPASS_PORT", &port)]);
    for address in [Some(address), at_v6(&port)].into_iter().flatten() {
        Request::to(address, "GET", "/api/health").send().ok();
    }
}

#[test]
fn who_sits_on_the_other_address_of_localhost_is_told_of_and_no_more() {
    let Some(_) = at_v6("1") else { return };
    let home = Home::registered();
    // A port that is free at 127.0.0.1 as well, or the next one.
    let (squatter, port) = std::iter::from_fn(|| Some(TcpListener::bind("[::1]:0").unwrap()))
        .map(|squatter| {
            let port = squatter.local_addr().unwrap().port();
            (squatter, port)
        })
        .find(|(_, port)| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap();
    let place = port.to_string();
    let (server, mut log) = RunningServer::with_log(&home, &["--listen", &place]);
    let warned = log.find_map(|line| line["warning"].as_str().map(str::to_owned));
    let expected = format!("`[::1]:{port}` is in use by another program");
    assert!(warned.unwrap().starts_with(&expected));
    server.request("GET", "/api/health").send().ok();
    drop(squatter);
}

#[test]
fn several_addresses_are_served_and_told() {
    let home = Home::registered();
    let mut run = tokenpass(&home.path());
    run.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--listen",
        "127.0.0.2:0",
    ]);
    let mut child = run.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for ip in ["127.0.0.1", "127.0.0.2"] {
        let url = lines.next().unwrap().unwrap();
        let address = url.strip_prefix("http://").unwrap();
        assert!(address.starts_with(ip), "{url}");
        Request::to(address.parse().unwrap(), "GET", "/api/health")
            .send()
            .ok();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_place_that_is_none_is_named() {
    let home = Home::new();
    home.run(["serve", "--listen", "example.com:80"]).fails(
        2,
        "error: `--listen <ADDRESS>`: `example.com:80` is not a port, or an address like `127.0.0.1:21000` or `localhost:21000`
hint: `tokenpass serve --help` says more
",
    );
}

#[test]
fn the_start_says_what_state_the_wallet_is_in_and_what_to_do() {
    let registered = Home::registered();
    for (home, args, state, command) in [
        (&Home::new(), &[][..], "there is no wallet yet", "register"),
        (&registered, &[], "the wallet is locked", "login --server"),
        (
            &registered,
            &["--unlock"],
            "the wallet is unlocked",
            "logout --server",
        ),
    ] {
        let (_server, mut log) = RunningServer::with_log(home, args);
        let note = log.find_map(|line| line["note"].as_str().map(str::to_owned));
        let note = note.unwrap();
        assert!(note.starts_with(state), "{note}");
        assert!(note.ends_with(&format!("`tokenpass {command}`")), "{note}");
    }
}
