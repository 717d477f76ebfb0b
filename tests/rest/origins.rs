//! Pages: who may ask what, and who may read the answer (Fetch, CORS).

use std::time::{Duration, Instant};

use serde_json::json;
use tokenpass::testing::wallet::Origin;
use tokenpass::{Expiry, Grant, Password, Scopes};

use crate::harness::{Answer, Home, PASSWORD, Request, Site, options};

const APP: &str = "https://example.com";
const STRANGER: &str = "https://stranger.example";

fn origin(text: &str) -> Origin {
    text.parse().unwrap()
}

fn approved() -> (Home, Site) {
    let home = Home::new();
    let site = home.serve_registered();
    home.wallet().allow_origin(&origin(APP)).unwrap();
    (home, site)
}

fn preflight(site: &Site, path: &str, method: &str, page: &str) -> Request {
    site.request("OPTIONS", path)
        .origin(page)
        .header("Access-Control-Request-Method", method)
        .header(
            "Access-Control-Request-Headers",
            "authorization,content-type",
        )
}

fn reader(answer: &Answer) -> Option<&str> {
    answer.header("Access-Control-Allow-Origin")
}

#[test]
fn an_approved_page_gets_a_token_and_signs_without_a_password() {
    let (_home, site) = approved();
    let answer = preflight(&site, "/api/auth", "POST", APP).send();
    assert_eq!(answer.status, 204);
    assert_eq!(reader(&answer), Some(APP));
    assert_eq!(answer.header("Vary"), Some("Origin"));
    assert_eq!(
        answer.header("Access-Control-Allow-Methods"),
        Some("POST, OPTIONS")
    );
    let allowed = answer.header("Access-Control-Allow-Headers").unwrap();
    assert_eq!(allowed, "Authorization, Content-Type");
    assert_eq!(answer.header("Access-Control-Allow-Private-Network"), None);

    let body = json!({"host": "example.com", "scopes": ["sign"]});
    let answer = site.post("/api/auth", body).origin(APP).send();
    assert_eq!(reader(&answer), Some(APP));
    assert_eq!(answer.header("Vary"), Some("Origin"));
    let token = answer.ok()["accessToken"].as_str().unwrap().to_owned();
    let sign = site
        .post("/api/sign", json!({"message": "m"}))
        .token(&token);
    let answer = sign.clone().origin(APP).send();
    answer.ok();
    assert_eq!(reader(&answer), Some(APP));

    // It may read what went wrong, too.
    site.logout();
    let answer = sign.origin(APP).send();
    answer.refused(401, 1);
    assert_eq!(reader(&answer), Some(APP));
    let body = json!({"host": "example.com"});
    site.post("/api/auth", body)
        .origin(APP)
        .send()
        .refused(401, 1);
}

#[test]
fn a_private_network_is_allowed_when_asked_for() {
    let (_home, site) = approved();
    let asks = |page| {
        let request = preflight(&site, "/api/sign", "POST", page);
        request
            .header("Access-Control-Request-Private-Network", "true")
            .send()
    };
    let allowed = asks(APP);
    assert_eq!(
        allowed.header("Access-Control-Allow-Private-Network"),
        Some("true")
    );
    let refused = asks(STRANGER);
    refused.refused(403, 7);
    assert_eq!(refused.header("Access-Control-Allow-Private-Network"), None);
}

