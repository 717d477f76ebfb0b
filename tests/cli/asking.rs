//! Asking: on the terminal that controls the program, whatever its streams are;
//! and nothing secret stays on the screen.

use std::process::Command;

use regex::Regex;
use rustix::process::Signal;

use crate::support::run::tokenpass;
use crate::support::screen::Screen;
use crate::support::terminal::{Terminal, plays};
use crate::support::{Home, PASSWORD, golden};

const SIGNATURE: &str =
    "IOHQut2vJojuUY62tIwkkwIlooVDYzjQ8NtB9pjBIKj0WQXcywFnFOCTemgB0LV6CSlLK9gMfxBw+Ew4wKcEMHE=";

fn command(home: &Home, args: &[&str]) -> Command {
    let mut command = tokenpass(&home.path());
    command.args(args).env("NO_COLOR", "1");
    command
}

/// A line of shell, in which `$tokenpass` is the binary.
fn shell(home: &Home, line: &str) -> Command {
    let binary = tokenpass(&home.path());
    let mut shell = Command::new("sh");
    shell
        .args(["-c", line])
        .env("tokenpass", binary.get_program());
    for (name, value) in binary.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell
}

/// Answers a question that is the last thing on the screen.
#[track_caller]
fn answer(terminal: &mut Terminal, question: &str, answer: &str) {
    terminal.wait_for(question, |screen| screen.ends_with(question));
    terminal.wait_until_read();
    terminal.send(answer);
}

#[test]
fn the_message_may_come_from_a_pipe() {
    let home = Home::golden();
    let line = shell(&home, "printf hi | $tokenpass sign");
    let mut terminal = Terminal::start(line, 80, 24);
    answer(&mut terminal, "Password: ", &format!("{PASSWORD}\n"));
    assert_eq!(terminal.ends().stdout.trim_end(), SIGNATURE);
}

#[test]
fn the_errors_may_go_to_a_file() {
    let home = Home::golden();
    let log = home.beside("log");
    let line = format!("$tokenpass login 2>{}", log.display());
    let mut terminal = Terminal::start(shell(&home, &line), 80, 24);
    answer(&mut terminal, "Password: ", &format!("{PASSWORD}\n"));
    let ended = terminal.ends();
    assert!(ended.stdout.starts_with("export TOKENPASS_SESSION="));
    assert_eq!(ended.screen, "Password:\n");
    assert_eq!(std::fs::read_to_string(log).unwrap(), "");
}

#[test]
fn what_was_typed_ahead_is_no_answer() {
    let home = Home::new();
    let pasted = "eval \"$(tokenpass login --shell sh)\"\ntokenpass status\n";
    let mut terminal = Terminal::start_behind(pasted, command(&home, &["register"]), 80, 24);
    answer(&mut terminal, "Name: ", "Ada\n");
    answer(&mut terminal, "Paymail: ", "\n");
    answer(&mut terminal, "Picture (URL): ", "javascript:1\n");
    let question = "a picture is an `https:`, `http:` or `data:image/` URL\nPicture (URL): ";
    answer(&mut terminal, question, "\n");
    let question = "New password (8 characters or more): ";
    answer(&mut terminal, question, &format!("{PASSWORD}\n"));
    answer(&mut terminal, "Repeat it: ", &format!("{PASSWORD}\n"));
    answer(&mut terminal, "that restore it? [Y/n] ", "n");
    assert_eq!(terminal.ends().status.code(), Some(0));
    let profile = home.run(["profile"]).json();
    assert_eq!(profile["displayName"], "Ada");
    assert_eq!(profile.as_object().unwrap().len(), 3, "{profile}");
}

#[test]
fn a_password_is_asked_for_three_times() {
    let home = Home::golden();
    plays(
        &home,
        "
$ tokenpass sign hi
Password: ‹not this one⏎›
wrong password, try again
Password: ‹nor this one⏎›
wrong password, try again
Password: ‹nor that one⏎›
error: wrong password
hint: check the keyboard layout and caps lock; nothing was changed
--- exit 1
",
    );
    let failures = home.run(["log"]).json();
    let failures = failures["entries"].as_array().unwrap().iter();
    let failed = failures.filter(|entry| entry["event"] == "unlock-failed");
    assert_eq!(failed.count(), 3, "each counts");
    plays(
        &home,
        &format!(
            "
$ tokenpass sign hi
Password: ‹not this one⏎›
wrong password, try again
Password: ‹correct horse battery⏎›
--- stdout
{SIGNATURE}
--- exit 0
"
        ),
    );
}

