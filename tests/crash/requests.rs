//! What is asked of a server that writes: through its API, by BRC-100 apps, and what
//! OAuth gives. Each with what must hold after it was answered, or was not.

use serde_json::json;
use tokenpass::Password;

use crate::client::{
    APP, CALLBACK, VERIFIER, encoded, hidden_fields, navigation, parameter, request, ticked_scopes,
};
use crate::served::{Answered, Served, got};
use crate::state::{full_home, is_as_before, state};
use crate::support::certificate::issue;
use crate::support::http::Request;
use crate::support::{Home, PASSWORD};

type Asked = Box<dyn Fn(&Served) -> Request>;

/// Something to ask, and what it starts from.
pub(crate) struct Step {
    pub(crate) template: Home,
    pub(crate) ask: Asked,
    /// What is there before and after, where that tells whether it was done.
    pub(crate) change: Option<(Vec<String>, Vec<String>)>,
    /// What holds after the server has ended.
    check: fn(&Home, &Request, Option<Answered>),
}

impl Step {
    /// A request that is done where the wallet has changed.
    fn change(template: &Home, ask: impl Fn(&Served) -> Request + 'static) -> Self {
        let template = template.copy();
        let whole = template.copy();
        assert!(got(&ask(&Served::start(&whole))).is_some());
        let change = (state(&template), state(&whole));
        assert_ne!(change.0, change.1);
        Self {
            template,
            ask: Box::new(ask),
            change: Some(change),
            check: |home, _, answered| {
                let json = answered.map(|it| it.json());
                let token = json.as_ref().and_then(|it| it["accessToken"].as_str());
                if let Some(token) = token {
                    home.wallet_now().authorize(token).unwrap();
                }
            },
        }
    }

    /// One whose answer can be used, or that can be asked again.
    fn gift(
        template: &Home,
        ask: fn(&Served) -> Request,
        check: fn(&Home, &Request, Option<Answered>),
    ) -> Self {
        Self {
            template: template.copy(),
            ask: Box::new(ask),
            change: None,
            check,
        }
    }

    /// Whether it was done, where that can be told; and whether it was answered only
    /// then.
    #[track_caller]
    pub(crate) fn check(
        &self,
        home: &Home,
        asked: &Request,
        answered: Option<Answered>,
        when: &str,
    ) -> Option<bool> {
        let is_done = self.change.as_ref().map(|(before, after)| {
            let left = state(home);
            let is_done = left == *after;
            assert!(is_done || is_as_before(&left, before), "{when}: {left:#?}");
            assert!(is_done || answered.is_none(), "{when}: it was answered");
            is_done
        });
        (self.check)(home, asked, answered);
        is_done
    }
}

/// Every request that writes.
pub(crate) fn steps() -> Vec<Step> {
    let full = full_home();
    let grant = "auth --host a.example --scopes write_state --expire 12h";
    let token = full.run(grant.split(' ')).password().prints();
    let token = token.trim_end().to_owned();
    let mut steps = vec![
        Step::change(&Home::new(), |server| {
            server.post("/api/register", json!({"password": PASSWORD}))
        }),
        Step::change(&Home::new(), |server| {
            let body = json!({"password": PASSWORD, "seed": "07".repeat(64)});
            server.post("/api/import", body)
        }),
        Step::change(&full, |server| {
            let body = json!({"host": "b.example", "password": PASSWORD, "expire": "1h"});
            server.post("/api/auth", body)
        }),
        Step::change(&full, |server| {
            server.post("/api/profile", json!({"displayName": "Eve"}))
        }),
        Step::change(&full, |server| {
            server.post("/api/identity", json!({"name": "Club"}))
        }),
        Step::change(&full, |server| {
            let body = json!({"decision": "allow", "originator": "b.example",
                              "level": 1, "protocol": "test keys"});
            server.post("/api/permissions", body)
        }),
        Step::change(&full, move |server| {
            server
                .post("/api/state", json!({"theme": "dark"}))
                .token(&token)
        }),
    ];
    let unlocked = full.wallet_now().unlock(&Password::new(PASSWORD.into()));
    let subject = unlocked.unwrap().brc100_key().unwrap().identity();
    let [first, second] = [1, 2].map(|serial| issue(serial, subject, &[("name", "Ada")]));
    let id = json!({"type": first["type"], "serialNumber": first["serialNumber"],
                    "certifier": first["certifier"]});
    steps.push(Step::change(&full, move |server| {
        server.app("acquireCertificate", second.clone())
    }));
    steps.push(Step::change(&full, move |server| {
        server.app("relinquishCertificate", id.clone())
    }));
    steps.extend(oauth(&full));
    steps
}

fn oauth(full: &Home) -> [Step; 3] {
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
            let tokens = got(&with_code(server)).unwrap().json();
            refresh(server, tokens["refresh_token"].as_str().unwrap())
        },
        assert_tokens_work,
    );
    [consents, redeems, refreshes]
}

/// A code, about to be redeemed.
fn with_code(server: &Served) -> Request {
    redeem(server, &code_in(&got(&consent(server)).unwrap()))
}

/// The form of the consent page, filled in.
fn consent(server: &Served) -> Request {
    let target = format!(
        "/oauth2/authorize?{}",
        encoded(&request("openid sign offline_access"))
    );
    let page = navigation(server.server.request("GET", &target)).send();
    let mut form = hidden_fields(page.text());
    form.insert("password".into(), PASSWORD.into());
    form.insert("decision".into(), "allow".into());
    form.insert("expire".into(), "1h".into());
    let mut fields: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let scopes = ticked_scopes(page.text());
    fields.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
    let origin = format!("http://localhost:{}", server.server.port());
    navigation(form_of(server, "/oauth2/authorize", &fields))
        .header("Sec-Fetch-Site", "same-origin")
        .origin(&origin)
}

fn form_of(server: &Served, target: &str, fields: &[(&str, &str)]) -> Request {
    let request = server.server.request("POST", target);
    request.bytes(
        "application/x-www-form-urlencoded",
        encoded(fields).as_bytes(),
    )
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

/// An answer's tokens work after the next start, and their grant goes on. What nobody
/// got nobody has: it is used, or it can be asked for again.
fn assert_tokens_work(home: &Home, asked: &Request, answered: Option<Answered>) {
    let server = Served::start(home);
    let answered = answered.or_else(|| got(&asked.clone().at(server.server.address())));
    let Some(answered) = answered else { return };
    let tokens = answered.json();
    let access = tokens["access_token"].as_str().unwrap();
    home.wallet_now().authorize(access).unwrap();
    let renewed = got(&refresh(&server, tokens["refresh_token"].as_str().unwrap()));
    assert!(renewed.is_some());
}
