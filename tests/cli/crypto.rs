//! Signatures and ciphertexts, as other programs accept them.

use serde_json::json;

use crate::support::{Home, golden};

#[test]
fn signatures_are_the_golden_ones() {
    let home = Home::golden();
    let session = home.login();
    for key in golden()["host_keys"].as_array().unwrap() {
        let field = |name: &str| key[name].as_str().unwrap();
        let (host, message) = (field("host"), field("sample_message"));
        let run = |args: &[&str]| home.run(args).session(&session);
        let signature = run(&["sign", message, "--host", host]).prints();
        assert_eq!(signature, format!("{}\n", field("sample_signature")));
        let shown = run(&["key", "--host", host]).json();
        let expected = json!({"address": field("address"), "publicKey": field("public_key"),
            "path": field("path")});
        assert_eq!(shown, expected);
        let verdict = Home::new().run([
            "verify",
            message,
            "--address",
            field("address"),
            "--signature",
            signature.trim_end(),
        ]);
        assert_eq!(verdict.prints(), "valid\n");
    }
}

#[test]
fn friends_get_the_golden_keys() {
    let home = Home::golden();
    for key in golden()["friend_keys"].as_array().unwrap() {
        let friend = key["friend_bap_id"].as_str().unwrap();
        let shown = home.run(["key", "--friend", friend]).password().json();
        assert_eq!(shown["publicKey"], key["friend_public_key"]);
    }
}

#[test]
fn an_apps_friends_have_keys_of_their_own() {
    let home = Home::golden();
    let session = home.login();
    let run = |args: &[&str]| home.run(args).session(&session);
    let key = |host: &[&str]| run(&[&["key", "--friend", "abc"], host].concat()).json();
    let (own, app) = (key(&[]), key(&["--host", "app1.com"]));
    assert_ne!(own["publicKey"], app["publicKey"]);
    let path = format!("2-tokenpass-app1.com/{}", own["path"].as_str().unwrap());
    assert_eq!(app["path"], path);

    let friend = ["--friend", "abc", "--host", "app1.com"];
    let sealed = run(&[&["encrypt", "hi"], &friend[..]].concat()).prints();
    let open = |from: &[&str]| run(&[&["decrypt", sealed.trim_end()], from].concat());
    assert_eq!(open(&friend).prints(), "hi");
    open(&["--friend", "abc"]).fails(
        1,
        "error: cannot decrypt: the ciphertext is damaged or was made for another key
hint: `--host`, `--friend` and `--from` say for which key it was made
",
    );
    let to = own["publicKey"].as_str().unwrap();
    run(&["encrypt", "hi", "--host", "a.example", "--to", to]).fails(
        2,
        "error: `--host` and `--to` are two recipients: name one, or a `--friend` with them\n",
    );
}

#[test]
fn sign_in_json_is_what_the_rest_api_answers() {
    let home = Home::golden();
    let answer = home
        .run(["sign", "hi", "--host", "Example.COM"])
        .password()
        .json();
    let fields: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["address", "message", "recovery", "sig", "ts"]);
    assert_eq!(answer["address"], golden()["host_keys"][0]["address"]);
    assert_eq!(answer["message"], "hi");
    assert!(answer["recovery"].as_u64().unwrap() < 4 && answer["ts"].is_u64());
}

#[test]
fn a_message_is_the_same_from_everywhere() {
    let home = Home::golden();
    let file = home.beside("message");
    std::fs::write(&file, "Grüße\n").unwrap();
    let file = file.to_str().unwrap();
    let expected = home.run(["sign", "Grüße\n"]).password().prints();
    let sign = |args: &[&str]| home.run([&["sign"], args].concat()).password();
    assert_eq!(sign(&["--file", file]).prints(), expected);
    assert_eq!(sign(&["--file", "-"]).stdin("Grüße\n").prints(), expected);
    // The final line feed is part of the message.
    assert_eq!(sign(&[]).stdin("Grüße\n").prints(), expected);
    assert_ne!(sign(&[]).stdin("Grüße").prints(), expected);
    // Around hex and base64 it is not.
    let hex = hex::encode("Grüße\n");
    assert_eq!(
        sign(&["--encoding", "hex"])
            .stdin(format!("{hex}\n"))
            .prints(),
        expected
    );
    assert_eq!(
        sign(&["--encoding", "base64", "R3LDvMOfZQo="]).prints(),
        expected
    );
}

