//! What must work. Named, where there is one, for the module of the OpenID
//! suite's basic plan (`oidcc-…`) that asks the same.

use serde_json::{Value, json};

use crate::client::{
    APP, CALLBACK, Provider, VERIFIER, at_hash, changed, claims, navigation, parameter, request,
};
use crate::support::PASSWORD;

const SCOPES: &str = "openid profile email sign";

/// oidcc-server, oidcc-userinfo-get, oidcc-scope-profile, oidcc-scope-email,
/// oidcc-nonce, oidcc-idtoken-signature.
#[test]
fn the_whole_flow() {
    let provider = Provider::new();
    let location = provider.allow(&request(SCOPES));
    assert!(
        location.starts_with(&format!("{CALLBACK}?code=")),
        "{location}"
    );
    assert_eq!(parameter(&location, "state").as_deref(), Some("the state"));
    assert_eq!(parameter(&location, "iss"), Some(provider.issuer()));
    let answer = provider.redeem(&parameter(&location, "code").unwrap());
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    let tokens = answer.ok();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "sign openid profile email");
    assert_eq!(tokens.get("refresh_token"), None);
    let access = tokens["access_token"].as_str().unwrap();
    let told = claims(&provider, tokens["id_token"].as_str().unwrap());
    assert_eq!(told["iss"], provider.issuer());
    assert_eq!((&told["aud"], &told["azp"]), (&json!(APP), &json!(APP)));
    assert_eq!(told["nonce"], "the nonce");
    assert_eq!(told["at_hash"], at_hash(access));
    assert_eq!(told["amr"], json!(["pwd"]));
    let now = provider.home.now() / 1000;
    assert_eq!(
        (&told["iat"], &told["auth_time"]),
        (&json!(now), &json!(now))
    );
    assert!(told["exp"].as_u64().unwrap() > now);
    let info = provider.get("/oauth2/userinfo").token(access).send().ok();
    for (name, value) in info.as_object().unwrap() {
        assert_eq!(value, &told[name], "{name}");
    }
    assert_eq!(info["name"], "Alice");
    assert_eq!(info["bap"]["idKey"], info["bap_id"]);
    assert_eq!(info["bap"]["identity"]["alternateName"], "Alice");
    assert_eq!(info["email_verified"], false);
    let local = format!("{}@tokenpass.localhost", info["sub"].as_str().unwrap());
    assert_eq!(info["email"], local);
    // The same token signs, with the key that the claims name.
    let sign = provider.post_json("/api/sign", json!({"path": "/x"}));
    let signed = sign.token(access).send().ok();
    assert!(
        signed["token"]
            .as_str()
            .unwrap()
            .starts_with(info["pubkey"].as_str().unwrap())
    );
}

/// oidcc-response-type-missing is in `authorize`; these are accepted:
/// oidcc-prompt-login, oidcc-max-age-1, oidcc-login-hint, oidcc-ui-locales,
/// oidcc-claims-locales, oidcc-acr-values, oidcc-display-page,
/// oidcc-display-popup, oidcc-id-token-hint,
/// oidcc-ensure-other-scope-order-succeeds, oidcc-scope-all,
/// oidcc-ensure-request-with-unknown-parameter-succeeds,
/// oidcc-ensure-request-without-nonce-succeeds-for-code-flow.
#[test]
fn what_clients_also_send_is_accepted() {
    let provider = Provider::new();
    for change in [
        &[("prompt", "login")][..],
        &[("prompt", "consent")],
        &[("max_age", "1")],
        &[("max_age", "10000")],
        &[("login_hint", "alice")],
        &[("ui_locales", "se")],
        &[("claims_locales", "se")],
        &[("acr_values", "1 2")],
        &[("display", "page")],
        &[("display", "popup")],
        &[("id_token_hint", "a.b.c")],
        &[("scope", "email openid profile")],
        &[("scope", "openid profile email address phone unknown")],
        &[("extra", "foobar")],
        &[("nonce", "")],
        &[("state", "")],
        &[("response_mode", "query")],
        &[("redirect_uri", "https://app.example/callback?foo=bar")],
        &[("resource", &provider.issuer())],
    ] {
        let asked = request(SCOPES);
        let location = provider.allow(&changed(&asked, change));
        assert!(
            parameter(&location, "code").is_some(),
            "{change:?}: {location}"
        );
    }
}

