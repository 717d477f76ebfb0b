//! Bad input: a clear error, and the server goes on.

use serde_json::{Value, json};

use crate::harness::{ALL_SCOPES, Home, PASSWORD};
use crate::support::schema::{contract, is_web, resolve};

/// Every field that the contract gives a type, for each operation with a body.
fn fields(schema: &'static Value, found: &mut Vec<(String, Value)>) {
    let schema = resolve(schema);
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let field = resolve(field);
        if field.is_object() && field["type"] != "null" {
            found.push((name.clone(), field["type"].clone()));
        }
    }
    for choice in ["anyOf", "oneOf"] {
        for schema in schema[choice].as_array().into_iter().flatten() {
            fields(schema, found);
        }
    }
}

#[test]
fn every_field_of_a_wrong_type_is_named() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token(ALL_SCOPES);
    let mut count = 0;
    for (path, methods) in contract()["paths"].as_object().unwrap() {
        let schema = &methods["post"]["requestBody"]["content"]["application/json"]["schema"];
        // The OAuth endpoints have errors of their own.
        let has_other_errors = is_web(path);
        if schema.is_null()
            || has_other_errors
            || matches!(path.as_str(), "/api/register" | "/api/import")
        {
            continue; // a wallet exists; see below
        }
        let mut found = Vec::new();
        fields(schema, &mut found);
        for (name, kind) in found {
            let wrong = if kind == "array" {
                json!("x")
            } else {
                json!([1])
            };
            let mut body = json!({
                "host": "example.com", "password": PASSWORD, "ciphertext": "00",
                "address": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
            });
            // A field that stands beside the one that is wrong.
            match name.as_str() {
                "body" | "bodyEncoding" | "signatureType" => body["path"] = "/".into(),
                "address" | "sig" | "identityKey" | "encoding" => body["message"] = "m".into(),
                "friendBapId" | "theirPublicKey" => body["data"] = "d".into(),
                _ => {}
            }
            if path == "/api/sign-aip" && name != "data" {
                body["data"] = json!(["00"]);
            }
            body[&name] = wrong.clone();
            let said = site.post(path, body).token(&token).send().refused(400, 0);
            assert!(said.starts_with(&format!("`{name}`: ")), "{path}: {said}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");

    let home = Home::new();
    let site = home.serve();
    for (path, name) in [
        ("/api/register", "password"),
        ("/api/register", "displayName"),
        ("/api/register", "paymail"),
        ("/api/register", "logo"),
        ("/api/import", "password"),
        ("/api/import", "mnemonic"),
        ("/api/import", "seed"),
        ("/api/import", "backup"),
    ] {
        let mut body = json!({"password": PASSWORD});
        body[name] = json!({"a": 1});
        let said = site.post(path, body).send().refused(400, 0);
        assert!(said.starts_with(&format!("`{name}`: ")), "{path}: {said}");
    }
    assert!(!home.wallet().exists().unwrap());
}

#[test]
fn values_that_are_none_of_a_kind_are_named() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token(ALL_SCOPES);
    let key = "02".to_owned() + &"00".repeat(32);
    for (path, body, name) in [
        (
            "/api/sign",
            json!({"message": "m", "encoding": "latin1"}),
            "encoding",
        ),
        (
            "/api/sign",
            json!({"message": "0g", "encoding": "hex"}),
            "message",
        ),
        (
            "/api/sign",
            json!({"message": "000", "encoding": "hex"}),
            "message",
        ),
        (
            "/api/sign",
            json!({"message": "AA", "encoding": "base64"}),
            "message",
        ),
        (
            "/api/sign",
            json!({"path": "/", "bodyEncoding": "utf16"}),
            "bodyEncoding",
        ),
        (
            "/api/sign",
            json!({"path": "/", "body": "zz", "bodyEncoding": "hex"}),
            "body",
        ),
        (
            "/api/sign",
            json!({"path": "/", "signatureType": "schnorr"}),
            "signatureType",
        ),
        (
            "/api/sign",
            json!({"message": "m", "identityKey": "x"}),
            "identityKey",
        ),
        ("/api/sign-aip", json!({"data": ["00", "0"]}), "data"),
        ("/api/sign-aip", json!({}), "data"),
        (
            "/api/verify",
            json!({"message": "m", "address": "1x", "sig": ""}),
            "address",
        ),
        (
            "/api/verify",
            json!({"address": "1x", "sig": ""}),
            "message",
        ),
        (
            "/api/encrypt",
            json!({"data": "d", "theirPublicKey": key}),
            "theirPublicKey",
        ),
        (
            "/api/encrypt",
            json!({"data": "d", "friendBapId": ""}),
            "friendBapId",
        ),
        ("/api/decrypt", json!({"ciphertext": "xyz"}), "ciphertext"),
        ("/api/decrypt", json!({}), "ciphertext"),
        ("/api/friend-pubkey", json!({}), "friendBapId"),
        ("/api/profile", json!({"bapID": "x"}), "bapID"),
        ("/api/profile", json!({"host": null}), "host"),
        ("/api/profile?mode=empty", json!({}), "mode"),
        ("/api/identity", json!({"name": ""}), "name"),
        ("/api/identity", json!({"name": "a\nb"}), "name"),
        ("/api/auth", json!({"password": PASSWORD}), "host"),
        (
            "/api/auth",
            json!({"password": PASSWORD, "host": "https://example.com"}),
            "host",
        ),
        (
            "/api/auth",
            json!({"password": PASSWORD, "host": "a", "icon": "javascript:x"}),
            "icon",
        ),
    ] {
        let said = site.post(path, body).token(&token).send().refused(400, 0);
        assert!(said.contains(&format!("`{name}`")), "{path}: {said}");
    }
    for (ciphertext, said) in [("00", "not a BIE1"), ("4249453100", "cannot decrypt")] {
        let body = json!({"ciphertext": ciphertext});
        let error = site.post("/api/decrypt", body).token(&token).send();
        assert!(error.refused(400, 0).contains(said));
    }
    site.post("/api/sign", json!({}))
        .token(&token)
        .send()
        .refused(400, 0);
    site.post("/api/encrypt", json!({}))
        .token(&token)
        .send()
        .refused(400, 0);
}

