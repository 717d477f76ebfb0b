//! What OAuth gives and takes: codes, tokens, the device flow, revocation.

use serde_json::{Value, json};

use crate::client::{APP, CALLBACK, VERIFIER, encoded, filled_in, parameter, request};
use crate::requests::{Step, body_of, form_of, own_form, visit};
use crate::served::{Answered, Served, got};
use crate::support::Home;
use crate::support::http::Request;

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub(crate) fn steps(full: &Home) -> Vec<Step> {
    let consents = Step::gift(full, consent, |home, _, answered| {
        let server = Served::start(home);
        match answered {
            Some(answered) => assert!(got(&redeem(&server, &code_in(&answered))).is_some()),
            // The person asks again.
            None => assert!(got(&consent(&server)).is_some()),
        }
    });
    let redeems = Step::gift(full, with_code, assert_tokens_work);
    let refreshes = Step::gift(
        full,
        |server| {
            let tokens = tokens_of(&with_code(server));
            refresh(server, tokens["refresh_token"].as_str().unwrap())
        },
        assert_tokens_work,
    );
    let mut steps = vec![consents, redeems, refreshes];
    steps.extend(["access_token", "refresh_token"].map(|kind| revokes(full, kind)));
    steps.extend(devices(full));
    steps
}

/// A program takes back what it has: no token of that consent works from then on.
fn revokes(full: &Home, kind: &'static str) -> Step {
    let home = full.copy();
    let tokens = tokens_of(&with_code(&Served::start(&home)));
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let (access, refresh_token, token) = (text("access_token"), text("refresh_token"), text(kind));
    let ask = move |server: &Served| {
        let fields = [("client_id", APP), ("token", &*token)];
        form_of(server, "/oauth2/revoke", &fields)
    };
    Step::gift(&home, ask, move |home, asked, answered| {
        let server = Served::start(home);
        if answered.is_none() {
            assert!(got(&again(asked, &server)).is_some());
        }
        assert!(home.wallet_now().authorize(&access).is_err());
        assert!(got(&refresh(&server, &refresh_token)).is_none());
    })
}

/// A program that has no browser asks, its owner allows it, it gets its tokens. Each
/// time anew, since a code ends after ten minutes.
fn devices(full: &Home) -> [Step; 3] {
    let starts = Step::gift(full, start, |home, asked, answered| {
        let server = Served::start(home);
        let told = answered.or_else(|| got(&again(asked, &server)));
        let device = told.unwrap().json().unwrap();
        assert!(got(&allow(&server, &device)).is_some());
        assert!(got(&poll(&server, &device)).is_some());
    });
    let decides = Step::gift(
        full,
        |server| allow(server, &tokens_of(&start(server))),
        |home, asked, answered| {
            let server = Served::start(home);
            let [user, code] = ["request", "device_code"].map(|name| field(asked, name));
            let device = json!({"user_code": user, "device_code": code});
            // The person asks again, unless it was done.
            let is_done = answered.is_some() || got(&allow(&server, &device)).is_none();
            let tokens = got(&poll(&server, &device));
            assert!(tokens.is_some(), "{is_done}");
        },
    );
    let polls = Step::gift(
        full,
        |server| {
            let device = tokens_of(&start(server));
            assert!(got(&allow(server, &device)).is_some());
            poll(server, &device)
        },
        assert_tokens_work,
    );
    [starts, decides, polls]
}

/// A field of a form.
fn field(form: &Request, name: &str) -> String {
    parameter(&format!("http://localhost/?{}", body_of(form)), name).unwrap()
}

fn start(server: &Served) -> Request {
    let fields = [("client_id", APP), ("scope", "openid sign offline_access")];
    form_of(server, "/oauth2/device_authorization", &fields)
}

fn allow(server: &Served, device: &Value) -> Request {
    let code = device["user_code"].as_str().unwrap();
    let page = format!("/device?user_code={code}");
    // The other code is not looked at there: it is for who looks at the request later.
    let known = [("device_code", device["device_code"].as_str().unwrap())];
    decide(server, &page, "/device", &known)
}

fn poll(server: &Served, device: &Value) -> Request {
    let fields = [
        ("grant_type", DEVICE_GRANT),
        ("client_id", APP),
        ("device_code", device["device_code"].as_str().unwrap()),
    ];
    form_of(server, "/oauth2/token", &fields)
}

/// A code, about to be redeemed.
fn with_code(server: &Served) -> Request {
    redeem(server, &code_in(&got(&consent(server)).unwrap()))
}

fn consent(server: &Served) -> Request {
    let query = encoded(&request("openid sign offline_access"));
    decide(
        server,
        &format!("/oauth2/authorize?{query}"),
        "/oauth2/authorize",
        &[],
    )
}

/// The form of a page that asks, filled in: all is allowed.
fn decide(server: &Served, page: &str, target: &str, more: &[(&str, &str)]) -> Request {
    let page = visit(server, page).send();
    let form = filled_in(page.text());
    let mut fields: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.extend(more);
    own_form(server, target, &fields)
}

fn code_in(answered: &Answered) -> String {
    parameter(answered.location(), "code").unwrap()
}

fn redeem(server: &Served, code: &str) -> Request {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    form_of(server, "/oauth2/token", &fields)
}

fn refresh(server: &Served, token: &str) -> Request {
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", APP),
        ("refresh_token", token),
    ];
    form_of(server, "/oauth2/token", &fields)
}

/// What a request is answered that is not refused.
fn tokens_of(asked: &Request) -> Value {
    got(asked).unwrap().json().unwrap()
}

/// The same request to the server that runs now.
fn again(asked: &Request, server: &Served) -> Request {
    asked.clone().at(server.server.address())
}

/// An answer's tokens work after the next start, and their grant goes on. What nobody
/// got nobody has: it is used, or it can be asked for again.
fn assert_tokens_work(home: &Home, asked: &Request, answered: Option<Answered>) {
    let server = Served::start(home);
    let answered = answered.or_else(|| got(&again(asked, &server)));
    let Some(answered) = answered else { return };
    let tokens = answered.json().unwrap();
    let access = tokens["access_token"].as_str().unwrap();
    home.wallet_now().authorize(access).unwrap();
    let renewed = got(&refresh(&server, tokens["refresh_token"].as_str().unwrap()));
    assert!(renewed.is_some());
}