#[test]
fn bytes_that_are_no_text_are_signed_as_they_are() {
    let home = Home::golden();
    let by_stdin = home.run(["sign"]).password().stdin(*b"\xff\0\x01").prints();
    let by_hex = home
        .run(["sign", "ff0001", "--encoding", "hex"])
        .password()
        .prints();
    assert_eq!(by_stdin, by_hex);
}

#[test]
fn what_was_not_signed_is_invalid() {
    let home = Home::golden();
    let key = &golden()["host_keys"][0];
    let (address, signature) = (
        key["address"].as_str().unwrap(),
        key["sample_signature"].as_str().unwrap(),
    );
    let verify = |message: &str, address: &str| {
        let args = [
            "verify",
            message,
            "--address",
            address,
            "--signature",
            signature,
        ];
        home.run(args).without("TOKENPASS_HOME").done()
    };
    let done = verify("hello example.org", address);
    assert_eq!(
        (done.code, &done.stdout[..], &done.stderr[..]),
        (1, &b"invalid\n"[..], "")
    );
    let other = verify("hello example.com", "1DTBYh9NCksUEpyfwR4pHW7NNFxvEE4VJi");
    assert_eq!(other.code, 1);
}

#[test]
fn input_that_cannot_be_read_is_named() {
    let home = Home::golden();
    let session = home.login();
    let encoding = "hint: `--encoding` says how the text encodes bytes\n";
    for (args, message) in [
        (
            &["sign", "--encoding", "hex", "abxd"][..],
            format!("error: `abxd` is not hex: character 3 is not hex\n{encoding}"),
        ),
        (
            &["sign", "--encoding", "hex", "abc"],
            format!("error: `abc` is not hex: incomplete hex: 3 characters\n{encoding}"),
        ),
        (
            &["sign", "--encoding", "base64", "a~bc"],
            format!("error: `a~bc` is not base64: character 2 is not base64\n{encoding}"),
        ),
        (
            &["decrypt", "xyzz"],
            "error: this is not a BIE1 ciphertext
hint: it begins with `42494531` in hex, `QklFM` in base64, `BIE1` as binary data\n".to_owned(),
        ),
        (
            &["sign", "--encoding", "utf16", "a"],
            "error: `--encoding <ENCODING>`: unknown encoding `utf16`: it is one of `utf8`, `hex`, `base64`
hint: `tokenpass sign --help` says more\n".to_owned(),
        ),
        (
            &["sign", "--host", "http://a/", "a"],
            "error: `--host <HOST>`: `http://a/` is not a host: it is a name or address, with a port if there is one, like `example.com` or `localhost:3000`
hint: `tokenpass sign --help` says more\n".to_owned(),
        ),
        (
            &["encrypt", "a", "--to", "02ff"],
            "error: invalid value `02ff` for `--to <PUBKEY>`: not a public key: it is too long or too short
hint: `tokenpass encrypt --help` says more\n".to_owned(),
        ),
        (
            &["verify", "a", "--address", "19d583MBo2AMSNZVgGhBoUvjanMDYuj3Bx", "--signature", "AA=="],
            "error: invalid value `19d583MBo2AMSNZVgGhBoUvjanMDYuj3Bx` for `--address <ADDRESS>`: not a bitcoin address: its checksum is wrong, look for a typing error
hint: `tokenpass verify --help` says more\n".to_owned(),
        ),
        (
            &["verify", "a", "--address", "19d583MBo2AMSNZVgGhBoUvjanMDYuj3Bz", "--signature", "AA=="],
            "error: invalid value `AA==` for `--signature <SIGNATURE>`: a signature is base64 of 65 bytes that begin with 27 to 42
hint: `tokenpass verify --help` says more\n".to_owned(),
        ),
        (
            &["key", "--identity", "0OIl"],
            "error: no identity is called `0OIl`
hint: `tokenpass identity list` shows those of this wallet\n".to_owned(),
        ),
        (
            &["sign", "--file", "/nope", "-q"],
            "error: cannot read `/nope`: no such file or directory\n".to_owned(),
        ),
    ] {
        home.run(args).session(&session).fails(if args[1] == "--file" { 1 } else { 2 }, &message);
    }
}

