//! Many requests that nobody answers, many apps that were let in.
#![cfg(target_os = "linux")]

use std::fs;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::client::{Provider, changed, encoded, hidden_fields, request};
use crate::support::http::{Answer, Request, connect, exchange};
use crate::support::serve::RunningServer;
use crate::support::{Home, PASSWORD};

const KIB: u64 = 1024;

/// What a process has in memory, in bytes.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: u64 = line
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    kib * KIB
}

fn ask(stream: &mut TcpStream, number: usize) -> Answer {
    let state = format!("state {number}");
    let asked = encoded(&changed(&request("openid"), &[("state", &state)]));
    let host = stream.peer_addr().unwrap();
    let head = format!(
        "GET /oauth2/authorize?{asked} HTTP/1.1\r\nHost: {host}\r\n\
         Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n\r\n"
    );
    let answer = exchange(stream, head);
    assert_eq!(answer.status, 200, "{number}: {}", answer.text());
    answer
}

/// Nothing is kept of a page until it is answered: pages need no bound, and none
/// of them has to go for another.
#[test]
fn ten_thousand_unanswered_pages_take_no_memory_and_the_first_is_still_good() {
    let home = Home::new();
    home.run(["register", "-q"]).password().succeeds();
    let server = RunningServer::start(&home, &["--unlock"]);
    let mut stream = connect(server.address());
    let first = ask(&mut stream, 0);
    for number in 1..1_000 {
        ask(&mut stream, number);
    }
    let before = resident(server.pid());
    for number in 1_000..10_000 {
        ask(&mut stream, number);
    }
    let grown = resident(server.pid()).saturating_sub(before);
    assert!(grown < 512 * KIB, "{grown} bytes");

    let mut form = hidden_fields(first.text());
    form.insert("password".into(), PASSWORD.into());
    form.insert("decision".into(), "allow".into());
    let fields: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let host = server.authority();
    let answer = Request::to(server.address(), "POST", "/oauth2/authorize")
        .bytes(
            "application/x-www-form-urlencoded",
            encoded(&fields).as_bytes(),
        )
        .host(host)
        .origin(&format!("http://{host}"))
        .header("Sec-Fetch-Site", "same-origin")
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Dest", "document")
        .send();
    assert_eq!(answer.status, 303, "{}", answer.text());
}

const APPS: u32 = 100_000;

/// Copies of the one app that was let in: each remembered, with a grant and a token.
const COPIES: &str = "
    CREATE TEMP TABLE copies AS WITH RECURSIVE
        numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
        SELECT n, 'app' || n || '.example' AS host FROM numbers;
    INSERT INTO oauth_apps
        (wallet, client, redirect_uri, host, scopes, identity, expiry, first, last)
        SELECT wallet, 'https://' || c.host, 'https://' || c.host || '/cb', c.host, scopes,
            identity, expiry, first - n, last - n FROM oauth_apps, copies c;
    INSERT INTO oauth_grants
        (id, wallet, client, host, scopes, identity, expiry, auth_time, ends)
        SELECT randomblob(16), wallet, 'https://' || c.host, c.host, scopes, identity, expiry,
            auth_time, ends FROM oauth_grants, copies c;
    INSERT INTO tokens (hash, id, wallet, host, scopes, identity, created, expires, grant_id)
        SELECT randomblob(32), lower(hex(randomblob(6))), t.wallet, g.host, t.scopes,
            t.identity, t.created, t.expires, g.id FROM oauth_grants g, tokens t
        WHERE g.id <> t.grant_id;";

/// How long a page takes: the median of some.
fn median(mut page: impl FnMut() -> Answer) -> Duration {
    let mut times: Vec<_> = (0..21)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(page().status, 200);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// `cargo test --release --test oauth pages_of -- --ignored --nocapture`
#[test]
#[ignore = "prints figures"]
#[allow(clippy::print_stderr, reason = "what it prints is what it is for")]
fn pages_of_who_let_in_a_hundred_thousand_apps() {
    let provider = Provider::new();
    provider.tokens("openid sign");
    let mut form = hidden_fields(provider.visit("/").text());
    form.insert("password".into(), PASSWORD.into());
    form.insert("act".into(), "open".into());
    let dashboard = provider.submit("/", &form);
    let session = hidden_fields(dashboard.text())["session"].clone();
    let known = request("openid sign");
    let new = changed(
        &known,
        &[
            ("client_id", "https://new.example"),
            ("redirect_uri", "https://new.example/cb"),
        ],
    );
    let show = [("act", "show"), ("session", &session)];
    let told = |apps: &str| {
        eprintln!("{apps}");
        let consent = |asked: &[(&str, &str)]| median(|| provider.consent_page(asked).0);
        eprintln!("  consent, a known app   {:>8.2?}", consent(&known));
        eprintln!("  consent, a new app     {:>8.2?}", consent(&new));
        let dashboard = median(|| provider.submit_all("/", &show));
        eprintln!("  dashboard              {dashboard:>8.2?}");
    };
    told("one app");
    let state = Connection::open(provider.home.path().join("state.db")).unwrap();
    state
        .execute_batch(&COPIES.replace("?1", &APPS.to_string()))
        .unwrap();
    let kept = "SELECT count(*) FROM tokens t JOIN oauth_grants g ON t.grant_id = g.id
        JOIN oauth_apps a ON a.client = g.client";
    let kept: u32 = state.query_row(kept, [], |row| row.get(0)).unwrap();
    assert_eq!(kept, APPS + 1);
    told("100,000 apps");
}
