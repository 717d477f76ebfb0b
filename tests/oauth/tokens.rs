//! The token endpoint's refusals, and those of its neighbours.

use std::sync::Barrier;

use serde_json::json;

use crate::client::{APP, CALLBACK, Provider, VERIFIER, changed, encoded, parameter, request};
use crate::support::http::Answer;

type Change<'a> = &'a [(&'a str, &'a str)];

#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.json()["error"], error, "{}", answer.text());
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
}

/// RFC 6749, 5.2; RFC 7636, 4.6. Nothing is used up by a wrong request.
#[test]
fn a_code_is_bound_to_client_redirect_and_challenge() {
    let provider = Provider::new();
    let code = provider.code("openid");
    let code = code.as_str();
    let cases: &[(&str, Change<'_>, &str)] = &[
        (
            "7636 4.6: wrong verifier",
            &[("code_verifier", &VERIFIER.to_lowercase())],
            "invalid_grant",
        ),
        (
            "7636 4.6: no verifier",
            &[("code_verifier", "")],
            "invalid_grant",
        ),
        (
            "4.1.3: another client",
            &[("client_id", "https://other.example")],
            "invalid_grant",
        ),
        (
            "4.1.3: another redirect string",
            &[("redirect_uri", "https://app.example:443/callback")],
            "invalid_grant",
        ),
        (
            "4.1.3: no redirect",
            &[("redirect_uri", "")],
            "invalid_request",
        ),
        ("4.1.3: no code", &[("code", "")], "invalid_request"),
        (
            "5.2: unknown grant",
            &[("grant_type", "password")],
            "unsupported_grant_type",
        ),
        ("5.2: no grant", &[("grant_type", "")], "invalid_request"),
        (
            "5.2: twice",
            &[("code", code), ("code", code)],
            "invalid_request",
        ),
    ];
    for (name, change, error) in cases {
        let names_code = change.iter().any(|(name, _)| *name == "code");
        let with_code = if names_code {
            &[][..]
        } else {
            &[("code", code)]
        };
        let answer = provider.token(&[with_code, change].concat());
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
        assert_eq!(answer.json()["error"], *error, "{name}");
    }
    provider.redeem(code).ok();
}

/// RFC 6749, 4.1.2; RFC 9700, 4.5: a second use revokes what the first got.
#[test]
fn a_code_works_once() {
    let provider = Provider::new();
    let code = provider.code("openid sign offline_access");
    let first = provider.redeem(&code).ok();
    refused(&provider.redeem(&code), 400, "invalid_grant");
    let token = first["access_token"].as_str().unwrap();
    let sign = provider.post_json("/api/sign", json!({"message": "x"}));
    sign.token(token).send().refused(401, 3);
    let refresh = first["refresh_token"].as_str().unwrap();
    let answer = provider.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]);
    refused(&answer, 400, "invalid_grant");
}

#[test]
fn of_two_uses_at_once_one_wins_and_then_nothing_is_left() {
    let provider = Provider::new();
    let code = provider.code("openid");
    let start = Barrier::new(4);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let redeem = || {
            start.wait();
            provider.redeem(&code)
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(redeem)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let won: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(won.len(), 1);
    let token = won[0].json()["access_token"].as_str().unwrap().to_owned();
    let answer = provider.get("/oauth2/userinfo").token(&token).send();
    refused(&answer, 401, "invalid_token");
}

/// RFC 6749, 4.1.2: codes are short-lived.
#[test]
fn a_code_lives_for_a_minute() {
    let provider = Provider::new();
    let code = provider.code("openid");
    provider.pass(61);
    refused(&provider.redeem(&code), 400, "invalid_grant");
}

/// RFC 6749, 3.2.
#[test]
fn the_token_endpoint_takes_forms_only() {
    let provider = Provider::new();
    let code = provider.code("openid");
    let get = provider.get(&format!("/oauth2/token?code={code}")).send();
    assert_eq!(get.status, 405);
    assert_eq!(get.header("Allow"), Some("POST, OPTIONS"));
    let body = json!({"grant_type": "authorization_code", "code": code, "client_id": APP,
                      "redirect_uri": CALLBACK, "code_verifier": VERIFIER});
    refused(
        &provider.post_json("/oauth2/token", body).send(),
        400,
        "invalid_request",
    );
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let target = format!("/oauth2/token?{}", encoded(&fields));
    refused(
        &provider.post_form(&target, &[]).send(),
        400,
        "invalid_request",
    );
    provider.redeem(&code).ok();
}

#[test]
fn another_page_cannot_redeem() {
    let provider = Provider::new();
    let code = provider.code("openid");
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let ask = |origin: &str| {
        provider
            .post_form("/oauth2/token", &fields)
            .origin(origin)
            .send()
    };
    for origin in ["https://evil.example", "null", &provider.issuer()] {
        let answer = ask(origin);
        refused(&answer, 400, "invalid_request");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), None);
    }
    let answer = ask(APP);
    answer.ok();
    assert_eq!(answer.header("Access-Control-Allow-Origin"), Some(APP));
}

