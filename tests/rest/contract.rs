//! Every path and method of `openapi.json`, with every status that it names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::coins;
use crate::harness::{ALL_SCOPES, Home, PASSWORD, Request, Site, options};
use crate::support::proof;
use crate::support::schema::{check, contract, is_web, resolve};

/// Statuses that no well-behaved test can provoke: a full server, a broken
/// disk, and what is no HTTP.
const NOT_PROVOKED: [&str; 3] = ["500", "503", "default"];

const WORDS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                     abandon abandon about";

fn operations() -> impl Iterator<Item = (String, String, &'static Value)> {
    let paths = contract()["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, methods)| {
        methods
            .as_object()
            .unwrap()
            .iter()
            .map(|(method, operation)| (method.to_uppercase(), path.clone(), operation))
    })
}

/// Those of the API; `tests/oauth` holds the others to the contract.
fn api_operations() -> impl Iterator<Item = (String, String, &'static Value)> {
    operations().filter(|(_, path, _)| !is_web(path))
}

/// A good request for each operation, on a server that is unlocked.
fn good_body(home: &Home, site: &Site, method: &str, path: &str, token: &str) -> Option<Value> {
    let sealed = || {
        let request = site.post("/api/encrypt", json!({"message": "hello"}));
        request.token(token).send().ok()["encrypted"].clone()
    };
    let sign = || {
        site.post("/api/sign", json!({"message": "hello"}))
            .token(token)
            .send()
            .ok()
    };
    let body = match (method, path) {
        ("POST", "/api/register") => json!({"password": PASSWORD, "displayName": "Satoshi"}),
        ("POST", "/api/import") => json!({"password": PASSWORD, "mnemonic": WORDS}),
        ("POST", "/api/login" | "/api/export") => json!({"password": PASSWORD}),
        ("POST", "/api/auth") => json!({"host": "example.com", "password": PASSWORD}),
        ("POST", "/api/sign") => json!({"message": "hello"}),
        ("POST", "/api/sign-aip") => json!({"data": ["6d02", "7c"]}),
        ("POST", "/api/verify") => sign(),
        ("POST", "/api/encrypt") => json!({"message": "hello"}),
        ("POST", "/api/decrypt") => json!({"ciphertext": sealed()}),
        ("POST", "/api/friend-pubkey") => json!({"friendBapId": "a friend"}),
        ("POST", "/api/profile" | "/api/state") => json!({"theme": "dark", "logo": null}),
        ("POST", "/api/identity") => json!({"name": "Work"}),
        ("POST", "/api/logout") => json!({}),
        ("POST", "/api/origins") => {
            json!({"origin": "https://app.example", "decision": "allow"})
        }
        ("POST", "/api/permissions") => {
            json!({"originator": "https://app.example", "level": 2, "protocol": "server hmac",
                   "counterparty": "self", "decision": "allow"})
        }
        ("POST", "/api/prove") => json!({"nonce": hex::encode(proof::NONCE)}),
        ("POST", "/api/agent") => proof::ask_agent(&proof::key(&home.path())),
        ("POST", path) if path.starts_with("/api/transaction/") => coins::good_body(site, path),
        ("POST", _) => panic!("no good body for {path}"),
        _ => return None,
    };
    Some(body)
}

fn with_body(request: Request, body: Option<Value>) -> Request {
    match body {
        Some(body) => request.json(body),
        None => request,
    }
}

