//! From no wallet to a signature, and what a token is.

use std::time::Duration;

use serde_json::{Value, json};
use tokenpass::{Expiry, Grant, Password, Scopes};

use crate::harness::{ALL_SCOPES, Home, PASSWORD};

#[test]
fn four_steps_from_nothing_to_a_signature() {
    let home = Home::new();
    let site = home.serve();
    let nothing = site.get("/api/status").send().ok();
    assert_eq!(nothing["seed"], false);
    assert_eq!(nothing["unlocked"], false);

    let done = json!({"success": true});
    let register = site.post(
        "/api/register",
        json!({"password": PASSWORD, "displayName": "Satoshi", "paymail": "s@example.com", "logo": "/me.png"}),
    );
    assert_eq!(register.send().ok(), done);
    assert_eq!(site.get("/api/status").send().ok()["unlocked"], true);
    site.logout();
    assert_eq!(site.get("/api/status").send().ok()["unlocked"], false);
    let login = site.post("/api/login", json!({"password": PASSWORD}));
    assert_eq!(login.send().ok(), done);

    let auth =
        json!({"host": "example.com", "password": PASSWORD, "expire": "1h", "scopes": "sign"});
    let granted = site.post("/api/auth", auth).send().ok();
    assert_eq!(granted["expireTime"], home.now() + 3_600_000);
    assert_eq!(granted["host"], "example.com");
    let token = granted["accessToken"].as_str().unwrap();

    let signed = site
        .post("/api/sign", json!({"message": "hello"}))
        .token(token)
        .send()
        .ok();
    assert_eq!(signed["ts"], home.now());
    assert_eq!(signed["message"], "hello");
    assert_eq!(
        site.post("/api/verify", signed.clone()).send().ok(),
        json!({"valid": true})
    );

    let status = site.get("/api/status").send().ok();
    assert_eq!(status["keys"][0]["host"], "example.com");
    assert_eq!(status["keys"][0]["address"], signed["address"]);
    assert_eq!(
        status["states"],
        json!([{"host": "example.com", "scopes": ["sign"], "expireTime": granted["expireTime"], "icon": null}])
    );
    let profile = site.get("/api/profile").send().ok();
    assert_eq!(profile["displayName"], "Satoshi");
    assert_eq!(profile["bapID"], granted["bapId"]);
}

#[test]
fn an_expiry_is_one_of_six_words_under_either_name() {
    let home = Home::new();
    let site = home.serve_registered();
    let expire_time = |body: Value| {
        let mut body = body;
        body["host"] = "example.com".into();
        body["password"] = PASSWORD.into();
        site.post("/api/auth", body).send().ok()["expireTime"]
            .as_u64()
            .unwrap()
    };
    const HOUR: u64 = 3_600_000;
    for (word, millis) in [
        ("once", 10_000),
        ("1h", HOUR),
        ("1d", 24 * HOUR),
        ("1w", 7 * 24 * HOUR),
        ("1m", 30 * 24 * HOUR),
    ] {
        assert_eq!(expire_time(json!({"expire": word})), home.now() + millis);
        assert_eq!(expire_time(json!({"expiry": word})), home.now() + millis);
    }
    assert_eq!(expire_time(json!({"expire": "forever"})), 0);
    assert_eq!(expire_time(json!({})), home.now() + 10_000);
    assert_eq!(
        expire_time(json!({"expire": null, "expiry": "1h"})),
        home.now() + HOUR
    );
    let states = site.get("/api/status").send().ok()["states"].clone();
    assert!(
        states
            .as_array()
            .unwrap()
            .iter()
            .any(|state| state["expireTime"] == 0)
    );

    let body = json!({"host": "example.com", "password": PASSWORD, "expire": "2h"});
    assert!(
        site.post("/api/auth", body)
            .send()
            .refused(400, 0)
            .starts_with("`expire`")
    );
}

#[test]
fn a_token_ends_with_its_time() {
    let home = Home::new();
    let site = home.serve_registered();
    let body = json!({"host": "example.com", "password": PASSWORD, "scopes": "sign"});
    let granted = site.post("/api/auth", body).send().ok();
    let sign = site
        .post("/api/sign", json!({"message": "m"}))
        .token(granted["accessToken"].as_str().unwrap());
    home.pass(Duration::from_secs(9));
    sign.send().ok();
    home.pass(Duration::from_secs(1));
    sign.send().refused(401, 5);
    assert_eq!(site.get("/api/status").send().ok()["states"], json!([]));
}

