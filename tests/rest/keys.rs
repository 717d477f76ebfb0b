//! What the keys do: signatures that others verify, ciphertexts that friends
//! read.

use serde_json::{Value, json};
use tokenpass::testing::crypto::auth_token::{self, AuthToken, Scheme};
use tokenpass::testing::crypto::keys::{PrivateKey, PublicKey};
use tokenpass::testing::crypto::{brc78, bsm};
use tokenpass::testing::identity::aip;

use crate::harness::{ALL_SCOPES, Home, PASSWORD, Site};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_message_is_signed_in_every_encoding() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    let sign = |body: Value| site.post("/api/sign", body).token(&token).send().ok();
    for (message, encoding, bytes) in [
        ("h\u{e9}llo\n", "utf8", "h\u{e9}llo\n".as_bytes()),
        ("00FFab", "hex", &[0, 255, 0xab]),
        ("AP+r", "base64", &[0, 255, 0xab]),
        ("", "utf8", b""),
    ] {
        let signed = sign(json!({"message": message, "encoding": encoding}));
        let signature: bsm::Signature = text(&signed["sig"]).parse().unwrap();
        let address = text(&signed["address"]).parse().unwrap();
        assert!(bsm::verify(bytes, &signature, &address));
        assert_eq!(signed["recovery"], signature.recovery_id());
        assert_eq!(signed["message"], message);
        let verify = |message: &str| {
            let body = json!({"message": message, "encoding": encoding,
                "address": signed["address"], "sig": signed["sig"]});
            site.post("/api/verify", body).send().ok()["valid"].clone()
        };
        assert_eq!(verify(message), true);
        assert_eq!(verify("00000000"), false);
    }
}

#[test]
fn a_request_is_signed_in_both_schemes() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    let key = &site.get("/api/status").send().ok()["keys"][0]["pub"];
    for (scheme, kind) in [
        (None, Scheme::Brc77),
        (Some("brc77"), Scheme::Brc77),
        (Some("bsm"), Scheme::Bsm),
    ] {
        for (body, encoding, bytes) in [
            (Some("{\"a\":1}"), None, &b"{\"a\":1}"[..]),
            (Some("00ff"), Some("hex"), b"\x00\xff"),
            (None, None, b""),
        ] {
            let ask = json!({"path": "/api/x?y=1", "body": body, "bodyEncoding": encoding, "signatureType": scheme});
            let signed = site.post("/api/sign", ask).token(&token).send().ok();
            let made: AuthToken = text(&signed["token"]).parse().unwrap();
            assert_eq!(made.scheme, kind);
            assert_eq!(made.public_key.to_string(), text(key));
            let verify = |path, bytes| auth_token::verify(&made, path, bytes, home.now(), 1000);
            assert_eq!(verify("/api/x?y=1", bytes), Ok(()));
            assert!(verify("/api/x?y=1", b"another").is_err());
            assert!(verify("/api/z", bytes).is_err());
        }
    }
    site.post("/api/sign", json!({"path": "/a|b"}))
        .token(&token)
        .send()
        .refused(400, 0);
}

#[test]
fn data_pushes_are_signed_as_aip_wants_it() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    let data = [&b"m\x02"[..], b"hello", b""].map(<[u8]>::to_vec);
    let ask = json!({"data": data.iter().map(hex::encode).collect::<Vec<_>>()});
    let ops = site.post("/api/sign-aip", ask).token(&token).send().ok()["signedOps"].clone();
    let signature: bsm::Signature = text(&ops[2]).parse().unwrap();
    let mut pushes = data.to_vec();
    pushes.extend([
        aip::BAR.to_vec(),
        aip::PREFIX.into(),
        text(&ops[0]).into(),
        text(&ops[1]).into(),
        signature.to_bytes().to_vec(),
    ]);
    let signed = aip::verify(&pushes).unwrap();
    assert_eq!(signed.address.to_string(), text(&ops[1]));
}

