//! The dashboard: nothing before the password, and what its buttons do.

use serde_json::json;
use tokenpass::Password;
use tokenpass::testing::wallet::{Host, OriginStatus, Right};

use crate::client::{APP, Fields, Provider, hidden_fields, request};
use crate::support::PASSWORD;
use crate::support::http::Answer;

impl Provider {
    fn entry(&self) -> Fields {
        hidden_fields(self.visit("/").text())
    }

    /// Opens the dashboard; its session.
    fn open(&self) -> (Answer, String) {
        let mut form = self.entry();
        form.insert("password".into(), PASSWORD.into());
        form.insert("act".into(), "open".into());
        let page = self.submit("/", &form);
        assert_eq!(page.status, 200, "{}", page.text());
        let session = hidden_fields(page.text())["session"].clone();
        (page, session)
    }

    fn act(&self, session: &str, fields: &[(&str, &str)]) -> Answer {
        self.submit_all("/", &[&[("session", session)], fields].concat())
    }
}

#[test]
fn nothing_private_is_shown_before_the_password() {
    let provider = Provider::new();
    provider.tokens("openid sign");
    let page = provider.visit("/");
    assert_eq!(page.status, 200);
    for private in ["Alice", "app.example"] {
        assert!(!page.text().contains(private), "{private}");
    }
    let (open, _) = provider.open();
    for private in ["Alice", "app.example"] {
        assert!(open.text().contains(private), "{private}");
    }
}

#[test]
fn a_wrong_password_opens_nothing() {
    let provider = Provider::new();
    let mut form = provider.entry();
    form.insert("password".into(), "wrong password".into());
    form.insert("act".into(), "open".into());
    let page = provider.submit("/", &form);
    assert_eq!(page.status, 401);
    assert!(!page.text().contains("name=\"session\""));
}

#[test]
fn revoke_stops_an_app_at_once() {
    let provider = Provider::new();
    let tokens = provider.tokens("openid sign offline_access");
    let access = tokens["access_token"].as_str().unwrap();
    let (_, session) = provider.open();
    let page = provider.act(&session, &[("act", "revoke"), ("host", "app.example")]);
    assert_eq!(page.status, 200, "{}", page.text());
    let sign = provider.post_json("/api/sign", json!({"message": "x"}));
    sign.token(access).send().refused(401, 3);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let renewed = provider.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]);
    assert_eq!(renewed.json()["error"], "invalid_grant");
    let (page, _) = provider.consent_page(&request("openid"));
    assert!(
        !page.text().contains("You let it in before"),
        "{}",
        page.text()
    );
}

#[test]
fn what_gives_asks_the_password_and_what_takes_does_not() {
    let provider = Provider::new();
    let origin = "https://page.example";
    let auth = provider
        .post_json("/api/auth", json!({"host": "page.example"}))
        .origin(origin);
    auth.send().refused(403, 7);
    let (page, session) = provider.open();
    assert!(page.text().contains(origin), "{}", page.text());
    let allow = [("act", "allow-origin"), ("origin", origin)];
    assert_eq!(provider.act(&session, &allow).status, 401);
    auth.send().refused(403, 7);
    let page = provider.act(&session, &[&allow[..], &[("password", PASSWORD)]].concat());
    assert_eq!(page.status, 200, "{}", page.text());
    auth.send().ok();
    let page = provider.act(&session, &[("act", "deny-origin"), ("origin", origin)]);
    assert_eq!(page.status, 200);
    auth.send().refused(403, 7);
}

#[test]
fn a_contact_is_added_with_the_password_and_removed_without() {
    const KEY: &str = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf";
    let provider = Provider::new();
    let (_, session) = provider.open();
    let add = [("act", "add-contact"), ("name", "<b>Zoë"), ("who", KEY)];
    let refused = provider.act(&session, &add);
    assert_eq!(refused.status, 401);
    assert!(!refused.text().contains(KEY), "{}", refused.text());
    let with_password = |fields: &[(&str, &str)]| {
        provider.act(&session, &[fields, &[("password", PASSWORD)]].concat())
    };
    let added = with_password(&add);
    assert_eq!(added.status, 200, "{}", added.text());
    assert!(added.text().contains(KEY) && added.text().contains("&#60;b&#62;Zoë"));
    let other = [("act", "add-contact"), ("name", "<B>zoë"), ("who", "alice")];
    let wrong = with_password(&other);
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("A contact is a BAP ID, a public key"));
    let removed = provider.act(&session, &[("act", "remove-contact"), ("name", "<b>Zoë")]);
    assert_eq!(removed.status, 200);
    assert!(!removed.text().contains(KEY), "{}", removed.text());
}

#[test]
fn lock_locks_and_ends_the_session() {
    let provider = Provider::new();
    let (_, session) = provider.open();
    provider.act(&session, &[("act", "lock")]);
    assert_eq!(provider.get("/api/status").send().ok()["unlocked"], false);
    let page = provider.act(&session, &[("act", "show")]);
    assert_eq!(page.status, 401);
    assert!(!page.text().contains("Alice"));
}

