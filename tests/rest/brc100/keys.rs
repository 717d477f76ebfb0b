//! What is computed, what is taken for granted, and what is said of mistakes.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokenpass::Password;
use tokenpass::testing::crypto::brc42;
use tokenpass::testing::crypto::brc43::{Invoice, Protocol, SecurityLevel};
use tokenpass::testing::crypto::brc100::{Counterparty, Half, WalletKey};
use tokenpass::testing::crypto::keys::PrivateKey;
use tokenpass::testing::crypto::mnemonic::Seed;

use super::{Wire, refusal};
use crate::harness::PASSWORD;

/// The wallet's key, from its seed by the rules of the formats.
fn wallet_key(site: &Wire) -> WalletKey {
    let exported = site
        .wallet()
        .export(&Password::new(PASSWORD.into()))
        .unwrap();
    let seed: Seed = exported.seed.unwrap();
    let root = seed.root_key().unwrap();
    WalletKey::new(brc42::derive_self(&root, "2-brc100-wallet").unwrap())
}

fn invoice(level: u64, name: &str, key_id: &str) -> Invoice {
    let level = SecurityLevel::try_from(level).unwrap();
    Protocol::new(level, name).unwrap().invoice(key_id).unwrap()
}

fn other() -> PrivateKey {
    PrivateKey::from_bytes(&[7; 32]).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::from_value(value.clone()).unwrap()
}

/// Arguments of a key of level 0, and more.
fn with(more: Value) -> Value {
    let mut args = json!({"protocolID": [0, "some tests"], "keyID": "1"});
    let fields = more.as_object().unwrap().clone();
    args.as_object_mut().unwrap().extend(fields);
    args
}

#[test]
fn every_method_computes_with_the_key_for_apps() {
    let site = Wire::new().allow_all();
    let keys = wallet_key(&site);
    let ask = |method: &str, args: Value| site.page(method, args).send().ok();
    let theirs = other().public_key();
    let name = invoice(2, "some tests", "é 1");
    for (sent, who) in [
        ("self", Counterparty::Own),
        ("anyone", Counterparty::Anyone),
        (&*theirs.to_string(), Counterparty::Key(theirs)),
    ] {
        let key = json!({"protocolID": [2, " Some Tests"], "keyID": "é 1", "counterparty": sent});
        let with = |more: Value| {
            let mut args = key.clone();
            args.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            args
        };
        for (for_self, half) in [(true, Half::Own), (false, Half::Theirs)] {
            let shown = ask("getPublicKey", with(json!({"forSelf": for_self})));
            let expected = keys.public_key(&name, who, half).unwrap();
            assert_eq!(shown["publicKey"], expected.to_string());
        }
        for data in [&b""[..], b"hello", &[0xff; 5000]] {
            let hmac = ask("createHmac", with(json!({"data": data})));
            assert_eq!(bytes(&hmac["hmac"]), keys.hmac(&name, who, data).unwrap());
            ask(
                "verifyHmac",
                with(json!({"data": data, "hmac": hmac["hmac"]})),
            );

            let sealed = ask("encrypt", with(json!({"plaintext": data})));
            let sealed = bytes(&sealed["ciphertext"]);
            assert_eq!(*keys.decrypt(&name, who, &sealed).unwrap().unwrap(), data);
            let theirs = keys.encrypt(&name, who, [9; 32], data).unwrap();
            let opened = ask("decrypt", with(json!({"ciphertext": theirs})));
            assert_eq!(bytes(&opened["plaintext"]), data);

            let digest: [u8; 32] = Sha256::digest(data).into();
            let signed = ask("createSignature", with(json!({"data": data})));
            let expected = keys.sign(&name, who, digest).unwrap();
            assert_eq!(bytes(&signed["signature"]), expected);
            let direct = with(json!({"hashToDirectlySign": digest, "data": [1]}));
            assert_eq!(ask("createSignature", direct), signed);
            let direct = json!({"hashToDirectlyVerify": digest, "signature": expected,
                                "forSelf": true});
            ask("verifySignature", with(direct));
        }
    }
    let identity = ask("getPublicKey", json!({"identityKey": true}));
    assert_eq!(identity["publicKey"], keys.identity().to_string());
}

