//! The server among others: pages that must be able to read every refusal,
//! names that proxies say, web views.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Answer, Home, Site, options};
use crate::support::http::{connect, read_answer};
use crate::support::serve::RunningServer;

const APP: &str = "https://app.example";
const STRANGER: &str = "https://stranger.example";

/// A server with an approved page, which may make so many requests a second.
fn approved(rate: u32) -> (Home, Site) {
    let home = Home::new();
    let site = home.serve_as(tokenpass::testing::server::ServeOptions {
        origins: vec![APP.parse().unwrap()],
        requests_per_second: rate,
        ..options()
    });
    site.register();
    (home, site)
}

fn reader(answer: &Answer) -> Option<&str> {
    answer.header("Access-Control-Allow-Origin")
}

/// The `Host` and the `Origin` at the end of the head, as browsers send it.
fn head(site: &Site, start: &str, page: &str) -> String {
    let port = site.port();
    format!("{start}Host: localhost:{port}\r\nOrigin: {page}\r\n\r\n")
}

#[test]
fn an_approved_page_can_read_every_refusal_and_no_other_page_can() {
    let (_home, site) = approved(0);
    let line = "POST /api/sign HTTP/1.1\r\n";
    let long = "x".repeat(40_000);
    let many: String = (0..100).map(|n| format!("X-{n}: y\r\n")).collect();
    for (status, start) in [
        (400, format!("{line}Content-Length: -1\r\n")),
        (400, format!("{line}X-Name: caf\u{e9}\r\n")),
        (401, format!("{line}Content-Length: 0\r\n")),
        (404, "GET /api/nothing HTTP/1.1\r\n".to_owned()),
        (405, "GET /api/sign HTTP/1.1\r\n".to_owned()),
        (413, format!("{line}Content-Length: 1100000\r\n")),
        (414, format!("GET /api/status?{long} HTTP/1.1\r\n")),
        (415, format!("{line}Content-Encoding: gzip\r\n")),
        (417, format!("{line}Expect: a miracle\r\n")),
        (431, format!("{line}X-Long: {long}\r\n")),
        (431, format!("{line}{many}")),
        (501, format!("{line}Transfer-Encoding: gzip\r\n")),
    ] {
        for (page, allowed) in [(APP, Some(APP)), (STRANGER, None)] {
            let mut stream = connect(site.address());
            let request = head(&site, &start, page);
            stream.write_all(request.as_bytes()).unwrap();
            let answer = read_answer(&mut stream, false).unwrap();
            if page == APP {
                assert_eq!(answer.status, status, "{}", answer.text());
            }
            assert_eq!(reader(&answer), allowed, "{status}");
            assert_eq!(answer.header("Vary"), Some("Origin"), "{status}");
        }
    }
}

#[test]
fn who_asks_too_often_is_told_so_where_the_page_can_read_it() {
    let (_home, site) = approved(1);
    for path in ["/api/status", "/oauth2/jwks"] {
        let mut answers = (0..20).map(|_| site.get(path).origin(APP).send());
        let refused = answers.find(|answer| answer.status == 429).unwrap();
        assert_eq!(reader(&refused), Some(APP), "{path}");
        assert_eq!(refused.header("Retry-After"), Some("1"), "{path}");
    }
}

/// A page's browser sends its whole request before it reads the answer.
#[test]
fn an_approved_page_that_is_still_sending_reads_why_it_was_refused() {
    let (_home, site) = approved(0);
    let mut stream = connect(site.address());
    let length = 20 << 20;
    let start = format!(
        "POST /api/sign HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
    );
    let request = head(&site, &start, APP);
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(&vec![b' '; length]).unwrap();
    let answer = read_answer(&mut stream, false).unwrap();
    answer.refused(413, 0);
    assert_eq!(reader(&answer), Some(APP));
}

