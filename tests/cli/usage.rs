//! Wrong use, and the options that every command takes.

use crate::support::{Home, PASSWORD};

#[test]
fn wrong_use_is_told_in_two_lines() {
    let home = Home::new();
    for (args, stderr) in [
        (
            &["sing"][..],
            "error: unknown command `sing`\nhint: did you mean `sign`?\n",
        ),
        (
            &["sign", "--jsn"],
            "error: unexpected argument `--jsn`\nhint: did you mean `--json`?\n",
        ),
        (
            &["sign", "a", "b"],
            "error: unexpected argument `b`\nhint: `tokenpass sign --help` says more\n",
        ),
        (
            &["sign", "--host"],
            "error: `--host <HOST>` needs a value\nhint: `tokenpass sign --help` says more\n",
        ),
        (
            &["auth"],
            "error: missing `--host <HOST>`\nhint: `tokenpass auth --help` says more\n",
        ),
        (
            &["sign", "a", "--file", "b"],
            "error: `[MESSAGE]` cannot be used with `--file <FILE>`\nhint: `tokenpass sign --help` says more\n",
        ),
        (
            &["sign", "a", "--host", "b", "--host", "c"],
            "error: `--host <HOST>` was given more than once\nhint: `tokenpass sign --help` says more\n",
        ),
        (
            &["login", "--shell", "tcsh"],
            "error: invalid value `tcsh` for `--shell <SHELL>`\nhint: it is one of `sh`, `fish`, `powershell`\n",
        ),
        (
            &["sign", "--no\u{1b}[31mpe"],
            "error: unexpected argument `--no\\u{1b}[31mpe`\nhint: `tokenpass sign --help` says more\n",
        ),
    ] {
        home.run(args).fails(2, stderr);
    }
}

#[test]
fn errors_in_json_are_one_document_on_stderr() {
    let home = Home::new();
    home.run(["sign", "hi", "--json"]).password().fails(
        3,
        "{\"error\":\"there is no wallet yet\",\"code\":3,\"hint\":\"make one with `tokenpass register`, or bring yours with `tokenpass import`\"}\n",
    );
    home.run(["--json", "sing"]).fails(
        2,
        "{\"error\":\"unknown command `sing`\",\"code\":2,\"hint\":\"did you mean `sign`?\"}\n",
    );
    home.run(["--json"]).fails(
        2,
        "{\"error\":\"no command given\",\"code\":2,\"hint\":\"`tokenpass --help` says more\"}\n",
    );
}

#[test]
fn without_a_command_the_help_goes_to_stderr() {
    let home = Home::new();
    for args in [&[][..], &["token"]] {
        let done = home.run(args).done();
        assert_eq!((done.code, done.stdout.len()), (2, 0));
        assert!(
            done.stderr.contains("\nUsage: tokenpass"),
            "{}",
            done.stderr
        );
    }
}