#[test]
fn a_key_is_ones_own_and_a_signature_anyones_unless_somebody_is_named() {
    let site = Wire::new();
    let ask = |method: &str, args: Value| site.page(method, args).send().ok();
    let own = with(json!({"counterparty": "self"}));
    let anyone = |more: Value| {
        let mut args = with(json!({"counterparty": "anyone"}));
        args.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        args
    };
    let unnamed = with(json!({"counterparty": null, "keyID": "1"}));
    assert_eq!(ask("getPublicKey", unnamed), ask("getPublicKey", own));
    let data = json!({"data": [1]});
    let signature = ask("createSignature", with(data.clone()));
    assert_eq!(signature, ask("createSignature", anyone(data)));
    // To check it, say so.
    let check = json!({"data": [1], "signature": signature["signature"], "forSelf": true});
    ask("verifySignature", anyone(check.clone()));
    let answer = site.page("verifySignature", with(check)).send();
    assert_eq!(refusal(&answer), (400, 4, "Signature is not valid".into()));
}

#[test]
fn what_is_signed_directly_is_a_number_modulo_the_order() {
    let site = Wire::new();
    let sign = |hash: &[u8]| {
        let args = with(json!({"hashToDirectlySign": hash}));
        site.page("createSignature", args).send().ok()
    };
    let one = sign(&[1]);
    assert_eq!(sign(&[0, 0, 1]), one);
    // The order and one.
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142";
    assert_eq!(sign(&hex::decode(order).unwrap()), one);
    // Of a longer one the first 256 bits.
    assert_eq!(sign(&[7; 40]), sign(&[7; 32]));
    assert_eq!(sign(&[]), sign(&[0; 32]));
}

