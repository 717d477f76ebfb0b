//! Who may, and what.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tokenpass::testing::wallet::{Host, OriginStatus, Right};

use super::{APP, PAGE, Wire, app, refusal, right};
use crate::harness::{Home, Request, options};
use crate::support::http::Answer;

const OTHER: &str = "https://other.example";

fn denied(answer: &Answer) {
    assert_eq!(refusal(answer), (400, 1, "Permission denied.".into()));
}

fn hmac(level: u64, name: &str, with: &str) -> Value {
    json!({"protocolID": [level, name], "keyID": "1", "counterparty": with, "data": [1]})
}

fn at_once(mut args: Value) -> Value {
    args["seekPermission"] = false.into();
    args
}

/// Waits until something is asked for, and says what.
fn asked_for(site: &Wire) -> (Host, Right) {
    loop {
        let all = site.wallet().permissions().unwrap();
        let mut pending = all
            .into_iter()
            .filter(|one| one.status == OriginStatus::Pending);
        if let Some(one) = pending.next() {
            return (one.originator, one.right);
        }
        thread::yield_now();
    }
}

#[test]
fn anybody_may_ask_whether_there_is_a_wallet_and_nothing_else() {
    let site = Wire::new();
    let version = site
        .bare("getVersion", json!({}))
        .origin("https://stranger.example")
        .send();
    let told = version.ok()["version"].as_str().unwrap().to_owned();
    assert_eq!(told, format!("tokenpass-{}", env!("CARGO_PKG_VERSION")));
    let reader = version.header("Access-Control-Allow-Origin");
    assert_eq!(reader, Some("https://stranger.example"));
    site.bare("getVersion", json!({})).send().ok();

    let preflight = Request::to(site.address, "OPTIONS", "/getPublicKey")
        .origin("https://stranger.example")
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "content-type")
        .send();
    assert_eq!(preflight.status, 204);
    assert!(
        preflight
            .header("Access-Control-Allow-Headers")
            .unwrap()
            .contains("Content-Type")
    );

    for method in [
        "getNetwork",
        "isAuthenticated",
        "getPublicKey",
        "createAction",
        "what",
    ] {
        let answer = site
            .bare(method, json!({}))
            .origin("https://stranger.example")
            .send();
        let said = "the origin `https://stranger.example` is not approved";
        assert_eq!(refusal(&answer), (403, 1, said.into()));
        // Its page can say so.
        let reader = answer.header("Access-Control-Allow-Origin");
        assert_eq!(reader, Some("https://stranger.example"));
    }
    let pending = site.wallet().origins().unwrap();
    let pending = pending
        .iter()
        .find(|one| one.status == OriginStatus::Pending)
        .unwrap();
    assert_eq!(pending.origin, "https://stranger.example");

    for origin in [
        "null",
        "file://",
        &format!("http://localhost:{}", site.address.port()),
    ] {
        let answer = site.bare("getNetwork", json!({})).origin(origin).send();
        assert_eq!(refusal(&answer).0, 403, "{origin}");
    }
    let elsewhere = site
        .bare("getVersion", json!({}))
        .host("attacker.example")
        .send();
    assert_eq!(refusal(&elsewhere).0, 421);
}

#[test]
fn a_program_of_the_owners_names_its_app() {
    let site = Wire::new();
    let args = || hmac(0, "some tests", "self");
    let (status, _, said) = refusal(&site.bare("createHmac", args()).send());
    assert_eq!(status, 400);
    assert!(said.contains("`Originator`"), "{said}");
    for name in [
        "app.example",
        "https://app.example",
        "localhost:3000",
        "never.example",
    ] {
        site.program(name, "createHmac", args()).send().ok();
    }
    for name in ["", "a b", "file://x"] {
        assert_eq!(
            refusal(&site.program(name, "createHmac", args()).send()).0,
            400
        );
    }
    let twice = site
        .program(APP, "createHmac", args())
        .header("Originator", APP);
    assert_eq!(refusal(&twice.send()).0, 400);
    // What says that it is a page is held to that.
    let page = site
        .program(APP, "createHmac", args())
        .origin("http://app.example");
    assert_eq!(refusal(&page.send()).0, 403);
    // A proxy may speak for anybody.
    let proxied = site
        .program(APP, "createHmac", args())
        .header("X-Forwarded-For", "1.2.3.4");
    assert_eq!(refusal(&proxied.send()).0, 403);
}