#[test]
fn what_is_no_json_object_is_refused() {
    let home = Home::new();
    let site = home.serve();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let long_name = format!("{{\"{0}\":1,\"{0}\":2}}", "n".repeat(10_000));
    let cases: [(&[u8], &str); 14] = [
        (b"", "empty"),
        (b" ", "JSON"),
        (b"null", "object"),
        (b"[]", "object"),
        (b"\"text\"", "object"),
        (b"{", "JSON"),
        (b"{\"a\":1}}", "JSON"),
        (b"{'a':1}", "JSON"),
        (b"{\"a\":\"\xff\xfe\"}", "UTF-8"),
        (b"{\"a\":\"\\ud800\"}", "JSON"),
        (
            b"{\"message\":\"1\",\"message\":\"2\"}",
            "`message` comes twice",
        ),
        (b"{\"x\":{\"y\":1,\"y\":2}}", "`y` comes twice"),
        (deep.as_bytes(), "recursion"),
        (long_name.as_bytes(), "comes twice"),
    ];
    for (bytes, said) in cases {
        let answer = site
            .request("POST", "/api/verify")
            .bytes("application/json", bytes)
            .send();
        let error = answer.refused(400, 0);
        assert!(error.contains(said), "{error}");
        assert!(error.len() < 300, "{error}");
    }
    site.get("/api/health").send().ok();
}