#[test]
fn the_version_is_the_crates() {
    let version = format!("tokenpass {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(Home::new().run(["--version"]).prints(), version);
}

#[test]
fn help_and_version_work_as_words() {
    let home = Home::new();
    assert_eq!(
        home.run(["version"]).prints(),
        home.run(["--version"]).prints()
    );
    assert_eq!(
        home.run(["version"]).json()["version"],
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(home.run(["help"]).prints(), home.run(["--help"]).prints());
    let sign = home.run(["help", "sign"]).json();
    assert!(
        sign["text"]
            .as_str()
            .unwrap()
            .contains("Usage: tokenpass sign")
    );
    for (words, hint) in [
        (
            &["nonsense"][..],
            "`tokenpass help` lists the commands and topics",
        ),
        (&["environmen"], "did you mean `version`, `environment`?"),
        (&["sing"], "did you mean `sign`?"),
        (
            &["identity", "crate"],
            "did you mean `rename`, `rotate`, `create`?",
        ),
        (
            &["sign", "environment"],
            "`tokenpass help` lists the commands and topics",
        ),
    ] {
        let word = words.last().unwrap();
        let message = format!("error: there is no help about `{word}`\nhint: {hint}\n");
        home.run([&["help"], words].concat()).fails(2, &message);
    }
}

#[test]
fn what_json_prints_is_documented_for_every_command() {
    fn check(schema: &serde_json::Value, command: &clap::Command, path: &[&str]) {
        for below in command.get_subcommands() {
            let path = [path, &[below.get_name()]].concat();
            // These print nothing themselves; the parts of the two below print the same.
            let is_mute = [&["run"][..], &["service", "logs"], &["tray"]].contains(&&*path);
            let is_alike = ["op-return", "publish"].contains(&below.get_name());
            let is_leaf = !below.has_subcommands() || is_alike;
            if is_mute || below.is_hide_set() {
                continue;
            }
            if is_leaf {
                assert!(schema["$defs"].get(path.join("-")).is_some(), "{path:?}");
            } else {
                check(schema, below, &path);
            }
        }
    }
    let home = Home::new();
    let schema: serde_json::Value =
        serde_json::from_str(&home.run(["help", "json"]).prints()).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    check(&schema, &tokenpass::testing::cli::command(), &[]);
    let done = home.run(["sign", "hi", "--json"]).password().done();
    let error = serde_json::from_str(&done.stderr).unwrap();
    crate::support::schema::check_error(&error).unwrap();
}

#[test]
fn options_of_every_command_are_told_once() {
    let home = Home::new();
    let options = home.run(["help", "options"]).prints();
    for option in [
        "--home",
        "--json",
        "--quiet",
        "--verbose",
        "--color",
        "--no-input",
        "--no-agent",
    ] {
        assert!(options.contains(option), "{option}");
        assert!(
            !home.run(["sign", "--help"]).prints().contains(option),
            "{option}"
        );
    }
}

#[test]
fn colours_are_used_when_asked_for_only() {
    let home = Home::new();
    let plain = home.run(["sing"]).done().stderr;
    assert!(!plain.contains('\u{1b}'));
    let colored = home.run(["--color", "always", "sing"]).done().stderr;
    assert!(
        colored.starts_with("\u{1b}[1;31merror:\u{1b}[0m "),
        "{colored:?}"
    );
}

#[test]
fn quiet_leaves_the_result_and_verbose_tells_more() {
    let home = Home::new();
    let quiet = home.run(["register", "--quiet"]).password().prints();
    assert_eq!(quiet.lines().count(), 1);
    let session = home.login();
    let done = home.run(["sign", "hi", "-v"]).session(&session).done();
    assert_eq!(done.stderr, "unlocked with the session of this shell\n");
}

#[test]
fn the_home_option_goes_before_the_environment() {
    let (one, two) = (Home::registered(), Home::registered());
    let chosen = one
        .run(["status", "--home", two.path().to_str().unwrap()])
        .json();
    assert_eq!(chosen["bapID"], two.run(["status"]).json()["bapID"]);
}

#[test]
fn the_default_home_is_a_folder_of_the_user() {
    let user = Home::new();
    let home = user.beside("user");
    std::fs::create_dir(&home).unwrap();
    let run = user.run(["register", "-q"]).password();
    run.without("TOKENPASS_HOME").env("HOME", &home).prints();
    assert!(home.join(".tokenpass/seed.db").exists());
}

#[test]
fn no_secret_is_ever_printed_but_where_it_is_asked_for() {
    let home = Home::registered();
    let secrets = home.run(["export"]).password().json();
    let (words, seed) = (
        secrets["mnemonic"].as_str().unwrap(),
        secrets["seed"].as_str().unwrap(),
    );
    let session = home.login();
    for args in [
        &["status", "-v"][..],
        &["sign", "hi", "-v", "--json"],
        &["key", "-v"],
        &["log"],
        &["doctor"],
        &["profile"],
        &["token", "list"],
        &["auth", "--host", "a.example"],
        &["sign", "--nope"],
        &["login", "--password-file", "/nope"],
        &["import", "--mnemonic-file", "/nope"],
    ] {
        let done = home.run(args).password().session(&session).done();
        let all = String::from_utf8(done.stdout).unwrap() + &done.stderr;
        for secret in [PASSWORD, words, seed, &session] {
            assert!(!all.contains(secret), "{args:?} tells a secret");
        }
    }
}
