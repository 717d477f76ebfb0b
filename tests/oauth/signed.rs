//! Clients whose token requests must be signed: `client add --key`.

use std::time::{Duration, UNIX_EPOCH};

use tokenpass::PrivateKey;
use tokenpass::auth_token::{self, Scheme};

use crate::client::{Provider, VERIFIER, changed, encoded, parameter, request};
use crate::support::http::Answer;

const DESK: &str = "https://desk.example/cb";
const PATH: &str = "/api/auth/oauth2/token";

fn key(byte: u8) -> PrivateKey {
    PrivateKey::from_bytes(&[byte; 32]).unwrap()
}

/// A provider with the client `desk`, and the body that redeems its code.
fn waiting(options: &[&str]) -> (Provider, String) {
    let provider = Provider::new();
    provider.home.add_client("desk", DESK, options);
    let own = [("client_id", "desk"), ("redirect_uri", DESK)];
    let location = provider.allow(&changed(&request("openid"), &own));
    let code = parameter(&location, "code").unwrap();
    let body = encoded(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", DESK),
        ("client_id", "desk"),
        ("code_verifier", VERIFIER),
    ]);
    (provider, body)
}

fn token(key: &PrivateKey, scheme: Scheme, path: &str, body: &str, millis: u64) -> String {
    let time = UNIX_EPOCH + Duration::from_millis(millis);
    let timestamp = humantime::format_rfc3339_millis(time).to_string();
    auth_token::sign(key, scheme, path, body.as_bytes(), &timestamp, [9; 32])
        .unwrap()
        .to_string()
}

fn ask(provider: &Provider, body: &str, tokens: &[&str]) -> Answer {
    let mut request = provider
        .post_form(PATH, &[])
        .bytes("application/x-www-form-urlencoded", body.as_bytes());
    for token in tokens {
        request = request.header("X-Auth-Token", token);
    }
    request.send()
}

/// Nothing is used up by a request without the right signature.
#[test]
fn a_client_with_a_key_must_sign_path_and_body() {
    let pinned = key(7).public_key().to_string();
    let (provider, body) = waiting(&["--key", &pinned]);
    let now = provider.home.now();
    let minutes = |count: u64| count * 60 * 1000;
    let by = |key: &PrivateKey, path, body, millis| token(key, Scheme::Bsm, path, body, millis);
    let good = by(&key(7), PATH, &body, now);
    let renamed = good.replace(&pinned, &key(8).public_key().to_string());
    let stolen = by(&key(8), PATH, &body, now).replace(&key(8).public_key().to_string(), &pinned);
    let cases: &[(&str, &[&str])] = &[
        ("no token", &[]),
        ("two tokens", &[&good, &good]),
        ("no token's form", &["nonsense"]),
        ("another's key", &[&by(&key(8), PATH, &body, now)]),
        ("another's name", &[&renamed]),
        ("another's signature", &[&stolen]),
        ("another path", &[&by(&key(7), "/oauth2/token", &body, now)]),
        (
            "another body",
            &[&by(&key(7), PATH, &format!("{body}&"), now)],
        ),
        ("no body", &[&by(&key(7), PATH, "", now)]),
        ("old", &[&by(&key(7), PATH, &body, now - minutes(6))]),
        ("not yet", &[&by(&key(7), PATH, &body, now + minutes(6))]),
    ];
    for (case, tokens) in cases {
        let answer = ask(&provider, &body, tokens);
        assert_eq!(answer.status, 401, "{case}: {}", answer.text());
        assert_eq!(answer.json()["error"], "invalid_client", "{case}");
    }
    ask(&provider, &body, &[&good]).ok();
}

#[test]
fn both_schemes_sign() {
    let pinned = key(7).public_key().to_string();
    for scheme in [Scheme::Brc77, Scheme::Bsm] {
        let (provider, body) = waiting(&["--key", &pinned]);
        let signed = token(&key(7), scheme, PATH, &body, provider.home.now());
        ask(&provider, &body, &[&signed]).ok();
    }
}

/// The device flow in JSON is no way around it.
#[test]
fn the_device_flow_in_json_is_signed_too() {
    let pinned = key(7).public_key().to_string();
    let (provider, _) = waiting(&["--key", &pinned]);
    let body = serde_json::json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": "desk",
        "device_code": "unknown",
    });
    let path = "/api/auth/device/token";
    let unsigned = provider.post_json(path, body.clone()).send();
    assert_eq!(unsigned.json()["error"], "invalid_client");
    let text = body.to_string();
    let signed = token(&key(7), Scheme::Bsm, path, &text, provider.home.now());
    let answer = provider
        .post_json(path, body)
        .header("X-Auth-Token", &signed)
        .send();
    assert_ne!(
        answer.json()["error"],
        "invalid_client",
        "{}",
        answer.text()
    );
}

/// Without a key there is nothing to hold a token against.
#[test]
fn a_client_without_a_key_may_send_anything() {
    let (provider, body) = waiting(&[]);
    ask(&provider, &body, &["nonsense"]).ok();
}