#[test]
fn any_page_may_find_out_that_tokenpass_is_here_and_nothing_else() {
    let (_home, site) = approved();
    let token = site.token("sign");
    let status = site.get("/api/status").origin(STRANGER).send();
    assert_eq!(reader(&status), Some(STRANGER));
    let told = status.ok();
    assert_eq!(
        (&told["seed"], &told["unlocked"]),
        (&json!(true), &json!(true))
    );
    assert_eq!((&told["keys"], &told["states"]), (&json!([]), &json!([])));
    for field in ["bapID", "bapId", "keysTotal", "statesTotal"] {
        assert!(told.get(field).is_none(), "{field}");
    }
    let health = site.get("/api/health").origin(STRANGER).send();
    assert_eq!(reader(&health), Some(STRANGER));
    health.ok();
    // The same for everybody, whatever is in the wallet.
    let contract = site.get("/api/openapi.json").origin(STRANGER).send();
    assert_eq!(reader(&contract), Some(STRANGER));
    contract.ok();
    assert_eq!(
        preflight(&site, "/api/status", "GET", STRANGER)
            .send()
            .status,
        204
    );

    for (method, path) in [
        ("POST", "/api/status"),
        ("GET", "/api/profile"),
        ("POST", "/api/profile"),
        ("GET", "/api/session-key"),
        ("GET", "/api/identity"),
        ("GET", "/api/state"),
        ("POST", "/api/sign"),
        ("POST", "/api/verify"),
        ("POST", "/api/logout"),
        ("POST", "/logout"),
        ("POST", "/api/login"),
        ("GET", "/api/nothing"),
    ] {
        let request = site.request(method, path).origin(STRANGER).token(&token);
        let answer = request.json(json!({"password": PASSWORD})).send();
        answer.refused(403, 7);
        assert_eq!(reader(&answer), None, "{path}");
        let answer = preflight(&site, path, method, STRANGER).send();
        answer.refused(403, 7);
        assert_eq!(reader(&answer), None, "{path}");
    }
    for path in ["/", "/device", "/oauth2/authorize"] {
        let page = site.get(path).origin(STRANGER).send();
        assert_eq!((page.status, reader(&page)), (403, None), "{path}");
        let asked = preflight(&site, path, "GET", STRANGER).send();
        assert_eq!(reader(&asked), None, "{path}");
    }
    assert_eq!(site.get("/api/status").send().ok()["unlocked"], true);
}

#[test]
fn how_long_a_strangers_status_takes_tells_nothing_of_how_much_there_is() {
    let (empty, full) = (approved(), approved());
    let unlocked = full.0.wallet().unlock(&Password::new(PASSWORD.into()));
    let unlocked = unlocked.unwrap();
    for n in 0..500 {
        let grant = Grant {
            host: format!("{n}.example").parse().unwrap(),
            scopes: Scopes::default(),
            expiry: Expiry::Forever,
            icon: None,
            identity: None,
            max_satoshis: None,
        };
        unlocked.grant(&grant).unwrap();
    }
    let time = |site: &Site| {
        let status = site.get("/api/status").origin(STRANGER);
        let start = Instant::now();
        status.send().ok();
        start.elapsed()
    };
    // The least of many: what else the machine does only adds to it.
    let mut least = [Duration::MAX; 2];
    for _ in 0..300 {
        for (least, (_, site)) in least.iter_mut().zip([&empty, &full]) {
            *least = time(site).min(*least);
        }
    }
    let [few, many] = least;
    assert!(many < few * 3 / 2, "{few:?} {many:?}");
}

#[test]
fn null_is_never_approved_and_neither_are_two_origins() {
    let (_home, site) = approved();
    for page in [
        "null",
        "*",
        "",
        "https://example.com/",
        "file://",
        "https://example.com.evil.example",
    ] {
        let request = site.post(
            "/api/auth",
            json!({"host": "example.com", "password": PASSWORD}),
        );
        let answer = request.origin(page).send();
        if page == "https://example.com/" {
            // The same origin, written otherwise.
            answer.ok();
        } else {
            answer.refused(403, 7);
        }
    }
    let answer = site.get("/api/status").origin("null").send();
    assert_eq!(answer.ok()["keys"], json!([]));
    assert_eq!(reader(&answer), None);
    let two = site
        .get("/api/session-key")
        .origin(APP)
        .origin(STRANGER)
        .send();
    two.refused(403, 7);
    site.get("/api/session-key")
        .origin(APP)
        .origin(APP)
        .send()
        .refused(403, 7);
}

