//! `tokenpass service` with a systemd that only writes down what it is told.
//! `packaging/check.sh` boots a real one.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::{Home, Run};

/// Somebody with a home folder and programs of systemd.
struct Person(Home);

const PROGRAM: &str = "#!/bin/sh
echo \"${0##*/} $*\" >>\"${0%/*}/calls\"
case \"$*\" in
*Version*) [ ! -e \"${0%/*}/down\" ] || { echo 'Failed to connect to bus: gone' >&2; exit 1; } ;;
*is-active*) [ ! -e \"${0%/*}/stopped\" ] || exit 3 ;;
*user-unit*) echo 'a line of the log' ;;
esac
";

impl Person {
    fn new(home: Home) -> Self {
        let person = Self(home);
        fs::create_dir_all(person.programs()).unwrap();
        for name in ["systemctl", "loginctl", "journalctl"] {
            let path = person.programs().join(name);
            fs::write(&path, PROGRAM).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        }
        person
    }

    fn programs(&self) -> PathBuf {
        self.0.beside("programs")
    }

    fn units(&self) -> PathBuf {
        self.0.beside("a person/.config/systemd/user")
    }

    fn unit(&self, name: &str) -> String {
        fs::read_to_string(self.units().join(name)).unwrap()
    }

    fn is(&self, state: &str) {
        fs::write(self.programs().join(state), "").unwrap();
    }

    /// What was called since the last time.
    fn calls(&self) -> Vec<String> {
        let path = self.programs().join("calls");
        let calls = fs::read_to_string(&path).unwrap_or_default();
        let _ = fs::remove_file(path);
        calls.lines().map(str::to_owned).collect()
    }

    fn service(&self, args: &[&str]) -> Run {
        let path = format!("{}:/usr/bin:/bin", self.programs().display());
        self.0
            .run([&["service"], args].concat())
            .env("HOME", self.0.beside("a person"))
            .env("PATH", path)
            .without("TOKENPASS_PORT")
    }

    /// All files below the folder of settings.
    fn files(&self) -> Vec<PathBuf> {
        fn below(folder: PathBuf, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => below(path, found),
                    false => found.push(path),
                }
            }
        }
        let mut found = Vec::new();
        below(self.0.beside("a person"), &mut found);
        found
    }
}

#[test]
fn it_is_installed_once_and_uninstalled_without_a_trace() {
    let person = Person::new(Home::new());
    assert_eq!(person.service(&["install", "-q"]).json()["changed"], true);
    let home = person.0.path().display().to_string();
    let unit = person.unit("tokenpass.service");
    let exec = format!(
        "\nExecStart={} serve --home {home} --listen localhost:21000\n",
        env!("CARGO_BIN_EXE_tokenpass")
    );
    assert!(unit.contains(&exec), "{unit}");
    let calls = person.calls();
    assert!(calls.contains(&"systemctl --user daemon-reload".to_owned()));
    let last = |call: &str| calls.iter().rfind(|known| known.contains(call)).cloned();
    let enabled = "systemctl --user enable --now tokenpass.service";
    assert_eq!(last("enable --now").as_deref(), Some(enabled));

    assert_eq!(person.service(&["install", "-q"]).json()["changed"], false);
    let calls = person.calls();
    assert!(calls.contains(&enabled.to_owned()), "{calls:?}");
    for disturbing in ["daemon-reload", "disable"] {
        assert!(!calls.iter().any(|call| call.contains(disturbing)));
    }

    assert_eq!(person.service(&["uninstall"]).json()["changed"], true);
    assert_eq!(person.files(), Vec::<PathBuf>::new());
    let done = person.service(&["uninstall"]).done();
    assert_eq!((done.code, done.stdout.as_slice()), (0, &b""[..]));
    assert_eq!(done.stderr, "no service was installed\n");
}

#[test]
fn the_socket_and_the_limits_come_and_go() {
    let person = Person::new(Home::registered());
    let listen = ["--listen", "21001", "--listen", "127.0.0.2:21001"];
    let all = [&["install", "--socket", "--hardened"][..], &listen].concat();
    person.service(&all).succeeds();
    let socket = person.unit("tokenpass.socket");
    assert!(
        socket.contains("\nListenStream=127.0.0.1:21001\n"),
        "{socket}"
    );
    assert!(
        socket.contains("\nListenStream=127.0.0.2:21001\n"),
        "{socket}"
    );
    assert!(!person.unit("tokenpass.service").contains("--listen"));
    let limits = person.unit("tokenpass.service.d/hardened.conf");
    let home = person.0.path().display().to_string();
    let writable = format!("\nReadWritePaths=\"{home}\"\n");
    assert!(limits.contains(&writable), "{limits}");
    let status = person.service(&["status"]).json();
    assert_eq!(status["starts"], "connection");
    let calls = person.calls();
    assert!(calls.contains(&"systemctl --user enable --now tokenpass.socket".to_owned()));

    person.service(&["install"]).succeeds();
    assert_eq!(person.files(), [person.units().join("tokenpass.service")]);
    let nowhere = person
        .service(&["install", "--socket", "--listen", "0"])
        .done();
    assert_eq!(nowhere.code, 2, "{}", nowhere.stderr);
}

