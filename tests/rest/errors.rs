//! The table of errors, row by row, and the order of the checks.

use std::time::Duration;

use serde_json::json;

use crate::harness::{ALL_SCOPES, Home, PASSWORD, Request, options};

const STRANGER: &str = "https://stranger.example";

#[test]
fn every_row_of_the_error_table() {
    let home = Home::new();
    let site = home.serve();
    let sign = || site.post("/api/sign", json!({"message": "m"}));

    let answer = sign().send();
    answer.refused(417, 10);
    assert_eq!(
        answer.json()["errorURL"],
        format!("http://localhost:{}/", site.port())
    );
    site.register();
    site.post("/api/register", json!({"password": PASSWORD}))
        .send()
        .refused(409, 11);
    site.post("/api/import", json!({"password": PASSWORD, "seed": "00"}))
        .send()
        .refused(409, 11);

    site.logout();
    let answer = sign().send();
    answer.refused(401, 1);
    assert!(answer.json()["errorURL"].is_string());
    site.post("/api/login", json!({"password": "wrong horse"}))
        .send()
        .refused(401, 8);
    site.post("/api/login", json!({})).send().refused(401, 9);
    site.post("/api/auth", json!({"host": "example.com"}))
        .send()
        .refused(401, 9);
    site.login();
    site.post("/api/auth", json!({"host": "example.com"}))
        .send()
        .refused(401, 9);
    site.post("/api/export", json!({"password": "wrong horse"}))
        .send()
        .refused(401, 8);

    let answer = sign().send();
    answer.refused(401, 2);
    assert_eq!(answer.header("WWW-Authenticate"), Some("Bearer"));
    sign()
        .token("8d9b1f4e-0000-4000-8000-000000000000")
        .send()
        .refused(401, 3);
    let said = sign().token(&site.token("encrypt")).send().refused(403, 6);
    assert!(said.contains("`sign`"), "{said}");
    let answer = sign().origin(STRANGER).send();
    assert!(answer.refused(403, 7).contains(STRANGER));
    assert!(answer.json()["errorURL"].is_string());

    site.get("/api/nothing").send().refused(404, 0);
    assert_eq!(
        site.request("PUT", "/api/sign").send().header("Allow"),
        Some("POST, OPTIONS")
    );
    site.post("/api/verify", json!([])).send().refused(400, 0);
    site.request("POST", "/api/verify")
        .bytes("text/plain", b"{}")
        .send()
        .refused(415, 0);
    let large = vec![b'a'; 2 * 1024 * 1024];
    site.request("POST", "/api/verify")
        .bytes("application/json", &large)
        .send()
        .refused(413, 0);
    sign().host("attacker.example").send().refused(421, 0);

    let token = site.token("sign");
    home.pass(Duration::from_secs(3600));
    sign().token(&token).send().refused(401, 5);
    for _ in 0..5 {
        site.post("/api/login", json!({"password": "wrong horse"}))
            .send()
            .refused(401, 8);
    }
    let answer = site
        .post("/api/login", json!({"password": PASSWORD}))
        .send();
    answer.refused(429, 12);
    assert_eq!(answer.header("Retry-After"), Some("1"));
}

#[test]
fn checks_come_in_their_order_so_that_nothing_leaks() {
    let home = Home::new();
    let site = home.serve_as(tokenpass::testing::server::ServeOptions {
        requests_per_second: 1,
        ..options()
    });
    let wrong = || site.request("PUT", "/api/sign").bytes("text/plain", b"[");
    // Each mistake put right shows the next one.
    wrong()
        .origin(STRANGER)
        .host("0.0.0.0")
        .send()
        .refused(421, 0);
    wrong().origin(STRANGER).send().refused(403, 7);
    wrong().send().refused(405, 0);
    let wrong = || site.request("POST", "/api/sign");
    wrong().bytes("text/plain", b"[").send().refused(415, 0);
    let wrong = |token: &str| wrong().bytes("application/json", b"[").token(token);
    wrong("one").send().refused(417, 10);
    wrong("one").send().refused(429, 12);
    drop(site);

    let site = home.serve_registered();
    site.logout();
    let wrong = || {
        site.request("POST", "/api/sign")
            .bytes("application/json", b"[")
    };
    wrong().token("x").send().refused(401, 1);
    site.login();
    wrong().send().refused(401, 2);
    wrong().token("x").send().refused(401, 3);
    wrong().token(&site.token("encrypt")).send().refused(403, 6);
    wrong().token(&site.token("sign")).send().refused(400, 0);
}

#[test]
fn the_wallets_state_is_told_before_the_body_is_looked_at() {
    let home = Home::new();
    let site = home.serve();
    let broken = |path: &str| site.request("POST", path).bytes("application/json", b"{");
    for path in [
        "/api/login",
        "/api/export",
        "/api/auth",
        "/api/profile",
        "/api/identity",
    ] {
        broken(path).send().refused(417, 10);
    }
    site.register();
    for path in ["/api/register", "/api/import"] {
        broken(path).send().refused(409, 11);
    }
    site.logout();
    for path in ["/api/profile", "/api/identity"] {
        broken(path).send().refused(401, 1);
    }
}

#[test]
fn an_error_says_nothing_of_what_went_wrong_inside() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token(ALL_SCOPES);
    drop(site);
    // Not a database any more.
    std::fs::write(home.path().join("state.db"), vec![7; 4096]).unwrap();
    let site = home.serve();
    let ask: [Request; 2] = [
        site.post("/api/login", json!({"password": PASSWORD})),
        site.post("/api/state", json!({})).token(&token),
    ];
    let said = ask[0].send().refused(500, 0);
    assert!(
        !said.contains("sqlite") && !said.contains("state.db"),
        "{said}"
    );
    assert_ne!(ask[1].send().status, 200);
    site.get("/api/health").send().ok();
}