#[test]
fn origins_are_compared_whole() {
    let (_home, site) = approved();
    for page in [
        "http://example.com",
        "https://example.com:444",
        "https://www.example.com",
        "https://example.com.",
        "https://EXAMPLE.com.evil.example",
    ] {
        site.get("/api/session-key")
            .origin(page)
            .send()
            .refused(403, 7);
    }
    site.get("/api/session-key")
        .origin("https://EXAMPLE.com:443")
        .send()
        .ok();
}

#[test]
fn a_page_uses_its_own_host_only() {
    let (_home, site) = approved();
    let body = |host: &str| json!({"host": host, "password": PASSWORD, "scopes": "sign"});
    for host in [
        "example.org",
        "www.example.com",
        "example.com:8443",
        "localhost",
    ] {
        let answer = site.post("/api/auth", body(host)).origin(APP).send();
        answer.refused(403, 7);
    }
    let foreign = site.token_for("example.org", "sign");
    let sign = site
        .post("/api/sign", json!({"message": "m"}))
        .token(&foreign);
    sign.clone().origin(APP).send().refused(403, 7);
    sign.clone().send().ok();
    // That the server's own page may not either, `callers` shows.
}

#[test]
fn the_whitelist_approves_as_well() {
    let home = Home::new();
    let site = home.serve_as(tokenpass::testing::server::ServeOptions {
        origins: vec![origin("http://localhost:3000")],
        ..options()
    });
    site.register();
    let body = json!({"host": "localhost:3000"});
    let auth = |page| site.post("/api/auth", body.clone()).origin(page).send();
    auth("http://localhost:3000").ok();
    auth("http://localhost:3001").refused(403, 7);
    auth("https://localhost:3000").refused(403, 7);
}

#[test]
fn approval_and_its_end_count_at_once() {
    let (home, site) = approved();
    let read = || site.get("/api/session-key").origin(APP).send();
    read().ok();
    let token = site.token("sign");
    let elsewhere = site.token_for("other.example", "sign");
    home.wallet().deny_origin(&origin(APP)).unwrap();
    read().refused(403, 7);
    // Its tokens end with it.
    let sign = |token: &str| site.post("/api/sign", json!({"message": "m"})).token(token);
    sign(&token).send().refused(401, 3);
    sign(&elsewhere).send().ok();
    home.wallet().allow_origin(&origin(APP)).unwrap();
    read().ok();
}

#[test]
fn a_page_that_asks_for_access_is_noted_as_pending() {
    let home = Home::new();
    let site = home.serve_registered();
    let pending = || -> Vec<_> {
        let origins = home.wallet().origins().unwrap();
        origins.into_iter().map(|info| info.origin).collect()
    };
    site.get("/api/status")
        .origin("https://a.example")
        .send()
        .ok();
    site.get("/api/profile")
        .origin("https://b.example")
        .send()
        .refused(403, 7);
    preflight(&site, "/api/sign", "POST", "https://c.example")
        .send()
        .refused(403, 7);
    site.post("/api/auth", json!({"host": "a"}))
        .origin("null")
        .send()
        .refused(403, 7);
    assert!(pending().is_empty());
    let auth = site.post("/api/auth", json!({"host": "d.example"}));
    auth.origin("https://d.example").send().refused(403, 7);
    assert_eq!(pending(), ["https://d.example"]);
    // A browser gets no further than its preflight.
    preflight(&site, "/api/auth", "POST", "https://e.example")
        .send()
        .refused(403, 7);
    preflight(&site, "/auth", "POST", "https://f.example")
        .send()
        .refused(403, 7);
    assert_eq!(pending().len(), 3);
}

