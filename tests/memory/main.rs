//! A locked wallet is empty: the real server is unlocked in every way there is,
//! used, locked in every way there is, and its whole memory searched. So is that
//! of commands, once they have done their work.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod command;
mod scan;
mod server;
#[path = "../support/mod.rs"]
mod support;

use serde_json::{Value, json};
use tokenpass::Mnemonic;
use tokenpass::testing::crypto::brc42::derive_self;
use tokenpass::testing::identity::{derive, member};

use command::Held;
use scan::{Secrets, search};
use server::{Running, registered};
use support::Home;
use support::http::Request;
use support::strace::can_trace;

/// One that stands in no text of the program.
const PASSWORD: &str = "wine-dark sea, rosy-fingered dawn";
const HOST: &str = "app.example.com";

/// Everything that a locked server must not know any more.
fn secrets_of(words: &str) -> Secrets {
    let seed = Mnemonic::parse(words).unwrap().seed("");
    let root = seed.root_key().unwrap();
    let mut secrets = keys_in_use(words);
    secrets.text("password", PASSWORD);
    secrets.text("words", words);
    secrets.bytes("word indices", &indices(words));
    secrets.bytes("seed", seed.expose_bytes());
    secrets.key("identity key", &member::signing_key(&root, 0, 0).unwrap());
    secrets
}

/// What an unlocked server needs.
fn keys_in_use(words: &str) -> Secrets {
    let seed = Mnemonic::parse(words).unwrap().seed("");
    let root = seed.root_key().unwrap();
    let mut secrets = Secrets::default();
    secrets.key("root key", &root);
    secrets.key("host key", &derive::host_key(&root, HOST).unwrap());
    secrets
}

/// How the crate `bip39` holds words: places in its list, two bytes each.
fn indices(words: &str) -> Vec<u8> {
    let list = bip39::Language::English.word_list();
    let place = |word| list.iter().position(|other| *other == word).unwrap();
    words
        .split(' ')
        .flat_map(|word| (place(word) as u16).to_ne_bytes())
        .collect()
}

fn new_words() -> String {
    let mut entropy = [0; 16];
    getrandom::fill(&mut entropy).unwrap();
    let mnemonic = Mnemonic::from_entropy(&entropy).unwrap();
    mnemonic.expose_phrase().to_string()
}

impl Running {
    /// What an app does with a wallet that its user unlocks for it; returns its
    /// token.
    fn use_wallet(&self) -> String {
        let wish = json!({"password": PASSWORD, "host": HOST, "scopes": "sign,encrypt,decrypt"});
        let granted = self.post("auth", None, &wish).ok();
        let token = granted["accessToken"].as_str().unwrap().to_owned();
        let post = |path, body| self.post(path, Some(&token), &body).ok();
        post("sign", json!({"message": "hello"}));
        let sealed = post("encrypt", json!({"data": "hello", "friendBapId": "alice"}));
        post(
            "decrypt",
            json!({"ciphertext": sealed["ciphertext"], "friendBapId": "alice"}),
        );
        token
    }

