//! Lists on terminals of several widths, in pipes, and in the pager.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::Home;
use crate::support::run::tokenpass;
use crate::support::screen::Screen;
use crate::support::terminal::Terminal;
use crate::support::{PASSWORD, golden};

const EVIL: &str = "https://login.paypal.com.account-verify.evil-domain.example";

fn command(home: &Home, args: &[&str]) -> Command {
    let mut command = tokenpass(&home.path());
    command.args(args).env("NO_COLOR", "1");
    command
}

/// What a person sees of a command whose output is the terminal.
fn seen(command: Command, columns: u16, rows: u16) -> String {
    let ended = Terminal::start_with(command, (columns, rows), |_, _| {}).ends();
    Screen::after(&ended.written, columns.into(), rows.into()).all()
}

/// The columns from this one on, without breaks.
fn from_column(screen: &str, from: usize) -> String {
    let part = |line: &str| {
        line.chars()
            .skip(from)
            .collect::<String>()
            .trim()
            .to_owned()
    };
    screen.lines().map(part).collect()
}

#[test]
fn what_security_hangs_on_is_never_cut() {
    let home = Home::golden();
    let host = EVIL.strip_prefix("https://").unwrap();
    home.run(["origin", "allow", EVIL]).succeeds();
    home.run([
        "auth",
        "--host",
        host,
        "--scopes",
        "sign,encrypt,decrypt,read_profile",
    ])
    .password()
    .succeeds();
    let address = home.run(["key", "--host", host]).password().json()["address"].clone();
    for columns in [40, 60, 80, 200] {
        for (list, whole) in [
            (&["origin", "list"][..], EVIL),
            (&["token", "list"], host),
            (&["status"], host),
        ] {
            let mut command = command(&home, list);
            command.arg("--no-pager");
            let screen = seen(command, columns, 60);
            assert!(!screen.contains('…'), "{screen}");
            let lines: Vec<_> = screen.lines().collect();
            let start = &whole[..12];
            let at = lines.iter().find_map(|line| line.find(start)).unwrap();
            assert!(from_column_text(&screen, at, whole), "{columns}:\n{screen}");
        }
        let screen = seen(command(&home, &["status", "--no-pager"]), columns, 60);
        assert!(
            screen.contains(address.as_str().unwrap()),
            "{columns}:\n{screen}"
        );
    }
}

/// Whether the text stands there from a column on, over as many lines as it takes.
fn from_column_text(screen: &str, at: usize, whole: &str) -> bool {
    // Other columns may follow: a line's part ends at a blank.
    let part = |line: &str| {
        let rest: String = line.chars().skip(at).collect();
        let rest = if rest.starts_with(' ') {
            String::new()
        } else {
            rest
        };
        rest.split(' ').next().unwrap_or_default().to_owned()
    };
    let text: String = screen.lines().map(part).collect();
    text.contains(whole) || from_column(screen, at).contains(whole)
}

fn with_hosts(count: usize) -> Home {
    let home = Home::golden();
    let session = home.login();
    for n in 0..count {
        home.run([
            "auth",
            "--host",
            &format!("h{n}.example"),
            "--expire",
            "once",
        ])
        .session(&session)
        .succeeds();
    }
    home
}

#[test]
fn a_long_list_is_counted_and_goes_through_the_pager_which_learns_no_secret() {
    let home = with_hosts(24);
    let (page, environment) = (home.beside("page"), home.beside("environment"));
    let pager = format!("env >{}; cat >{}", environment.display(), page.display());
    let paged = |args: &[&str], rows| {
        let mut command = command(&home, args);
        command
            .env("PAGER", &pager)
            .env("PATH", "/usr/bin:/bin")
            .env("TOKENPASS_PASSWORD", PASSWORD)
            .env("TOKENPASS_SESSION", "no-session-but-a-secret");
        seen(command, 80, rows)
    };
    let screen = paged(&["status"], 24);
    assert!(!screen.contains("h7.example"), "{screen}");
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.contains("Hosts (24)"), "{text}");
    for n in 0..24 {
        assert!(text.contains(&format!("h{n}.example")), "{text}");
    }
    let environment = std::fs::read_to_string(environment).unwrap();
    assert!(environment.contains("TOKENPASS_HOME="));
    assert!(!environment.contains(PASSWORD) && !environment.contains("a-secret"));

    std::fs::remove_file(&page).unwrap();
    for (args, rows) in [(&["status", "--no-pager"][..], 24), (&["status"], 100)] {
        assert!(paged(args, rows).contains("h7.example"));
        assert!(!page.exists());
    }
}