#[test]
fn other_programs_of_the_owners_decide_over_the_api_and_see_what_happened() {
    let (home, site) = approved();
    let token = site.token("sign");
    let ask = |page: &str| {
        let request = site.post("/api/auth", json!({"host": "new.example"}));
        request.origin(page).send()
    };
    ask("https://new.example").refused(403, 7);
    let listed = || site.get("/api/origins").send().ok()["origins"].clone();
    let now = home.now();
    let entry =
        |origin: &str, status: &str| json!({"origin": origin, "status": status, "seen": now});
    let pending = entry("https://new.example", "pending");
    assert_eq!(listed(), json!([entry(APP, "approved"), pending]));

    let decide = |origin: &str, decision: &str| {
        let body = json!({"origin": origin, "decision": decision});
        site.post("/api/origins", body).send()
    };
    decide("https://new.example", "allow").ok();
    // The page is asked for a scope now, and no more whether it may ask.
    ask("https://new.example").ok();
    // What was granted ends with the approval.
    decide(APP, "deny").ok();
    let sign = site.post("/api/sign", json!({"message": "m"}));
    sign.token(&token).send().refused(401, 3);
    let allowed = entry("https://new.example", "approved");
    assert_eq!(listed(), json!([allowed, entry(APP, "denied")]));

    // While locked, too.
    site.logout();
    decide("https://new.example", "deny").ok();
    for (origin, decision, field) in [
        ("new.example", "allow", "`origin`"),
        ("https://*.example", "allow", "`origin`"),
        ("https://new.example", "ask", "`decision`"),
    ] {
        let said = decide(origin, decision).refused(400, 0);
        assert!(said.starts_with(field), "{said}");
    }

    let told = site.get("/api/activity").send().ok();
    let told = told["entries"].as_array().unwrap();
    // The oldest first: its approval ends, and the token with it.
    let last = told.last_chunk::<2>().unwrap();
    let entry = |event: &str, subject: &str, detail: &str| json!({"at": now, "event": event, "subject": subject, "detail": detail});
    let denied = entry("origin-denied", "https://new.example", "");
    assert_eq!(last, &[denied, entry("revoked", "new.example", "1")]);
    for _ in 0..20 {
        decide(APP, "deny").ok();
    }
    let told = site.get("/api/activity").send().ok();
    assert_eq!(told["entries"].as_array().unwrap().len(), 20);
}

#[test]
fn a_request_from_another_site_that_hides_its_origin_is_refused() {
    let home = Home::new();
    let site = home.serve_registered();
    let from = |path: &str, value: &str| site.get(path).header("Sec-Fetch-Site", value).send();
    for path in [
        "/api/status",
        "/status",
        "/api/profile",
        "/api/health",
        "/api/nothing",
    ] {
        from(path, "cross-site").refused(403, 7);
        from(path, "same-site").refused(403, 7);
    }
    let logout = site
        .request("POST", "/api/logout")
        .header("Sec-Fetch-Site", "cross-site");
    logout.send().refused(403, 7);
    assert_eq!(from("/api/status", "none").ok()["unlocked"], true);
    from("/api/profile", "none").ok();
    // A link may lead here from anywhere: that is where `errorURL` goes.
    let page = site
        .get("/")
        .header("Sec-Fetch-Site", "cross-site")
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Dest", "document")
        .send();
    assert_eq!(page.status, 200);
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
}

#[test]
fn the_host_header_names_this_server() {
    let home = Home::new();
    let site = home.serve();
    let port = site.port();
    for name in ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"] {
        site.get("/api/health")
            .host(&format!("{name}:{port}"))
            .send()
            .ok();
    }
    for name in [
        format!("0.0.0.0:{port}"),
        format!("attacker.example:{port}"),
        format!("localhost.attacker.example:{port}"),
        format!("localhost.:{port}"),
        format!("127.0.0.2:{port}"),
        format!("127.1:{port}"),
        format!("[::]:{port}"),
        "localhost".to_owned(),
        "localhost:1".to_owned(),
        String::new(),
    ] {
        let answer = site.get("/api/health").host(&name).send();
        answer.refused(421, 0);
        assert_eq!(reader(&answer), None);
    }
    let two = site
        .get("/api/health")
        .header("Host", "attacker.example")
        .send();
    assert_eq!(two.status, 400);
    let absolute = format!(
        "GET http://attacker.example/api/health HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    );
    assert!(site.raw(absolute.as_bytes()).starts_with("HTTP/1.1 421"));
    let none = site.raw(b"GET /api/health HTTP/1.0\r\n\r\n");
    assert!(none.starts_with("HTTP/1.1 421"), "{none}");
}