    #[track_caller]
    fn assert_empty(&self, words: &str, token: Option<&str>) {
        let mut secrets = secrets_of(words);
        if let Some(token) = token {
            secrets.text("access token", token);
        }
        let found = search(self.pid(), &secrets);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn nothing_is_left_after_an_unlock_at_start() {
    let Some(server) = Running::unlocked(&[]) else {
        return;
    };
    let words = server.export();
    let token = server.use_wallet();
    server.logout();
    server.assert_empty(&words, Some(&token));
}

#[test]
fn nothing_is_left_after_login() {
    let Some(server) = Running::start(registered(), &[]) else {
        return;
    };
    server.login();
    let words = server.export();
    server.logout();
    server.assert_empty(&words, None);
}

#[test]
fn nothing_is_left_after_register() {
    let Some(server) = Running::start(Home::new(), &[]) else {
        return;
    };
    server
        .post("register", None, &json!({"password": PASSWORD}))
        .ok();
    let token = server.use_wallet();
    let words = server.export();
    server.logout();
    server.assert_empty(&words, Some(&token));
}

#[test]
fn nothing_is_left_after_an_import_of_words_or_seed() {
    let words = new_words();
    let seed = Mnemonic::parse(&words).unwrap().seed("");
    for source in [
        json!({"password": PASSWORD, "mnemonic": words}),
        json!({"password": PASSWORD, "seed": *seed.expose_hex()}),
    ] {
        let Some(server) = Running::start(Home::new(), &[]) else {
            return;
        };
        server.post("import", None, &source).ok();
        let token = server.use_wallet();
        server.logout();
        server.assert_empty(&words, Some(&token));
    }
}

#[test]
fn nothing_is_left_after_an_import_of_a_backup() {
    let Some(source) = Running::start(registered(), &[]) else {
        return;
    };
    let words = source.export();
    let server = Running::start(Home::new(), &[]).unwrap();
    let body = json!({"password": PASSWORD, "backup": source.backup()});
    server.post("import", None, &body).ok();
    server.logout();
    server.assert_empty(&words, None);
}

#[test]
fn nothing_is_left_after_a_scheduled_backup() {
    let Some(server) = Running::unlocked(&[]) else {
        return;
    };
    let words = server.export();
    server.back_up_by_schedule();
    server.logout();
    // The backup is there before the thread that made it is done.
    server.await_lock(&secrets_of(&words));
}

#[test]
fn nothing_is_left_after_a_grant_by_password() {
    let Some(server) = Running::start(registered(), &[]) else {
        return;
    };
    let token = server.use_wallet();
    let words = server.export();
    server.logout();
    server.assert_empty(&words, Some(&token));
}

#[test]
fn nothing_is_left_after_a_password_sealed_to_the_server() {
    let Some(server) = Running::start(registered(), &[]) else {
        return;
    };
    let key = server.get("session-key")["publicKey"].clone();
    let body = json!({"password": PASSWORD}).to_string();
    let sealed = server::sealed_to(key.as_str().unwrap(), body.as_bytes());
    server
        .post("login", None, &json!({"ciphertext": sealed}))
        .ok();
    let words = server.export();
    server.logout();
    server.assert_empty(&words, None);
}

#[test]
fn nothing_is_left_after_a_command_had_a_session() {
    let Some(server) = Running::unlocked(&[]) else {
        return;
    };
    let words = server.export();
    let session = server.agent_session();
    server.sign_without_password();
    server.logout();
    server.assert_empty(&words, None);
    let mut secrets = Secrets::default();
    secrets.text("session", &session);
    secrets.bytes("session key", &hex::decode(&session).unwrap());
    let found = search(server.pid(), &secrets);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_is_left_of_secrets_that_were_refused() {
    let Some(server) = Running::start(registered(), &[]) else {
        return;
    };
    let words = server.export();
    let wrong = format!("{PASSWORD} staple");
    for (path, body) in [
        ("login", json!({"password": wrong})),
        ("login", Value::from(format!("{{\"password\":\"{wrong}"))),
        ("import", json!({"password": PASSWORD, "mnemonic": words})),
        ("register", json!({"password": PASSWORD, "extra": [words]})),
    ] {
        let status = server.post(path, None, &body).status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    server.assert_empty(&words, None);
}

#[test]
fn an_auto_lock_leaves_nothing_without_a_further_request() {
    let Some(server) = Running::unlocked(&["--auto-lock", "1s"]) else {
        return;
    };
    let words = server.export();
    let token = server.use_wallet();
    server.await_lock(&keys_in_use(&words));
    server.assert_empty(&words, Some(&token));
}

#[test]
fn a_command_that_is_done_has_nothing_left() {
    if !can_trace() {
        return;
    }
    let words = new_words();
    let home = Home::new();
    let password = home.secret_file("password", PASSWORD);
    let import = [
        "import",
        "--mnemonic-file",
        "-",
        "--password-file",
        &password,
    ];
    let fresh = Home::new();
    let Some(held) = Held::at_its_end(&fresh, &import, &words) else {
        return;
    };
    assert_nothing_in(&held, &words, &import);
    home.run(import).stdin(&*words).succeeds();
    let sealed = [
        "encrypt",
        "a secret",
        "--host",
        HOST,
        "--password-file",
        &password,
    ];
    let sealed = home.run(sealed).prints();
    for args in [
        &["sign", "m", "--host", HOST][..],
        &["sign", "--path", "/x", "--host", HOST],
        &["key", "--host", HOST],
        &["encrypt", "a secret", "--host", HOST],
        &["decrypt", sealed.trim(), "--host", HOST],
        &["auth", "--host", HOST, "--scopes", "sign"],
        &["identity", "create", "--name", "Work"],
        &["login"],
        &["passwd", "--new-password-file", &password],
        &[
            "export",
            "--format",
            "bep",
            "--backup-password-file",
            &password,
        ],
        &["export"],
    ] {
        for given in [&["--password-file", &*password][..], &["--password-stdin"]] {
            let args = [args, given].concat();
            let held = Held::at_its_end(&home, &args, PASSWORD).unwrap();
            assert_nothing_in(&held, &words, &args);
        }
    }
}

#[track_caller]
fn assert_nothing_in(held: &Held, words: &str, args: &[&str]) {
    let found = search(held.pid(), &secrets_of(words));
    assert!(found.is_empty(), "{args:?}: {found:#?}");
}

#[test]
fn an_unlocked_wallet_holds_each_key_in_use_once_and_nothing_else() {
    let Some(server) = Running::unlocked(&[]) else {
        return;
    };
    let words = server.export();
    let token = server.use_wallet();
    let mut found = search(server.pid(), &keys_in_use(&words));
    found.sort_by(|a, b| a.name.cmp(&b.name));
    let names: Vec<_> = found.iter().map(|found| &*found.name).collect();
    let once = [
        "host key, raw 0",
        "host key, raw 16",
        "root key, raw 0",
        "root key, raw 16",
    ];
    assert_eq!(names, once, "{found:#?}");
    let mut others = secrets_of(&words).without(&["root key", "host key"]);
    others.text("access token", &token);
    let found = search(server.pid(), &others);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_is_left_of_what_apps_of_the_brc100_wallet_used() {
    let place = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    let Some(server) = Running::unlocked(&["--brc100-listen", &address.to_string()]) else {
        return;
    };
    let plaintext = b"sing, goddess, of the anger of Achilles";
    let call = |method: &str, name: &str, value: Value| {
        let mut args = json!({"protocolID": [0, "some tests"], "keyID": "1"});
        args["counterparty"] = "self".into();
        args[name] = value;
        let request = Request::to(address, "POST", &format!("/{method}"));
        request.header("Originator", HOST).json(args).send().ok()
    };
    call("createSignature", "data", json!([1]));
    call("createHmac", "data", json!([1]));
    let sealed = call("encrypt", "plaintext", json!(plaintext.as_slice()));
    call("decrypt", "ciphertext", sealed["ciphertext"].clone());

    let words = server.export();
    let root = Mnemonic::parse(&words)
        .unwrap()
        .seed("")
        .root_key()
        .unwrap();
    let apps = derive_self(&root, "2-brc100-wallet").unwrap();
    let used = derive_self(&apps, "0-some tests-1").unwrap();
    let mut keys = Secrets::default();
    keys.key("apps' key", &apps);
    keys.key("used key", &used);
    assert_eq!(search(server.pid(), &keys).len(), 4);
    server.logout();
    server.assert_empty(&words, None);
    let shared = used.public_key();
    keys.bytes("shared x", &diffie_hellman(&used, &shared));
    keys.bytes("plaintext", plaintext);
    let found = search(server.pid(), &keys);
    assert!(found.is_empty(), "{found:#?}");
}

/// The x coordinate that a ciphertext's key is.
fn diffie_hellman(own: &tokenpass::PrivateKey, other: &tokenpass::PublicKey) -> [u8; 32] {
    let own = secp256k1::SecretKey::from_byte_array(*own.expose_bytes()).unwrap();
    let other = secp256k1::PublicKey::from_slice(&other.to_bytes()).unwrap();
    let xy = secp256k1::ecdh::shared_secret_point(&other, &own);
    *xy.first_chunk().unwrap()
}

#[test]
fn the_search_finds_what_is_there() {
    let secret: Vec<u8> = (100..132).collect();
    let mut secrets = Secrets::default();
    secrets.bytes("secret", &secret);
    let held = [
        secret[16..].to_vec(),
        hex::encode(&secret[..16]).into_bytes(),
        base64_after("x", &secret),
        base64_after("xy", &secret),
    ];
    let found = search(std::process::id(), &secrets);
    for form in ["raw 16", "hex 0", "base64+1 0", "base64+2 16"] {
        let name = format!("secret, {form}");
        assert!(found.iter().any(|found| found.name == name), "{name}");
    }
    drop(std::hint::black_box(held));
}

fn base64_after(before: &str, bytes: &[u8]) -> Vec<u8> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let text = [before.as_bytes(), bytes].concat();
    BASE64_STANDARD.encode(text).into_bytes()
}