#[cfg(unix)]
#[test]
fn another_user_may_nothing() {
    let Some(user) = crate::support::other_user::OtherUser::new() else {
        return;
    };
    let site = Wire::new().allow_all();
    for request in [
        site.page("createHmac", hmac(0, "some tests", "self")),
        site.program(APP, "createHmac", hmac(0, "some tests", "self")),
    ] {
        assert_eq!(refusal(&request.send_as(&user)).0, 403);
    }
    site.bare("getVersion", json!({})).send_as(&user).ok();
}

#[test]
fn what_an_app_is_denied_is_in_the_trail_once_a_minute() {
    let site = Wire::new();
    for name in ["some tests", "some tests", "more tests"] {
        denied(
            &site
                .page("createHmac", at_once(hmac(1, name, "self")))
                .send(),
        );
    }
    let trail = site.wallet().audit(None, 100).unwrap();
    let refused = trail.iter().filter(|entry| entry.event == "refused");
    let told: Vec<_> = refused.map(|one| (&*one.subject, &*one.detail)).collect();
    assert_eq!(told, [(APP, "permission denied")]);
}

#[test]
fn level_0_is_open_1_is_per_protocol_2_per_counterparty() {
    let site = Wire::new();
    let other = format!(
        "02{}",
        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    );
    let ask = |args: Value| site.page("createHmac", at_once(args)).send();
    ask(hmac(0, "some tests", &other)).ok();
    denied(&ask(hmac(1, "some tests", "self")));
    denied(&ask(hmac(2, "some tests", "self")));

    let allow = |right: Right| site.wallet().allow_permission(&app(), &right).unwrap();
    allow(right(1, "some tests", None));
    ask(hmac(1, "some tests", "self")).ok();
    ask(hmac(1, "Some Tests ", "anyone")).ok();
    denied(&ask(hmac(1, "more tests", "self")));
    denied(&ask(hmac(2, "some tests", "self")));

    allow(right(2, "some tests", Some("self")));
    ask(hmac(2, "some tests", "self")).ok();
    denied(&ask(hmac(2, "some tests", "anyone")));
    // The key of "anyone" is another name for the same.
    allow(right(2, "some tests", Some("anyone")));
    ask(hmac(2, "some tests", &other)).ok();

    // The identity key has a right of its own.
    let identity = json!({"identityKey": true, "seekPermission": false});
    denied(&site.page("getPublicKey", identity.clone()).send());
    allow(right(1, "identity key retrieval", None));
    let shown = site.page("getPublicKey", identity).send().ok();
    // And the wallet's own key is "self".
    let own = shown["publicKey"].as_str().unwrap();
    ask(hmac(2, "some tests", own)).ok();

    // Nothing of it is another app's.
    site.wallet().allow_origin(&OTHER.parse().unwrap()).unwrap();
    let other_app = |args: Value| site.bare("createHmac", at_once(args)).origin(OTHER).send();
    other_app(hmac(0, "some tests", "self")).ok();
    denied(&other_app(hmac(1, "some tests", "self")));
    denied(&other_app(hmac(2, "some tests", "self")));
    assert!(
        site.wallet()
            .permissions()
            .unwrap()
            .iter()
            .all(|one| one.originator == app())
    );
}

