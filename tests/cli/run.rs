//! `tokenpass run`: a program with a token of its own, which ends with it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::support::run::{tokenpass, under};
use crate::support::serve::RunningServer;
use crate::support::terminal::Terminal;
use crate::support::{Home, PASSWORD};

/// The first line that a program of this script prints, and the program.
fn start(home: &Home, args: &[&str], script: &str) -> (Child, String) {
    let mut command = tokenpass(&home.path());
    command
        .arg("run")
        .args(args)
        .args(["--", "/bin/sh", "-c", script]);
    command.env("PATH", "/usr/bin:/bin");
    first_line(&mut command)
}

fn first_line(command: &mut Command) -> (Child, String) {
    let command = command.env("TOKENPASS_PASSWORD", PASSWORD);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    let stdout = child.stdout.as_mut().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    (child, line.trim_end().to_owned())
}

fn signs(server: &RunningServer, token: &str) -> u16 {
    let request = server.request("POST", "/api/sign").token(token);
    request.json(json!({"message": "hi"})).send().status
}

fn tokens(home: &Home) -> usize {
    let listed = home.run(["token", "list"]).json();
    listed["tokens"].as_array().unwrap().len()
}

fn served() -> (Home, RunningServer) {
    let home = Home::registered();
    let server = RunningServer::start(&home, &["--unlock"]);
    (home, server)
}

#[test]
fn the_token_works_while_the_program_runs_and_no_longer() {
    let (home, server) = served();
    let script = "echo $TOKENPASS_TOKEN; read end; exit 9";
    let (mut child, token) = start(&home, &["--scopes", "sign"], script);
    assert_eq!(signs(&server, &token), 200);
    let listed = home.run(["token", "list"]).json();
    let listed = &listed["tokens"][0];
    assert_eq!(listed["host"], "localhost");
    let lives = listed["expireTime"].as_u64().unwrap() - listed["created"].as_u64().unwrap();
    assert_eq!(lives, 60 * 60 * 1000);
    child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(9));
    assert_eq!(signs(&server, &token), 401);
    assert_eq!(tokens(&home), 0);
}

#[test]
fn the_program_knows_the_server_and_no_secret_of_the_shell() {
    let (home, server) = served();
    let session = home.login();
    let run = home.run(["run", "--host", "a.example", "--", "/usr/bin/env"]);
    let done = run.password().session(&session).done();
    assert_eq!(done.code, 0, "{}", done.stderr);
    let environment = String::from_utf8(done.stdout).unwrap();
    let value = |name: &str| environment.lines().find_map(|line| line.strip_prefix(name));
    assert_eq!(value("TOKENPASS_URL="), Some(&*server.url));
    let token = value("TOKENPASS_TOKEN=").unwrap();
    assert_eq!(token.len(), 36);
    assert_eq!(value("TOKENPASS_PASSWORD="), None);
    assert_eq!(value("TOKENPASS_SESSION="), None);
    assert!(!environment.contains(&session));
    assert!(!done.stderr.contains(token), "{}", done.stderr);
    assert!(done.stderr.contains("`--scopes sign` lets it sign"));
    // It was for that host, and it is in the trail without the token.
    let trail = home.run(["log"]).prints();
    assert!(trail.contains("granted\ta.example") && trail.contains("revoked\ta.example"));
    assert!(!trail.contains(token));
}

#[test]
fn it_ends_as_the_program_ends() {
    let (home, _server) = served();
    let code = |args: &[&str]| {
        let run = home.run([&["run", "--"], args].concat());
        run.password().done().code
    };
    assert_eq!(code(&["/bin/sh", "-c", "exit 42"]), 42);
    assert_eq!(code(&["/bin/sh", "-c", "kill -9 $$"]), 128 + 9);
    assert_eq!(code(&["/bin/sh", "-c", "kill -PIPE $$"]), 128 + 13);
    let missing = home.run(["run", "-q", "--", "/nowhere/at-all"]).password();
    missing.fails(
        127,
        "error: cannot run `/nowhere/at-all`: no such file or directory\n",
    );
    let folder = home.run(["run", "-q", "--", "/"]).password();
    folder.fails(126, "error: cannot run `/`: permission denied\n");
    assert_eq!(tokens(&home), 0);
}

