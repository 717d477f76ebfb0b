//! Sessions: a shell that needs no password for a while.

use crate::support::Home;

const ENDED: &str = "error: the session has ended
hint: start another: eval \"$(tokenpass login --shell sh)\"
";

#[test]
fn a_session_signs_without_the_password() {
    let home = Home::registered();
    let expected = home.run(["sign", "hi"]).password().prints();
    let session = home.login();
    assert_eq!(
        home.run(["sign", "hi"]).session(&session).prints(),
        expected
    );
    let status = home.run(["status"]).session(&session).json();
    assert_eq!(status["session"]["live"], true);
    assert_eq!(status["unlocked"], true);
}

#[test]
fn each_shell_gets_a_line_that_it_understands() {
    let home = Home::registered();
    for (shell, start, end) in [
        ("sh", "export TOKENPASS_SESSION=", "\n"),
        ("fish", "set -gx TOKENPASS_SESSION ", "\n"),
        ("powershell", "$env:TOKENPASS_SESSION = '", "'\n"),
    ] {
        let line = home.run(["login", "--shell", shell]).password().prints();
        let key = line.strip_prefix(start).unwrap().strip_suffix(end).unwrap();
        assert!(
            key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()),
            "{line}"
        );
    }
}

#[test]
fn logout_ends_this_session_and_with_all_every_session() {
    let home = Home::registered();
    let (one, two, three) = (home.login(), home.login(), home.login());
    home.run(["logout"]).session(&one).prints();
    home.run(["sign", "hi"]).session(&one).fails(4, ENDED);
    home.run(["sign", "hi"]).session(&two).prints();
    assert_eq!(home.run(["logout", "--all"]).json()["ended"], 2);
    home.run(["sign", "hi"]).session(&three).fails(4, ENDED);
    let again = home.run(["logout"]).session(&one).done();
    assert_eq!(
        (again.code, again.stderr.as_str()),
        (0, "there was no session to end\n")
    );
}

#[test]
fn a_session_that_is_none_is_over_and_not_repeated() {
    let home = Home::registered();
    home.run(["sign", "hi"])
        .session(&"ab".repeat(32))
        .fails(4, ENDED);
    home.run(["sign", "hi"]).session("hush-hush").fails(
        4,
        "error: `TOKENPASS_SESSION` is not a session's key
hint: start another: eval \"$(tokenpass login --shell sh)\"
",
    );
}

#[test]
fn where_the_session_is_over_the_password_decides() {
    let home = Home::registered();
    let done = home
        .run(["sign", "hi"])
        .session(&"ab".repeat(32))
        .password()
        .done();
    assert_eq!(done.code, 0);
    assert_eq!(done.stderr, "the session of this shell has ended\n");
}

#[test]
fn a_session_of_one_wallet_opens_no_other() {
    let (one, other) = (Home::registered(), Home::registered());
    other
        .run(["sign", "hi"])
        .session(&one.login())
        .fails(4, ENDED);
}

#[test]
fn without_password_and_session_nobody_is_asked_in_a_script() {
    let home = Home::registered();
    home.run(["sign", "hi"]).fails(
        4,
        "error: the password is missing, and there is nobody to ask
hint: start a session with `tokenpass login`, or use `--password-file`, `--password-stdin` or `TOKENPASS_PASSWORD`
",
    );
}

#[test]
fn the_length_of_a_session_is_bounded() {
    let home = Home::registered();
    home.run(["login", "--ttl", "53w"]).password().fails(
        2,
        "error: `--ttl <TIME>`: `53w` is not between `1s` and `30d`
hint: `tokenpass login --help` says more
",
    );
}
