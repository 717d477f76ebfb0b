//! Profile and state; words, seeds and backups.

use serde_json::{Value, json};
use tokenpass::testing::crypto::secret::Password;

use crate::harness::{Home, PASSWORD, Site};

#[test]
fn the_profile_is_merged_field_by_field() {
    let home = Home::new();
    let site = home.serve();
    let read = || site.get("/api/profile").send().ok();
    let write = |target: &str, body: Value| site.post(target, body).send();
    assert_eq!(read(), json!({}));
    site.register();
    let id = read()["bapID"].clone();
    write(
        "/api/profile",
        json!({"displayName": "A", "links": ["x"], "n": 1.5}),
    )
    .ok();
    write("/api/profile", json!({"displayName": "B", "n": null})).ok();
    assert_eq!(
        read(),
        json!({"host": "global", "bapID": id, "displayName": "B", "links": ["x"]})
    );
    write("/api/profile", json!({"bapID": "x"})).refused(400, 0);
    write("/api/profile?mode=clear", json!({"paymail": "p"})).ok();
    assert_eq!(
        read(),
        json!({"host": "global", "bapID": id, "paymail": "p"})
    );
    site.logout();
    assert_eq!(read()["paymail"], "p");
    write("/api/profile", json!({})).refused(401, 1);
}

#[test]
fn each_host_has_its_own_state() {
    let home = Home::new();
    let site = home.serve_registered();
    let scopes = "read_state,write_state";
    let (one, other) = (
        site.token_for("a.example", scopes),
        site.token_for("b.example", scopes),
    );
    let read = |token: &str| site.get("/api/state").token(token).send().ok();
    let write =
        |target: &str, token: &str, body: Value| site.post(target, body).token(token).send().ok();
    assert_eq!(read(&one), json!({}));
    write(
        "/api/state",
        &one,
        json!({"a": {"b": [null, 1]}, "host": "mine", "gone": 1}),
    );
    write("/api/state", &one, json!({"gone": null}));
    write("/api/state", &other, json!({"x": true}));
    assert_eq!(read(&one), json!({"a": {"b": [null, 1]}, "host": "mine"}));
    assert_eq!(read(&other), json!({"x": true}));
    write("/api/state?mode=clear", &one, json!({"c": 1}));
    assert_eq!(read(&one), json!({"c": 1}));
    site.request("DELETE", "/api/state").token(&one).send().ok();
    assert_eq!(read(&one), json!({}));
    assert_eq!(read(&other), json!({"x": true}));
}

/// What is the same wherever the wallet is restored.
fn fingerprint(site: &Site) -> (Value, Value) {
    let sign = site.post("/api/sign", json!({"message": "m"}));
    let signed = sign.token(&site.token("sign")).send().ok();
    (
        site.get("/api/status").send().ok()["bapId"].clone(),
        signed["address"].clone(),
    )
}

#[test]
fn what_export_gives_restores_the_wallet() {
    let home = Home::new();
    let site = home.serve_registered();
    let exported = site
        .post("/api/export", json!({"password": PASSWORD}))
        .send()
        .ok();
    let words = exported["mnemonic"].as_str().unwrap();
    assert_eq!(words.split(' ').count(), 12);
    let new = "another password";
    for body in [
        json!({"password": new, "mnemonic": words}),
        json!({"password": new, "mnemonic": words.to_uppercase(), "passphrase": ""}),
        json!({"password": new, "seed": exported["seed"]}),
    ] {
        let elsewhere = Home::new();
        let other = elsewhere.serve();
        other.post("/api/import", body).send().ok();
        assert_eq!(other.get("/api/status").send().ok()["unlocked"], true);
        other
            .post("/api/login", json!({"password": PASSWORD}))
            .send()
            .refused(401, 8);
        let token = json!({"host": "example.com", "password": new, "scopes": "sign"});
        let token = other.post("/api/auth", token).send().ok();
        let sign = other.post("/api/sign", json!({"message": "m"}));
        let signed = sign
            .token(token["accessToken"].as_str().unwrap())
            .send()
            .ok();
        assert_eq!(
            (token["bapId"].clone(), signed["address"].clone()),
            fingerprint(&site)
        );
    }
}