#[test]
fn scopes_come_as_text_or_as_an_array() {
    let home = Home::new();
    let site = home.serve_registered();
    let grant = |scopes: Value| {
        let body = json!({"host": "example.com", "password": PASSWORD, "scopes": scopes});
        site.post("/api/auth", body).send()
    };
    for scopes in [
        json!("sign,decrypt"),
        json!(" decrypt , sign ,sign"),
        json!(["decrypt", "sign"]),
    ] {
        grant(scopes).ok();
    }
    for scopes in [json!(null), json!(""), json!([])] {
        grant(scopes).ok();
    }
    let states = site.get("/api/status").send().ok()["states"].clone();
    let shown: Vec<_> = states
        .as_array()
        .unwrap()
        .iter()
        .map(|state| &state["scopes"])
        .collect();
    assert_eq!(
        shown
            .iter()
            .filter(|s| ***s == json!(["sign", "decrypt"]))
            .count(),
        3
    );
    assert_eq!(shown.iter().filter(|s| ***s == json!([])).count(), 3);
    for scopes in [
        json!("sign,fly"),
        json!(["fly"]),
        json!([1]),
        json!({"sign": true}),
        json!(7),
    ] {
        assert!(grant(scopes).refused(400, 0).starts_with("`scopes`"));
    }
}

#[test]
fn each_endpoint_wants_its_own_scope() {
    let home = Home::new();
    let site = home.serve_registered();
    let cases = [
        ("POST", "/api/sign", "sign"),
        ("POST", "/api/sign-aip", "sign"),
        ("POST", "/api/encrypt", "encrypt"),
        ("POST", "/api/decrypt", "decrypt"),
        ("GET", "/api/state", "read_state"),
        ("POST", "/api/state", "write_state"),
        ("DELETE", "/api/state", "write_state"),
    ];
    for (method, path, scope) in cases {
        let others: Vec<_> = ALL_SCOPES
            .split(',')
            .filter(|word| *word != scope)
            .collect();
        let ask = |scopes: &str| site.request(method, path).token(&site.token(scopes)).send();
        for scopes in [others.join(","), String::new()] {
            let said = ask(&scopes).refused(403, 6);
            assert!(said.contains(&format!("`{scope}`")), "{path}: {said}");
        }
        assert_ne!(ask(scope).status, 403, "{path}");
    }
    // The friend's key serves both directions: either scope will do.
    for scope in ["encrypt", "decrypt"] {
        let request = site.post("/api/friend-pubkey", json!({"friendBapId": "f"}));
        request.token(&site.token(scope)).send().ok();
    }
    let request = site.post("/api/friend-pubkey", json!({"friendBapId": "f"}));
    request
        .token(&site.token("sign,read_state"))
        .send()
        .refused(403, 6);
}

#[test]
fn a_token_is_read_bare_and_after_bearer() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    let ask = |value: &str| {
        let sign = site.post("/api/sign", json!({"message": "m"}));
        sign.header("Authorization", value).send()
    };
    for value in [
        token.clone(),
        format!("Bearer {token}"),
        format!("bearer  {token}"),
        token.to_uppercase(),
    ] {
        ask(&value).ok();
    }
    for value in ["Bearer", "Bearer ", ""] {
        ask(value).refused(401, 2);
    }
    for value in [
        format!("Basic {token}"),
        format!("Bearer{token}"),
        format!("{token},{token}"),
    ] {
        ask(&value).refused(401, 3);
    }
    let twice = site.post("/api/sign", json!({"message": "m"}));
    twice.token(&token).token("another").send().refused(400, 0);
}

