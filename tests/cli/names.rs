//! Identities by their names, and tokens and sessions by their lengths.

use crate::support::{Home, PASSWORD};

fn create(home: &Home, session: &str, name: &str) -> String {
    let made = home.run(["identity", "create", "--name", name, "-q"]);
    made.session(session).prints().trim_end().to_owned()
}

#[test]
fn an_identity_is_known_by_its_name_wherever_it_is_named() {
    let home = Home::registered();
    let session = home.login();
    let work = create(&home, &session, "Work");
    let run = |args: &[&str]| home.run(args).session(&session);
    for args in [
        &["identity", "show"][..],
        &["identity", "use"],
        &["identity", "rotate"],
    ] {
        let by_name = run(&[args, &["Work", "-q"]].concat()).json();
        assert_eq!(by_name["idKey"], work.as_str(), "{args:?}");
    }
    run(&["identity", "set", "Work", "email=ada@example.com"]).succeeds();
    let key = |identity| run(&["key", "--identity", identity]).prints();
    assert_eq!(key("Work"), key(&work));
    let sign = |identity| run(&["sign", "hi", "--identity", identity]).prints();
    assert_eq!(sign("Work"), sign(&work));
    run(&["identity", "sign", "hi", "--identity", "Work"]).succeeds();
    run(&["identity", "op-return", "id", "Work"]).succeeds();
    run(&["auth", "--host", "a.example", "--identity", "Work"]).prints();
}

#[test]
fn an_identity_is_renamed_and_keeps_its_id() {
    let home = Home::registered();
    let session = home.login();
    let id = create(&home, &session, "Work");
    let renamed = home.run(["identity", "rename", "Work", "Caf\u{e9} job"]);
    let renamed = renamed.session(&session).json();
    assert_eq!(renamed["idKey"], id.as_str());
    assert_eq!(renamed["name"], "Caf\u{e9} job");
    let gone = home.run(["identity", "show", "Work"]).session(&session);
    gone.fails(
        2,
        "error: no identity is called `Work`
hint: `tokenpass identity list` shows those of this wallet
",
    );
    // However the letters are composed.
    let shown = home.run(["identity", "show", "Cafe\u{301} job"]);
    assert_eq!(shown.session(&session).json()["idKey"], id.as_str());
}

#[test]
fn a_name_of_several_identities_names_none_and_their_ids_are_told() {
    let home = Home::registered();
    let session = home.login();
    let ids = [(); 2].map(|()| create(&home, &session, "Work"));
    let both = format!(
        "error: 2 identities are called `Work`
hint: name one by its BAP ID: `{}`, `{}`
",
        ids[0], ids[1]
    );
    for args in [
        &["identity", "rotate", "Work"][..],
        &["sign", "hi", "--identity", "Work"],
    ] {
        home.run(args).session(&session).fails(2, &both);
    }
}

#[test]
fn what_reads_as_a_bap_id_is_never_a_name() {
    let home = Home::registered();
    let session = home.login();
    let stranger = "2ZHQjomPDgD7hMkHEcBioKj8f3y9";
    for args in [
        &["identity", "create", "--name", stranger][..],
        &["identity", "rename", "Primary Identity", stranger],
    ] {
        let refused = home.run(args).session(&session).done();
        assert_eq!(refused.code, 2);
        assert!(refused.stderr.contains("reads as a BAP ID"));
    }
    // Where another program gave such a name, the BAP ID is meant all the same.
    let (wallet, password) = (home.wallet(), tokenpass::Password::new(PASSWORD.into()));
    let unlocked = wallet.unlock(&password).unwrap();
    let make = unlocked.change_identities(|book, root| book.create(root, stranger).cloned());
    make.unwrap();
    let refused = home.run(["sign", "hi", "--identity", stranger]);
    assert_eq!(refused.session(&session).done().code, 2);
}

#[test]
fn one_m_is_a_month_for_a_token_and_refused_elsewhere() {
    let home = Home::registered();
    let session = home.login();
    let auth = home.run(["auth", "--host", "a.example", "--expire", "1m"]);
    let done = auth.session(&session).done();
    assert_eq!(done.code, 0);
    assert_eq!(
        done.stderr,
        "`1m` is a month here, as in the API; a minute is `60s`\n"
    );
    for (args, option) in [
        (&["login", "--ttl", "1m"][..], "--ttl <TIME>"),
        (&["serve", "--auto-lock", "1m"], "--auto-lock <TIME>"),
        (&["log", "--since", "1m"], "--since <TIME>"),
        (
            &["verify", "--token", TOKEN, "--path", "/", "--max-age", "1m"],
            "--max-age <TIME>",
        ),
    ] {
        let hint = format!("`tokenpass {} --help` says more", args[0]);
        home.run(args).password().fails(
            2,
            &format!(
                "error: `{option}`: `1m` could be a minute or a month: write `60s` or `month`
hint: {hint}
"
            ),
        );
    }
    home.run(["login", "--ttl", "15m"]).password().succeeds();
    home.run(["login", "--ttl", "month"]).password().succeeds();
    home.run(["log", "--since", "1d"]).prints();
}

const TOKEN: &str = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf|bsm|2026-01-01T00:00:00.000Z|/|H6eG";

#[test]
fn a_token_lives_as_long_as_its_owner_says() {
    let home = Home::registered();
    let session = home.login();
    for (expire, millis) in [
        ("once", Some(10_000)),
        ("90s", Some(90_000)),
        ("5m", Some(300_000)),
        ("12h", Some(43_200_000)),
        ("1w", Some(604_800_000)),
        ("month", Some(2_592_000_000)),
        ("forever", None),
    ] {
        let auth = home.run(["auth", "--host", "a.example", "--expire", expire]);
        auth.session(&session).prints();
        let tokens = home.run(["token", "list"]).json()["tokens"].clone();
        let ends = tokens.as_array().unwrap().iter().map(|token| {
            let at = |name: &str| token[name].as_u64().unwrap();
            at("expireTime").checked_sub(at("created"))
        });
        assert!(ends.into_iter().any(|life| life == millis), "{expire}");
        home.run(["token", "revoke", "--all"]).succeeds();
    }
}