#[test]
fn the_old_password_is_tried_before_a_new_one_is_thought_of() {
    plays(
        &Home::golden(),
        "
$ tokenpass passwd
Password: ‹not this one⏎›
wrong password, try again
Password: ‹^C›
--- SIGINT
",
    );
}

#[test]
fn every_signal_that_ends_a_question_leaves_the_terminal_as_it_was() {
    let home = Home::golden();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let mut terminal = Terminal::start(command(&home, &["sign", "hi"]), 80, 24);
        terminal.wait_for("Password: ", |screen| screen == "Password: ");
        terminal.wait_until_read();
        terminal.signal(signal);
        // `ends` asserts that what is typed is shown again.
        assert_eq!(terminal.ends().status.code(), None, "{signal:?}");
    }
}

#[test]
fn a_stopped_question_shows_what_is_typed_and_a_continued_one_does_not() {
    let home = Home::golden();
    let line = shell(&home, "$tokenpass sign hi; :");
    let mut terminal = Terminal::start(line, 80, 24);
    terminal.wait_for("Password: ", |screen| screen == "Password: ");
    terminal.wait_until_read();
    terminal.signal_all(Signal::TSTP);
    terminal.wait_until_shown_again();
    // It has put things back, and is about to stop.
    terminal.wait_for_while(
        "the question again",
        |screen| screen == "Password:\nPassword: ",
        |terminal| terminal.signal_all(Signal::CONT),
    );
    answer(
        &mut terminal,
        "Password:\nPassword: ",
        &format!("{PASSWORD}\n"),
    );
    let ended = terminal.ends();
    assert_eq!(ended.stdout.trim_end(), SIGNATURE);
    assert!(!ended.screen.contains("correct"), "{}", ended.screen);
}

/// A wallet of 24 words, registered up to where they are on the screen.
fn words_on_screen(home: &Home, columns: u16, rows: u16) -> Terminal {
    let args = &["register", "--words", "24", "--display-name", "A"];
    let mut command = command(home, args);
    command.args([
        "--paymail",
        "a@a.example",
        "--logo",
        "https://a.example/a.png",
    ]);
    command.env("TOKENPASS_PASSWORD", PASSWORD);
    let mut terminal = Terminal::start(command, columns, rows);
    answer(&mut terminal, "that restore it? [Y/n] ", "y");
    terminal.wait_for("the words", |screen| screen.ends_with("Enter: clear them"));
    terminal.wait_until_read();
    terminal
}

fn words_of(home: &Home) -> Vec<String> {
    let exported = home.run(["export"]).password().json();
    let words = exported["mnemonic"].as_str().unwrap();
    words.split(' ').map(str::to_owned).collect()
}

#[track_caller]
fn assert_seen(written: &[u8], columns: u16, rows: u16, words: &[String]) {
    let seen = Screen::after(written, columns.into(), rows.into()).seen();
    for (word, number) in words.iter().zip(1..) {
        let cell = Regex::new(&format!(r"(?m)(^| ) *{number} {word}( |$)")).unwrap();
        assert!(
            cell.is_match(&seen),
            "{number} {word} of {columns}:\n{seen}"
        );
    }
}

#[track_caller]
fn assert_gone(written: &[u8], columns: u16, rows: u16, words: &[String]) {
    let all = Screen::after(written, columns.into(), rows.into()).all();
    for (word, number) in words.iter().zip(1..) {
        assert!(!all.contains(&format!("{number} {word}")), "{word}:\n{all}");
    }
}

#[test]
fn the_words_fit_every_window_and_are_gone_after_it_on_every_way_out() {
    for ((columns, rows), signal) in [
        ((40, 20), None),
        ((60, 20), Some(Signal::INT)),
        ((80, 24), Some(Signal::TERM)),
        ((200, 50), Some(Signal::HUP)),
    ] {
        let home = Home::new();
        let mut terminal = words_on_screen(&home, columns, rows);
        let words = words_of(&home);
        assert_seen(terminal.written(), columns, rows, &words);
        match signal {
            Some(signal) => terminal.signal(signal),
            None => terminal.send("\n"),
        }
        let ended = terminal.ends();
        let code = signal.is_none().then_some(0);
        assert_eq!(ended.status.code(), code);
        assert_gone(&ended.written, columns, rows, &words);
        let id = home.run(["status"]).json()["bapID"].clone();
        assert_eq!(ended.stdout.trim_end(), id, "it was told before");
    }
}