/// Whoever locked it, and though it is unlocked again.
#[test]
fn a_session_ends_with_the_lock() {
    let provider = Provider::new();
    let (_, session) = provider.open();
    provider.lock();
    let login = provider.post_json("/api/login", json!({"password": PASSWORD}));
    login.send().ok();
    assert_eq!(provider.act(&session, &[("act", "show")]).status, 401);
    let (_, session) = provider.open();
    assert_eq!(provider.act(&session, &[("act", "show")]).status, 200);
}

/// Time asleep counts.
#[test]
fn a_session_that_nobody_uses_ends() {
    let provider = Provider::new();
    let (_, session) = provider.open();
    let show = || provider.act(&session, &[("act", "show")]).status;
    provider.pass(14 * 60);
    assert_eq!(show(), 200);
    provider.pass(14 * 60);
    assert_eq!(show(), 200);
    provider.pass(15 * 60);
    assert_eq!(show(), 401);
}

#[test]
fn a_session_of_nobody_shows_nothing() {
    let provider = Provider::new();
    provider.open();
    for session in ["", "0", &"0".repeat(64)] {
        let page = provider.act(session, &[("act", "show")]);
        assert_eq!(page.status, 401, "{session}");
        assert!(!page.text().contains("Alice"), "{session}");
    }
}

#[test]
fn a_session_ends_with_its_wallet() {
    let provider = Provider::new();
    let (_, session) = provider.open();
    let mut old = provider.entry();
    provider.replace_wallet();
    // The other wallet is unlocked, but not by who holds this session.
    let login = provider.post_json("/api/login", json!({"password": PASSWORD}));
    login.send().ok();
    assert_eq!(provider.act(&session, &[("act", "show")]).status, 401);
    old.insert("password".into(), PASSWORD.into());
    old.insert("act".into(), "open".into());
    assert_eq!(provider.submit("/", &old).status, 400);
}

#[test]
fn a_first_wallet_is_made_here() {
    let provider = Provider::without_wallet();
    let mut form = provider.entry();
    for (name, value) in [
        ("act", "create"),
        ("displayName", "Bob"),
        ("password", PASSWORD),
        ("again", "other"),
    ] {
        form.insert(name.into(), value.into());
    }
    assert_eq!(provider.submit("/", &form).status, 400);
    form.insert("again".into(), PASSWORD.into());
    let page = provider.submit("/", &form);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("Bob"));
}

#[test]
fn what_is_in_no_backup_is_said() {
    let provider = Provider::new();
    let (page, session) = provider.open();
    let none = "There is no backup of this wallet yet.";
    assert!(page.text().contains(none));
    let secret = |text: &str| tokenpass::Password::new(text.into());
    let wallet = provider.home.wallet();
    let made = wallet
        .backup(&secret(PASSWORD), &secret("passphrase"))
        .unwrap();
    wallet.note_backup(&made.mark, &provider.home.beside("wallet.bep"));
    let page = provider.act(&session, &[("act", "show")]);
    assert!(!page.text().contains("backup"), "{}", page.text());
    let patch = [("email".to_owned(), json!("a@example.com"))];
    let merge = tokenpass::Merge::Keep;
    wallet
        .update_profile(patch.into_iter().collect(), merge)
        .unwrap();
    let page = provider.act(&session, &[("act", "show")]);
    assert!(
        page.text().contains("What was changed since the backup"),
        "{}",
        page.text()
    );
}

#[test]
fn what_an_app_asks_for_is_allowed_with_the_password_and_denied_without() {
    let provider = Provider::new();
    let wanted = "2 server hmac self";
    let app: Host = "app.example".parse().unwrap();
    let right: Right = wanted.parse().unwrap();
    let unlocked = provider.home.wallet();
    let unlocked = unlocked.unlock(&Password::new(PASSWORD.into())).unwrap();
    unlocked.note_pending_permission(&app, &right).unwrap();
    let status = || unlocked.permission(&app, &right).unwrap();
    let (page, session) = provider.open();
    assert!(page.text().contains(wanted), "{}", page.text());
    let act = |what, more: &[(&str, &str)]| {
        let fields = [("act", what), ("app", "app.example"), ("right", wanted)];
        provider.act(&session, &[&fields[..], more].concat())
    };
    assert_eq!(act("allow-permission", &[]).status, 401);
    assert_eq!(status(), Some(OriginStatus::Pending));
    let page = act("allow-permission", &[("password", PASSWORD)]);
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(status(), Some(OriginStatus::Approved));
    assert!(
        page.text()
            .contains("Take back from app.example: 2 server hmac self")
    );
    assert_eq!(act("deny-permission", &[]).status, 200);
    assert_eq!(status(), Some(OriginStatus::Denied));
    let fields = [("act", "deny-permission"), ("app", "a b"), ("right", "0")];
    assert_eq!(provider.act(&session, &fields).status, 400);
}

#[test]
fn a_denied_app_is_listed_until_it_is_forgotten() {
    let provider = Provider::new();
    let (_, mut form) = provider.consent_page(&request("openid"));
    form.insert("decision".into(), "deny".into());
    provider.submit("/oauth2/authorize", &form);
    let (page, session) = provider.open();
    assert!(page.text().contains("Denied lately"), "{}", page.text());
    let forget = [("act", "forget-denial"), ("client", APP)];
    let page = provider.act(&session, &forget);
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("Denied lately"), "{}", page.text());
    let (page, _) = provider.consent_page(&request("openid"));
    assert!(!page.text().contains("You denied this app"));
}
