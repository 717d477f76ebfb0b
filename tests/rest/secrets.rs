//! A secret in the wrong place is not repeated: every form of one is sent in
//! every field that the contract knows, as a token, and in the request's target.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{ALL_SCOPES, Answer, Home, PASSWORD};
use crate::support::golden;
use crate::support::schema::contract;

/// So many characters in a row are too many.
const TELLING: usize = 8;

/// What is sent, and which of it is secret.
fn secrets() -> Vec<(String, Vec<String>)> {
    let golden = golden();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let [seed, words, xprv] = ["seed", "mnemonic", "xprv"].map(|name| text(&golden[name]));
    let export = json!({"seed": seed, "mnemonic": words}).to_string();
    let plain = [
        text(&golden["root"]["wif"]),
        xprv,
        "5f0c1c0e-7a1f-4c27-9f5e-0d8ad2a5c3f1".to_owned(),
        "quilt-Zebra-77".to_owned(),
        "unlikely zebra quilt".to_owned(),
        seed.clone(),
        words.clone(),
    ];
    let plain = plain.map(|secret| (secret.clone(), vec![secret]));
    plain
        .into_iter()
        .chain([(export, vec![seed, words])])
        .collect()
}

fn told(secret: &[String], answer: &Answer) -> bool {
    let said = answer.text();
    secret.iter().any(|secret| {
        let chars: Vec<char> = secret.chars().collect();
        let mut parts = chars.windows(TELLING);
        parts.any(|part| said.contains(&part.iter().collect::<String>()))
    })
}

/// The names of all fields of a schema, however it is put together.
fn fields(schema: &Value, names: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let path = reference.strip_prefix('#').unwrap();
        return fields(contract().pointer(path).unwrap(), names);
    }
    for (name, _) in schema["properties"].as_object().into_iter().flatten() {
        names.insert(name.clone());
    }
    for together in ["allOf", "anyOf", "oneOf"] {
        for part in schema[together].as_array().into_iter().flatten() {
            fields(part, names);
        }
    }
}

/// The operations of the API that take JSON, with their fields.
fn operations() -> Vec<(String, BTreeSet<String>)> {
    let mut operations = Vec::new();
    for (path, methods) in contract()["paths"].as_object().unwrap() {
        let schema = &methods["post"]["requestBody"]["content"]["application/json"]["schema"];
        let mut names = BTreeSet::new();
        fields(schema, &mut names);
        if path.starts_with("/api/") && !names.is_empty() {
            operations.push((path.clone(), names));
        }
    }
    operations
}

#[test]
fn no_field_repeats_a_secret() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token(ALL_SCOPES);
    let operations = operations();
    assert!(operations.len() > 10, "{} operations", operations.len());
    let mut repeated = Vec::new();
    for (path, names) in &operations {
        for name in names {
            for (sent, secret) in &secrets() {
                // What the request needs beside it, so that this field is looked at.
                let mut body = json!({"host": "example.com", "message": "00", "path": "/"});
                body["password"] = "not the password".into();
                body[name] = sent.as_str().into();
                let answer = site.post(path, body).token(&token).send();
                if answer.status != 200 && told(secret, &answer) {
                    repeated.push(format!("{path} {name}: {}", answer.text()));
                }
            }
        }
    }
    assert!(repeated.is_empty(), "{}", repeated.join("\n"));
}

#[test]
fn no_other_part_of_a_request_is_repeated() {
    let home = Home::new();
    let site = home.serve_registered();
    for (sent, secret) in &secrets() {
        let encoded: String = url::form_urlencoded::byte_serialize(sent.as_bytes()).collect();
        for answer in [
            site.get(&format!("/api/{encoded}")).send(),
            site.get(&format!("/api/status?cursor={encoded}")).send(),
            site.post(&format!("/api/profile?mode={encoded}"), json!({}))
                .send(),
            site.post("/api/sign", json!({"message": "m"}))
                .token(sent)
                .send(),
            site.get("/api/status").host(&encoded).send(),
            site.get("/api/status").origin(&encoded).send(),
        ] {
            assert!(!told(secret, &answer), "{}", answer.text());
        }
    }
    let twice =
        format!("{{\"password\":\"{PASSWORD}\",\"quilt-Zebra-77\":1,\"quilt-Zebra-77\":2}}");
    let answer = site
        .request("POST", "/api/login")
        .bytes("application/json", twice.as_bytes());
    let said = answer.send().refused(400, 0);
    assert!(said.contains("twice") && !said.contains("Zebra"), "{said}");
}
