//! Access tokens, origins, the audit trail.

use serde_json::json;

use crate::support::Home;

#[test]
fn a_token_is_printed_once_and_listed_by_its_id() {
    let home = Home::registered();
    let auth = [
        "auth",
        "--host",
        "example.com",
        "--scopes",
        "encrypt,sign",
        "--expire",
        "1d",
    ];
    let token = home.run(auth).password().prints();
    let token = token.trim_end();
    assert_eq!(token.len(), 36, "a UUID: {token}");
    let list = home.run(["token", "list"]).prints();
    assert!(!list.contains(token));
    let columns: Vec<_> = list.trim_end().split('\t').collect();
    assert_eq!((columns[2], columns[3]), ("example.com", "sign,encrypt"));
    let id = columns[0];
    assert_eq!(
        home.run(["token", "revoke", id]).json(),
        json!({"success": true, "revoked": 1})
    );
    assert_eq!(home.run(["token", "list"]).prints(), "");
    home.run(["token", "revoke", id]).fails(
        1,
        &format!("error: no token has the id `{id}`\nhint: `tokenpass token list` shows the ids\n"),
    );
}

#[test]
fn a_granted_token_in_json_is_what_the_rest_api_answers() {
    let home = Home::registered();
    let id = home.run(["status"]).json()["bapID"].clone();
    let grant = home
        .run(["auth", "--host", "localhost:3000", "--expire", "forever"])
        .password()
        .json();
    let fields: Vec<_> = grant.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["accessToken", "bapId", "expireTime", "host", "success"]
    );
    assert_eq!((&grant["bapId"], &grant["expireTime"]), (&id, &json!(0)));
    let status = home.run(["status"]).json();
    assert_eq!(status["states"][0]["host"], "localhost:3000");
    assert_eq!(status["keys"][0]["host"], "localhost:3000");
}

#[test]
fn tokens_are_revoked_by_host_or_all_at_once() {
    let home = Home::registered();
    for host in ["a.example", "a.example", "b.example", "c.example"] {
        home.run(["auth", "--host", host, "--expire", "1h"])
            .password()
            .prints();
    }
    let listed = home.run(["token", "list", "--host", "a.example"]).json();
    assert_eq!(listed["tokens"].as_array().unwrap().len(), 2);
    assert_eq!(
        home.run(["token", "revoke", "--host", "a.example"]).json()["revoked"],
        2
    );
    assert_eq!(home.run(["token", "revoke", "--all"]).json()["revoked"], 2);
    home.run(["token", "revoke"]).fails(
        2,
        "error: missing one of `ID`, `--host <HOST>`, `--all`\nhint: `tokenpass token revoke --help` says more\n",
    );
}

#[test]
fn what_cannot_be_granted_is_named() {
    let home = Home::registered();
    for (option, value, message) in [
        (
            "--scopes",
            "sign,fly",
            "`--scopes <SCOPES>`: unknown scope `fly`",
        ),
        (
            "--expire",
            "0s",
            "`--expire <EXPIRY>`: `0s` would end before it is used",
        ),
        (
            "--expire",
            "soon",
            "`--expire <EXPIRY>`: `soon` is not one of `once`, `month`, `forever`, and not a length of time: write a number with `s`, `m`, `h`, `d` or `w`, like `90s`, `15m` or `1d`",
        ),
    ] {
        let run = home
            .run(["auth", "--host", "a.example", option, value])
            .password();
        run.fails(
            2,
            &format!("error: {message}\nhint: `tokenpass auth --help` says more\n"),
        );
    }
    home.run(["auth", "--host", "a.example", "--icon", "javascript:alert(1)"]).password().fails(
        2,
        "error: `javascript:alert(1)` is not an icon's URL\nhint: give an `https:` or `data:image/` URL\n",
    );
}

#[test]
fn a_token_pasted_for_its_id_is_not_repeated() {
    let home = Home::registered();
    let token = home
        .run(["auth", "--host", "a.example", "--expire", "1h"])
        .password()
        .prints();
    let done = home.run(["token", "revoke", token.trim_end()]).done();
    assert_eq!(done.code, 2);
    assert!(!done.stderr.contains(token.trim_end()), "{}", done.stderr);
}

#[test]
fn origins_are_approved_and_denied() {
    let home = Home::registered();
    home.run(["origin", "allow", "https://App.example:443"])
        .prints();
    home.run(["origin", "deny", "http://localhost:3000"])
        .prints();
    let list = home.run(["origin", "list"]).json();
    let origins = list["origins"].as_array().unwrap();
    let of =
        |origin: &str| origins.iter().find(|o| o["origin"] == origin).unwrap()["status"].clone();
    assert_eq!(of("https://app.example"), "approved");
    assert_eq!(of("http://localhost:3000"), "denied");
    home.run(["origin", "allow", "null"]).fails(
        2,
        "error: `<ORIGIN>`: `null` is not a web origin: it looks like `https://example.com` or `http://localhost:3000`
hint: `tokenpass origin allow --help` says more
",
    );
}

#[test]
fn the_trail_tells_what_happened_and_no_secret() {
    let home = Home::registered();
    home.run(["login"])
        .env("TOKENPASS_PASSWORD", "wrong horse")
        .done();
    let token = home
        .run(["auth", "--host", "a.example"])
        .password()
        .prints();
    let trail = home.run(["log", "--since", "1h"]).json();
    let events: Vec<_> = trail["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["event"].clone())
        .collect();
    assert_eq!(
        events,
        ["registered", "unlock-failed", "unlocked", "granted"]
    );
    assert!(!home.run(["log"]).prints().contains(token.trim_end()));
    assert_eq!(
        home.run(["log", "--limit", "1"]).prints().lines().count(),
        1
    );
}