#[test]
fn standard_input_and_output_are_the_programs() {
    let (home, _server) = served();
    let run = home.run(["run", "-q", "--json", "--", "/bin/cat"]);
    assert_eq!(run.password().stdin("a\0b").succeeds(), b"a\0b");
    // The first line is the password, the rest is for the program.
    let run = home.run(["run", "-q", "--password-stdin", "--", "/bin/cat"]);
    let stdin = format!("{PASSWORD}\nthe rest\n");
    assert_eq!(run.stdin(stdin).succeeds(), b"the rest\n");
}

#[test]
fn a_signal_is_passed_on_and_the_token_ends_all_the_same() {
    let (home, server) = served();
    for (trap, code) in [("trap 'kill $!; exit 7' TERM", 7), (":", 128 + 15)] {
        let script = format!("{trap}; sleep 60 & echo $TOKENPASS_TOKEN; wait");
        let (mut child, token) = start(&home, &["--scopes", "sign"], &script);
        assert_eq!(signs(&server, &token), 200);
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(signs(&server, &token), 401);
    }
}

/// The terminal tells all of its programs; some end at once if told twice.
#[test]
fn a_key_on_the_terminal_is_told_once() {
    let (home, _server) = served();
    // The signal may come before `wait` begins.
    let script = "n=0; trap 'n=$((n+1)); kill $! 2>/dev/null; echo heard $n >&2' INT
        sleep 600 & echo ready >&2; wait; read line; echo $n; exit 5";
    let mut command = tokenpass(&home.path());
    command
        .args(["run", "-q", "--", "/bin/sh", "-c", script])
        .env("TOKENPASS_PASSWORD", PASSWORD)
        .env("PATH", "/usr/bin:/bin");
    let mut terminal = Terminal::start(command, 80, 24);
    terminal.wait_for("ready", |screen| screen.contains("ready"));
    terminal.send("\u{3}");
    terminal.wait_for("heard 1", |screen| screen.contains("heard 1"));
    terminal.send("\n");
    let ended = terminal.ends();
    assert_eq!((&*ended.stdout, ended.status.code()), ("1\n", Some(5)));
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_shell_had_ignored_stays_ignored() {
    let (home, _server) = served();
    let script = "trap '' HUP; exec \"$0\" run -- /bin/sh -c 'kill -HUP $$; echo alive'";
    let mut command = under(&tokenpass(&home.path()), "/bin/sh", &["-c", script]);
    let (mut child, line) = first_line(&mut command);
    assert_eq!(line, "alive");
    assert!(child.wait().unwrap().success());
}

#[test]
fn without_a_server_or_a_wallet_nothing_is_granted_and_nothing_is_run() {
    let home = Home::new();
    let run = home.run(["run", "--", "/bin/echo", "ran"]).password();
    let done = run.done();
    assert_eq!((done.code, &*done.stdout), (3, &b""[..]));
    let home = Home::registered();
    home.run(["run", "--", "/bin/echo", "ran"])
        .password()
        .fails(
            1,
            "error: no server of this wallet is running
hint: start one with `tokenpass serve`\n",
        );
    let trail = home.run(["log"]).prints();
    assert!(!trail.contains("granted"), "{trail}");
    let done = home.run(["run"]).password().done();
    assert_eq!(done.code, 2);
}

#[test]
fn a_locked_server_is_warned_of() {
    let home = Home::registered();
    let _server = RunningServer::start(&home, &[]);
    let run = home.run(["run", "--scopes", "sign", "--", "/bin/echo", "ran"]);
    let done = run.password().done();
    assert_eq!((done.code, &*done.stdout), (0, &b"ran\n"[..]));
    assert_eq!(
        done.stderr,
        "warning: the server is locked: it takes the token once it is unlocked \
         (`tokenpass login --server`)\n"
    );
}

/// A container whose first program was put there from outside: its session and
/// its group are led by processes that have no number inside.
#[cfg(target_os = "linux")]
#[test]
#[allow(clippy::print_stderr, reason = "says what was skipped")]
fn it_runs_in_a_container() {
    let (home, _server) = served();
    let inside =
        |command: &Command| under(command, "unshare", &["--pid", "--fork", "--mount-proc"]);
    let made = inside(&Command::new("true")).status();
    if !made.is_ok_and(|made| made.success()) {
        eprintln!("skipped: only root can make a container, with `unshare`");
        return;
    }
    let mut command = tokenpass(&home.path());
    command.args(["run", "--", "/bin/sh", "-c", "exit 9"]);
    command.env("TOKENPASS_PASSWORD", PASSWORD);
    let output = inside(&command).output().unwrap();
    assert_eq!(output.status.code(), Some(9), "{output:?}");
}