#[test]
fn mistakes_are_told_in_the_words_of_the_sdk() {
    let site = Wire::new();
    let parameter = |method: &str, args: Value, parameter: &str, message: &str| {
        let answer = site.page(method, args.clone()).send();
        assert_eq!(
            refusal(&answer),
            (400, 6, message.into()),
            "{method} {args}"
        );
        assert_eq!(answer.json()["parameter"], parameter, "{method} {args}");
    };
    let key = |level: Value, name: &str, key_id: &str| json!({"protocolID": [level, name], "keyID": key_id, "data": [1]});
    let long = "a".repeat(401);
    let long_id = "é".repeat(801);
    for (args, of, text) in [
        (
            key(json!(3), "some tests", "1"),
            "protocolID",
            "Protocol security level must be 0, 1, or 2",
        ),
        (
            key(json!(-1), "some tests", "1"),
            "protocolID",
            "Protocol security level must be 0, 1, or 2",
        ),
        (
            key(json!(0.5), "some tests", "1"),
            "protocolID",
            "Protocol security level must be 0, 1, or 2",
        ),
        (
            key(json!("0"), "some tests", "1"),
            "protocolID",
            "Protocol security level must be 0, 1, or 2",
        ),
        (
            key(json!(0), "some tests", ""),
            "keyID",
            "Key IDs must be 1 character or more",
        ),
        (
            key(json!(0), "x", &long_id),
            "keyID",
            "Key IDs must be 800 characters or less",
        ),
        (
            key(json!(0), &long, "1"),
            "protocolID",
            "Protocol names must be 400 characters or less",
        ),
        (
            key(json!(0), " abcd ", "1"),
            "protocolID",
            "Protocol names must be 5 characters or more",
        ),
        (
            key(json!(0), "a  bcde", "1"),
            "protocolID",
            "Protocol names cannot contain multiple consecutive spaces (\"  \")",
        ),
        (
            key(json!(0), "a-bcde", "1"),
            "protocolID",
            "Protocol names can only contain letters, numbers and spaces",
        ),
        (
            key(json!(0), "the best protocol", "1"),
            "protocolID",
            "No need to end your protocol name with \" protocol\"",
        ),
        (
            with(json!({"data": [1], "counterparty": "nobody"})),
            "counterparty",
            "counterparty must be self, anyone or a public key!",
        ),
        (
            with(json!({"data": [1], "counterparty": 7})),
            "counterparty",
            "counterparty must be self, anyone or a public key!",
        ),
        (
            with(json!({"data": "1"})),
            "data",
            "The data parameter must be an array of bytes",
        ),
        (
            with(json!({"data": [256]})),
            "data",
            "The data parameter must be an array of bytes",
        ),
        (
            with(json!({})),
            "data",
            "The data parameter must be an array of bytes",
        ),
        (
            json!({"data": [1], "keyID": "1"}),
            "protocolID",
            "The protocolID parameter must be a security level of 0, 1 or 2 and a protocol name",
        ),
        (
            json!({"data": [1], "protocolID": [0, "some tests"], "keyID": 1}),
            "keyID",
            "The keyID parameter must be a string",
        ),
        (
            with(json!({"data": [1], "seekPermission": "no"})),
            "seekPermission",
            "The seekPermission parameter must be true or false",
        ),
    ] {
        parameter("createHmac", args, of, text);
    }
    for name in ["admin tools", "Administration", " p basket", "p 12345"] {
        let text = "Protocol names that begin with \"admin\" or \"p \" are reserved";
        parameter("createHmac", key(json!(0), name, "1"), "protocolID", text);
    }
    for method in ["getPublicKey", "createHmac", "createSignature"] {
        let args = with(json!({"privileged": true, "data": [1]}));
        let text = "The privileged parameter must be false: this wallet has no second, \
                    privileged keyring";
        parameter(method, args, "privileged", text);
    }
    let required = "protocolID and keyID are required if identityKey is false or undefined.";
    parameter("getPublicKey", json!({}), "keyID", required);
    parameter(
        "getPublicKey",
        json!({"identityKey": false, "keyID": "1"}),
        "protocolID",
        required,
    );
    for (method, text) in [
        (
            "createSignature",
            "args.data or args.hashToDirectlySign must be valid",
        ),
        (
            "verifySignature",
            "args.data or args.hashToDirectlyVerify must be valid",
        ),
    ] {
        parameter(method, with(json!({})), "data", text);
    }
    let call = |method: &str, args: Value| refusal(&site.page(method, args).send());
    let hmac = with(json!({"data": [1], "hmac": [1]}));
    assert_eq!(
        call("verifyHmac", hmac),
        (400, 3, "HMAC is not valid".into())
    );
    let signature = with(json!({"data": [1], "signature": [48]}));
    assert_eq!(
        call("verifySignature", signature),
        (400, 4, "Signature is not valid".into())
    );
    let short = with(json!({"ciphertext": vec![0; 47]}));
    assert_eq!(
        call("decrypt", short),
        (400, 1, "Ciphertext too short".into())
    );
    let wrong = with(json!({"ciphertext": vec![0; 48]}));
    assert_eq!(
        call("decrypt", wrong),
        (400, 1, "Decryption failed!".into())
    );
}

#[test]
fn what_needs_coins_or_the_chain_is_refused_by_name() {
    let site = Wire::new();
    for (method, what) in [
        ("createAction", "coins"),
        ("listOutputs", "coins"),
        ("getHeight", "a view of the chain"),
        ("discoverByAttributes", "a directory of identities"),
    ] {
        let said = format!("`{method}` needs {what}, and this wallet holds keys only");
        let answer = site.page(method, json!({})).send();
        assert_eq!(refusal(&answer), (400, 2, said));
    }
}

#[test]
fn arguments_are_one_object() {
    let site = Wire::new();
    for body in [
        "",
        "[]",
        "1",
        "{",
        "{\"keyID\":\"1\",\"keyID\":\"2\"}",
        "{} {}",
        "\u{0}",
    ] {
        let request = site.page("createHmac", json!({}));
        let request = crate::harness::Request::to(site.address, "POST", &request.target)
            .origin(super::PAGE)
            .bytes("application/json", body.as_bytes());
        let (status, code, message) = refusal(&request.send());
        assert_eq!((status, code), (400, 1), "{body}");
        assert!(
            message.starts_with("the body must be a JSON object"),
            "{message}"
        );
    }
    let marked = format!("\u{feff}{}", with(json!({"data": [1]})));
    let request = crate::harness::Request::to(site.address, "POST", "/createHmac");
    request
        .origin(super::PAGE)
        .bytes("application/json", marked.as_bytes())
        .send()
        .ok();
}

