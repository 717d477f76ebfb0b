//! Exit codes: what a script learns without reading a word.

use crate::support::serve::RunningServer;
use crate::support::{Home, PASSWORD};

#[test]
fn without_a_wallet_every_command_that_needs_one_says_3() {
    let home = Home::new();
    for command in [
        "status",
        "status --check",
        "doctor",
        "log",
        "log --json",
        "login",
        "login --server",
        "logout",
        "export",
        "passwd",
        "auth --host a.example",
        "token list",
        "token revoke --all",
        "sign hi",
        "sign --path /",
        "encrypt hi",
        "decrypt 42494531",
        "key",
        "profile",
        "profile set a=b",
        "profile clear",
        "identity list",
        "identity create --name A",
        "identity show",
        "identity use A",
        "identity rename A B",
        "identity rotate",
        "identity set A b=c",
        "identity sign hi",
        "identity op-return id",
        "origin list",
        "origin allow https://a.example",
        "origin deny https://a.example",
        "client list",
        "client remove a",
        "open",
    ] {
        let done = home.run(command.split(' ')).password().done();
        assert_eq!(done.code, 3, "{command}: {}", done.stderr);
        assert!(!home.path().exists(), "{command} makes a home");
    }
}

#[test]
fn without_the_password_every_command_that_unlocks_says_4() {
    let home = Home::registered();
    for command in [
        "sign hi",
        "sign --path /",
        "encrypt hi",
        "key",
        "auth --host a.example",
        "export",
        "passwd",
        "login",
        "serve --listen 0 --unlock",
        "identity list",
        "identity create --name A",
    ] {
        let done = home.run(command.split(' ')).done();
        assert_eq!(done.code, 4, "{command}: {}", done.stderr);
        let ended = home.run(command.split(' ')).session(&"0".repeat(64)).done();
        assert_eq!(ended.code, 4, "{command}: {}", ended.stderr);
    }
}

#[test]
fn another_missing_answer_is_2() {
    Home::new().run(["register"]).fails(
        2,
        "error: the new password is missing, and there is nobody to ask
hint: use `--password-file`, `--password-stdin` or `TOKENPASS_PASSWORD`
",
    );
    let home = Home::registered();
    let backup = home.beside("w.bep");
    let export = ["export", "--format", "bep", "--output"];
    let export = home.run(export.iter().copied().chain([backup.to_str().unwrap()]));
    assert_eq!(export.password().done().code, 2);
}

#[test]
fn check_tells_by_nothing_but_its_code() {
    let check = |home: &Home| home.run(["status", "--check", "--json", "-v"]);
    let home = Home::new();
    check(&home).fails(3, "");
    let home = Home::registered();
    check(&home).fails(4, "");
    // It could unlock, but does not.
    check(&home).password().fails(4, "");
    let session = home.login();
    check(&home).session(&session).fails(0, "");
    check(&home).session("nonsense").fails(4, "");
    home.run(["logout"]).session(&session).succeeds();
    check(&home).session(&session).fails(4, "");
}

#[test]
fn check_knows_the_unlocked_server_of_this_home_only() {
    let home = Home::registered();
    let other = Home::registered();
    let server = RunningServer::start(&home, &[]);
    let check = |home: &Home, option: &str| {
        let run = home.run(["status", "--check", option]);
        run.env("TOKENPASS_PORT", server.port()).done().code
    };
    assert_eq!(check(&home, "-q"), 4);
    let login = home.run(["login", "--server"]);
    login.env("TOKENPASS_PASSWORD", PASSWORD).succeeds();
    assert_eq!(check(&home, "-q"), 0);
    assert_eq!(check(&home, "--no-agent"), 4);
    assert_eq!(check(&other, "-q"), 4);
}

#[test]
fn a_damaged_home_is_1_and_check_says_no_word_of_it() {
    let home = Home::registered();
    std::fs::write(home.path().join("seed.db"), "no database").unwrap();
    home.run(["status", "--check"]).fails(1, "");
    for command in ["status", "doctor"] {
        assert_eq!(home.run([command]).done().code, 1, "{command}");
    }
}
