//! What is asked of a server that writes: through its API and by BRC-100 apps here, by
//! OAuth clients and a browser elsewhere. Each with what must hold after it was
//! answered, or was not.

use serde_json::json;
use tokenpass::Password;

use crate::client::{encoded, navigation};
use crate::served::{Answered, Served, got};
use crate::state::{full_home, is_as_before, state};
use crate::support::certificate::issue;
use crate::support::http::Request;
use crate::support::{Home, PASSWORD};
use crate::{oauth, pages};

type Asked = Box<dyn Fn(&Served) -> Request + Send + Sync>;
type Check = Box<dyn Fn(&Home, &Request, Option<Answered>) + Send + Sync>;

/// Something to ask, and what it starts from.
pub(crate) struct Step {
    pub(crate) template: Home,
    pub(crate) ask: Asked,
    /// What is there before and after, where that tells whether it was done.
    pub(crate) change: Option<(Vec<String>, Vec<String>)>,
    /// What holds while the server goes on, whatever has failed.
    serving: fn(&Served),
    /// What holds after the server has ended.
    check: Check,
}

impl Step {
    /// A request that is done where the wallet has changed.
    pub(crate) fn change(
        template: &Home,
        ask: impl Fn(&Served) -> Request + Send + Sync + 'static,
    ) -> Self {
        let template = template.copy();
        let whole = template.copy();
        assert!(got(&ask(&Served::start(&whole))).is_some());
        let change = (state(&template), state(&whole));
        assert_ne!(change.0, change.1);
        Self {
            template,
            ask: Box::new(ask),
            change: Some(change),
            serving: |_| {},
            check: Box::new(|home, _, answered| {
                let json = answered.and_then(|it| it.json());
                let token = json.as_ref().and_then(|it| it["accessToken"].as_str());
                if let Some(token) = token {
                    home.wallet_now().authorize(token).unwrap();
                }
            }),
        }
    }

    /// One whose answer can be used, or that can be asked again.
    pub(crate) fn gift(
        template: &Home,
        ask: impl Fn(&Served) -> Request + Send + Sync + 'static,
        check: impl Fn(&Home, &Request, Option<Answered>) + Send + Sync + 'static,
    ) -> Self {
        Self {
            template: template.copy(),
            ask: Box::new(ask),
            change: None,
            serving: |_| {},
            check: Box::new(check),
        }
    }

    /// One after which this holds, though what it is asked for fails.
    pub(crate) fn always(self, serving: fn(&Served)) -> Self {
        Self { serving, ..self }
    }

    /// What holds while the server goes on.
    pub(crate) fn check_serving(&self, server: &Served) {
        (self.serving)(server);
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
            let body = json!({"origin": "https://b.example", "decision": "allow"});
            server.post("/api/origins", body)
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
    steps.extend(oauth::steps(&full));
    steps.extend(pages::steps(&full));
    steps
}

/// A form of one of our pages, or of an OAuth client.
pub(crate) fn form_of(server: &Served, target: &str, fields: &[(&str, &str)]) -> Request {
    let request = server.server.request("POST", target);
    request.bytes(
        "application/x-www-form-urlencoded",
        encoded(fields).as_bytes(),
    )
}

/// The page there.
pub(crate) fn visit(server: &Served, target: &str) -> Request {
    navigation(server.server.request("GET", target))
}

/// A form of our own page there, as a browser sends it.
pub(crate) fn own_form(server: &Served, target: &str, fields: &[(&str, &str)]) -> Request {
    let origin = format!("http://localhost:{}", server.server.port());
    navigation(form_of(server, target, fields))
        .header("Sec-Fetch-Site", "same-origin")
        .origin(&origin)
}

/// Which it is, for whoever reads of it.
pub(crate) fn told(request: &Request) -> String {
    let bytes = request.to_bytes();
    let text = String::from_utf8_lossy(&bytes);
    let body = text.split("\r\n\r\n").nth(1).unwrap_or_default();
    format!("{} {} {body}", request.method, request.target)
}
