//! The dashboard, as its owner's browser uses it.

use crate::client::hidden_fields;
use crate::requests::{Step, own_form, visit};
use crate::served::{Served, got};
use crate::support::http::Request;
use crate::support::{Home, PASSWORD};

/// What its buttons change. The password goes with each; some need none.
const FORMS: [&[(&str, &str)]; 8] = [
    &[("act", "revoke"), ("host", "a.example")],
    &[("act", "allow-origin"), ("origin", "https://b.example")],
    &[("act", "deny-origin"), ("origin", "https://a.example")],
    &[
        ("act", "allow-permission"),
        ("app", "b.example"),
        ("right", "1 test keys"),
    ],
    &[
        ("act", "deny-permission"),
        ("app", "a.example"),
        ("right", "1 test keys"),
    ],
    &[
        ("act", "add-contact"),
        ("name", "Bob"),
        ("who", "1Pq7UrQ4rSGvEBsoaAeajUUvZMjtnuwMSL"),
    ],
    &[("act", "remove-contact"), ("name", "Ada")],
    &[("act", "profile"), ("displayName", "Eve")],
];

pub(crate) fn steps(full: &Home) -> Vec<Step> {
    let make = [("act", "create"), ("again", PASSWORD)];
    let makes = Step::change(&Home::new(), move |server| enter(server, &make));
    let buttons = FORMS.map(|fields| Step::change(full, |server| press(server, fields)));
    let opens = Step::gift(full, open, |home, _, _| {
        // Whether it was answered or not, it can be asked again.
        assert!(got(&open(&Served::start(home))).is_some());
    });
    let lock = |server: &Served| press(server, &[("act", "lock")]);
    let log_out = |server: &Served| server.server.request("POST", "/api/logout");
    let locks = Step::gift(full, lock, |_, _, _| {}).always(assert_locked);
    let logs_out = Step::gift(full, log_out, |_, _, _| {}).always(assert_locked);
    let unlocks = Step::gift(full, unlock, |home, _, _| {
        assert!(got(&unlock(&Served::start(home))).is_some());
    });
    let mut steps = vec![makes, opens, locks, logs_out, unlocks];
    steps.extend(buttons);
    steps
}

/// No disk keeps the keys in memory.
fn assert_locked(server: &Served) {
    // Which a disk that stays full may keep from being told.
    if let Some(status) = got(&server.server.request("GET", "/api/status")) {
        assert_eq!(status.json().unwrap()["unlocked"], false);
    }
}

/// The page before the password, filled in.
fn enter(server: &Served, fields: &[(&str, &str)]) -> Request {
    let form = hidden_fields(visit(server, "/").send().text());
    let hidden = form.iter().map(|(name, value)| (&**name, &**value));
    let mut all: Vec<_> = hidden.collect();
    all.extend([("password", PASSWORD)].iter().chain(fields));
    own_form(server, "/", &all)
}

fn open(server: &Served) -> Request {
    enter(server, &[("act", "open")])
}

/// The same where the wallet is locked.
fn unlock(server: &Served) -> Request {
    assert!(got(&server.server.request("POST", "/api/logout")).is_some());
    open(server)
}

/// A button of the dashboard.
fn press(server: &Served, fields: &[(&str, &str)]) -> Request {
    let page = got(&open(server)).unwrap();
    let session = hidden_fields(&page.text())["session"].clone();
    let known = [("session", &*session), ("password", PASSWORD)];
    own_form(server, "/", &[&known, fields].concat())
}