#[test]
fn what_is_encrypted_to_the_host_its_token_decrypts() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("encrypt,decrypt");
    let ask = |path: &str, body: Value, token: &str| site.post(path, body).token(token).send();
    let sealed = ask("/api/encrypt", json!({"message": "secret"}), &token).ok();
    assert_eq!(sealed["encrypted"], sealed["data"]);
    assert_eq!(sealed["ts"], home.now());
    let open = json!({"ciphertext": sealed["encrypted"]});
    assert_eq!(
        ask("/api/decrypt", open.clone(), &token).ok()["data"],
        "secret"
    );
    let other = site.token_for("example.org", "decrypt");
    ask("/api/decrypt", open, &other).refused(400, 0);

    // Bytes that are no text come out when they are asked for as such.
    let sealed = ask(
        "/api/encrypt",
        json!({"data": "00ff", "encoding": "hex"}),
        &token,
    )
    .ok();
    let open = |encoding: Option<&str>| {
        let body = json!({"ciphertext": sealed["ciphertext"], "encoding": encoding});
        ask("/api/decrypt", body, &token)
    };
    open(None).refused(400, 0);
    assert_eq!(open(Some("hex")).ok()["data"], "00ff");
    assert_eq!(open(Some("base64")).ok()["data"], "AP8=");

    // To oneself under a label.
    let sealed = ask(
        "/api/encrypt",
        json!({"data": "note", "friendBapId": "me"}),
        &token,
    )
    .ok();
    let open = |label: &str| {
        let body = json!({"ciphertext": sealed["ciphertext"], "friendBapId": label});
        ask("/api/decrypt", body, &token)
    };
    assert_eq!(open("me").ok()["data"], "note");
    open("you").refused(400, 0);
}

#[test]
fn one_app_does_not_open_what_another_encrypted() {
    let home = Home::new();
    let site = home.serve_registered();
    let tokens = ["a.example", "b.example"].map(|host| site.token_for(host, "encrypt,decrypt"));
    let friend = |token: &str| {
        let ask = site.post("/api/friend-pubkey", json!({"friendBapId": "alice"}));
        ask.token(token).send().ok()["publicKey"].clone()
    };
    assert_ne!(friend(&tokens[0]), friend(&tokens[1]));
    for to in [Value::Null, friend(&tokens[0])] {
        let body = json!({"data": "mine", "friendBapId": "alice", "theirPublicKey": to});
        let sealed = site
            .post("/api/encrypt", body)
            .token(&tokens[0])
            .send()
            .ok();
        let open = |token: &str| {
            let body = json!({"ciphertext": sealed["ciphertext"], "friendBapId": "alice"});
            site.post("/api/decrypt", body).token(token).send()
        };
        assert_eq!(open(&tokens[0]).ok()["data"], "mine");
        open(&tokens[1]).refused(400, 0);
    }
}

#[test]
fn friends_write_to_each_other() {
    let (here, there) = (Home::new(), Home::new());
    let (alice, bob) = (here.serve_registered(), there.serve_registered());
    let id = |site: &Site| site.get("/api/status").send().ok()["bapId"].clone();
    let write = |from: &Site, to: &Site| {
        let (sender, reader) = (from.token("encrypt"), to.token("decrypt"));
        let ask = json!({"friendBapId": id(from)});
        let key = to
            .post("/api/friend-pubkey", ask)
            .token(&reader)
            .send()
            .ok();
        let body = json!({"data": "for you only", "friendBapId": id(to), "theirPublicKey": key["publicKey"]});
        let sealed = from.post("/api/encrypt", body).token(&sender).send().ok();
        let open = |friend: Value| {
            let body = json!({"ciphertext": sealed["ciphertext"], "friendBapId": friend});
            to.post("/api/decrypt", body).token(&reader).send()
        };
        assert_eq!(open(id(from)).ok()["data"], "for you only");
        open(id(to)).refused(400, 0);
    };
    write(&alice, &bob);
    write(&bob, &alice);
}