#[test]
fn a_tls_proxy_may_name_the_server_with_and_without_the_usual_port() {
    let home = Home::registered();
    let hosts = "tp.example, Second.Example";
    let port = [("TOKENPASS_PORT", "0"), ("TOKENPASS_HOST", hosts)];
    let server = RunningServer::by_environment(&home, &port);
    let port = server.port().to_owned();
    let own = format!("second.example:{port}");
    for (host, status) in [
        ("tp.example", 200),
        ("TP.EXAMPLE:443", 200),
        ("second.example:80", 200),
        (&own, 200),
        ("third.example", 421),
        ("tp.example:22", 421),
        ("tp.example.evil.example", 421),
    ] {
        let answer = server.request("GET", "/api/health").host(host).send();
        assert_eq!(answer.status, status, "{host}");
    }
    // Whichever port a proxy writes, the issuer is one.
    for host in ["tp.example", "tp.example:443"] {
        let path = "/.well-known/openid-configuration";
        let answer = server.request("GET", path).host(host).send().ok();
        assert_eq!(answer["issuer"], "https://tp.example");
    }
}

/// As with `ssh -L 2222:localhost:21000`.
#[test]
fn a_tunnel_from_another_port_is_told_the_name_it_said_and_how_to_add_it() {
    let home = Home::registered();
    let (server, mut log) = RunningServer::with_log(&home, &[]);
    let request = server.request("GET", "/api/status").host("localhost:2222");
    let said = request.send().refused(421, 0);
    assert_eq!(
        said,
        "`localhost:2222` is not a name of this server; `TOKENPASS_HOST` can add it"
    );
    let logged = log.find(|line| line["status"] == 421).unwrap();
    assert_eq!(logged["error"], json!(said));
}

#[test]
fn more_web_views_and_extensions_are_let_in_like_pages() {
    let home = Home::new();
    let site = home.serve_registered();
    for page in [
        "ionic://localhost",
        "safari-web-extension://1b6f2d1c-4d1a-4c0e-9e57-0d1c5f6a7b8c",
        "https://tauri.localhost",
    ] {
        let host = page.split("://").nth(1).unwrap();
        let auth = site.post("/api/auth", json!({"host": host})).origin(page);
        auth.send().refused(403, 7);
        let listed = home.wallet().origins().unwrap();
        assert!(listed.iter().any(|info| info.origin == page), "{page}");
        home.wallet().allow_origin(&page.parse().unwrap()).unwrap();
        let answer = auth.send();
        answer.ok();
        assert_eq!(reader(&answer), Some(page));
    }
}

#[test]
fn a_pattern_in_the_whitelist_stops_the_start_with_the_reason() {
    let home = Home::registered();
    let whitelist = "https://a.example, https://*.example.com";
    let run = home.run(["serve", "--listen", "127.0.0.1:0"]);
    run.env("TOKENPASS_ORIGIN_WHITELIST", whitelist).fails(
        2,
        "error: `TOKENPASS_ORIGIN_WHITELIST`: `https://*.example.com`: `https://*.example.com` is \
         a pattern: each origin is approved by itself, since a pattern would also approve pages \
         that nobody has seen\n",
    );
    let allow = home.run(["origin", "allow", "https://*.example.com"]);
    let done = allow.done();
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("is a pattern: each origin"));
}

/// With a terminal that is stopped (Ctrl-S), or a pipe that nobody reads.
#[cfg(unix)]
#[test]
fn a_stop_does_not_wait_for_whoever_reads_no_log() {
    let home = Home::registered();
    let (mut server, log) = RunningServer::with_log(&home, &[]);
    let mut stream = connect(server.address());
    let host = server.authority();
    let request = format!("GET /api/health HTTP/1.1\r\nHost: {host}\r\n\r\n");
    // More than a pipe holds.
    for _ in 0..1_500 {
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(read_answer(&mut stream, false).unwrap().status, 200);
    }
    drop(stream);
    let asked = Instant::now();
    assert_eq!(server.stop(), Some(0));
    let took = asked.elapsed();
    // Half a second for the log; the rest is for a machine that is busy.
    assert!(took < Duration::from_secs(3), "{took:?}");
    drop(log);
}