#[test]
fn the_words_are_laid_anew_when_the_window_changes() {
    let home = Home::new();
    let mut terminal = words_on_screen(&home, 80, 24);
    let before = terminal.written().len();
    terminal.resize(40, 20);
    let words = words_of(&home);
    terminal.wait_for("them again", |screen| {
        screen.matches("Enter: clear them").count() == 2
    });
    let mut written = b"\x1b[?1049h".to_vec();
    written.extend(&terminal.written()[before..]);
    assert_seen(&written, 40, 20, &words);
    terminal.send("\n");
    assert_eq!(terminal.ends().status.code(), Some(0));
}

#[test]
fn a_window_too_low_for_the_words_shows_them_in_turn() {
    let home = Home::new();
    let args = ["export"];
    home.run(["register", "-q", "--words", "24"])
        .password()
        .succeeds();
    let words = words_of(&home);
    let mut command = command(&home, &args);
    command.env("TOKENPASS_PASSWORD", PASSWORD);
    let mut terminal = Terminal::start_with(command, (40, 8), |_, _| {});
    let mut pages = 0;
    loop {
        let shown = terminal.screen().matches("Enter: ").count();
        terminal.wait_for("a page", |screen| screen.matches("Enter: ").count() > pages);
        terminal.wait_until_read();
        pages = shown.max(pages + 1);
        if terminal.screen().ends_with("Enter: clear them") {
            break;
        }
        terminal.send("\n");
    }
    assert!(pages > 1);
    for (word, number) in words.iter().zip(1..) {
        assert!(terminal.screen().contains(&format!("{number} {word}")));
    }
    terminal.send("\n");
    let ended = terminal.ends();
    assert_gone(&ended.written, 40, 8, &words);
}

#[test]
fn an_interrupt_is_a_no_to_showing_the_words() {
    let home = Home::new();
    plays(
        &home,
        "
$ tokenpass register --display-name A --paymail a@a.example --logo https://a.example
New password (8 characters or more): ‹correct horse battery⏎›
Repeat it: ‹correct horse battery⏎›
Show the words that restore it? [Y/n] ‹^C›
`tokenpass export` shows the words that restore this wallet
--- stdout
<id>
--- exit 0
",
    );
}