#[test]
fn a_request_is_signed_and_verified() {
    let home = Home::golden();
    let session = home.login();
    for scheme in ["brc77", "bsm"] {
        let sign = [
            "sign",
            "--path",
            "/api/x?a=1",
            "--body",
            "{}",
            "--scheme",
            scheme,
        ];
        let token = home.run(sign).session(&session).prints();
        let token = token.trim_end();
        assert_eq!(token.split('|').nth(1), Some(scheme));
        assert_eq!(home.run(sign).session(&session).json()["success"], true);
        let verify = |path: &str, body: &str| {
            Home::new()
                .run(["verify", "--token", token, "--path", path, "--body", body])
                .done()
        };
        assert_eq!(verify("/api/x?a=1", "{}").stdout, b"valid\n");
        let body = verify("/api/x?a=1", "{ }");
        assert_eq!((body.code, &body.stdout[..]), (1, &b"invalid\n"[..]));
        assert_eq!(
            body.stderr,
            "the signature does not fit the key, path, time and body\n"
        );
        let path = verify("/api/y", "{}");
        assert_eq!(
            (path.code, path.stderr.as_str()),
            (1, "the token is for the path `/api/x?a=1`\n")
        );
    }
}

#[test]
fn an_old_token_is_invalid_unless_its_age_is_allowed() {
    let home = Home::golden();
    let time = "2020-01-02T03:04:05.678Z";
    let token = home
        .run([
            "sign",
            "--path",
            "/",
            "--timestamp",
            time,
            "--scheme",
            "bsm",
        ])
        .password()
        .prints();
    let token = token.trim_end();
    let done = home.run(["verify", "--token", token, "--path", "/"]).done();
    assert_eq!(
        (done.code, done.stderr),
        (1, format!("the token of `{time}` has expired\n"))
    );
    let allowed = home.run([
        "verify",
        "--token",
        token,
        "--path",
        "/",
        "--max-age",
        "5000w",
    ]);
    assert_eq!(allowed.json(), json!({"valid": true}));
    let bad = home
        .run(["sign", "--path", "/", "--timestamp", "yesterday"])
        .password();
    bad.fails(
        2,
        "error: the timestamp `yesterday` is not like `2026-01-02T03:04:05.678Z`\n",
    );
}

#[test]
fn encrypting_for_somebody_else_needs_no_wallet() {
    let home = Home::golden();
    let key = home.run(["key"]).password().json();
    let to = key["publicKey"].as_str().unwrap();
    let sealed = Home::new().run(["encrypt", "hi", "--to", to]).prints();
    let opened = home.run(["decrypt", sealed.trim_end()]).password();
    assert_eq!(opened.prints(), "hi");
}

#[test]
fn what_is_encrypted_comes_back_byte_for_byte() {
    let home = Home::golden();
    let session = home.login();
    let run = |args: &[&str]| home.run(args).session(&session);
    let binary: Vec<u8> = (0..=255).collect();
    for target in [&[][..], &["--host", "app1.com"], &["--friend", "abc"]] {
        let ciphertext = run(&[&["encrypt"], target].concat())
            .stdin(binary.clone())
            .prints();
        let back = run(&[&["decrypt"], target].concat())
            .stdin(ciphertext)
            .succeeds();
        assert_eq!(back, binary);
    }
    let key = run(&["key", "--host", "app1.com"]).json();
    let to = key["publicKey"].as_str().unwrap();
    let ciphertext = run(&["encrypt", "für dich", "--to", to]).prints();
    let plain = run(&["decrypt", ciphertext.trim_end(), "--host", "app1.com"]);
    assert_eq!(plain.json(), json!({"data": "für dich", "success": true}));
    run(&["decrypt", ciphertext.trim_end(), "--host", "app2.com"]).fails(
        1,
        "error: cannot decrypt: the ciphertext is damaged or was made for another key
hint: `--host`, `--friend` and `--from` say for which key it was made
",
    );
}

#[test]
fn plaintext_that_is_no_text_is_base64_in_json() {
    let home = Home::golden();
    let ciphertext = home
        .run(["encrypt"])
        .password()
        .stdin(*b"\xff\xfe")
        .prints();
    let plain = home
        .run(["decrypt", ciphertext.trim_end()])
        .password()
        .json();
    assert_eq!(
        plain,
        json!({"data": "//4=", "encoding": "base64", "success": true})
    );
}