#[test]
fn what_was_revoked_stops_at_once_and_is_not_asked_for_again() {
    let site = Wire::new().allow_all();
    let ask = || {
        site.page("createHmac", hmac(2, "some tests", "self"))
            .send()
    };
    ask().ok();
    let one = right(2, "some tests", Some("self"));
    site.wallet().deny_permission(&app(), &one).unwrap();
    denied(&ask());
    site.page("createHmac", hmac(1, "some tests", "self"))
        .send()
        .ok();
    site.wallet().allow_permission(&app(), &one).unwrap();
    ask().ok();
    site.wallet().deny_permission(&app(), &Right::All).unwrap();
    denied(&ask());
    let kept: Vec<_> = site.wallet().permissions().unwrap();
    assert_eq!(kept.len(), 1);
    // The origin's approval is the first of all.
    site.wallet().allow_permission(&app(), &Right::All).unwrap();
    site.wallet().deny_origin(&PAGE.parse().unwrap()).unwrap();
    assert_eq!(refusal(&ask()).0, 403);
    assert_eq!(site.wallet().permissions().unwrap(), []);
}

#[test]
fn a_request_waits_for_its_owner() {
    let site = Wire::new();
    let ask = || {
        site.page("createHmac", hmac(2, "some tests", "self"))
            .send()
    };
    let wanted = right(2, "some tests", Some("self"));
    thread::scope(|scope| {
        let waiting = scope.spawn(ask);
        assert_eq!(asked_for(&site), (app(), wanted.clone()));
        site.wallet().allow_permission(&app(), &wanted).unwrap();
        waiting.join().unwrap().ok();
    });
    let wanted = right(1, "more tests", None);
    thread::scope(|scope| {
        let ask = || {
            site.page("createHmac", hmac(1, "more tests", "self"))
                .send()
        };
        let waiting = scope.spawn(ask);
        assert_eq!(asked_for(&site).1, wanted);
        site.wallet().deny_permission(&app(), &wanted).unwrap();
        denied(&waiting.join().unwrap());
        denied(&ask());
    });
    // Nobody decides.
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            site.page("createHmac", hmac(1, "third tests", "self"))
                .send()
        });
        asked_for(&site);
        while !waiting.is_finished() {
            site.home.pass(Duration::from_secs(60));
            thread::yield_now();
        }
        denied(&waiting.join().unwrap());
    });
    // It can still be allowed.
    let wanted = right(1, "third tests", None);
    assert_eq!(asked_for(&site).1, wanted);
    site.wallet().allow_permission(&app(), &wanted).unwrap();
    site.page("createHmac", hmac(1, "third tests", "self"))
        .send()
        .ok();
}

#[test]
fn who_does_not_seek_permission_leaves_no_question() {
    let site = Wire::new();
    denied(
        &site
            .page("createHmac", at_once(hmac(1, "some tests", "self")))
            .send(),
    );
    assert_eq!(site.wallet().permissions().unwrap(), []);
}

#[test]
fn eight_wait_at_most_and_the_others_go_on() {
    let site = Wire::new();
    thread::scope(|scope| {
        let ask = |n: usize| {
            let site = &site;
            move || {
                site.page("createHmac", hmac(1, &format!("some tests {n}"), "self"))
                    .send()
            }
        };
        let waiting: Vec<_> = (0..8).map(|n| scope.spawn(ask(n))).collect();
        while site.wallet().permissions().unwrap().len() < 8 {
            thread::yield_now();
        }
        // All of them have asked; the last may not have sat down yet.
        let mut ninth = Vec::new();
        for n in 8..12 {
            ninth.push(scope.spawn(ask(n)));
        }
        for _ in 0..20 {
            site.page("createHmac", hmac(0, "some tests", "self"))
                .send()
                .ok();
        }
        while ninth.iter().filter(|one| one.is_finished()).count() < 3 {
            thread::yield_now();
        }
        site.wallet().allow_permission(&app(), &Right::All).unwrap();
        let answers = waiting
            .into_iter()
            .chain(ninth)
            .map(|one| one.join().unwrap().status);
        let done = answers.filter(|status| *status == 200).count();
        assert_eq!(done, 8);
    });
}

#[test]
fn a_wallet_that_locks_meanwhile_says_so() {
    let site = Wire::new();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            site.page("createHmac", hmac(1, "some tests", "self"))
                .send()
        });
        asked_for(&site);
        Request::to(site.main, "POST", "/api/logout").send().ok();
        let answer = waiting.join().unwrap();
        assert_eq!(answer.status, 503);
        assert_eq!(
            answer.json(),
            json!({"status": "error", "code": "WALLET_LOCKED", "description": "the wallet is locked",
                   "message": "the wallet is locked"})
        );
    });
}

