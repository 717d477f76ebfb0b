//! Certificates over the wire.

use serde_json::{Value, json};

use super::{Wire, app, refusal, right};
use crate::support::certificate::issue;

fn subject(site: &Wire) -> tokenpass::PublicKey {
    let shown = site.program(
        "setup.example",
        "getPublicKey",
        json!({"identityKey": true}),
    );
    let setup = "setup.example".parse().unwrap();
    let identity = right(1, "identity key retrieval", None);
    site.wallet().allow_permission(&setup, &identity).unwrap();
    let shown = shown.send().ok();
    shown["publicKey"].as_str().unwrap().parse().unwrap()
}

fn all() -> Value {
    json!({"certifiers": [], "types": []})
}

#[test]
fn a_certificate_comes_is_listed_is_proved_and_goes() {
    let site = Wire::new();
    let mine = issue(
        2,
        subject(&site),
        &[("email", "alice@example.com"), ("name", "Alice")],
    );
    let id = json!({"type": mine["type"], "serialNumber": mine["serialNumber"],
                    "certifier": mine["certifier"]});
    let right = right(1, "certificate list", None);
    site.wallet().deny_permission(&app(), &right).unwrap();
    for (method, args) in [
        ("acquireCertificate", mine.clone()),
        ("listCertificates", all()),
        ("relinquishCertificate", id.clone()),
    ] {
        let answer = site.page(method, args).send();
        assert_eq!(
            refusal(&answer),
            (400, 1, "Permission denied.".into()),
            "{method}"
        );
    }
    site.wallet().allow_permission(&app(), &right).unwrap();
    let ask = |method: &str, args: Value| site.page(method, args).send().ok();
    let acquired = ask("acquireCertificate", mine.clone());
    for field in [
        "type",
        "serialNumber",
        "certifier",
        "revocationOutpoint",
        "signature",
        "fields",
    ] {
        assert_eq!(acquired[field], mine[field], "{field}");
    }
    let listed = ask("listCertificates", all());
    assert_eq!(listed["totalCertificates"], 1);
    assert_eq!(
        listed["certificates"][0]["keyring"],
        mine["keyringForSubject"]
    );
    let none = json!({"certifiers": [mine["certifier"]], "types": ["AAAA"]});
    assert_eq!(ask("listCertificates", none)["totalCertificates"], 0);

    let verifier = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf";
    let prove = |certificate: Value, fields: &[&str]| {
        let args = json!({"certificate": certificate, "fieldsToReveal": fields,
                          "verifier": verifier});
        site.page("proveCertificate", args).send()
    };
    let proven = prove(acquired, &["name"]).ok();
    let keyring = proven["keyringForVerifier"].as_object().unwrap();
    assert_eq!(keyring.keys().collect::<Vec<_>>(), ["name"]);
    prove(json!({}), &[]).ok();
    let text = "Fields to reveal must be a subset of the certificate fields. Missing the \
                \"age\" field.";
    assert_eq!(refusal(&prove(id.clone(), &["age"])), (400, 6, text.into()));
    let text = "The args parameter must be a unique certificate match";
    let other = json!({"serialNumber": mine["type"]});
    assert_eq!(refusal(&prove(other, &[])), (400, 6, text.into()));

    assert_eq!(
        ask("relinquishCertificate", id.clone()),
        json!({"relinquished": true})
    );
    let gone = site.page("relinquishCertificate", id).send();
    assert_eq!(refusal(&gone), (400, 6, text.into()));
    assert_eq!(ask("listCertificates", all())["totalCertificates"], 0);
}

#[test]
fn what_is_not_signed_for_this_wallet_is_not_taken() {
    let site = Wire::new();
    let mut mine = issue(1, subject(&site), &[("name", "Alice")]);
    let site = site.allow_all();
    let acquire = |args: &Value| refusal(&site.page("acquireCertificate", args.clone()).send());
    let other = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf";
    let theirs = issue(1, other.parse().unwrap(), &[("name", "Alice")]);
    assert_eq!(acquire(&theirs), (400, 4, "Signature is not valid".into()));
    mine["keyringForSubject"] = theirs["keyringForSubject"].clone();
    let text = "Failed to decrypt all master certificate fields.";
    assert_eq!(acquire(&mine), (400, 1, text.into()));
    mine["acquisitionProtocol"] = "issuance".into();
    let text = "The acquisitionProtocol parameter must be `direct`: this wallet speaks to no \
                certifier";
    assert_eq!(acquire(&mine), (400, 6, text.into()));
    mine["acquisitionProtocol"] = "direct".into();
    mine["privileged"] = true.into();
    assert_eq!(acquire(&mine).1, 6);
}