/// oidcc-ensure-post-request-succeeds: a request by `POST` from elsewhere.
#[test]
fn a_request_by_post_is_read_like_one_by_get() {
    let provider = Provider::new();
    let answer = navigation(provider.post_form("/oauth2/authorize", &request("openid")))
        .header("Sec-Fetch-Site", "cross-site")
        .origin(APP)
        .send();
    assert_eq!(answer.status, 200);
    assert!(
        answer.text().contains("name=\"password\""),
        "{}",
        answer.text()
    );
}

/// oidcc-userinfo-post-header, oidcc-userinfo-post-body.
#[test]
fn userinfo_by_post() {
    let provider = Provider::new();
    let tokens = provider.tokens(SCOPES);
    let access = tokens["access_token"].as_str().unwrap();
    let by_get = provider.get("/oauth2/userinfo").token(access).send().ok();
    let header = provider.post_form("/oauth2/userinfo", &[]).token(access);
    assert_eq!(header.send().ok(), by_get);
    let body = provider.post_form("/oauth2/userinfo", &[("access_token", access)]);
    assert_eq!(body.send().ok(), by_get);
}

/// oidcc-refresh-token.
/// The owner sees what came through the provider, and each step on the way.
#[test]
fn the_command_line_tells_of_it() {
    let provider = Provider::new();
    provider.tokens("openid sign");
    let (_, mut form) = provider.consent_page(&request("encrypt"));
    form.insert("decision".into(), "deny".into());
    provider.submit("/oauth2/authorize", &form);
    let desk = "https://desk.example/cb";
    provider.home.add_client("desk", desk, &["--secret"]);
    provider.home.run(["client", "remove", "desk"]).prints();

    let listed = provider.home.run(["token", "list"]).json();
    assert_eq!(listed["tokens"][0]["client"], APP);
    let log = provider.home.run(["log"]).json();
    let entries = log["entries"].as_array().unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| ["event", "subject", "detail"].map(|name| entry[name].as_str().unwrap()))
        .collect();
    for step in [
        [
            "granted",
            "app.example",
            "allowed on the consent page: sign,openid",
        ],
        [
            "granted",
            "app.example",
            "access token through OAuth: sign,openid",
        ],
        ["refused", "app.example", "denied on the consent page"],
        ["client-added", "desk", "with a secret"],
        ["client-removed", "desk", "and all that it was allowed"],
    ] {
        assert!(told.contains(&step), "{step:?} in {told:?}");
    }
}

#[test]
fn a_refresh_token_gives_fresh_tokens() {
    let provider = Provider::new();
    let first = provider.tokens("openid sign offline_access");
    let refresh = first["refresh_token"].as_str().unwrap();
    let renewed = provider.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]);
    let second = renewed.ok();
    let told = |tokens: &Value| claims(&provider, tokens["id_token"].as_str().unwrap());
    let (before, after) = (told(&first), told(&second));
    for claim in ["sub", "aud", "iss", "auth_time"] {
        assert_eq!(before[claim], after[claim], "{claim}");
    }
    assert_ne!(first["access_token"], second["access_token"]);
}

/// OpenID Connect Core, 8.1: two apps cannot tell that it is one person, and
/// one app always can.
#[test]
fn each_app_meets_another_subject() {
    let provider = Provider::new();
    let subject = |client: &str, callback: &str| {
        let change = [("client_id", client), ("redirect_uri", callback)];
        let location = provider.allow(&changed(&request("openid"), &change));
        let code = parameter(&location, "code").unwrap();
        let tokens = provider
            .token(&changed(&[("code", code.as_str())], &change))
            .ok();
        claims(&provider, tokens["id_token"].as_str().unwrap())["sub"].clone()
    };
    let first = subject(APP, CALLBACK);
    assert_eq!(first, subject(APP, CALLBACK));
    assert_ne!(
        first,
        subject("https://other.example", "https://other.example/cb")
    );
}

