//! Who asks: the same user or another one, directly or through somebody, and
//! what each may do without a password or a token.

use serde_json::{Value, json};

use crate::harness::{ALL_SCOPES, Home, PASSWORD, Request, Site, options};

const APP: &str = "https://app.example";

/// What only the owner's programs may do without a token.
const OWNERS: [(&str, &str); 10] = [
    ("POST", "/api/register"),
    ("POST", "/api/import"),
    ("POST", "/api/logout"),
    ("GET", "/api/profile"),
    ("POST", "/api/profile"),
    ("GET", "/api/identity"),
    ("POST", "/api/identity"),
    ("GET", "/api/origins"),
    ("POST", "/api/origins"),
    ("GET", "/api/activity"),
];

const WORDS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                     abandon abandon about";

fn approved() -> (Home, Site) {
    let home = Home::new();
    let site = home.serve_registered();
    home.wallet().allow_origin(&APP.parse().unwrap()).unwrap();
    site.token_for("bank.example", "sign");
    (home, site)
}

fn request(site: &Site, method: &str, path: &str) -> Request {
    let request = site.request(method, path);
    match method {
        "POST" => request.json(json!({
            "password": PASSWORD, "mnemonic": WORDS, "name": "Mallory", "displayName": "Mallory",
            "origin": "https://mallory.example", "decision": "allow",
        })),
        _ => request,
    }
}

/// What the owner sees, to find it unchanged.
fn seen(site: &Site) -> [Value; 4] {
    let paths = [
        "/api/status",
        "/api/profile",
        "/api/identity",
        "/api/origins",
    ];
    paths.map(|path| site.get(path).send().ok())
}

fn nothing_but_that_it_is_there(status: &Value) {
    let known = json!({
        "seed": true, "created": true, "unlocked": true, "keys": [], "states": [],
    });
    assert_eq!(status, &known);
}

#[test]
fn the_owners_program_needs_no_header_to_be_known() {
    let (_home, site) = approved();
    for (method, path) in OWNERS {
        let answer = request(&site, method, path).send();
        let done = if matches!(path, "/api/register" | "/api/import") {
            409
        } else {
            200
        };
        let expected = match path {
            "/api/logout" => {
                site.login();
                200
            }
            _ => done,
        };
        assert_eq!(answer.status, expected, "{method} {path}");
    }
}

