//! Many requests that nobody answers.
#![cfg(target_os = "linux")]

use std::fs;
use std::net::TcpStream;

use crate::client::{changed, encoded, hidden_fields, request};
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