#[test]
fn nothing_is_used_up_while_locked() {
    let provider = Provider::new();
    let code = provider.code("openid offline_access");
    provider.lock();
    refused(&provider.redeem(&code), 503, "temporarily_unavailable");
    let login = json!({"password": crate::support::PASSWORD});
    provider.post_json("/api/login", login.clone()).send().ok();
    let tokens = provider.redeem(&code).ok();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let renew = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    provider.lock();
    refused(&provider.token(&renew), 503, "temporarily_unavailable");
    provider.post_json("/api/login", login).send().ok();
    provider.token(&renew).ok();
}

/// RFC 6749, 6; RFC 9700, 4.14.2.
#[test]
fn a_refresh_token_rotates_and_its_reuse_ends_the_family() {
    let provider = Provider::new();
    let first = provider.tokens("openid sign encrypt offline_access");
    let refresh = |token: &serde_json::Value, changes: &[(&str, &str)]| {
        let token = token["refresh_token"].as_str().unwrap();
        let usual = [("grant_type", "refresh_token"), ("refresh_token", token)];
        provider.token(&changed(&usual, changes))
    };
    let foreign = refresh(&first, &[("client_id", "https://other.example")]);
    refused(&foreign, 400, "invalid_grant");
    let wider = refresh(&first, &[("scope", "openid decrypt")]);
    refused(&wider, 400, "invalid_scope");
    let second = refresh(&first, &[("scope", "openid sign")]).ok();
    assert_eq!(second["scope"], "sign openid");
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    refused(&refresh(&first, &[]), 400, "invalid_grant");
    refused(&refresh(&second, &[]), 400, "invalid_grant");
    let token = second["access_token"].as_str().unwrap();
    let answer = provider.get("/oauth2/userinfo").token(token).send();
    refused(&answer, 401, "invalid_token");
}

/// RFC 7009, 2.1 and 2.2.
#[test]
fn a_client_revokes_its_own_token_and_no_other() {
    let provider = Provider::new();
    let tokens = provider.tokens("openid offline_access");
    let access = tokens["access_token"].as_str().unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let revoke = |client: &str, token: &str| {
        let fields = [("client_id", client), ("token", token)];
        provider.post_form("/oauth2/revoke", &fields).send().status
    };
    let is_alive = || provider.get("/oauth2/userinfo").token(access).send().status == 200;
    assert_eq!(revoke(APP, "unknown"), 200);
    assert_eq!(revoke("https://other.example", access), 200);
    assert!(is_alive());
    assert_eq!(revoke(APP, refresh), 200);
    assert!(!is_alive());
}

/// RFC 7662, 2.1 and 4.
#[test]
fn introspection_needs_a_secret_and_tells_of_own_tokens_only() {
    let provider = Provider::new();
    let tokens = provider.tokens("openid");
    let access = tokens["access_token"].as_str().unwrap();
    let fields = [("client_id", APP), ("token", access)];
    let answer = provider.post_form("/oauth2/introspect", &fields).send();
    refused(&answer, 401, "invalid_client");
    let nobody = provider
        .post_form("/oauth2/introspect", &fields[1..])
        .send();
    refused(&nobody, 401, "invalid_client");
    let secret = provider
        .home
        .add_client("desk", "https://desk.example/cb", &["--secret"]);
    let ask = |token: &str| {
        let fields = [
            ("client_id", "desk"),
            ("client_secret", secret.as_str()),
            ("token", token),
        ];
        provider
            .post_form("/oauth2/introspect", &fields)
            .send()
            .ok()
    };
    assert_eq!(ask(access), json!({"active": false}));
    assert_eq!(ask("unknown"), json!({"active": false}));

    let asked = request("openid offline_access");
    let callback = ("redirect_uri", "https://desk.example/cb");
    let asked = changed(&asked, &[("client_id", "desk"), callback]);
    let code = parameter(&provider.allow(&asked), "code").unwrap();
    let shown = [("client_id", "desk"), ("client_secret", &secret), callback];
    let own = provider.token(&[&shown[..], &[("code", &code)]].concat());
    let (own, now) = (own.ok(), provider.home.now() / 1000);
    let told = ask(own["access_token"].as_str().unwrap());
    assert_eq!(
        told,
        json!({
            "active": true, "scope": "openid offline_access", "client_id": "desk", "token_type": "Bearer",
            "exp": now + 3600, "iat": now, "iss": provider.issuer(),
        })
    );
    let refresh = own["refresh_token"].as_str().unwrap();
    let half_a_year = 180 * 24 * 60 * 60;
    provider.pass(half_a_year - 1);
    assert_eq!(ask(refresh)["active"], true);
    provider.pass(1);
    assert_eq!(ask(refresh)["active"], false);
}