#[test]
fn only_json_is_taken() {
    let home = Home::new();
    let site = home.serve_registered();
    let ask = |media_type: &str| {
        let body = json!({"password": PASSWORD}).to_string();
        site.request("POST", "/api/login")
            .bytes(media_type, body.as_bytes())
            .send()
    };
    for media_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
    ] {
        ask(media_type).ok();
    }
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "application/jsonp",
        "text/json",
        "text/plain, application/json",
    ] {
        ask(media_type).refused(415, 0);
    }
    site.request("POST", "/api/login")
        .bytes("", b"{}")
        .send()
        .refused(415, 0);
    let logout = site.request("POST", "/api/logout");
    logout
        .clone()
        .bytes("text/plain", b"{}")
        .send()
        .refused(415, 0);
    logout
        .clone()
        .bytes("application/json", b"[")
        .send()
        .refused(400, 0);
    logout.send().ok();
}

#[test]
fn unknown_fields_are_ignored_and_null_is_as_good_as_absent() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    let body =
        json!({"message": "m", "encoding": null, "more": {"a": [1, 2]}, "identityKey": null});
    site.post("/api/sign", body).token(&token).send().ok();
    let body = json!({"message": null, "path": "/", "body": null, "signatureType": null});
    assert!(site.post("/api/sign", body).token(&token).send().ok()["token"].is_string());
}

#[test]
fn a_body_may_have_a_mebibyte_and_no_more() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign,write_state");
    let body = |size: usize| {
        let empty = json!({"message": ""}).to_string().len();
        json!({"message": "m".repeat(size - empty)})
    };
    const MIB: usize = 1024 * 1024;
    let ask = |size| site.post("/api/sign", body(size)).token(&token).send();
    ask(MIB).ok();
    ask(MIB + 1).refused(413, 0);
    ask(2 * MIB).refused(413, 0);
    // A host's state is smaller still.
    let state = |size| json!({"s": "x".repeat(size)});
    let store = |size| site.post("/api/state", state(size)).token(&token).send();
    store(300 * 1024).refused(413, 0);
    store(255 * 1024).ok();
}

#[test]
fn paths_are_taken_as_they_are() {
    let home = Home::new();
    let site = home.serve();
    for path in [
        "/api",
        "/api/",
        "/api/health/",
        "/api//health",
        "//api/health",
        "/api/%68ealth",
        "/api/health%00",
        "/API/health",
        "/api/api/health",
        "/api/../api/health",
        "/apihealth",
        "/..%2f..%2fetc/passwd",
    ] {
        site.get(path).send().refused(404, 0);
    }
    site.get("/api/health?x=%zz&&=").send().ok();
}

#[test]
fn head_is_answered_like_get_without_a_body() {
    let home = Home::new();
    let site = home.serve();
    let get = site.get("/api/health").send();
    let head = site.request("HEAD", "/api/health").send();
    assert_eq!(head.status, 200);
    assert_eq!(head.text(), "");
    assert_eq!(head.header("Content-Length"), get.header("Content-Length"));
    assert_eq!(site.request("HEAD", "/api/sign").send().status, 405);
    let options = site.request("OPTIONS", "/api/state").send();
    assert_eq!(options.status, 204);
    assert_eq!(
        options.header("Allow"),
        Some("GET, HEAD, POST, DELETE, OPTIONS")
    );
    assert_eq!(options.header("Access-Control-Allow-Origin"), None);
    site.request("OPTIONS", "/api/nothing")
        .send()
        .refused(404, 0);
}

#[test]
fn what_is_no_http_gets_an_answer_and_the_server_goes_on() {
    let home = Home::new();
    let site = home.serve();
    for (bytes, status) in [
        (
            &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
            "400",
        ),
        (b"GET\r\n\r\n", "400"),
        (b"GET /api/health HTTP/3.0\r\n\r\n", "505"),
        (b"GET api/health HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        (
            b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "400",
        ),
    ] {
        let answer = site.raw(bytes);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        assert!(answer.contains("\"success\":false"), "{answer}");
    }
    site.get("/api/health").send().ok();
}
