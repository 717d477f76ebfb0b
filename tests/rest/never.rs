//! What the original does, and TokenPass must not: a test for each.

use std::fs;

use serde_json::json;
use tokenpass::testing::crypto::secret::Password;

use crate::harness::{ALL_SCOPES, Home, PASSWORD};

const EVIL: &str = "https://evil.example";

#[test]
fn an_origin_is_not_reflected_and_credentials_are_never_allowed() {
    let home = Home::new();
    let site = home.serve_registered();
    for path in ["/api/sign", "/api/auth", "/api/profile", "/api/export"] {
        for method in ["POST", "OPTIONS"] {
            let request = site.request(method, path).origin(EVIL);
            let request = request.header("Access-Control-Request-Method", "POST");
            let answer = request.json(json!({"password": PASSWORD})).send();
            answer.refused(403, 7);
            assert_eq!(answer.header("Access-Control-Allow-Origin"), None);
            // The harness looks for credentials in every answer.
            assert_eq!(answer.header("Access-Control-Allow-Credentials"), None);
        }
    }
}

#[test]
fn no_page_gets_a_token_for_any_host_just_because_the_wallet_is_unlocked() {
    let home = Home::new();
    let site = home.serve_registered();
    home.wallet()
        .allow_origin(&"https://app.example".parse().unwrap())
        .unwrap();
    let auth = |host: &str| site.post("/api/auth", json!({"host": host, "scopes": ALL_SCOPES}));
    auth("evil.example").origin(EVIL).send().refused(403, 7);
    auth("bank.example").origin(EVIL).send().refused(403, 7);
    auth("bank.example")
        .origin("https://app.example")
        .send()
        .refused(403, 7);
    auth("bank.example").send().refused(401, 9);
    assert_eq!(site.get("/api/status").send().ok()["states"], json!([]));
}

#[test]
fn no_page_is_shown_hosts_addresses_and_scopes() {
    let home = Home::new();
    let site = home.serve_registered();
    site.token_for("secret-shop.example", "sign");
    let address = site.get("/api/status").send().ok()["keys"][0]["address"].clone();
    for origin in [EVIL, "null", "http://localhost:3000"] {
        let shown = site.get("/api/status").origin(origin).send();
        shown.ok();
        assert!(!shown.text().contains("secret-shop"), "{}", shown.text());
        assert!(!shown.text().contains(address.as_str().unwrap()));
    }
}

#[test]
fn a_second_register_destroys_no_wallet() {
    let home = Home::new();
    let site = home.serve_registered();
    let export = || {
        site.post("/api/export", json!({"password": PASSWORD}))
            .send()
            .ok()
    };
    let before = export();
    for password in [PASSWORD, "another password"] {
        site.post("/api/register", json!({"password": password}))
            .send()
            .refused(409, 11);
        let import = json!({"password": password, "seed": "ab".repeat(64)});
        site.post("/api/import", import).send().refused(409, 11);
    }
    assert_eq!(export(), before);
}

#[test]
fn nobody_is_answered_who_calls_the_server_by_another_name() {
    let home = Home::new();
    let site = home.serve_registered();
    for name in ["0.0.0.0", "evil.example", "[::]", "10.0.0.1"] {
        let host = format!("{name}:{}", site.port());
        for path in ["/api/status", "/api/health", "/", "/api/nothing"] {
            let answer = site
                .get(path)
                .host(&host)
                .origin(&format!("http://{host}"))
                .send();
            answer.refused(421, 0);
        }
    }
}

#[test]
fn nothing_is_signed_without_the_scope() {
    let home = Home::new();
    let site = home.serve_registered();
    let all_but_sign = ALL_SCOPES.replace("sign,", "");
    for token in [site.token(""), site.token(&all_but_sign)] {
        for (path, body) in [
            ("/api/sign", json!({"message": "m"})),
            ("/api/sign", json!({"path": "/"})),
            ("/api/sign-aip", json!({"data": ["00"]})),
            ("/sign", json!({"message": "m"})),
        ] {
            site.post(path, body).token(&token).send().refused(403, 6);
        }
    }
}

#[test]
fn no_token_lies_in_clear_in_a_file_that_others_can_read() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    site.post("/api/sign", json!({"message": "m"}))
        .token(&token)
        .send()
        .ok();
    let bare = token.replace('-', "");
    let raw = hex::decode(&bare).unwrap();
    let mut files = 0;
    for entry in fs::read_dir(home.path()).unwrap() {
        let entry = entry.unwrap();
        let bytes = fs::read(entry.path()).unwrap();
        for secret in [token.as_bytes(), bare.as_bytes(), &raw, PASSWORD.as_bytes()] {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{:?}", entry.path());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{:?}", entry.path());
        }
        files += 1;
    }
    assert!(files >= 3, "{files}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(home.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn the_password_can_change_and_the_words_alone_restore_everything() {
    let home = Home::new();
    let site = home.serve_registered();
    let sign = |site: &crate::harness::Site, password: &str| {
        let body = json!({"host": "example.com", "password": password, "scopes": "sign"});
        let token = site.post("/api/auth", body).send().ok()["accessToken"].clone();
        let sign = site.post("/api/sign", json!({"message": "m"}));
        sign.token(token.as_str().unwrap()).send().ok()["sig"].clone()
    };
    let before = sign(&site, PASSWORD);
    let new = "a new password";
    let secret = |text: &str| Password::new(text.into());
    home.wallet()
        .change_password(&secret(PASSWORD), &secret(new))
        .unwrap();
    site.post("/api/login", json!({"password": PASSWORD}))
        .send()
        .refused(401, 8);
    assert_eq!(sign(&site, new), before);
    let exported = site
        .post("/api/export", json!({"password": new}))
        .send()
        .ok();

    let elsewhere = Home::new();
    let other = elsewhere.serve();
    let unrelated = "quite another one";
    let import = json!({"password": unrelated, "mnemonic": exported["mnemonic"]});
    other.post("/api/import", import).send().ok();
    assert_eq!(sign(&other, unrelated), before);
}