/// RFC 6749, 2.3 and 5.2.
#[test]
fn a_client_with_a_secret_must_show_it() {
    let provider = Provider::new();
    let callback = "https://desk.example/cb";
    let secret = provider.home.add_client("desk", callback, &["--secret"]);
    let asked = changed(
        &request("openid"),
        &[("client_id", "desk"), ("redirect_uri", callback)],
    );
    let code = parameter(&provider.allow(&asked), "code").unwrap();
    let usual = [
        ("client_id", "desk"),
        ("redirect_uri", callback),
        ("code", code.as_str()),
    ];
    let ask = |changes: &[(&str, &str)]| provider.token(&changed(&usual, changes));
    refused(&ask(&[]), 401, "invalid_client");
    let wrong = ask(&[("client_secret", "wrong")]);
    refused(&wrong, 401, "invalid_client");
    assert!(wrong.header("WWW-Authenticate").is_some());
    let basic = |secret: &str| {
        use base64::Engine;
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("desk:{secret}"));
        format!("Basic {pair}")
    };
    let fields = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", callback),
        ("code", code.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let both = changed(&fields, &[("client_secret", secret.as_str())]);
    let twice = provider
        .post_form("/oauth2/token", &both)
        .header("Authorization", &basic(&secret))
        .send();
    refused(&twice, 400, "invalid_request");
    let as_another = changed(&fields, &[("client_id", "another")]);
    let another = provider
        .post_form("/oauth2/token", &as_another)
        .header("Authorization", &basic(&secret))
        .send();
    refused(&another, 401, "invalid_client");
    let as_itself = changed(&fields, &[("client_id", "desk")]);
    provider
        .post_form("/oauth2/token", &as_itself)
        .header("Authorization", &basic(&secret))
        .send()
        .ok();
}

/// RFC 9700, 2.1: an owner's client is compared letter by letter.
#[test]
fn an_owners_client_is_held_to_every_letter() {
    let provider = Provider::new();
    provider
        .home
        .add_client("desk", "https://desk.example/cb", &[]);
    for uri in [
        "https://desk.example/cb/",
        "https://desk.example/cb?x=1",
        "https://desk.example",
    ] {
        let asked = changed(
            &request("openid"),
            &[("client_id", "desk"), ("redirect_uri", uri)],
        );
        let (page, _) = provider.consent_page(&asked);
        assert_eq!(page.status, 400, "{uri}");
    }
}

/// RFC 9700, 2.1.1: without PKCE the nonce ties the code to a session.
#[test]
fn a_client_without_pkce_must_send_a_nonce() {
    let provider = Provider::new();
    let callback = "https://desk.example/cb";
    let secret = provider
        .home
        .add_client("desk", callback, &["--secret", "--no-pkce"]);
    let plain = [
        ("client_id", "desk"),
        ("redirect_uri", callback),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ];
    let without = changed(&changed(&request("openid"), &plain), &[("nonce", "")]);
    let answer = provider.visit(&format!("/oauth2/authorize?{}", encoded(&without)));
    let location = answer.header("Location").unwrap();
    assert_eq!(
        parameter(location, "error").as_deref(),
        Some("invalid_request")
    );
    let with = changed(&request("openid"), &plain);
    let code = parameter(&provider.allow(&with), "code").unwrap();
    let usual = [
        ("client_id", "desk"),
        ("redirect_uri", callback),
        ("code", code.as_str()),
        ("client_secret", secret.as_str()),
    ];
    // RFC 9700, 4.8.2: a verifier without a challenge is a stripped challenge.
    refused(&provider.token(&usual), 400, "invalid_grant");
    provider
        .token(&[&usual[..], &[("code_verifier", "")]].concat())
        .ok();
}

/// RFC 6750, 2.3 and 3.1.
#[test]
fn userinfo_takes_a_header_or_a_form_never_the_query() {
    let provider = Provider::new();
    let openid = provider.tokens("openid")["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = provider.tokens("sign")["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let info = |request: crate::support::http::Request| request.send();
    refused(
        &info(provider.get("/oauth2/userinfo")),
        401,
        "invalid_token",
    );
    refused(
        &info(provider.get("/oauth2/userinfo").token("unknown")),
        401,
        "invalid_token",
    );
    let lacking = info(provider.get("/oauth2/userinfo").token(&other));
    refused(&lacking, 403, "insufficient_scope");
    let in_query = provider.get(&format!("/oauth2/userinfo?access_token={openid}"));
    refused(&info(in_query), 400, "invalid_request");
    info(provider.get("/oauth2/userinfo").token(&openid)).ok();
    let form = provider.post_form("/oauth2/userinfo", &[("access_token", openid.as_str())]);
    info(form).ok();
}