#[test]
fn a_locked_wallet_answers_what_needs_no_key() {
    let site = Wire::locked();
    let told = site.page("isAuthenticated", json!({})).send().ok();
    assert_eq!(told, json!({"authenticated": false}));
    let told = site.page("getNetwork", json!({})).send().ok();
    assert_eq!(told, json!({"network": "mainnet"}));
    for method in ["getPublicKey", "createHmac", "createSignature"] {
        let answer = site.page(method, json!({})).send();
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (503, Some("WALLET_LOCKED"))
        );
    }
    thread::scope(|scope| {
        let waiting = scope.spawn(|| site.page("waitForAuthentication", json!({})).send());
        site.login();
        assert_eq!(waiting.join().unwrap().ok(), json!({"authenticated": true}));
    });
    let told = site.page("isAuthenticated", json!({})).send().ok();
    assert_eq!(told, json!({"authenticated": true}));

    let home = Home::new();
    home.wallet().allow_origin(&PAGE.parse().unwrap()).unwrap();
    let site = Wire::serve(home, None);
    let answer = site.page("createHmac", json!({})).send();
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (503, Some("NO_WALLET"))
    );
}

#[test]
fn a_stop_sends_away_who_waits() {
    let site = Wire::new();
    thread::scope(|scope| {
        let waiting = {
            let request = site.page("createHmac", hmac(1, "some tests", "self"));
            scope.spawn(move || request.send())
        };
        asked_for(&site);
        site.server.stop();
        denied(&waiting.join().unwrap());
    });
}

#[test]
fn other_programs_of_the_owners_decide_over_the_api() {
    let site = Wire::new();
    let api =
        |method: &str, body: Value| Request::to(site.main, method, "/api/permissions").json(body);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            site.page("createHmac", hmac(2, "some tests", "self"))
                .send()
        });
        asked_for(&site);
        let listed = Request::to(site.main, "GET", "/api/permissions")
            .send()
            .ok();
        let listed = &listed["permissions"][0];
        assert_eq!(listed["status"], "pending");
        let mut decision = listed.clone();
        decision["decision"] = "allow".into();
        api("POST", decision).send().ok();
        waiting.join().unwrap().ok();
    });
    let everything = json!({"originator": PAGE, "decision": "deny"});
    api("POST", everything).send().ok();
    denied(
        &site
            .page("createHmac", hmac(2, "some tests", "self"))
            .send(),
    );
    for (body, said) in [
        (
            json!({"originator": "a b", "decision": "allow"}),
            "`originator`",
        ),
        (json!({"originator": APP, "decision": "ask"}), "`decision`"),
        (
            json!({"originator": APP, "decision": "allow", "level": 1}),
            "`protocol`: is needed",
        ),
        (
            json!({"originator": APP, "decision": "allow", "protocol": "some tests"}),
            "`level`",
        ),
        (
            json!({"originator": APP, "decision": "allow", "level": 0, "protocol": "some tests"}),
            "level 0 is open",
        ),
        (
            json!({"originator": APP, "decision": "allow", "level": 2, "protocol": "some tests"}),
            "name it",
        ),
    ] {
        let error = api("POST", body).send().refused(400, 0);
        assert!(error.contains(said), "{error}");
    }
    let page = api("GET", json!({})).origin(PAGE).send();
    page.refused(403, 7);
}

#[test]
fn a_port_that_is_taken_is_no_reason_not_to_serve() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let home = Home::new();
    let options = tokenpass::testing::server::ServeOptions {
        brc100: Some(taken.local_addr().unwrap().into()),
        ..options()
    };
    let server = tokenpass::testing::server::Server::start(home.wallet(), options).unwrap();
    assert_eq!(server.brc100_addresses(), []);
    Request::to(server.addresses()[0], "GET", "/api/health")
        .send()
        .ok();
}