#[test]
fn what_it_runs_is_told_and_when_that_is_not_this_program() {
    let person = Person::new(Home::new());
    let none = person.service(&["status"]).done();
    assert_eq!(
        (none.code, none.stdout.as_slice()),
        (1, &b"not installed\n"[..])
    );
    person.service(&["install", "-q"]).succeeds();
    let status = person.service(&["status"]).json();
    assert_eq!(status["command"][0], env!("CARGO_BIN_EXE_tokenpass"));
    assert_eq!(status["current"], true);
    assert_eq!(status["active"], true);

    person.is("stopped");
    let stopped = person.service(&["status"]).done();
    assert_eq!(stopped.code, 1);
    assert!(stopped.stderr.contains("the service does not run"));

    let unit = person.unit("tokenpass.service");
    let moved = unit.replace(env!("CARGO_BIN_EXE_tokenpass"), "/gone/tokenpass");
    fs::write(person.units().join("tokenpass.service"), moved).unwrap();
    let moved = person.service(&["status"]).done();
    assert_eq!(moved.code, 1);
    assert!(moved.stderr.contains("another program"), "{}", moved.stderr);
    assert!(
        String::from_utf8(moved.stdout)
            .unwrap()
            .contains("/gone/tokenpass")
    );
    assert_eq!(person.service(&["install", "-q"]).json()["changed"], true);
    assert_eq!(person.unit("tokenpass.service"), unit);
}

#[test]
fn a_unit_of_somebody_else_stays_as_it_is() {
    let person = Person::new(Home::new());
    fs::create_dir_all(person.units()).unwrap();
    for name in ["tokenpass.service", "tokenpass.socket"] {
        let path = person.units().join(name);
        fs::write(&path, "[Unit]\n").unwrap();
        for verb in ["install", "uninstall"] {
            let done = person.service(&[verb]).done();
            assert_eq!(done.code, 6, "{}", done.stderr);
            assert!(
                done.stderr.contains("was not written by"),
                "{}",
                done.stderr
            );
        }
        assert_eq!(person.files(), [&*path]);
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn without_a_systemd_nothing_is_written() {
    let person = Person::new(Home::new());
    person.is("down");
    let done = person.service(&["install"]).done();
    assert_eq!(done.code, 1);
    assert!(
        done.stderr
            .contains("nobody here starts services of yours: Failed to connect to bus")
    );
    assert_eq!(person.files(), Vec::<PathBuf>::new());
}

#[test]
fn another_home_has_to_be_uninstalled_first() {
    let person = Person::new(Home::new());
    person.service(&["install"]).succeeds();
    let unit = person.unit("tokenpass.service");
    let done = person.service(&["install", "--home", "/elsewhere"]).done();
    assert_eq!(done.code, 6);
    let home = person.0.path().display().to_string();
    assert!(done.stderr.contains(&home), "{}", done.stderr);
    assert_eq!(person.unit("tokenpass.service"), unit);
}

#[test]
fn the_password_of_its_file_is_tried_first() {
    let person = Person::new(Home::registered());
    let wrong = person.0.secret_file("wrong", "not this one\n");
    let done = person.service(&["install", "--unlock-with", &wrong]).done();
    assert_eq!(done.code, 1);
    assert!(done.stderr.contains("wrong password"), "{}", done.stderr);
    assert_eq!(person.files(), Vec::<PathBuf>::new());

    person.0.secret_file("pass word", crate::support::PASSWORD);
    let folder = person.0.beside("");
    let args = [
        "install",
        "--unlock-with",
        "pass word",
        "--auto-lock",
        "0s",
        "--brc100",
    ];
    person.service(&args).folder(&folder).succeeds();
    let file = person.0.beside("pass word").display().to_string();
    let unit = person.unit("tokenpass.service");
    let options = format!("--auto-lock 0s --password-file \"{file}\" --unlock --brc100\n");
    assert!(unit.contains(&options), "{unit}");

    let none = Person::new(Home::new());
    let done = none.service(&["install", "--unlock-with", &wrong]).done();
    assert_eq!(done.code, 3);
}

#[test]
fn its_log_is_shown() {
    let person = Person::new(Home::new());
    assert_eq!(person.service(&["logs"]).done().code, 1);
    person.service(&["install"]).succeeds();
    person.calls();
    let log = person.service(&["logs", "-n", "7", "--follow"]).prints();
    assert_eq!(log, "a line of the log\n");
    let calls = person.calls();
    assert!(
        calls.last().unwrap().contains("--lines 7 --follow"),
        "{calls:?}"
    );
}

#[test]
fn a_program_without_a_window_leaves_a_log() {
    let home = Home::new();
    let log = home.beside("below/serve.log");
    let args = [
        "service",
        "background",
        "--log",
        log.to_str().unwrap(),
        "--",
        "status",
        "--no-such",
    ];
    home.run(args).succeeds();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !fs::read_to_string(&log)
        .unwrap_or_default()
        .contains("no-such")
    {
        assert!(std::time::Instant::now() < deadline);
        std::thread::yield_now();
    }
}

/// As another reader of property lists sees it: Python's.
#[test]
fn an_agent_is_a_property_list_whatever_is_in_its_paths() {
    use tokenpass::testing::platform::service::{CommandLine, plist};
    let words = ["serve", "--home", "/a b/<100%>/it's \"so\" & $more"];
    let command = CommandLine {
        program: "/opt/ünï <&>/tokenpass".to_owned(),
        arguments: words.map(str::to_owned).to_vec(),
    };
    let home = Home::new();
    let file = home.secret_file("agent.plist", &plist::agent(&command, "/Logs/a & b.log"));
    let script = "import plistlib, json, sys
print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))";
    let Ok(read) = std::process::Command::new("python3")
        .args(["-c", script, &file])
        .output()
    else {
        let _ = writeln!(std::io::stderr(), "skipped: there is no python3");
        return;
    };
    let agent: serde_json::Value = serde_json::from_slice(&read.stdout).unwrap();
    let read: Vec<_> = agent["ProgramArguments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    assert_eq!(read, command.words().collect::<Vec<_>>());
    assert_eq!(agent["StandardErrorPath"], "/Logs/a & b.log");
}