#[test]
fn a_header_that_speaks_of_a_proxy_takes_the_owners_rights_away() {
    let (_home, site) = approved();
    let before = seen(&site);
    for (name, value) in [
        ("Forwarded", "for=192.0.2.1"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("x-forwarded-host", "localhost"),
        ("X-Forwarded-Whatever", ""),
        ("Via", "1.1 proxy"),
        ("X-Real-IP", "127.0.0.1"),
    ] {
        for (method, path) in OWNERS {
            let answer = request(&site, method, path).header(name, value).send();
            answer.refused(403, 7);
        }
        let status = site.get("/api/status").header(name, value).send();
        nothing_but_that_it_is_there(&status.ok());
        let auth = site.post("/api/auth", json!({"host": "app.example"}));
        let auth = auth.origin(APP).header(name, value).send();
        auth.refused(401, 9);
    }
    assert_eq!(seen(&site), before);
}

#[test]
fn a_name_that_was_added_may_be_a_tunnels_and_is_never_the_owners_program() {
    let home = Home::new();
    let site = home.serve_as(tokenpass::ServeOptions {
        hosts: vec!["tp.example".parse().unwrap()],
        ..options()
    });
    site.register();
    for name in [
        "tp.example".to_owned(),
        format!("tp.example:{}", site.port()),
    ] {
        for (method, path) in OWNERS {
            let answer = request(&site, method, path).host(&name).send();
            answer.refused(403, 7);
        }
        let status = site.get("/api/status").host(&name).send();
        nothing_but_that_it_is_there(&status.ok());
        let body = json!({"host": "app.example", "password": PASSWORD, "scopes": "sign"});
        let granted = site.post("/api/auth", body).host(&name).send().ok();
        let token = granted["accessToken"].as_str().unwrap();
        let sign = site.post("/api/sign", json!({"message": "m"})).host(&name);
        sign.token(token).send().ok();
    }
}

#[test]
fn an_approved_page_may_do_nothing_of_the_owners_and_sees_its_own_host_only() {
    let (_home, site) = approved();
    let before = seen(&site);
    for (method, path) in OWNERS {
        let answer = request(&site, method, path).origin(APP).send();
        answer.refused(403, 7);
        assert!(answer.json().get("errorURL").is_none(), "{path}");
    }
    assert_eq!(seen(&site), before);

    let status = || site.get("/api/status").origin(APP).send().ok();
    nothing_but_that_it_is_there(&status());
    let body = json!({"host": "app.example", "scopes": "sign"});
    site.post("/api/auth", body).origin(APP).send().ok();
    let shown = status();
    let hosts = |list: &str| -> Vec<_> {
        let entries = shown[list].as_array().unwrap().iter();
        entries.map(|entry| entry["host"].clone()).collect()
    };
    assert_eq!(hosts("keys"), ["app.example"]);
    assert_eq!(hosts("states"), ["app.example"]);
    assert!(shown.get("keysTotal").is_none());

    // Nor by a cursor of the owner's.
    let all = site.get("/api/status?limit=1").send().ok();
    let cursor = all["cursor"].as_str().unwrap();
    let answer = site
        .get(&format!("/api/status?cursor={cursor}"))
        .origin(APP)
        .send();
    assert!(!answer.text().contains("bank.example"), "{}", answer.text());
}

#[test]
fn our_own_pages_are_strangers_under_every_name() {
    let (home, site) = approved();
    let own = site.own_origin();
    // Not even where somebody was talked into approving it.
    home.wallet().allow_origin(&own.parse().unwrap()).unwrap();
    let before = seen(&site);
    let token = site.token(ALL_SCOPES);
    let port = site.port();
    for page in [
        own,
        format!("http://127.0.0.1:{port}"),
        format!("http://[::1]:{port}"),
        format!("https://localhost:{port}"),
    ] {
        for (method, path) in OWNERS.into_iter().chain([
            ("POST", "/api/auth"),
            ("POST", "/api/login"),
            ("POST", "/api/export"),
            ("POST", "/api/verify"),
            ("POST", "/api/sign"),
            ("GET", "/api/session-key"),
            ("GET", "/api/state"),
        ]) {
            let answer = request(&site, method, path)
                .origin(&page)
                .token(&token)
                .send();
            answer.refused(403, 7);
            assert!(answer.json().get("errorURL").is_none(), "{path}");
        }
        let status = site.get("/api/status").origin(&page).send();
        nothing_but_that_it_is_there(&status.ok());
    }
    // A browser leaves `Origin` out where a page reads from its own server.
    for path in ["/api/profile", "/api/identity", "/api/state"] {
        let read = site.get(path).header("Sec-Fetch-Site", "same-origin");
        read.token(&token).send().refused(403, 7);
    }
    let status = site
        .get("/api/status")
        .header("Sec-Fetch-Site", "same-origin");
    nothing_but_that_it_is_there(&status.send().ok());
    let after = seen(&site);
    assert_eq!(&after[1..], &before[1..]);
}

#[test]
fn a_scope_is_enforced_for_the_profile_too_and_shows_no_other_identity() {
    let home = Home::new();
    let site = home.serve_registered();
    let ids = site.get("/api/identity").send().ok();
    let own = ids["primaryId"].as_str().unwrap();
    let other = site
        .post("/api/identity", json!({"name": "Work"}))
        .send()
        .ok();
    let other = other["idKey"].as_str().unwrap();

    let sign_only = site.token("sign");
    let change = || site.post("/api/profile", json!({"displayName": "Mallory"}));
    for request in [
        site.get("/api/profile"),
        change(),
        site.get("/api/identity"),
    ] {
        request.token(&sign_only).send().refused(403, 6);
    }
    let reads = site.token("read_profile");
    site.get("/api/profile").token(&reads).send().ok();
    change().token(&reads).send().refused(403, 6);
    change().token(&site.token("write_profile")).send().ok();
    // It was granted for no identity.
    site.get("/api/identity")
        .token(&reads)
        .send()
        .refused(404, 0);

    let body = json!({"host": "example.com", "password": PASSWORD, "scopes": "read_profile",
                      "identityKey": own, "expire": "1h"});
    let granted = site.post("/api/auth", body).send().ok();
    let token = granted["accessToken"].as_str().unwrap();
    let shown = |query: &str| {
        let request = site.get(&format!("/api/identity{query}"));
        request.token(token).send()
    };
    assert_eq!(shown("").ok()["idKey"], own);
    assert_eq!(shown(&format!("?idKey={own}")).ok()["idKey"], own);
    shown(&format!("?idKey={other}")).refused(404, 0);
    for page in [None, Some("https://example.com")] {
        let create = site
            .post("/api/identity", json!({"name": "Mallory"}))
            .token(token);
        let created = match page {
            // The owner's program is known without the token.
            None => continue,
            Some(page) => {
                home.wallet().allow_origin(&page.parse().unwrap()).unwrap();
                create.origin(page).send()
            }
        };
        created.refused(403, 7);
    }
}

/// The same user on another network, as in a container: who it is cannot be known.
#[cfg(target_os = "linux")]
#[test]
fn whoever_comes_from_another_network_is_another_user() {
    use crate::support::other_network::OtherNetwork;
    use crate::support::serve::RunningServer;

    let Some(network) = OtherNetwork::new() else {
        return;
    };
    let home = Home::registered();
    home.wallet().allow_origin(&APP.parse().unwrap()).unwrap();
    let server = RunningServer::start(&home, &["--unlock", "--listen", "0.0.0.0:0"]);
    let body = json!({
        "password": PASSWORD, "mnemonic": WORDS, "name": "Mallory", "displayName": "Mallory",
        "origin": "https://mallory.example", "decision": "allow",
    });
    for (method, path) in OWNERS {
        for origin in [None, Some(APP)] {
            let mut request = server.request(method, path);
            if method == "POST" {
                request = request.json(body.clone());
            }
            if let Some(origin) = origin {
                request = request.origin(origin);
            }
            request.send_from(&network).refused(403, 7);
        }
    }
    let status = server.request("GET", "/api/status").send_from(&network);
    nothing_but_that_it_is_there(&status.ok());
    let auth = |body| server.request("POST", "/api/auth").json(body);
    let page = auth(json!({"host": "app.example", "scopes": "sign"})).origin(APP);
    page.send_from(&network).refused(401, 9);
    // The password is proof enough.
    let owner = json!({"host": "app.example", "scopes": "sign", "password": PASSWORD});
    auth(owner).send_from(&network).ok();
    // And from here, nothing of this is needed.
    server.request("GET", "/api/profile").send().ok();
}

/// What only root can try: requests of another user.
#[cfg(unix)]
mod of_another_user {
    use super::*;
    use crate::support::other_user::OtherUser;
    use crate::support::serve::RunningServer;

    #[test]
    fn whatever_they_say_of_themselves_they_may_nothing_of_the_owners() {
        let Some(mallory) = OtherUser::new() else {
            return;
        };
        let (_home, site) = approved();
        let before = seen(&site);
        for (method, path) in OWNERS {
            for origin in [None, Some(APP.to_owned()), Some(site.own_origin())] {
                let mut forged = request(&site, method, path);
                if let Some(origin) = &origin {
                    forged = forged.origin(origin);
                }
                forged.send_as(&mallory).refused(403, 7);
            }
        }
        for site_header in ["none", "same-origin"] {
            let read = site
                .get("/api/profile")
                .header("Sec-Fetch-Site", site_header);
            read.send_as(&mallory).refused(403, 7);
        }
        let status = site.get("/api/status").send_as(&mallory);
        nothing_but_that_it_is_there(&status.ok());
        let status = site.get("/api/status").origin(APP).send_as(&mallory);
        nothing_but_that_it_is_there(&status.ok());
        assert_eq!(seen(&site), before);
    }

    #[test]
    fn no_forged_origin_gets_them_a_token() {
        let Some(mallory) = OtherUser::new() else {
            return;
        };
        let (_home, site) = approved();
        let states = || site.get("/api/status").send().ok()["states"].clone();
        let before = states();
        let auth = |host: &str| {
            let body = json!({"host": host, "scopes": "sign,decrypt", "expire": "forever"});
            site.post("/api/auth", body)
        };
        auth("bank.example").send_as(&mallory).refused(401, 9);
        let own = auth("bank.example").origin(&site.own_origin());
        own.send_as(&mallory).refused(403, 7);
        let app = auth("app.example").origin(APP);
        app.send_as(&mallory).refused(401, 9);
        assert_eq!(states(), before);
        // The same words from the owner's own browser.
        app.send().ok();
    }

    #[test]
    fn with_the_password_or_a_token_they_get_what_these_give() {
        let Some(bob) = OtherUser::new() else { return };
        let (_home, site) = approved();
        let auth = |password: &str| {
            let body = json!({"host": "bob.example", "password": password, "scopes": "sign"});
            site.post("/api/auth", body).send_as(&bob)
        };
        auth("a wrong guess").refused(401, 8);
        let granted = auth(PASSWORD).ok();
        let token = granted["accessToken"].as_str().unwrap();
        let sign = site.post("/api/sign", json!({"message": "m"}));
        sign.token(token).send_as(&bob).ok();
        let profile = site.get("/api/profile").token(token);
        profile.send_as(&bob).refused(403, 6);
        site.get("/api/session-key").send_as(&bob).ok();
        site.get("/api/health").send_as(&bob).ok();
    }

    #[test]
    fn they_cannot_be_first_on_a_fresh_server() {
        let Some(mallory) = OtherUser::new() else {
            return;
        };
        let home = Home::new();
        let site = home.serve();
        for path in ["/api/register", "/api/import"] {
            request(&site, "POST", path)
                .send_as(&mallory)
                .refused(403, 7);
        }
        site.register();
    }

    /// For a client that has closed, the kernel names user 0 and no inode,
    /// while what it sent can still be read.
    #[test]
    fn who_has_sent_and_closed_is_not_taken_for_root() {
        use rustix::process::{Pid, Signal, kill_process};

        let Some(mallory) = OtherUser::new() else {
            return;
        };
        let home = Home::registered();
        let (server, mut log) = RunningServer::with_log(&home, &["--unlock"]);
        let pid = Pid::from_raw(server.pid().try_into().unwrap()).unwrap();
        kill_process(pid, Signal::STOP).unwrap();
        let logout = server.request("POST", "/api/logout").to_bytes();
        mallory.send_and_close(server.address(), &logout);
        kill_process(pid, Signal::CONT).unwrap();
        let logged = log.find(|line| line["path"] == "/api/logout").unwrap();
        assert_eq!(logged["status"], 403);
        let status = server.request("GET", "/api/status").send().ok();
        assert_eq!(status["unlocked"], true);
    }
}
