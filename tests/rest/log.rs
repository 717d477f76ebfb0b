//! The access log, as whoever runs the server reads it.

use std::io::Write;

use serde_json::{Value, json};
use tokenpass::Origin;

use crate::harness::Home;
use crate::support::http::{connect, read_answer};
use crate::support::serve::RunningServer;

fn auth(server: &RunningServer, origin: &str) {
    let request = server.request("POST", "/api/auth");
    let request = request.json(json!({"host": "a.example"})).origin(origin);
    request.send().refused(403, 7);
}

#[test]
fn a_refused_page_is_named_with_the_command_that_approves_it() {
    let home = Home::registered();
    let (server, mut log) = RunningServer::with_log(&home, &[]);
    let mut logged = |origin: &str| -> (Value, Value) {
        auth(&server, origin);
        let line = log.find(|line| line["path"] == "/api/auth").unwrap();
        (line["origin"].clone(), line["hint"].clone())
    };
    assert_eq!(
        logged("https://page.example"),
        (
            json!("https://page.example"),
            json!("tokenpass origin allow https://page.example")
        )
    );
    // A shell would run it.
    let evil = "https://a;reboot";
    assert!(evil.parse::<Origin>().is_ok());
    assert_eq!(logged(evil), (json!(evil), json!(null)));
    // Approving would not help.
    for origin in ["null", &server.url] {
        assert_eq!(logged(origin), (json!(null), json!(null)));
    }
}

#[test]
fn an_approved_page_is_logged_with_its_host() {
    let home = Home::registered();
    home.run(["origin", "allow", "https://page.example"])
        .prints();
    let (server, mut log) = RunningServer::with_log(&home, &[]);
    let status = server.request("GET", "/api/status");
    status.origin("https://page.example").send().ok();
    let line = log.find(|line| line["path"] == "/api/status").unwrap();
    assert_eq!(line["host"], "page.example");
}

/// More than a pipe and the log's queue hold together.
const REQUESTS: usize = 9_000;

/// More than a pipe holds, and less than pipe and queue together.
const READ: usize = 3_000;

#[test]
fn a_log_that_nobody_reads_holds_up_nobody_and_says_what_it_dropped() {
    let home = Home::registered();
    let (server, mut log) = RunningServer::with_log(&home, &[]);
    assert!(log.next().unwrap()["note"].is_string());
    let mut stream = connect(server.address());
    let host = server.authority();
    let request = format!("GET /api/health HTTP/1.1\r\nHost: {host}\r\n\r\n");
    for _ in 0..REQUESTS {
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(read_answer(&mut stream, false).unwrap().status, 200);
    }
    // Now somebody reads: as soon as there is room again, the next line comes
    // after the count of those that had none.
    let mut told = 0;
    while told < READ {
        assert_eq!(log.next().unwrap()["path"], "/api/health");
        told += 1;
    }
    server.request("GET", "/api/status").send().ok();
    let mut dropped = 0;
    for line in log.take_while(|line| line["path"] != "/api/status") {
        match line["warning"].as_str() {
            Some(warning) => {
                let count = warning.rsplit(' ').next().unwrap();
                dropped += count.parse::<usize>().unwrap();
            }
            None => told += 1,
        }
    }
    assert!(dropped > 0);
    assert_eq!(told + dropped, REQUESTS);
}