#[test]
fn a_backup_brings_everything_back() {
    let home = Home::new();
    let site = home.serve_registered();
    site.post("/api/identity", json!({"name": "Work"}))
        .send()
        .ok();
    site.post("/api/profile", json!({"displayName": "Satoshi"}))
        .send()
        .ok();
    let before = fingerprint(&site);
    let secret = |text: &str| Password::new(text.into());
    let backup = home
        .wallet()
        .backup(&secret(PASSWORD), &secret("battery staple"))
        .unwrap()
        .text;

    let elsewhere = Home::new();
    let other = elsewhere.serve();
    let import = |passphrase: Option<&str>, backup: &str| {
        let body = json!({"password": PASSWORD, "backup": backup, "backupPassword": passphrase});
        other.post("/api/import", body).send()
    };
    for (passphrase, text) in [
        (Some("wrong"), backup.as_str()),
        (None, &backup),
        (Some("battery staple"), &backup[..40]),
        (Some("battery staple"), "no backup"),
    ] {
        let said = import(passphrase, text).refused(400, 0);
        assert!(said.starts_with("`backup`"), "{said}");
        assert!(!elsewhere.wallet().exists().unwrap());
    }
    import(Some("battery staple"), &backup).ok();
    assert_eq!(
        other.get("/api/identity").send().ok(),
        site.get("/api/identity").send().ok()
    );
    assert_eq!(
        other.get("/api/profile").send().ok(),
        site.get("/api/profile").send().ok()
    );
    assert_eq!(fingerprint(&other), before);
}

#[test]
fn an_import_names_one_source_that_is_whole() {
    let home = Home::new();
    let site = home.serve();
    let words = "abandon ".repeat(11);
    let seed = "ab".repeat(64);
    for (body, said) in [
        (json!({}), "one of"),
        (json!({"mnemonic": words, "seed": seed}), "one of"),
        (json!({"mnemonic": words}), "`mnemonic`"),
        (json!({"mnemonic": format!("{words}abandon")}), "`mnemonic`"),
        (json!({"mnemonic": format!("{words}notaword")}), "notaword"),
        (json!({"seed": "ab"}), "`seed`"),
        (json!({"seed": seed, "password": "short"}), "`password`"),
    ] {
        let mut body = body;
        if body.get("password").is_none() {
            body["password"] = PASSWORD.into();
        }
        let error = site.post("/api/import", body).send().refused(400, 0);
        assert!(error.contains(said), "{error}");
    }
    let body = json!({"mnemonic": format!("{words}about")});
    site.post("/api/import", body).send().refused(401, 9);
    assert!(!home.wallet().exists().unwrap());
}

/// The words stay with their seed where the export has both.
#[test]
fn an_export_that_is_imported_whole_is_exported_again() {
    let export = |site: &Site| {
        let body = json!({"password": PASSWORD});
        site.post("/api/export", body).send().ok()
    };
    let home = Home::new();
    let exported = export(&home.serve_registered());
    let elsewhere = Home::new();
    let other = elsewhere.serve();
    let body = json!({"password": PASSWORD, "mnemonic": exported.to_string()});
    other.post("/api/import", body).send().ok();
    assert_eq!(export(&other), exported);
}

#[test]
fn an_import_says_what_else_there_is_to_know() {
    let import = |body: Value| {
        let home = Home::new();
        home.serve().post("/api/import", body).send().ok()
    };
    let seed = json!({"password": PASSWORD, "seed": "07".repeat(64)});
    assert_eq!(import(seed), json!({"success": true}));
    let root = &crate::support::golden()["root"]["wif"];
    let backup = json!({"rootPk": root, "ids": ""}).to_string();
    let told = import(json!({"password": PASSWORD, "backup": backup}));
    let note = "the backup is not encrypted: whoever can read its file has the wallet";
    assert_eq!(told, json!({"success": true, "notes": [note]}));
}
