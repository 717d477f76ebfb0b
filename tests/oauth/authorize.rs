//! The authorization endpoint's refusals, each named with its source.

use crate::client::{APP, CALLBACK, Provider, changed, encoded, parameter, request};

type Change<'a> = &'a [(&'a str, &'a str)];

/// RFC 6749, 4.1.2.1: where client or redirect URI cannot be trusted, the
/// person is told, and nothing is sent anywhere.
#[test]
fn a_page_and_never_a_redirect() {
    let provider = Provider::new();
    let cases: &[(&str, Change<'_>)] = &[
        ("6749 4.1.2.1: no client_id", &[("client_id", "")]),
        (
            "6749 4.1.2.1: malformed client_id",
            &[("client_id", "not a url")],
        ),
        ("6749 4.1.2.1: unknown name", &[("client_id", "nobody")]),
        (
            "6749 3.1: client_id twice",
            &[("client_id", APP), ("client_id", APP)],
        ),
        (
            "8252 8.3: http that is no loopback",
            &[
                ("client_id", "http://app.example"),
                ("redirect_uri", "http://app.example/callback"),
            ],
        ),
        (
            "userinfo in client_id",
            &[("client_id", "https://user@app.example")],
        ),
        (
            "fragment in client_id",
            &[("client_id", "https://app.example/#x")],
        ),
        (
            "dot segments in client_id",
            &[("client_id", "https://app.example/a/../")],
        ),
        (
            "escaped dot segments",
            &[("client_id", "https://app.example/%2e%2e/")],
        ),
        ("3.1.2.3: no redirect_uri", &[("redirect_uri", "")]),
        (
            "9700 2.1: another host",
            &[("redirect_uri", "https://evil.example/callback")],
        ),
        (
            "9700 2.1: another scheme",
            &[("redirect_uri", "http://app.example/callback")],
        ),
        (
            "9700 2.1: another port",
            &[("redirect_uri", "https://app.example:8443/callback")],
        ),
        (
            "9700 4.1.1: suffix",
            &[("redirect_uri", "https://app.example.evil/callback")],
        ),
        (
            "9700 4.1.1: prefix",
            &[("redirect_uri", "https://notapp.example/callback")],
        ),
        (
            "9700 4.1.1: subdomain",
            &[("redirect_uri", "https://a.app.example/callback")],
        ),
        (
            "loopback look-alike",
            &[
                ("client_id", "http://localhost.evil"),
                ("redirect_uri", "http://localhost.evil/callback"),
            ],
        ),
        (
            "loopback look-alike",
            &[
                ("client_id", "http://127.0.0.1.evil"),
                ("redirect_uri", "http://127.0.0.1.evil/callback"),
            ],
        ),
        (
            "3.1.2: fragment",
            &[("redirect_uri", "https://app.example/callback#x")],
        ),
        (
            "userinfo",
            &[("redirect_uri", "https://app.example@evil.example/callback")],
        ),
        (
            "backslash",
            &[(
                "redirect_uri",
                "https://evil.example\\@app.example/callback",
            )],
        ),
        (
            "NUL",
            &[("redirect_uri", "https://app.example/callback%00.evil")],
        ),
        (
            "CR LF",
            &[(
                "redirect_uri",
                "https://app.example/callback\r\nSet-Cookie: a=b",
            )],
        ),
        (
            "escaped CR LF",
            &[("redirect_uri", "https://app.example/callback%0d%0aX: y")],
        ),
        ("javascript:", &[("redirect_uri", "javascript:alert(1)")]),
        ("data:", &[("redirect_uri", "data:text/html,x")]),
        (
            "a scheme of its own",
            &[("redirect_uri", "com.example.app:/callback")],
        ),
        (
            "loopback for a public client",
            &[("redirect_uri", "http://localhost/callback")],
        ),
        (
            "public for a loopback client",
            &[("client_id", "http://localhost")],
        ),
        (
            "8252 7.3: another loopback port than the id names",
            &[
                ("client_id", "http://localhost:3000"),
                ("redirect_uri", "http://localhost:3001/callback"),
            ],
        ),
        (
            "redirect_uri twice",
            &[("redirect_uri", CALLBACK), ("redirect_uri", CALLBACK)],
        ),
    ];
    for (name, change) in cases {
        let request = changed(&request("openid"), change);
        let answer = provider.visit(&format!("/oauth2/authorize?{}", encoded(&request)));
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
        assert_eq!(answer.header("Location"), None, "{name}");
        assert!(!answer.text().contains("<form"), "{name}");
    }
}

/// Errors that the client is told, with its state and the issuer (RFC 9207, 2).
#[test]
fn a_redirect_with_error_state_and_issuer() {
    let provider = Provider::new();
    let long = "a".repeat(44);
    let cases: &[(&str, Change<'_>, &str)] = &[
        (
            "6749 4.1.2.1: no response_type",
            &[("response_type", "")],
            "invalid_request",
        ),
        (
            "9700 2.1.2: token",
            &[("response_type", "token")],
            "unsupported_response_type",
        ),
        (
            "9700 2.1.2: id_token",
            &[("response_type", "id_token")],
            "unsupported_response_type",
        ),
        (
            "9700 2.1.2: hybrid",
            &[("response_type", "code id_token")],
            "unsupported_response_type",
        ),
        (
            "7636 4.4.1: no challenge",
            &[("code_challenge", ""), ("code_challenge_method", "")],
            "invalid_request",
        ),
        (
            "7636 4.3: no method is plain",
            &[("code_challenge_method", "")],
            "invalid_request",
        ),
        (
            "7636 4.3: plain",
            &[("code_challenge_method", "plain")],
            "invalid_request",
        ),
        (
            "7636 4.2: short",
            &[("code_challenge", "short")],
            "invalid_request",
        ),
        (
            "7636 4.2: long",
            &[("code_challenge", &long)],
            "invalid_request",
        ),
        (
            "7636 4.2: letters",
            &[(
                "code_challenge",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            )],
            "invalid_request",
        ),
        (
            "Core 3.1.2.6: request",
            &[("request", "eyJ")],
            "request_not_supported",
        ),
        (
            "Core 3.1.2.6: request_uri",
            &[("request_uri", "https://app.example/r")],
            "request_uri_not_supported",
        ),
        (
            "Core 3.1.2.1: prompt=none",
            &[("prompt", "none")],
            "interaction_required",
        ),
        (
            "Core 3.1.2.1: none with another",
            &[("prompt", "none login")],
            "invalid_request",
        ),
        (
            "unknown response_mode",
            &[("response_mode", "fragment")],
            "invalid_request",
        ),
        (
            "8707 2: a foreign resource",
            &[("resource", "https://elsewhere.example")],
            "invalid_target",
        ),
        (
            "6749 3.1: twice",
            &[("scope", "openid"), ("scope", "profile")],
            "invalid_request",
        ),
        ("max_age", &[("max_age", "soon")], "invalid_request"),
    ];
    for (name, change, error) in cases {
        let request = changed(&request("openid"), change);
        let answer = provider.visit(&format!("/oauth2/authorize?{}", encoded(&request)));
        assert_eq!(answer.status, 303, "{name}: {}", answer.text());
        let location = answer.header("Location").unwrap();
        let told = |name: &str| parameter(location, name);
        assert!(
            location.starts_with(&format!("{CALLBACK}?")),
            "{name}: {location}"
        );
        assert_eq!(told("error").as_deref(), Some(*error), "{name}: {location}");
        assert!(told("error_description").is_some(), "{name}");
        assert_eq!(told("state").as_deref(), Some("the state"), "{name}");
        assert_eq!(told("iss"), Some(provider.issuer()), "{name}");
        assert_eq!(told("code"), None, "{name}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{name}");
    }
}

/// OpenID Connect Core, 3.1.2.6.
#[test]
fn a_silent_request_to_a_locked_wallet_needs_a_login() {
    let provider = Provider::new();
    provider.lock();
    let request = changed(&request("openid"), &[("prompt", "none")]);
    let answer = provider.visit(&format!("/oauth2/authorize?{}", encoded(&request)));
    let location = answer.header("Location").unwrap();
    assert_eq!(
        parameter(location, "error").as_deref(),
        Some("login_required")
    );
}

/// RFC 6749, 4.1.2.1: `access_denied`.
#[test]
fn the_owner_says_no() {
    let provider = Provider::new();
    let (_, mut form) = provider.consent_page(&request("openid sign"));
    form.insert("decision".into(), "deny".into());
    let answer = provider.submit("/oauth2/authorize", &form);
    assert_eq!(answer.status, 303);
    let location = answer.header("Location").unwrap();
    assert_eq!(
        parameter(location, "error").as_deref(),
        Some("access_denied")
    );
    assert_eq!(parameter(location, "state").as_deref(), Some("the state"));
    assert_eq!(parameter(location, "iss"), Some(provider.issuer()));
    let (again, _) = provider.consent_page(&request("openid sign"));
    assert!(
        again.text().contains("You denied this app"),
        "{}",
        again.text()
    );
}

/// The day that it is remembered ends to the millisecond.
#[test]
fn a_denial_is_told_of_for_a_day() {
    let provider = Provider::new();
    let (_, mut form) = provider.consent_page(&request("openid"));
    form.insert("decision".into(), "deny".into());
    provider.submit("/oauth2/authorize", &form);
    let is_told = || {
        let (page, _) = provider.consent_page(&request("openid"));
        page.text().contains("You denied this app")
    };
    provider.pass(24 * 60 * 60 - 1);
    assert!(is_told());
    provider.pass(1);
    assert!(!is_told());
}

#[test]
fn what_is_only_handed_back_has_2048_bytes_at_most() {
    let provider = Provider::new();
    let (fits, long) = ("s".repeat(2048), "s".repeat(2049));
    for name in ["state", "nonce"] {
        let ask = |value: &str| {
            let asked = request("openid");
            let asked = changed(&asked, &[(name, value)]);
            provider.visit(&format!("/oauth2/authorize?{}", encoded(&asked)))
        };
        assert_eq!(ask(&fits).status, 200);
        assert_ne!(ask(&long).status, 200);
    }
}

#[test]
fn where_the_answer_goes_is_shown_as_it_was_asked() {
    let provider = Provider::new();
    let there = "https://app.example:443/back?to=1";
    let asked = request("openid");
    let (page, _) = provider.consent_page(&changed(&asked, &[("redirect_uri", there)]));
    let shown = format!(r#"<dd class="mono">{there}</dd>"#);
    assert!(page.text().contains(&shown), "{}", page.text());
}

#[test]
fn an_app_that_the_owner_added_is_shown_by_its_name() {
    let provider = Provider::new();
    let callback = "https://desk.example/cb";
    provider.home.add_client("my-desk", callback, &[]);
    let asked = request("openid");
    let asked = changed(
        &asked,
        &[("client_id", "my-desk"), ("redirect_uri", callback)],
    );
    let (page, _) = provider.consent_page(&asked);
    assert!(page.text().contains("You added this app as “my-desk”"));
}

/// By it a person knows the own wallet's pages; who cannot unlock it cannot draw it.
#[test]
fn each_wallet_has_a_picture_of_its_own() {
    let picture = |provider: &Provider| {
        let (page, _) = provider.consent_page(&request("openid"));
        let (_, after) = page.text().split_once("<svg").unwrap();
        after.split_once("</svg>").unwrap().0.to_owned()
    };
    let (one, other) = (Provider::new(), Provider::new());
    assert_eq!(picture(&one), picture(&one));
    assert_ne!(picture(&one), picture(&other));
}