#[test]
fn import_asks_for_words_which_are_not_shown() {
    let home = Home::new();
    let words = golden()["mnemonic"].as_str().unwrap().to_owned();
    let id = golden()["bap_ids"][0]["identity_key"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut terminal = Terminal::start(command(&home, &["import"]), 100, 40);
    terminal.wait_for("kinds", |screen| {
        screen.contains("the folder of TokenPass Desktop")
    });
    terminal.wait_until_read();
    terminal.send("\n");
    let (first, rest) = words.split_at(words.find(' ').unwrap());
    answer(&mut terminal, "Words: ", &format!("{first}\n"));
    answer(&mut terminal, "1 so far\nWords: ", "zzzz\n");
    terminal.wait_for("what is wrong", |screen| {
        screen.contains("word 2") && screen.ends_with("that line again, please\nWords: ")
    });
    terminal.send(&format!("{rest}\n"));
    answer(&mut terminal, "so far\nWords: ", "\n");
    answer(&mut terminal, "BIP-39 passphrase? [y/N] ", "n");
    answer(&mut terminal, "Bring it in? [y/N] ", "y");
    let question = "New password (8 characters or more): ";
    answer(&mut terminal, question, &format!("{PASSWORD}\n"));
    answer(&mut terminal, "Repeat it: ", &format!("{PASSWORD}\n"));
    let ended = terminal.ends();
    assert_eq!(ended.stdout.trim_end(), id);
    assert!(ended.screen.contains(&id), "told before it was asked");
    assert!(!ended.screen.contains(rest.trim()), "{}", ended.screen);
}

#[test]
fn nothing_is_brought_in_or_replaced_without_a_yes() {
    let home = Home::golden();
    let seed = home.secret_file("seed", &"1f".repeat(64));
    let id = golden()["bap_ids"][0]["identity_key"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut terminal = Terminal::start(
        command(&home, &["import", "--force", "--seed-file", &seed]),
        100,
        24,
    );
    answer(&mut terminal, "Go on? [y/N] ", "n");
    let ended = terminal.ends();
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended
            .screen
            .contains(&format!("It replaces the wallet `{id}`"))
    );
    assert_eq!(home.run(["status"]).json()["bapID"], id);
    let import = ["import", "--force", "--yes", "--seed-file", &seed];
    let mut terminal = Terminal::start(command(&home, &import), 100, 24);
    answer(&mut terminal, "Password: ", &format!("{PASSWORD}\n"));
    assert_eq!(terminal.ends().status.code(), Some(0));
    assert_ne!(home.run(["status"]).json()["bapID"], id);
}

#[test]
fn what_destroys_asks_on_a_terminal_and_goes_ahead_without_one() {
    let home = Home::golden();
    let session = home.login();
    for host in ["a.example", "b.example"] {
        home.run(["auth", "--host", host])
            .session(&session)
            .succeeds();
    }
    home.run(["origin", "allow", "https://a.example"])
        .succeeds();
    home.run(["profile", "set", "displayName=Ada"]).succeeds();
    home.run([
        "client",
        "add",
        "desk",
        "--redirect-uri",
        "https://a.example/cb",
    ])
    .succeeds();
    for (args, loss) in [
        (&["token", "revoke", "--all"][..], "all 2 access tokens end"),
        (
            &["profile", "clear"],
            "These fields are removed: displayName.",
        ),
        (
            &["identity", "rotate"],
            "`Primary Identity` gets another signing key",
        ),
        (
            &["client", "remove", "desk"],
            "The client `desk` and all that it was allowed",
        ),
        (
            &["origin", "deny", "https://a.example"],
            "`a.example` has 1 access token",
        ),
    ] {
        let mut asked = command(&home, args);
        asked.env("TOKENPASS_SESSION", &session);
        let mut terminal = Terminal::start(asked, 80, 24);
        answer(&mut terminal, "Go on? [y/N] ", "\n");
        let ended = terminal.ends();
        assert!(
            ended.screen.replace('\n', " ").contains(loss),
            "{}",
            ended.screen
        );
        assert!(ended.screen.contains("that was a no, so nothing was done"));
        assert_eq!(ended.status.code(), Some(1), "{args:?}");
    }
    let tokens = home.run(["token", "list"]).json();
    assert_eq!(tokens["tokens"].as_array().unwrap().len(), 2);
    // Asked for with `--yes`, and without a terminal.
    let mut sure = command(&home, &["profile", "clear", "--yes"]);
    sure.env("TOKENPASS_SESSION", &session);
    assert_eq!(Terminal::start(sure, 80, 24).ends().status.code(), Some(0));
    home.run(["token", "revoke", "--all"]).succeeds();
    let tokens = home.run(["token", "list"]).json();
    assert!(tokens["tokens"].as_array().unwrap().is_empty());
}

#[test]
fn an_identity_does_not_sign_as_a_host() {
    Home::golden()
        .run(["identity", "sign", "hi", "--host", "example.com"])
        .password()
        .fails(
            2,
            "error: `--host example.com` signs as that host, and `identity sign` as an identity\n\
             hint: `tokenpass sign --host example.com` uses the host's key\n",
        );
}

#[test]
fn the_same_password_and_a_guessable_one_are_asked_again() {
    let home = Home::registered();
    let mut terminal = Terminal::start(command(&home, &["passwd"]), 80, 24);
    answer(&mut terminal, "Password: ", &format!("{PASSWORD}\n"));
    for new in [PASSWORD, "Password123!", "quilt zebra lamp"] {
        answer(&mut terminal, "more): ", &format!("{new}\n"));
        answer(&mut terminal, "Repeat it: ", &format!("{new}\n"));
    }
    let screen = terminal.ends().screen;
    for said in ["this is the password you have", "it is a common password"] {
        assert!(screen.contains(said), "{screen}");
    }
    home.run(["key"])
        .env("TOKENPASS_PASSWORD", "quilt zebra lamp")
        .prints();
}