#[test]
fn status_is_told_in_pages() {
    let home = Home::new();
    let site = home.serve_registered();
    for host in ["a.example", "b.example", "c.example"] {
        site.token_for(host, "sign");
    }
    site.token_for("c.example", "sign");
    let mut told = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = site
            .get(&format!("/api/status?limit=1{cursor}"))
            .send()
            .ok();
        assert_eq!(
            (&page["keysTotal"], &page["statesTotal"]),
            (&json!(3), &json!(4))
        );
        let host = |list: &str| page[list][0]["host"].as_str().unwrap_or("-").to_owned();
        assert!(page["keys"].as_array().unwrap().len() <= 1);
        assert!(page["states"].as_array().unwrap().len() <= 1);
        told.push(format!("{} {}", host("keys"), host("states")));
        match page["cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let pages = [
        "a.example a.example",
        "b.example b.example",
        "c.example c.example",
        "- c.example",
    ];
    assert_eq!(told, pages);
    let whole = site.get("/api/status").send().ok();
    assert_eq!(whole["states"].as_array().unwrap().len(), 4);
    assert!(whole.get("cursor").is_none());
    for query in [
        "offset=1", "limit=x", "limit=", "limit=0", "cursor=x", "cursor=",
    ] {
        let said = site
            .get(&format!("/api/status?{query}"))
            .send()
            .refused(400, 0);
        assert!(said.contains(query.split('=').next().unwrap()), "{said}");
    }
}

#[test]
fn a_locked_wallet_keeps_its_tokens_and_does_nothing_with_them() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token(ALL_SCOPES);
    let sign = site
        .post("/api/sign", json!({"message": "m"}))
        .token(&token);
    site.logout();
    assert!(sign.send().refused(401, 1).contains("locked"));
    let status = site.get("/api/status").send().ok();
    assert_eq!(
        (&status["keys"], &status["states"]),
        (&json!([]), &json!([]))
    );
    site.login();
    sign.send().ok();
    // A password given for a token unlocks too.
    site.logout();
    site.token("sign");
    sign.send().ok();
}

#[test]
fn no_page_of_status_has_more_than_a_hundred() {
    let home = Home::new();
    let site = home.serve_registered();
    let unlocked = home
        .wallet()
        .unlock(&Password::new(PASSWORD.into()))
        .unwrap();
    for n in 0..101 {
        let grant = Grant {
            host: format!("{n:03}.example").parse().unwrap(),
            scopes: Scopes::default(),
            expiry: Expiry::Hour,
            icon: None,
            identity: None,
            max_satoshis: None,
        };
        unlocked.grant(&grant).unwrap();
    }
    let lengths = |query: &str| {
        let page = site.get(&format!("/api/status{query}")).send().ok();
        let of = |list: &str| page[list].as_array().unwrap().len();
        ((of("keys"), of("states")), page["cursor"].clone())
    };
    for query in ["", "?limit=1000", "?limit=99999999999999999999999"] {
        assert_eq!(lengths(query).0, (100, 100), "{query}");
    }
    let (_, cursor) = lengths("");
    let (rest, end) = lengths(&format!("?cursor={}", cursor.as_str().unwrap()));
    assert_eq!((rest, end), ((1, 1), json!(null)));
}

#[test]
fn a_page_holds_64_tokens_without_a_password_and_the_oldest_of_its_own_goes() {
    const APP: &str = "https://example.com";
    let home = Home::new();
    let site = home.serve_registered();
    home.wallet().allow_origin(&APP.parse().unwrap()).unwrap();
    let with_password = site.token("sign");
    let elsewhere = site.token_for("other.example", "sign");
    let take = |expire: &str| {
        home.pass(Duration::from_millis(1));
        let body = json!({"host": "example.com", "scopes": "sign", "expire": expire});
        let granted = site.post("/api/auth", body).origin(APP).send().ok();
        granted["accessToken"].as_str().unwrap().to_owned()
    };
    let sign = |token: &str| {
        let sign = site.post("/api/sign", json!({"message": "m"}));
        sign.token(token).send()
    };
    let first = take("forever");
    // What expires soon pushes nothing out once it has expired.
    for _ in 0..70 {
        take("once");
        home.pass(Duration::from_secs(10));
    }
    sign(&first).ok();
    let second = take("forever");
    for _ in 0..62 {
        take("forever");
    }
    sign(&first).ok();
    let last = take("forever");
    sign(&first).refused(401, 3);
    for token in [&second, &last, &with_password, &elsewhere] {
        sign(token).ok();
    }
    let states = site.get("/api/status").origin(APP).send().ok();
    assert_eq!(states["states"].as_array().unwrap().len(), 65);
}