#[test]
fn a_pager_that_is_not_there_or_leaves_early_is_no_failure() {
    let home = with_hosts(12);
    for (pager, is_shown) in [("no-such-pager", true), ("true", false), ("", true)] {
        let mut command = command(&home, &["status"]);
        command.env("PAGER", pager).env("PATH", "/usr/bin:/bin");
        let ended = Terminal::start_with(command, (80, 10), |_, _| {}).ends();
        assert_eq!(ended.status.code(), Some(0), "{pager}");
        assert_eq!(ended.screen.contains("h7.example"), is_shown, "{pager}");
    }
}

#[test]
fn a_pipe_gets_all_of_a_list() {
    let home = with_hosts(3);
    let hosts = home.run(["status"]).prints();
    for n in 0..3 {
        let host = format!("h{n}.example\t");
        assert!(hosts.lines().any(|line| line.starts_with(&host)), "{hosts}");
    }
    let status = home.run(["status"]).json();
    assert_eq!(status["bapID"], golden()["bap_ids"][0]["identity_key"]);
}

#[test]
fn wide_letters_keep_the_columns_straight() {
    let home = Home::golden();
    home.run([
        "contact",
        "add",
        "日本語",
        golden()["bap_ids"][0]["identity_key"].as_str().unwrap(),
    ])
    .password()
    .done();
    home.run(["identity", "create", "--name", "日本語"])
        .password()
        .succeeds();
    let mut list = command(&home, &["identity", "list"]);
    list.env("TOKENPASS_PASSWORD", PASSWORD);
    let ended = Terminal::start_with(list, (80, 24), |_, _| {}).ends();
    assert!(ended.screen.contains("2 identities") && ended.screen.contains("日本語"));
}

#[test]
fn watching_asks_as_pages_come() {
    let home = Home::golden();
    let wallet = home.wallet();
    let note = |origin: &str| {
        wallet
            .note_pending_origin(&origin.parse().unwrap())
            .unwrap()
    };
    let mut terminal =
        Terminal::start_with(command(&home, &["origin", "watch"]), (80, 24), |_, _| {});
    terminal.wait_for("it waits", |screen| screen.contains("waiting for pages"));
    for (origin, down) in [
        ("https://a.example", 1),
        (EVIL, 2),
        ("https://b.example", 0),
    ] {
        note(origin);
        terminal.wait_for(origin, |screen| {
            screen.replace('\n', "").contains(origin) && screen.trim_end().ends_with("deny")
        });
        terminal.wait_until_read();
        terminal.send(&format!("{}\n", "j".repeat(down)));
        terminal.wait_until_shown_again();
    }
    terminal.interrupt();
    terminal.ends();
    let origins = home.run(["origin", "list"]).prints();
    assert!(origins.contains("https://a.example") && origins.starts_with("approved"));
    assert!(
        origins
            .lines()
            .any(|line| line.starts_with("denied") && line.ends_with(EVIL))
    );
}

/// At once after an answer the question is not quite over.
#[test]
fn an_interrupt_just_after_an_answer_ends_it() {
    let home = Home::golden();
    let pending = "https://a.example".parse().unwrap();
    home.wallet().note_pending_origin(&pending).unwrap();
    for _ in 0..20 {
        let watch = command(&home, &["origin", "watch"]);
        let mut terminal = Terminal::start_with(watch, (80, 24), |_, _| {});
        terminal.wait_for("the question", |screen| screen.trim_end().ends_with("deny"));
        terminal.wait_until_read();
        terminal.send("\n");
        terminal.wait_until_shown_again();
        terminal.interrupt();
        let status = terminal.ends().status;
        assert_eq!(status.signal(), Some(Signal::INT.as_raw()));
    }
}

#[test]
fn what_is_watched_in_a_pipe_comes_line_by_line_until_nobody_reads_it() {
    let home = Home::golden();
    let wallet = home.wallet();
    let note = |origin: &str| {
        wallet
            .note_pending_origin(&origin.parse().unwrap())
            .unwrap()
    };
    note("https://a.example");
    let mut watch = command(&home, &["origin", "watch", "--json", "-q"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["origin"], "https://a.example");
    note(EVIL);
    let came = next();
    assert_eq!(
        (&came["origin"], &came["status"]),
        (&EVIL.into(), &"pending".into())
    );
    drop(lines);
    note("https://b.example");
    assert_eq!(watch.wait().unwrap().code(), Some(0));
}