/// oidcc-discovery-issuer-not-matching-config, oidcc-discovery-endpoint-verification:
/// the issuer is the name that was asked, and each endpoint answers.
#[test]
fn metadata_says_only_what_is_true() {
    let provider = Provider::new();
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/api/auth/.well-known/openid-configuration",
    ] {
        let answer = provider.get(path).origin("https://anybody.example").send();
        assert_eq!(
            answer.header("Access-Control-Allow-Origin"),
            Some("https://anybody.example")
        );
        let told = answer.ok();
        assert_eq!(told["issuer"], provider.issuer());
        assert_eq!(told["code_challenge_methods_supported"], json!(["S256"]));
        for (name, value) in told.as_object().unwrap() {
            let Some(path) = value
                .as_str()
                .and_then(|url| url.strip_prefix(&provider.issuer()))
            else {
                continue;
            };
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                assert_ne!(provider.get(path).send().status, 404, "{name}");
            }
        }
    }
    let port = provider.issuer().rsplit(':').next().unwrap().to_owned();
    let host = format!("127.0.0.1:{port}");
    let told = provider
        .get("/.well-known/openid-configuration")
        .host(&host)
        .send()
        .ok();
    assert_eq!(told["issuer"], format!("http://{host}"));
}

/// The public half of the key stays readable while the wallet is locked.
#[test]
fn a_locked_wallet_still_shows_its_key() {
    let provider = Provider::new();
    let before = provider.get("/oauth2/jwks").send().ok();
    assert_eq!(before["keys"][0]["alg"], "ES256");
    provider.lock();
    assert_eq!(provider.get("/oauth2/jwks").send().ok(), before);
}

/// A locked wallet is unlocked by the password on the page.
#[test]
fn consent_unlocks() {
    let provider = Provider::new();
    provider.lock();
    let (page, _) = provider.consent_page(&request("openid"));
    assert!(
        page.text().contains("TokenPass is locked"),
        "{}",
        page.text()
    );
    provider.allow(&request("openid"));
    assert_eq!(provider.get("/api/status").send().ok()["unlocked"], true);
}

/// Sigma's clients and better-auth's look in these places.
#[test]
fn the_same_endpoints_where_other_clients_look() {
    let provider = Provider::new();
    let code = provider.code("openid profile");
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("code", code.as_str()),
    ];
    let tokens = provider
        .post_form("/api/auth/oauth2/token", &fields)
        .send()
        .ok();
    let access = tokens["access_token"].as_str().unwrap();
    let info = provider
        .get("/api/auth/oauth2/userinfo")
        .token(access)
        .send()
        .ok();
    assert!(info["bap_id"].is_string());
    provider.get("/api/auth/jwks").send().ok();
}

/// An expiry of the owner's choice; one without end has no `expires_in`.
#[test]
fn the_owner_says_how_long() {
    let provider = Provider::new();
    for (expire, seconds) in [
        ("1d", Some(86_400)),
        ("forever", None),
        ("once", Some(3600)),
        ("", Some(3600)),
    ] {
        let asked = request("openid");
        let (_, mut form) = provider.consent_page(&asked);
        form.insert("password".into(), PASSWORD.into());
        form.insert("decision".into(), "allow".into());
        form.insert("expire".into(), expire.into());
        let answer = provider.submit("/oauth2/authorize", &form);
        let code = parameter(answer.header("Location").unwrap(), "code").unwrap();
        assert_eq!(
            provider.redeem(&code).ok()["expires_in"].as_u64(),
            seconds,
            "{expire}"
        );
    }
}

/// A field that is missing means the safest.
#[test]
fn an_unticked_scope_is_not_granted() {
    let provider = Provider::new();
    let (_, mut form) = provider.consent_page(&request("openid sign decrypt"));
    form.insert("password".into(), PASSWORD.into());
    form.insert("decision".into(), "allow".into());
    form.insert("scope".into(), "sign".into());
    let answer = provider.submit("/oauth2/authorize", &form);
    let code = parameter(answer.header("Location").unwrap(), "code").unwrap();
    assert_eq!(provider.redeem(&code).ok()["scope"], "sign openid");
}

/// OpenID Connect Core, 8.1: what an app knows a person by is of that wallet, and of
/// that app.
#[test]
fn each_wallet_has_a_key_and_a_subject_of_its_own() {
    let told = |provider: &Provider| {
        let tokens = provider.tokens("openid");
        let claims = claims(provider, tokens["id_token"].as_str().unwrap());
        assert_eq!(claims["iat"], provider.home.now() / 1000);
        assert_eq!(claims["exp"], provider.home.now() / 1000 + 3600);
        let keys = provider.get("/oauth2/jwks").send().ok();
        (claims["sub"].clone(), keys["keys"][0]["x"].clone())
    };
    let (one, other) = (told(&Provider::new()), told(&Provider::new()));
    assert_ne!(one.0, other.0);
    assert_ne!(one.1, other.1);
}
