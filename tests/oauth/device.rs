//! The device flow (RFC 8628).

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{APP, Fields, Provider, hidden_fields, ticked_scopes};
use crate::support::PASSWORD;
use crate::support::http::Answer;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Provider {
    fn start(&self, scope: &str) -> Value {
        let fields = [("client_id", APP), ("scope", scope)];
        self.post_form("/oauth2/device_authorization", &fields)
            .send()
            .ok()
    }

    fn poll(&self, device: &Value) -> Answer {
        self.poll_as(APP, device)
    }

    fn poll_as(&self, client: &str, device: &Value) -> Answer {
        let code = device["device_code"].as_str().unwrap();
        let fields = [
            ("grant_type", GRANT),
            ("client_id", client),
            ("device_code", code),
        ];
        self.post_form("/oauth2/token", &fields).send()
    }

    fn device_page(&self, device: &Value) -> (Answer, Fields) {
        let code = device["user_code"].as_str().unwrap();
        let page = self.visit(&format!("/device?user_code={code}"));
        let form = hidden_fields(page.text());
        (page, form)
    }

    fn decide(&self, device: &Value, decision: &str) -> Answer {
        let (page, form) = self.device_page(device);
        let mut fields: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let scopes = ticked_scopes(page.text());
        fields.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
        fields.extend([("password", PASSWORD), ("decision", decision)]);
        self.submit_all("/device", &fields)
    }
}

#[track_caller]
fn told(answer: &Answer, error: &str) {
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(answer.json()["error"], error, "{}", answer.text());
}

#[test]
fn a_program_is_connected() {
    let provider = Provider::new();
    let device = provider.start("openid sign");
    assert_eq!(
        device["verification_uri"],
        format!("{}/device", provider.issuer())
    );
    assert_eq!(device["interval"], 5);
    told(&provider.poll(&device), "authorization_pending");
    let done = provider.decide(&device, "allow");
    assert_eq!(done.status, 200, "{}", done.text());
    provider.pass(5);
    let tokens = provider.poll(&device).ok();
    let access = tokens["access_token"].as_str().unwrap();
    let sign = provider.post_json("/api/sign", json!({"message": "x"}));
    sign.token(access).send().ok();
    provider.pass(5);
    told(&provider.poll(&device), "invalid_grant");
}

/// RFC 8628, 3.5.
#[test]
fn what_a_waiting_program_is_told() {
    let provider = Provider::new();
    let device = provider.start("openid");
    told(&provider.poll(&device), "authorization_pending");
    told(&provider.poll(&device), "slow_down");
    provider.pass(6);
    told(&provider.poll(&device), "slow_down");
    provider.pass(15);
    told(&provider.poll(&device), "authorization_pending");
    told(
        &provider.poll_as("https://other.example", &device),
        "invalid_grant",
    );
    provider.pass(600);
    told(&provider.poll(&device), "expired_token");
    let denied = provider.start("openid");
    provider.decide(&denied, "deny");
    told(&provider.poll(&denied), "access_denied");
}

/// RFC 8628, 3.3.1 and 5.4: a complete address still shows the code and asks.
#[test]
fn a_prefilled_code_is_compared_and_never_skipped() {
    let provider = Provider::new();
    let device = provider.start("openid");
    let complete = device["verification_uri_complete"].as_str().unwrap();
    let page = provider.visit(complete.strip_prefix(&provider.issuer()).unwrap());
    assert!(page.text().contains(device["user_code"].as_str().unwrap()));
    assert!(
        page.text()
            .contains("Only continue if you started this yourself, just now")
    );
    assert!(page.text().contains("name=\"password\""));
    told(&provider.poll(&device), "authorization_pending");
}

/// RFC 8628, 5.1.
#[test]
fn guesses_are_limited() {
    let provider = Provider::new();
    let device = provider.start("openid");
    let guess = || provider.visit("/device?user_code=BBBB-BBBB").status;
    let answers: Vec<_> = (0..8).map(|_| guess()).collect();
    assert_eq!(&answers[..5], &[400; 5]);
    assert_eq!(answers[7], 429);
    provider.pass(10);
    assert_eq!(provider.device_page(&device).0.status, 200);
}

#[test]
fn a_clock_that_is_set_back_keeps_nobody_from_entering_a_code() {
    let provider = Provider::new();
    let device = provider.start("openid");
    for _ in 0..6 {
        provider.visit("/device?user_code=BBBB-BBBB");
    }
    provider.home.set_back(Duration::from_secs(60 * 60));
    provider.pass(10);
    assert_eq!(provider.device_page(&device).0.status, 200);
}

#[test]
fn a_page_that_asks_for_codes_without_end_pushes_out_no_program() {
    const EVIL: &str = "https://evil.example";
    let provider = Provider::new();
    let device = provider.start("openid");
    let ask = || {
        let fields = [("client_id", EVIL)];
        let asked = provider.post_form("/oauth2/device_authorization", &fields);
        asked.origin(EVIL).send().status
    };
    let statuses: Vec<_> = (0..300).map(|_| ask()).collect();
    assert_eq!((statuses[0], statuses[299]), (200, 503));
    told(&provider.poll(&device), "authorization_pending");
    provider.start("openid");
    provider.pass(10 * 60);
    assert_eq!(ask(), 200);
}

#[test]
fn a_code_is_answered_once() {
    let provider = Provider::new();
    let device = provider.start("openid");
    let (_, mut form) = provider.device_page(&device);
    form.insert("password".into(), PASSWORD.into());
    form.insert("decision".into(), "allow".into());
    assert_eq!(provider.submit("/device", &form).status, 200);
    assert_eq!(provider.submit("/device", &form).status, 400);
}

/// As better-auth's client speaks it, from any page.
#[test]
fn the_same_in_json() {
    let provider = Provider::new();
    let body = json!({"client_id": APP, "scope": "openid"});
    let answer = provider
        .post_json("/api/auth/device/code", body)
        .origin(APP)
        .send();
    assert_eq!(answer.header("Access-Control-Allow-Origin"), Some(APP));
    let device = answer.ok();
    let poll = || {
        let body =
            json!({"grant_type": GRANT, "client_id": APP, "device_code": device["device_code"]});
        provider.post_json("/api/auth/device/token", body).send()
    };
    told(&poll(), "authorization_pending");
    provider.decide(&device, "allow");
    provider.pass(5);
    assert!(poll().ok()["access_token"].is_string());
}
