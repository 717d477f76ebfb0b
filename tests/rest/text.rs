//! Text as people have it, in JSON.

use serde_json::{Value, json};

use crate::harness::{Home, PASSWORD, Site};

const MARK: &str = "\u{feff}";
const WINNER: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// Imports into a fresh home; the primary identity.
#[track_caller]
fn imported(body: Value) -> Value {
    let home = Home::new();
    let site = home.serve();
    site.post("/api/import", body).send().ok();
    site.get("/api/status").send().ok()["bapId"].clone()
}

#[test]
fn words_and_seeds_are_taken_as_they_were_written_down() {
    let with = |field: &str, text: &str| json!({"password": PASSWORD, field: text});
    let id = imported(with("mnemonic", WINNER));
    let numbered: String = WINNER
        .split(' ')
        .enumerate()
        .map(|(index, word)| format!("{}. {word}\r\n", index + 1))
        .collect();
    for text in [
        format!("{MARK}{WINNER}\r\n"),
        numbered,
        "lega winn than year wave saus wort usef lega winn than yell".to_owned(),
    ] {
        assert_eq!(imported(with("mnemonic", &text)), id, "{text:?}");
    }
    let home = Home::new();
    let site = home.serve();
    site.post("/api/import", with("mnemonic", WINNER))
        .send()
        .ok();
    let export = site
        .post("/api/export", json!({"password": PASSWORD}))
        .send()
        .ok();
    for field in ["mnemonic", "seed"] {
        assert_eq!(imported(with(field, &export.to_string())), id, "{field}");
    }
    let seed = format!("{MARK}{}\n", export["seed"].as_str().unwrap());
    assert_eq!(imported(with("seed", &seed)), id);
}

#[test]
fn what_is_no_words_is_named_and_not_repeated() {
    let home = Home::new();
    let site = home.serve();
    let refused = |field: &str, text: &str| {
        let body = json!({"password": PASSWORD, field: text});
        site.post("/api/import", body).send().refused(400, 0)
    };
    for (text, said) in [
        (
            "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
            "WIF",
        ),
        ("{\"phrase\":\"legal winner\"}", "JSON"),
        (
            "napkin remember anger mean exile order drift return ski toss breeze blade",
            "Electrum",
        ),
        (&"ab".repeat(64), "hex"),
    ] {
        let error = refused("mnemonic", text);
        assert!(
            error.starts_with("`mnemonic`") && error.contains(said),
            "{error}"
        );
        assert!(!error.contains(&text[..8]), "{error}");
    }
    let error = refused("mnemonic", &WINNER.replace("yellow", "yellwo"));
    assert!(
        error.contains("word 12") && error.contains("`yellow`"),
        "{error}"
    );
    assert!(refused("seed", WINNER).contains("words"));
}

#[test]
fn a_password_opens_in_whatever_form_it_is_sent() {
    let home = Home::new();
    let site = home.serve();
    let login = |password: &str| {
        site.post("/api/login", json!({"password": password}))
            .send()
    };
    let made = json!({"password": "cafe\u{301}-password\n"});
    site.post("/api/register", made).send().ok();
    for password in [
        "caf\u{e9}-password",
        "cafe\u{301}-password",
        "\u{feff}caf\u{e9}-password\r\n",
    ] {
        login(password).ok();
    }
    login("cafe-password").refused(401, 8);
    let error = login("caf\u{e9}-password\n\n").refused(400, 0);
    assert_eq!(error, "`password`: holds more than one line");
}

/// All the forms of one password are one attempt.
#[test]
fn the_forms_of_a_wrong_password_count_once() {
    let home = Home::new();
    let site = home.serve_registered();
    for _ in 0..5 {
        let body = json!({"password": "caf\u{e9}-\u{fb01}nal"});
        site.post("/api/login", body).send().refused(401, 8);
    }
    let body = json!({"password": "caf\u{e9}-\u{fb01}nal"});
    site.post("/api/login", body).send().refused(429, 12);
}

fn signed(site: &Site, token: &str) -> [String; 2] {
    let body = json!({"message": "hi"});
    let signed = site.post("/api/sign", body).token(token).send().ok();
    ["address", "sig"].map(|name| signed[name].as_str().unwrap().to_owned())
}

#[test]
fn fields_are_taken_as_they_were_copied() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign,encrypt,decrypt");
    let [address, signature] = signed(&site, &token);
    let verify = |message: Value, address: &str, sig: &str| {
        let mut body = message;
        body["address"] = address.into();
        body["sig"] = sig.into();
        site.post("/api/verify", body).send()
    };
    let (first, second) = signature.split_at(64);
    let wrapped = format!("{MARK}{first}\r\n{second}\r\n");
    let around = format!(" {address}\n");
    for message in [
        json!({"message": "hi"}),
        json!({"message": "\u{feff}68\r\n69", "encoding": "hex"}),
        json!({"message": "aG\nk=\n", "encoding": "base64"}),
    ] {
        assert_eq!(verify(message, &around, &wrapped).ok()["valid"], true);
    }
    let marked = json!({"message": "\u{feff}hi"});
    assert_eq!(verify(marked, &address, &signature).ok()["valid"], false);
    let bech32 = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    let error = verify(json!({"message": "hi"}), bech32, &signature).refused(400, 0);
    assert!(
        error.starts_with("`address`") && error.contains("SegWit"),
        "{error}"
    );

    let sealed = site
        .post("/api/encrypt", json!({"message": "hi"}))
        .token(&token)
        .send()
        .ok();
    let sealed = sealed["data"].as_str().unwrap();
    let (first, second) = sealed.split_at(60);
    let decrypt = |ciphertext: String| {
        let body = json!({"ciphertext": ciphertext});
        site.post("/api/decrypt", body).token(&token).send()
    };
    let wrapped = format!("{MARK}{first}\r\n{second}\r\n");
    assert_eq!(decrypt(wrapped).ok()["data"], "hi");
    for other in [
        String::new(),
        "00".to_owned(),
        format!("02{}", "07".repeat(90)),
    ] {
        let error = decrypt(other).refused(400, 0);
        assert!(error.contains("not a BIE1 ciphertext"), "{error}");
    }
    let damaged = decrypt(format!("{sealed}00")).refused(400, 0);
    assert!(damaged.contains("damaged"), "{damaged}");
}

#[test]
fn a_mark_before_a_body_is_no_content_and_utf16_is_named() {
    let home = Home::new();
    let site = home.serve();
    let body = json!({"password": PASSWORD}).to_string();
    let post = |target: &str, bytes: &[u8]| {
        let request = site.request("POST", target);
        request.bytes("application/json", bytes).send()
    };
    post("/api/register", format!("{MARK}{body}\r\n").as_bytes()).ok();
    let utf16: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = post("/api/login", &[b"\xff\xfe", &utf16[..]].concat()).refused(400, 0);
    assert!(error.contains("UTF-16"), "{error}");
}
