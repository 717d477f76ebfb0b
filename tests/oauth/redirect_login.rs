//! `GET /auth`: the redirect login of TokenPass Desktop and tokenpass.app.

use serde_json::json;

use crate::client::{Fields, Provider, encoded, hidden_fields, parameter, ticked_scopes};
use crate::support::PASSWORD;
use crate::support::http::Answer;

fn page(provider: &Provider, fields: &[(&str, &str)]) -> (Answer, Fields) {
    let answer = provider.visit(&format!("/auth?{}", encoded(fields)));
    let form = hidden_fields(answer.text());
    (answer, form)
}

const REQUEST: [(&str, &str); 3] = [
    ("host", "app.example"),
    ("scopes", "sign,encrypt"),
    ("returnURL", "https://app.example/back?x=1"),
];

#[test]
fn the_browser_goes_back_with_a_token() {
    let provider = Provider::new();
    let (shown, form) = page(&provider, &REQUEST);
    let there = r#"<dd class="mono">https://app.example/back?x=1</dd>"#;
    assert!(shown.text().contains(there), "{}", shown.text());
    let mut fields: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let scopes = ticked_scopes(shown.text());
    fields.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
    fields.extend([("password", PASSWORD), ("decision", "allow")]);
    let answer = provider.submit_all("/auth", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let location = answer.header("Location").unwrap();
    assert!(
        location.starts_with("https://app.example/back?x=1&tokenPass="),
        "{location}"
    );
    let token = parameter(location, "tokenPass").unwrap();
    let sign = provider.post_json("/api/sign", json!({"message": "x"}));
    sign.token(&token).send().ok();
}

#[test]
fn a_denial_goes_back_without_one() {
    let provider = Provider::new();
    let (_, mut form) = page(&provider, &REQUEST);
    form.insert("decision".into(), "deny".into());
    let answer = provider.submit("/auth", &form);
    let location = answer.header("Location").unwrap();
    assert_eq!(parameter(location, "tokenPass"), None);
    assert_eq!(
        parameter(location, "error").as_deref(),
        Some("access_denied")
    );
}

#[test]
fn the_answer_goes_to_the_host_itself_only() {
    let provider = Provider::new();
    for uri in [
        "https://evil.example/back",
        "https://app.example.evil/back",
        "https://app.example@evil.example/",
        "http://app.example/back",
        "javascript:alert(1)",
        "https://app.example/back#x",
        "",
    ] {
        let (answer, form) = page(&provider, &[("host", "app.example"), ("returnURL", uri)]);
        assert_eq!(answer.status, 400, "{uri}");
        assert!(form.is_empty(), "{uri}");
    }
}
