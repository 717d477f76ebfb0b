//! A wallet that nobody uses locks: time asleep counts, and only use by those
//! who may use it is use.

use std::time::Duration;

use serde_json::json;
use tokenpass::ServeOptions;

use crate::harness::{Home, Site, options};
use crate::support::proof;

const AFTER: Duration = Duration::from_secs(600);
const ALMOST: Duration = Duration::from_secs(599);
const A_SECOND: Duration = Duration::from_secs(1);

/// A wallet that is unlocked for as long as it is used.
fn serve(home: &Home) -> Site {
    let site = home.serve_as(ServeOptions {
        auto_lock: Some(AFTER),
        ..options()
    });
    site.register();
    site
}

fn is_unlocked(site: &Site) -> bool {
    site.get("/api/status").send().ok()["unlocked"] == true
}

#[test]
fn a_machine_that_slept_wakes_up_locked() {
    let home = Home::new();
    let site = serve(&home);
    let token = site.token("sign");
    home.pass(ALMOST);
    assert!(is_unlocked(&site));
    home.pass(A_SECOND);
    // The very first request after waking up finds it so.
    let sign = site.post("/api/sign", json!({"message": "hello"}));
    sign.token(&token).send().refused(401, 1);
    assert!(!is_unlocked(&site));
}

#[test]
fn what_is_asked_without_a_right_to_it_is_no_use() {
    let home = Home::new();
    let site = serve(&home);
    let token = site.token("encrypt");
    let sign = || site.post("/api/sign", json!({"message": "hello"}));
    home.pass(ALMOST);
    sign().token("00000000-0000-4000-8000-000000000000").send();
    sign().token(&token).send();
    sign().send();
    site.post("/api/auth", json!({"host": "example.com"}))
        .send();
    site.post(
        "/api/auth",
        json!({"host": "example.com", "password": "not this one"}),
    )
    .send();
    assert!(is_unlocked(&site));
    home.pass(A_SECOND);
    assert!(!is_unlocked(&site));
}

#[test]
fn what_is_used_stays_unlocked() {
    let home = Home::new();
    let site = serve(&home);
    let token = site.token("sign");
    for _ in 0..3 {
        home.pass(ALMOST);
        let sign = site.post("/api/sign", json!({"message": "hello"}));
        sign.token(&token).send().ok();
    }
    home.pass(AFTER);
    assert!(!is_unlocked(&site));
}

#[test]
fn it_never_locks_where_it_was_told_so() {
    let home = Home::new();
    let site = home.serve_registered();
    home.pass(1000 * AFTER);
    assert!(is_unlocked(&site));
}

/// A command resumes it at once, so that a minute is enough.
#[test]
fn commands_are_given_the_same_session_until_its_last_minute() {
    let home = Home::new();
    let site = home.serve_registered();
    let key = proof::key(&home.path());
    let ask = || {
        let answer = site.post("/api/agent", proof::ask_agent(&key)).send();
        proof::open(&key, &answer.ok()).unwrap()
    };
    let first = ask();
    home.pass(Duration::from_secs(4 * 60 - 1));
    assert_eq!(ask(), first);
    home.pass(Duration::from_secs(1));
    assert_ne!(ask(), first);
}