#[test]
fn one_more_name_may_be_given_but_never_that_of_all_addresses() {
    for (name, with_port, status) in [
        ("tokenpass.local", true, 200),
        ("tokenpass.local:8080", false, 200),
        ("0.0.0.0", true, 421),
        ("[::]", true, 421),
    ] {
        let home = Home::new();
        let site = home.serve_as(tokenpass::testing::server::ServeOptions {
            hosts: vec![name.parse().unwrap()],
            ..options()
        });
        let host = if with_port {
            format!("{name}:{}", site.port())
        } else {
            name.to_owned()
        };
        assert_eq!(
            site.get("/api/health").host(&host).send().status,
            status,
            "{name}"
        );
    }
}

#[test]
fn an_approved_page_can_read_what_was_refused_before_it_was_looked_at() {
    let (_home, site) = approved();
    let large = vec![b' '; 1_100_000];
    let post = |page: &str| {
        let request = site.request("POST", "/api/sign").origin(page);
        request.bytes("application/json", &large).send()
    };
    let answer = post(APP);
    answer.refused(413, 0);
    assert_eq!(reader(&answer), Some(APP));
    assert_eq!(answer.header("Vary"), Some("Origin"));
    let answer = post(STRANGER);
    answer.refused(413, 0);
    assert_eq!(reader(&answer), None);
}

#[test]
fn an_approved_page_may_send_any_request_header_and_no_other_page_may() {
    let (_home, site) = approved();
    let allowed = |page: &str, path: &str, asked: &str| {
        let request = site.request("OPTIONS", path).origin(page);
        let method = if path == "/api/status" { "GET" } else { "POST" };
        let answer = request
            .header("Access-Control-Request-Method", method)
            .header("Access-Control-Request-Headers", asked)
            .send();
        assert_eq!(answer.status, 204);
        let allowed = answer.header("Access-Control-Allow-Headers");
        allowed.unwrap().to_owned()
    };
    const USUAL: &str = "Authorization, Content-Type";
    assert_eq!(
        allowed(APP, "/api/sign", "traceparent,content-type, x-request-id"),
        format!("{USUAL}, traceparent, x-request-id")
    );
    assert_eq!(allowed(APP, "/api/sign", "*, a b, x:y,,"), USUAL);
    assert_eq!(allowed(STRANGER, "/api/status", "traceparent"), USUAL);
    let many = vec!["x-a"; 1000].join(",");
    assert!(allowed(APP, "/api/sign", &many).len() < 500);
}

#[test]
fn extensions_and_web_views_are_let_in_like_pages() {
    let home = Home::new();
    let site = home.serve_registered();
    for page in [
        "chrome-extension://cjpalhdlnbpafiamejdnhcphjbkeiagm",
        "moz-extension://9d2b1e4c-6ab1-4d6c-9c0e-0b8a3c1f7d11",
        "tauri://localhost",
        "capacitor://localhost",
        "app://obsidian.md",
    ] {
        let host = page.split("://").nth(1).unwrap();
        let auth = site.post("/api/auth", json!({"host": host})).origin(page);
        auth.send().refused(403, 7);
        let listed = home.wallet().origins().unwrap();
        assert!(listed.iter().any(|info| info.origin == page), "{page}");
        home.wallet().allow_origin(&origin(page)).unwrap();
        let answer = auth.send();
        answer.ok();
        assert_eq!(reader(&answer), Some(page));
    }
}

#[test]
fn a_name_that_is_not_ours_is_told_how_to_make_it_so() {
    let (_home, site) = approved();
    let said = site.get("/api/health").host("localhost:2222").send();
    assert!(said.refused(421, 0).contains("`TOKENPASS_HOST`"));
    let page = site.get("/api/health").host("localhost:2222").origin(APP);
    assert_eq!(reader(&page.send()), Some(APP));
}