#[test]
fn any_body_may_be_sealed_to_the_session_key() {
    let home = Home::new();
    let site = home.serve();
    let key = site.get("/api/session-key").send().ok()["publicKey"].clone();
    let key: PublicKey = text(&key).parse().unwrap();
    let sender = PrivateKey::from_bytes(&[7; 32]).unwrap();
    let seal = |body: Value| {
        let body = body.to_string();
        let sealed = brc78::encrypt(body.as_bytes(), &sender, &key, [1; 32], [2; 32]).unwrap();
        json!({"ciphertext": hex::encode(sealed)})
    };
    let password = || json!({"password": PASSWORD});
    site.post("/api/register", seal(password())).send().ok();
    site.logout();
    site.post("/api/login", seal(password())).send().ok();
    let ask = json!({"host": "example.com", "password": PASSWORD, "scopes": ALL_SCOPES});
    let granted = site.post("/api/auth", seal(ask)).send().ok();
    let token = text(&granted["accessToken"]);
    let post = |path: &str, body: Value| site.post(path, seal(body)).token(token).send();
    post("/api/sign", json!({"message": "m"})).ok();
    let sealed = post("/api/encrypt", json!({"message": "m"})).ok();
    let opened = post("/api/decrypt", json!({"ciphertext": sealed["encrypted"]})).ok();
    assert_eq!(opened["data"], "m");
    post("/api/state", json!({"a": 1})).ok();
    assert!(
        post("/api/sign", json!({"message": 1}))
            .refused(400, 0)
            .starts_with("`message`")
    );

    // For another key, damaged, or cut short.
    let mut broken = seal(password());
    broken["ciphertext"] = format!("{}00", text(&broken["ciphertext"])).into();
    site.post("/api/login", broken).send().refused(400, 0);
    for text in ["42421033", "424210330", "42421033zz"] {
        let said = site
            .post("/api/login", json!({"ciphertext": text}))
            .send()
            .refused(400, 0);
        assert!(said.starts_with("`ciphertext`"), "{said}");
    }
    let elsewhere = Home::new();
    let other = elsewhere.serve_registered();
    other
        .post("/api/login", seal(password()))
        .send()
        .refused(400, 0);
}

#[test]
fn a_token_signs_as_an_identity_where_it_is_asked_to() {
    let home = Home::new();
    let site = home.serve_registered();
    let made = site
        .post("/api/identity", json!({"name": "Work"}))
        .send()
        .ok();
    let work = text(&made["idKey"]);
    let auth = |identity: Option<&str>| {
        let body = json!({"host": "example.com", "password": PASSWORD, "scopes": "sign", "identityKey": identity});
        site.post("/api/auth", body).send()
    };
    let granted = auth(Some(work)).ok();
    assert_eq!(granted["bapId"], work);
    let sign = |token: &Value, identity: Option<&str>| {
        let body = json!({"message": "m", "identityKey": identity});
        site.post("/api/sign", body).token(text(token)).send()
    };
    let host = sign(&granted["accessToken"], None).ok();
    let identity = sign(&granted["accessToken"], Some(work)).ok();
    assert_ne!(host["address"], identity["address"]);
    let status = site.get("/api/status").send().ok();
    assert_eq!(status["keys"][0]["address"], host["address"]);

    let plain = auth(None).ok();
    assert_eq!(plain["bapId"], status["bapId"]);
    sign(&plain["accessToken"], Some(work)).refused(400, 0);
    auth(Some("3bap")).refused(400, 0);
    let stranger = Home::new();
    let stranger = stranger.serve_registered();
    let foreign = stranger.get("/api/status").send().ok()["bapId"].clone();
    let said = auth(foreign.as_str()).refused(400, 0);
    assert!(said.starts_with("`identityKey`"), "{said}");
}

#[test]
fn identities_are_made_and_listed() {
    let home = Home::new();
    let site = home.serve_registered();
    let first = site.get("/api/identity").send().ok();
    assert_eq!(first["count"], 1);
    assert_eq!(first["primaryId"], first["identities"][0]["idKey"]);
    let made = site
        .post("/api/identity", json!({"name": "Work"}))
        .send()
        .ok();
    assert_eq!(
        (&made["name"], &made["counter"]),
        (&json!("Work"), &json!(1))
    );
    let all = site.get("/api/identity").send().ok();
    assert_eq!(all["count"], 2);
    assert_eq!(all["primaryId"], first["primaryId"]);
    let one = site.get(&format!("/api/identity?idKey={}", text(&made["idKey"])));
    assert_eq!(one.send().ok(), all["identities"][1]);
    for unknown in ["3gRDGTKgL7PGmvSqW9Lm9F8rTJmR", "x", ""] {
        site.get(&format!("/api/identity?idKey={unknown}"))
            .send()
            .refused(404, 0);
    }
    site.logout();
    site.get("/api/identity").send().refused(401, 1);
    site.post("/api/identity", json!({"name": "x"}))
        .send()
        .refused(401, 1);
}