#[test]
fn a_linkage_is_for_the_verifier_alone_and_proven() {
    use secp256k1::{PublicKey, Scalar, Secp256k1, SecretKey};

    let site = Wire::new().allow_all();
    let keys = wallet_key(&site);
    let verifier = WalletKey::new(PrivateKey::from_bytes(&[5; 32]).unwrap());
    let theirs = other().public_key();
    let args =
        json!({"counterparty": theirs.to_string(), "verifier": verifier.identity().to_string()});
    let told = site.page("revealCounterpartyKeyLinkage", args).send().ok();
    let name = invoice(
        2,
        "counterparty linkage revelation",
        told["revelationTime"].as_str().unwrap(),
    );
    let open = |field: &str, name: &Invoice| {
        let from = Counterparty::Key(keys.identity());
        let opened = verifier.decrypt(name, from, &bytes(&told[field])).unwrap();
        opened.unwrap().to_vec()
    };
    let (s, proof) = (
        open("encryptedLinkage", &name),
        open("encryptedLinkageProof", &name),
    );
    assert_eq!(told["prover"], keys.identity().to_string());
    // zG = R + eA, zB = S' + eS.
    let curve = Secp256k1::new();
    let point = |bytes: &[u8]| PublicKey::from_slice(bytes).unwrap();
    let (a, b) = (keys.identity().to_bytes(), theirs.to_bytes());
    let (r, s_prime) = (&proof[..33], &proof[33..66]);
    let mut z = [0; 32];
    z[98 - proof.len()..].copy_from_slice(&proof[66..]);
    let e: [u8; 32] = Sha256::digest([&a[..], &b, &s, s_prime, r].concat()).into();
    let (e, z) = (
        Scalar::from_be_bytes(e).unwrap(),
        Scalar::from_be_bytes(z).unwrap(),
    );
    let one = SecretKey::from_byte_array({
        let mut one = [0; 32];
        one[31] = 1;
        one
    });
    let g = PublicKey::from_secret_key(&curve, &one.unwrap());
    for (base, nonce, product) in [(g, r, &a[..]), (point(&b), s_prime, &s)] {
        let left = base.mul_tweak(&curve, &z).unwrap();
        let right = point(nonce).combine(&point(product).mul_tweak(&curve, &e).unwrap());
        assert_eq!(left, right.unwrap());
    }

    // Of one key.
    let args = json!({"counterparty": theirs.to_string(), "verifier": verifier.identity().to_string(),
                      "protocolID": [1, "Some Tests"], "keyID": "k"});
    let told = site.page("revealSpecificKeyLinkage", args).send().ok();
    assert_eq!(told["protocolID"], json!([1, "Some Tests"]));
    let name = invoice(2, "specific linkage revelation 1 some tests", "k");
    let from = Counterparty::Key(keys.identity());
    let open = |field: &str| {
        verifier
            .decrypt(&name, from, &bytes(&told[field]))
            .unwrap()
            .unwrap()
    };
    // What is added to their key to get the one that it is about.
    let linkage = open("encryptedLinkage").as_slice().try_into().unwrap();
    let added = SecretKey::from_byte_array(linkage).unwrap();
    let added = PublicKey::from_secret_key(&curve, &added);
    let derived = WalletKey::new(other())
        .public_key(&invoice(1, "some tests", "k"), from, Half::Own)
        .unwrap();
    let sum = point(&b).combine(&added).unwrap();
    assert_eq!(sum.serialize(), derived.to_bytes());
    assert_eq!(**open("encryptedLinkageProof"), [0]);

    for counterparty in ["self".to_owned(), keys.identity().to_string()] {
        let args = json!({"counterparty": counterparty, "verifier": "anyone"});
        let answer = site.page("revealCounterpartyKeyLinkage", args).send();
        let text = "Counterparty secrets cannot be revealed for counterparty=self.";
        assert_eq!(refusal(&answer), (400, 6, text.into()));
    }
}
