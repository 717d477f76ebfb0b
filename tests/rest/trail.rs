//! The audit trail: what is in it, and what never is.

use serde_json::json;
use tokenpass::Event;

use crate::harness::{Home, PASSWORD};

#[test]
fn grants_refusals_unlocks_and_exports_are_in_the_trail() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    site.logout();
    site.post("/api/login", json!({"password": "wrong horse"}))
        .send()
        .refused(401, 8);
    site.login();
    site.post("/api/export", json!({"password": PASSWORD}))
        .send()
        .ok();
    site.post("/api/encrypt", json!({"message": "m"}))
        .token(&token)
        .send()
        .refused(403, 6);
    let auth = site.post("/api/auth", json!({"host": "page.example"}));
    auth.clone().send().refused(401, 9);
    auth.origin("https://page.example").send().refused(403, 7);
    site.post("/api/identity", json!({"name": "Work"}))
        .send()
        .ok();

    let trail = home.wallet().audit(None, 100).unwrap();
    let told: Vec<_> = trail
        .iter()
        .map(|entry| {
            (
                entry.event.as_str(),
                entry.subject.as_str(),
                entry.detail.as_str(),
            )
        })
        .collect();
    for expected in [
        ("granted", "example.com", "sign for 1h"),
        ("locked", "", "logout"),
        ("unlock-failed", "", ""),
        ("unlocked", "", ""),
        ("exported", "", "seed"),
        (
            "refused",
            "example.com",
            "the access token lacks the scope `encrypt`",
        ),
        ("refused", "page.example", "`password` is needed"),
        ("refused", "https://page.example", "origin not approved"),
        ("identity-changed", "", ""),
    ] {
        assert!(told.contains(&expected), "{expected:?} is not in {told:#?}");
    }
    assert_eq!(told[0].0, "registered");
    assert!(trail.iter().all(|entry| entry.at.as_millis() == home.now()));
}

#[test]
fn the_trail_holds_no_secret() {
    let home = Home::new();
    let site = home.serve_registered();
    let exported = site
        .post("/api/export", json!({"password": PASSWORD}))
        .send()
        .ok();
    let token = site.token("sign,encrypt,write_state");
    let post = |path: &str, body| site.post(path, body).token(&token).send();
    post("/api/sign", json!({"message": "a private message"})).ok();
    post("/api/encrypt", json!({"message": "a private message"})).ok();
    post("/api/state", json!({"diary": "a private message"})).ok();
    post("/api/decrypt", json!({"ciphertext": "00"})).refused(403, 6);
    site.post("/api/login", json!({"password": "a wrong password"}))
        .send()
        .refused(401, 8);
    // Somebody takes one field for another.
    site.post(
        "/api/auth",
        json!({"host": "a", "password": "a wrong password"}),
    )
    .send()
    .refused(401, 8);

    let trail = serde_json::to_string(&home.wallet().audit(None, 1000).unwrap()).unwrap();
    let words = exported["mnemonic"].as_str().unwrap();
    let seed = exported["seed"].as_str().unwrap();
    for secret in [
        PASSWORD,
        "a wrong password",
        "a private message",
        &token,
        words,
        seed,
    ] {
        assert!(!trail.contains(secret), "{secret}");
    }
}

#[test]
fn a_page_that_is_refused_again_and_again_is_told_of_once() {
    let home = Home::new();
    let site = home.serve_registered();
    for _ in 0..20 {
        let auth = site.post("/api/auth", json!({"host": "page.example"}));
        auth.origin("https://page.example").send().refused(403, 7);
    }
    let trail = home.wallet().audit(None, 100).unwrap();
    assert_eq!(
        trail
            .iter()
            .filter(|entry| entry.event == "refused")
            .count(),
        1
    );
}

#[test]
fn invented_names_do_not_hide_other_refusals() {
    let home = Home::new();
    let site = home.serve_registered();
    for n in 0..100 {
        let page = format!("https://{n}.example");
        let auth = site.post("/api/auth", json!({"host": "a.example"}));
        auth.origin(&page).send().refused(403, 7);
    }
    let sign = site.post("/api/sign", json!({"message": "m"}));
    sign.token(&site.token("encrypt")).send().refused(403, 6);
    let trail = home.wallet().audit(None, 1000).unwrap();
    let refused = trail.iter().filter(|entry| entry.event == "refused");
    let subjects: Vec<_> = refused.map(|entry| entry.subject.as_str()).collect();
    assert!(subjects.contains(&"example.com"), "{subjects:?}");
    assert_eq!(subjects.len(), 33);
}

#[test]
fn an_hour_of_invented_names_pushes_out_no_other_refusal() {
    let home = Home::new();
    let site = home.serve_registered();
    let sign = site.post("/api/sign", json!({"message": "m"}));
    sign.token(&site.token("encrypt")).send().refused(403, 6);
    let wallet = home.wallet();
    // What pages and other users, who may say no on a page, can have written down.
    for why in [
        "origin not approved",
        "denied on the consent page",
        "denied on the device page",
        "denied on the page",
    ] {
        // As many as the server writes down of the first in twenty minutes.
        for n in 0..20 * 32 + 20 {
            wallet.record(Event::Refused, &format!("https://{n}.example"), why);
        }
    }
    let trail = wallet.audit(None, 10_000).unwrap();
    let mut refused = trail.iter().filter(|entry| entry.event == "refused");
    assert!(refused.any(|entry| entry.subject == "example.com"));
}
