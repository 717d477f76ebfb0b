//! Making a wallet, its password, its profile.

use serde_json::json;

use crate::support::{Home, PASSWORD, golden};

const EXISTS: &str = "error: a wallet exists already
hint: `tokenpass status` shows it; `--home DIR` keeps another one elsewhere
";

const NO_WALLET: &str = "error: there is no wallet yet
hint: make one with `tokenpass register`, or bring yours with `tokenpass import`
";

const WRONG_PASSWORD: &str = "error: wrong password
hint: check the keyboard layout and caps lock; nothing was changed
";

#[test]
fn register_prints_the_bap_id_and_nothing_else() {
    let home = Home::new();
    let done = home.run(["register"]).password().done();
    let id = String::from_utf8(done.stdout).unwrap();
    assert_eq!(done.code, 0);
    assert!(
        id.trim_end()
            .parse::<tokenpass::testing::identity::BapId>()
            .is_ok(),
        "{id}"
    );
    assert_eq!(
        done.stderr,
        "`tokenpass export` shows the words that restore this wallet\n"
    );
    let status = home.run(["status"]).json();
    assert_eq!(status["bapID"], id.trim_end());
}

#[test]
fn register_in_json_has_the_documented_fields() {
    let home = Home::new();
    let answer = home.run(["register", "-q"]).password().json();
    let fields: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["address", "bapID", "success"]);
    assert_eq!(answer["success"], true);
}

#[test]
fn a_second_register_refuses_and_changes_nothing() {
    let home = Home::registered();
    let before = home.run(["export"]).password().prints();
    home.run(["register"]).password().fails(1, EXISTS);
    home.run(["import", "--mnemonic-file", "-"])
        .password()
        .stdin("x")
        .fails(1, EXISTS);
    assert_eq!(home.run(["export"]).password().prints(), before);
}

#[test]
fn of_many_registers_at_once_one_makes_the_wallet() {
    let home = Home::new();
    let runs: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| home.run(["register", "-q"]).password().done()))
            .collect();
        handles.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let (made, refused): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| run.code == 0);
    assert_eq!(made.len(), 1);
    for run in refused {
        assert_eq!((run.code, run.stderr.as_str()), (1, EXISTS));
    }
    let id = String::from_utf8(made[0].stdout.clone()).unwrap();
    assert_eq!(home.run(["status"]).json()["bapID"], id.trim_end());
}

#[test]
fn the_mnemonic_has_as_many_words_as_asked() {
    for (args, words) in [
        (&["register", "-q"][..], 12),
        (&["register", "-q", "--words", "24"], 24),
    ] {
        let home = Home::new();
        home.run(args).password().succeeds();
        let export = home.run(["export"]).password().json();
        let mnemonic = export["mnemonic"].as_str().unwrap();
        assert_eq!(mnemonic.split(' ').count(), words);
    }
    Home::new()
        .run(["register", "--words", "13"])
        .password()
        .fails(
            2,
            "error: invalid value `13` for `--words <COUNT>`\nhint: it is one of `12`, `24`\n",
        );
}

#[test]
fn without_a_wallet_every_command_that_needs_one_says_how_to_make_one() {
    for args in [
        &["sign", "hi"][..],
        &["encrypt", "hi"],
        &["decrypt", "00"],
        &["key"],
        &["login"],
        &["logout"],
        &["export"],
        &["passwd"],
        &["auth", "--host", "example.com"],
        &["token", "list"],
        &["token", "revoke", "--all"],
        &["profile"],
    ] {
        let home = Home::new();
        home.run(args).password().fails(3, NO_WALLET);
        assert!(!home.path().exists(), "{args:?} made the folder");
    }
}

#[test]
fn a_wrong_password_is_refused_and_nothing_is_printed() {
    let home = Home::registered();
    for args in [&["sign", "hi"][..], &["login"], &["export"]] {
        home.run(args)
            .env("TOKENPASS_PASSWORD", "wrong horse battery")
            .fails(1, WRONG_PASSWORD);
    }
}

#[test]
fn guessing_is_slowed_down_and_a_session_still_works() {
    let home = Home::registered();
    let session = home.login();
    let guess = || {
        home.run(["login"])
            .env("TOKENPASS_PASSWORD", "guess guess")
            .done()
    };
    let refused = (0..20)
        .map(|_| guess())
        .find(|done| done.code != 1)
        .unwrap();
    assert_eq!(refused.code, 5);
    assert!(
        refused
            .stderr
            .starts_with("error: too many password attempts: wait ")
    );
    home.run(["sign", "hi"]).session(&session).prints();
}

#[test]
fn a_short_password_is_refused_before_anything_is_made() {
    let home = Home::new();
    home.run(["register"])
        .env("TOKENPASS_PASSWORD", "short")
        .fails(
            2,
            "error: a password has at least 8 characters\nhint: a few words are easy to remember\n",
        );
    assert!(!home.path().exists());
}

#[test]
fn the_password_comes_from_a_file_from_stdin_or_from_the_environment() {
    let home = Home::registered();
    let file = home.secret_file("pw", &format!("{PASSWORD}\n"));
    let expected = home.run(["sign", "hi"]).password().prints();
    let by_file = home.run(["sign", "hi", "--password-file", &file]);
    // A file goes before the environment.
    assert_eq!(
        by_file.env("TOKENPASS_PASSWORD", "wrong one").prints(),
        expected
    );
    let by_stdin = home.run(["sign", "hi", "--password-stdin"]);
    assert_eq!(by_stdin.stdin(format!("{PASSWORD}\r\n")).prints(), expected);
}