/// Requests that bring about everything that the contract says of one
/// operation; which of it came is seen by the statuses.
fn provoke(method: &str, path: &str) -> BTreeSet<u16> {
    let home = Home::new();
    let site = home.serve();
    let mut seen = BTreeSet::new();
    let ask = |site: &Site| site.request(method, path);
    let mut see = |request: Request| {
        let answer = request.send();
        seen.insert(answer.status);
        answer.status
    };

    // No wallet yet.
    let bodyless = method != "POST";
    let stub = (!bodyless).then(|| json!({"password": PASSWORD}));
    if !matches!(path, "/api/register" | "/api/import") {
        see(with_body(ask(&site), stub.clone()));
    } else {
        let body = good_body(&home, &site, method, path, "");
        see(ask(&site).json(json!({"password": "short"})));
        see(ask(&site).json(json!({})));
        assert_eq!(see(with_body(ask(&site), body)), 200, "{method} {path}");
        site.logout();
    }
    // Locked.
    if home.wallet().exists().unwrap() {
        see(with_body(ask(&site), stub.clone()));
        site.login();
    } else {
        site.register();
        site.logout();
        see(with_body(ask(&site), stub.clone()));
        site.login();
    }
    // Unlocked: what is refused.
    let token = site.token(ALL_SCOPES);
    see(ask(&site)
        .json(json!({"password": 1, "message": 1, "data": 1, "bapID": 1}))
        .token(&token));
    see(ask(&site).json(json!({"password": "wrong"})));
    see(site
        .request(method, &format!("{path}?mode=x&limit=x&idKey=x"))
        .json(json!({}))
        .token(&token));
    see(ask(&site).token(&site.token("")).json(json!({})));
    see(ask(&site).token("unknown").json(json!({})));
    see(ask(&site).host("attacker.example"));
    see(ask(&site).header("Sec-Fetch-Site", "cross-site"));
    see(ask(&site).bytes("application/json", b"[").token(&token));
    see(ask(&site).bytes("text/plain", b"{}"));
    see(ask(&site).bytes("application/json", &vec![b' '; 1024 * 1024 + 1]));
    // A token, and no wallet.
    let nothing = Home::new();
    see(with_body(ask(&nothing.serve()), stub.clone()).token("unknown"));
    // Too many.
    let slow = Home::new();
    let slow = slow.serve_as(tokenpass::testing::server::ServeOptions {
        requests_per_second: 1,
        ..options()
    });
    // The first is one that takes no time, so that the second is too early.
    slow.get("/api/health").token("the same").send().ok();
    see(with_body(ask(&slow), stub.clone()).token("the same"));
    // And what is answered.
    if !matches!(path, "/api/register" | "/api/import") {
        let body = good_body(&home, &site, method, path, &token);
        let good = with_body(ask(&site), body);
        // The token has no identity that it could show.
        let good = match path {
            "/api/identity" => good,
            _ => good.token(&token),
        };
        assert_eq!(see(good), 200, "{method} {path}");
    }
    seen
}

#[test]
fn every_operation_answers_as_the_contract_says_and_with_every_status_it_names() {
    let operations: Vec<_> = api_operations().collect();
    assert_eq!(operations.len(), 33);
    for (method, path, operation) in operations {
        let seen = provoke(&method, &path);
        let named = operation["responses"].as_object().unwrap().keys();
        let missing: Vec<_> = named
            .filter(|status| !NOT_PROVOKED.contains(&status.as_str()))
            .filter(|status| !seen.contains(&status.parse().unwrap()))
            .collect();
        assert!(
            missing.is_empty(),
            "{method} {path}: {missing:?} of {seen:?}"
        );
    }
}

#[test]
fn the_server_hands_out_the_contract() {
    let home = Home::new();
    let site = home.serve();
    assert_eq!(&site.get("/api/openapi.json").send().ok(), contract());
    assert_eq!(contract()["openapi"], "3.1.0");
    assert_eq!(contract()["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn every_example_of_the_contract_is_what_its_schema_says() {
    let mut count = 0;
    let mut check_media = |what: &str, media: &'static Value| {
        for (name, example) in media["examples"].as_object().into_iter().flatten() {
            let outcome = check(&media["schema"], &example["value"]);
            assert_eq!(outcome, Ok(()), "{what}: {name}");
            count += 1;
        }
    };
    for (_, path, operation) in operations() {
        check_media(
            &path,
            &operation["requestBody"]["content"]["application/json"],
        );
        for (status, response) in operation["responses"].as_object().unwrap() {
            let media = &resolve(response)["content"]["application/json"];
            check_media(&format!("{path} {status}"), media);
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn every_method_that_is_not_in_the_contract_is_refused_with_those_that_are() {
    let home = Home::new();
    let site = home.serve_registered();
    let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (method, path, _) in operations() {
        let known = methods.entry(path).or_default();
        if method == "GET" {
            known.insert("HEAD".to_owned());
        }
        known.extend([method, "OPTIONS".to_owned()]);
    }
    for (path, known) in methods {
        for method in [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW",
        ] {
            let request = site.request(method, &path);
            if known.contains(method) {
                continue;
            }
            let answer = request.send();
            assert_eq!(answer.status, 405, "{method} {path}");
            let allowed = answer.header("Allow").unwrap().split(", ");
            let allowed: BTreeSet<_> = allowed.map(str::to_owned).collect();
            assert_eq!(allowed, known, "{path}");
        }
    }
}

#[test]
fn older_clients_leave_out_the_prefix() {
    let home = Home::new();
    let site = home.serve();
    for (method, path, operation) in api_operations() {
        let legacy = path.strip_prefix("/api").unwrap();
        let one = site.request(&method, &path).send();
        let other = site.request(&method, legacy).send();
        assert_eq!(one.status, other.status, "{legacy}");
        // `/api/session-key` and the like answer the same, error for error.
        assert_eq!(one.json(), other.json(), "{}", operation["operationId"]);
    }
}
