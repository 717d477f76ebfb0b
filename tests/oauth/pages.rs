//! The pages under attack.

use crate::client::{Fields, Provider, changed, encoded, hidden_fields, navigation, request};
use crate::support::PASSWORD;
use crate::support::http::Answer;

fn allowed(mut form: Fields) -> Fields {
    form.insert("password".into(), PASSWORD.into());
    form.insert("decision".into(), "allow".into());
    form
}

#[track_caller]
fn nothing_given(answer: &Answer) {
    assert_ne!(answer.status, 303, "{:?}", answer.header("Location"));
    assert_eq!(answer.header("Location"), None);
}

fn fields(form: &Fields) -> Vec<(&str, &str)> {
    form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

#[test]
fn a_form_works_once() {
    let provider = Provider::new();
    let (_, form) = provider.consent_page(&request("openid"));
    let form = allowed(form);
    assert_eq!(provider.submit("/oauth2/authorize", &form).status, 303);
    let again = provider.submit("/oauth2/authorize", &form);
    nothing_given(&again);
    assert_eq!(again.status, 409);
}

#[test]
fn a_form_without_a_ticket_or_with_that_of_another_page_gives_nothing() {
    let provider = Provider::new();
    let (_, mut form) = provider.consent_page(&request("openid"));
    let (_, other) = provider.consent_page(&request("openid sign decrypt"));
    form.insert("ticket".into(), other["ticket"].clone());
    nothing_given(&provider.submit("/oauth2/authorize", &allowed(form.clone())));
    form.remove("ticket");
    nothing_given(&provider.submit("/oauth2/authorize", &allowed(form)));
}

#[test]
fn a_form_from_elsewhere_gives_nothing() {
    let provider = Provider::new();
    let (_, form) = provider.consent_page(&request("openid"));
    let form = allowed(form);
    let post = || navigation(provider.post_form("/oauth2/authorize", &fields(&form)));
    nothing_given(&post().origin("https://evil.example").send());
    nothing_given(&post().origin("null").send());
    nothing_given(&post().send());
    let claimed = post()
        .origin(&provider.issuer())
        .header("Sec-Fetch-Site", "cross-site");
    nothing_given(&claimed.send());
}

#[test]
fn a_scripted_allow_without_the_password_gives_nothing() {
    let provider = Provider::new();
    let (_, mut form) = provider.consent_page(&request("openid"));
    form.insert("decision".into(), "allow".into());
    let answer = provider.submit("/oauth2/authorize", &form);
    nothing_given(&answer);
    assert_eq!(answer.status, 401);
    form.insert("password".into(), "wrong password".into());
    let answer = provider.submit("/oauth2/authorize", &form);
    nothing_given(&answer);
    assert!(
        answer.text().contains("This is not the password"),
        "{}",
        answer.text()
    );
    // The page that says so can be used.
    let form = allowed(hidden_fields(answer.text()));
    assert_eq!(provider.submit("/oauth2/authorize", &form).status, 303);
}

#[test]
fn frames_and_scripts_get_no_page() {
    let provider = Provider::new();
    let target = format!("/oauth2/authorize?{}", encoded(&request("openid")));
    for destination in ["iframe", "frame", "embed", "object"] {
        for target in [target.as_str(), "/", "/device", "/oauth2/logout"] {
            let framed = provider
                .get(target)
                .header("Sec-Fetch-Dest", destination)
                .send();
            assert_eq!(framed.status, 403, "{destination} {target}");
        }
    }
    let fetched = provider
        .get(&target)
        .header("Sec-Fetch-Site", "cross-site")
        .header("Sec-Fetch-Mode", "no-cors")
        .header("Sec-Fetch-Dest", "empty")
        .send();
    assert_eq!(fetched.status, 403);
    let page = provider.visit(&target);
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(
        policy.contains("form-action 'self' https://app.example"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("Referrer-Policy"), Some("same-origin"));
    assert_eq!(page.header("Cache-Control"), Some("no-store"));
    assert_eq!(page.header("Cross-Origin-Opener-Policy"), None);
    assert_eq!(page.header("Set-Cookie"), None);
    assert!(!page.text().contains("<script"));
    assert!(!page.text().contains("style="));
}

#[test]
fn nothing_that_a_client_sends_becomes_markup() {
    let provider = Provider::new();
    let bad = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "code_challenge",
        "state",
        "nonce",
        "scope",
        "prompt",
        "login_hint",
        "bapId",
        "unknown",
    ] {
        let asked = changed(&request("openid"), &[(name, bad)]);
        let (answer, _) = provider.consent_page(&asked);
        assert!(!answer.text().contains("<script"), "{name}");
        assert!(!answer.text().contains("<img src=x"), "{name}");
    }
    for target in [
        format!("/device?user_code={}", encoded(&[("", bad)])),
        format!("/auth?host={}", encoded(&[("", bad)])),
    ] {
        assert!(
            !provider.visit(&target).text().contains("<script"),
            "{target}"
        );
    }
}

/// A program that had this port before us may have left a service worker, which
/// could show pages of its own at our address.
#[test]
fn a_worker_that_was_left_here_is_told_to_go() {
    let provider = Provider::new();
    for path in ["/sw.js", "/", "/api/status"] {
        // In place of whatever the contract says of the path.
        let script = provider.get(path).checked_by(|_, _| {});
        let script = script.header("Service-Worker", "script").send();
        assert_eq!(script.status, 200, "{path}");
        assert_eq!(
            script.header("Content-Type"),
            Some("text/javascript; charset=utf-8")
        );
        assert!(
            script.text().contains("registration.unregister()"),
            "{path}"
        );
        assert_eq!(script.header("Cache-Control"), Some("no-store"));
    }
    assert_ne!(provider.get("/sw.js").send().status, 200);
}

/// A page that points its own name here gets no page.
#[test]
fn a_rebound_host_gets_nothing() {
    let provider = Provider::new();
    let target = format!("/oauth2/authorize?{}", encoded(&request("openid")));
    for target in [
        target.as_str(),
        "/",
        "/device",
        "/.well-known/openid-configuration",
    ] {
        assert_eq!(
            provider.get(target).host("evil.example").send().status,
            421,
            "{target}"
        );
    }
}

#[test]
fn a_page_ends_after_ten_minutes() {
    let provider = Provider::new();
    let (_, form) = provider.consent_page(&request("openid"));
    provider.pass(601);
    let late = provider.submit("/oauth2/authorize", &allowed(form));
    nothing_given(&late);
    assert!(
        late.text().contains("open for more than 10 minutes"),
        "{}",
        late.text()
    );
    let form = allowed(hidden_fields(late.text()));
    assert_eq!(provider.submit("/oauth2/authorize", &form).status, 303);
}

#[test]
fn a_page_of_an_earlier_run_is_shown_anew() {
    let first = Provider::new();
    let (_, form) = first.consent_page(&request("openid"));
    let second = Provider::new();
    let answer = second.submit("/oauth2/authorize", &allowed(form));
    nothing_given(&answer);
    assert!(
        answer.text().contains("TokenPass was restarted"),
        "{}",
        answer.text()
    );
}

/// The page asked in the name of somebody else.
#[test]
fn a_page_from_before_the_wallet_was_replaced_gives_nothing() {
    let provider = Provider::new();
    let (_, form) = provider.consent_page(&request("openid"));
    provider.replace_wallet();
    let answer = provider.submit("/oauth2/authorize", &allowed(form));
    nothing_given(&answer);
    let told = answer.text().contains("or the wallet replaced");
    assert!(told, "{}", answer.text());
    let form = allowed(hidden_fields(answer.text()));
    assert_eq!(provider.submit("/oauth2/authorize", &form).status, 303);
}

#[test]
fn a_new_path_of_a_known_app_is_pointed_out() {
    let provider = Provider::new();
    provider.allow(&request("openid"));
    let (known, _) = provider.consent_page(&request("openid"));
    assert!(
        known.text().contains("You let it in before"),
        "{}",
        known.text()
    );
    let elsewhere = [("redirect_uri", "https://app.example/redirect?to=x")];
    let (new, _) = provider.consent_page(&changed(&request("openid"), &elsewhere));
    assert!(
        new.text().contains("The answer goes to a new place"),
        "{}",
        new.text()
    );
}

#[test]
fn letters_that_look_alike_are_explained() {
    let provider = Provider::new();
    let app = "https://xn--pple-43d.example";
    let callback = format!("{app}/cb");
    let asked = changed(
        &request("openid"),
        &[("client_id", app), ("redirect_uri", &callback)],
    );
    let (page, _) = provider.consent_page(&asked);
    assert!(
        page.text().contains("xn--pple-43d.example"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("аpple.example"), "{}", page.text());
    assert!(page.text().contains("Look closely at the name"));
}

#[test]
fn without_a_wallet_the_page_says_where_to_make_one() {
    let provider = Provider::without_wallet();
    let (page, _) = provider.consent_page(&request("openid"));
    assert!(
        page.text().contains("There is no wallet here yet"),
        "{}",
        page.text()
    );
}
