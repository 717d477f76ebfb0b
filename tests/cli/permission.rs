//! `tokenpass permission`, and `serve --brc100`.

use serde_json::json;

use crate::support::Home;
use crate::support::http::Request;
use crate::support::serve::RunningServer;

const APP: &str = "https://app.example";
const KEY: &str = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf";

fn list(home: &Home) -> String {
    home.run(["permission", "list"]).prints()
}

#[test]
fn what_an_app_may_do_is_allowed_listed_and_revoked() {
    let home = Home::registered();
    assert_eq!(list(&home), "");
    let decide = |what: &str, more: &[&str]| {
        let args = ["permission", what, APP].into_iter();
        let args = args.chain(more.iter().copied());
        assert_eq!(home.run(args).prints(), "app.example\n");
    };
    decide("allow", &["1", " Identity Key Retrieval"]);
    decide("allow", &["2", "server hmac", "self"]);
    decide("allow", &["2", "server hmac", KEY]);
    decide("revoke", &["2", "server hmac", "self"]);
    assert_eq!(
        list(&home),
        format!(
            "approved\tapp.example\t1 identity key retrieval\n\
             approved\tapp.example\t2 server hmac {KEY}\n\
             denied\tapp.example\t2 server hmac self\n"
        )
    );
    let told = home.run(["permission", "list"]).json();
    let first = &told["permissions"][0];
    assert_eq!(first["originator"], "app.example");
    assert_eq!(
        (&first["level"], &first["protocol"]),
        (&json!(1), &json!("identity key retrieval"))
    );
    assert_eq!(told["permissions"][1]["counterparty"], KEY);
    // A host is as good as an origin; everything replaces what was there.
    home.run(["permission", "allow", "app.example", "--all"])
        .prints();
    assert_eq!(list(&home), "approved\tapp.example\teverything\n");
    decide("revoke", &["--all"]);
    assert_eq!(list(&home), "denied\tapp.example\teverything\n");
    home.run(["origin", "deny", APP]).prints();
    assert_eq!(list(&home), "");
    let trail = home.run(["log"]).prints();
    assert!(
        trail.contains("permission-allowed\tapp.example\t2 server hmac self"),
        "{trail}"
    );
    assert!(
        trail.contains("permission-denied\tapp.example\teverything"),
        "{trail}"
    );
}

#[test]
fn what_cannot_be_permitted_is_named() {
    let home = Home::registered();
    for (more, said) in [
        (
            &["0", "some tests"][..],
            "level 0 is open to every app: there is nothing to permit",
        ),
        (
            &["3", "some tests"],
            "protocol security level must be 0, 1, or 2",
        ),
        (
            &["1", "some tests", "self"],
            "at level 1 a protocol is permitted for all counterparties: name none",
        ),
        (
            &["2", "some tests"],
            "at level 2 a protocol is permitted for one counterparty: name it",
        ),
        (
            &["2", "some tests", "Bob"],
            "counterparty must be self, anyone or a public key!",
        ),
        (
            &["1", "some"],
            "protocol names must be 5 characters or more",
        ),
    ] {
        let args = ["permission", "allow", APP].into_iter();
        let args = args.chain(more.iter().copied());
        home.run(args).fails(2, &format!("error: {said}\n"));
    }
}

#[test]
fn serve_says_where_the_wallet_is_or_that_the_port_is_taken() {
    let home = Home::registered();
    let (_server, mut log) = RunningServer::with_log(&home, &["--brc100-listen", "127.0.0.1:0"]);
    let told = "BRC-100 apps find the wallet at http://";
    let note =
        |line: serde_json::Value| Some(line["note"].as_str()?.strip_prefix(told)?.to_owned());
    let address = log.find_map(note).unwrap();
    let asked = Request::to(address.parse().unwrap(), "POST", "/getVersion");
    assert_eq!(asked.json(json!({})).send().status, 200);

    let other = Home::registered();
    let (server, mut log) = RunningServer::with_log(&other, &["--brc100-listen", &address]);
    let warning = log.find_map(|line| Some(line["warning"].as_str()?.to_owned()));
    let said = format!("`{address}` is in use by another program: BRC-100 apps find that one");
    assert_eq!(warning, Some(said));
    assert_eq!(server.request("GET", "/api/health").send().status, 200);
}