#[test]
fn stdin_can_hold_the_password_and_after_it_the_message() {
    let home = Home::registered();
    let expected = home.run(["sign"]).password().stdin("two\nlines\n").prints();
    let both = home.run(["sign", "--password-stdin"]);
    assert_eq!(
        both.stdin(format!("{PASSWORD}\ntwo\nlines\n")).prints(),
        expected
    );
}

#[test]
fn a_password_that_cannot_be_one_is_refused_without_repeating_it() {
    let home = Home::registered();
    let two = home.secret_file("two", "hush-hush\nhush-hush\n");
    let run = home.run(["login", "--password-file", &two]);
    run.fails(2, &format!("error: `{two}` holds more than one line\n"));
    let stdin = |bytes: &[u8]| home.run(["login", "--password-stdin"]).stdin(bytes);
    stdin(b"").fails(2, "error: `standard input` is empty\n");
    stdin(b"hush\xff\n").fails(2, "error: `standard input` is not UTF-8 text\n");
    stdin(&[b'h'; 5000]).fails(2, "error: `standard input` holds more than 1024 bytes\n");
    let missing = home.run(["login", "--password-file", "/nope/pw"]);
    missing.fails(
        1,
        "error: cannot read `/nope/pw`: no such file or directory\n",
    );
}

#[test]
fn passwd_changes_the_password_and_ends_sessions() {
    let home = Home::registered();
    let session = home.login();
    let before = home.run(["sign", "hi"]).session(&session).prints();
    let new = "another horse battery";
    home.run(["passwd", "--password-stdin"])
        .stdin(format!("{PASSWORD}\n{new}\n"))
        .prints();
    home.run(["sign", "hi"]).password().fails(1, WRONG_PASSWORD);
    let after = home
        .run(["sign", "hi"])
        .env("TOKENPASS_PASSWORD", new)
        .prints();
    assert_eq!(after, before);
    let over = home.run(["sign", "hi"]).session(&session).done();
    assert_eq!(over.code, 4);
    let file = home.secret_file("new", PASSWORD);
    home.run(["passwd", "--new-password-file", &file])
        .env("TOKENPASS_PASSWORD", new)
        .prints();
    home.run(["sign", "hi"]).password().prints();
    home.run(["passwd"]).password().fails(
        2,
        "error: the new password is missing, and there is nobody to ask
hint: use `--new-password-file`, or the second line of `--password-stdin`
",
    );
}

#[test]
fn export_shows_the_golden_words_and_seed() {
    let home = Home::golden();
    let golden = golden();
    let (words, seed) = (
        golden["mnemonic"].as_str().unwrap(),
        golden["seed"].as_str().unwrap(),
    );
    let text = home.run(["export"]).password().prints();
    assert_eq!(text, format!("mnemonic: {words}\nseed: {seed}\n"));
    let answer = json!({"seed": seed, "mnemonic": words});
    assert_eq!(home.run(["export"]).password().json(), answer);
    let format = home.run(["export", "--format", "json"]).password().prints();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&format).unwrap(),
        answer
    );
    // A session is not enough.
    let session = home.login();
    let done = home.run(["export"]).session(&session).done();
    assert_eq!((done.code, done.stdout.len()), (4, 0));
}

#[test]
fn the_profile_is_merged_shown_and_cleared() {
    let home = Home::new();
    home.run(["register", "-q", "--display-name", "Ada \u{1b}[31m"])
        .password()
        .succeeds();
    home.run(["profile", "set", "paymail=ada@example.com", "x=a=b"])
        .prints();
    let profile = home.run(["profile", "get"]).json();
    assert_eq!(profile["displayName"], "Ada \u{1b}[31m");
    assert_eq!(
        (&profile["paymail"], &profile["x"]),
        (&json!("ada@example.com"), &json!("a=b"))
    );
    // What comes from elsewhere cannot drive the terminal.
    let text = home.run(["profile"]).prints();
    assert!(text.contains("displayName\tAda \\u{1b}[31m\n"), "{text}");
    home.run(["profile", "set", "paymail="]).prints();
    assert_eq!(home.run(["profile"]).json().get("paymail"), None);
    home.run(["profile", "clear"]).prints();
    let cleared = home.run(["profile"]).json();
    let fields: Vec<_> = cleared.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["bapID", "host"]);
    home.run(["profile", "set", "bapID=x"]).fails(
        2,
        "error: `bapID` cannot be set\nhint: it is derived from the wallet's keys\n",
    );
    home.run(["profile", "set", "nonsense"]).fails(
        2,
        "error: `<KEY=VALUE>...`: `nonsense` is not like `displayName=Ada`
hint: `tokenpass profile set --help` says more
",
    );
}

#[test]
fn status_without_a_wallet_is_an_answer_not_an_error() {
    let home = Home::new();
    let done = home.run(["status", "--json"]).done();
    assert_eq!((done.code, done.stderr.as_str()), (3, ""));
    let status: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(
        (&status["seed"], &status["unlocked"]),
        (&json!(false), &json!(false))
    );
    assert!(!home.path().exists());
}
