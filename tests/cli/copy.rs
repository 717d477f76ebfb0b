//! `--copy` and `--qr`: results on the clipboard, and for a phone's camera.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use tempfile::TempDir;

use crate::support::run::{Done, Run, tokenpass};
use crate::support::terminal::{Terminal, terminal};
use crate::support::{Home, PASSWORD};

/// A folder with these programs, each a line of shell script.
fn programs(scripts: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, line) in scripts {
        let script = folder.path().join(name);
        fs::write(&script, format!("#!/bin/sh\n{line}\n")).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    }
    folder
}

/// With these programs before the system's own.
fn beside(run: Run, programs: &Path) -> Done {
    let path = format!("{}:/usr/bin:/bin", programs.display());
    run.password().env("PATH", path).done()
}

#[test]
fn the_result_is_copied_and_printed_and_no_secret_is_passed_on() {
    let home = Home::registered();
    let told = home.beside("told");
    let told_environment = home.beside("environment");
    let takes = format!(
        "cat > '{}'; env > '{}'",
        told.display(),
        told_environment.display()
    );
    // The first has no display.
    let folder = programs(&[("wl-copy", "cat > /dev/null; exit 1"), ("xclip", &takes)]);
    let session = home.login();
    let to = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf";
    for args in [
        &["sign", "hi"][..],
        &["sign", "--path", "/api/x"],
        &["encrypt", "hi", "--to", to],
    ] {
        let run = home.run([args, &["--copy"]].concat());
        let done = beside(run.session(&session), folder.path());
        assert_eq!((done.code, &*done.stderr), (0, "copied to the clipboard\n"));
        let printed = String::from_utf8(done.stdout).unwrap();
        assert_eq!(fs::read_to_string(&told).unwrap(), printed.trim_end());
        let environment = fs::read_to_string(&told_environment).unwrap();
        assert!(environment.contains("PATH="), "{environment}");
        for secret in ["TOKENPASS_PASSWORD", "TOKENPASS_SESSION", PASSWORD] {
            assert!(!environment.contains(secret), "{environment}");
        }
    }
    // Of a key the part that others are given.
    let key = home.run(["key", "--friend", "abc"]).password().json();
    for (args, part) in [
        (&["key", "--friend", "abc", "--copy"][..], "publicKey"),
        (&["key", "--friend", "abc", "--copy=address"], "address"),
    ] {
        assert_eq!(beside(home.run(args), folder.path()).code, 0);
        assert_eq!(
            fs::read_to_string(&told).unwrap(),
            key[part].as_str().unwrap()
        );
    }
}

#[test]
fn where_there_is_no_clipboard_the_result_is_printed_all_the_same() {
    let home = Home::registered();
    let nothing = programs(&[]);
    let run = home.run(["key", "--copy"]).password();
    let done = run.env("PATH", nothing.path()).env("TERM", "xterm").done();
    assert_eq!(done.code, 1);
    assert_eq!(
        done.stderr,
        "error: nothing is copied: none of `wl-copy`, `xclip`, `xsel`, `clip.exe` reaches a clipboard
hint: the result is printed all the same\n"
    );
    assert!(
        String::from_utf8(done.stdout)
            .unwrap()
            .starts_with("address\t1")
    );
}

#[test]
fn secrets_are_not_offered_to_the_clipboard() {
    let home = Home::registered();
    for args in [
        &["auth", "--host", "a.example", "--copy"][..],
        &["export", "--copy"],
        &["decrypt", "00", "--copy"],
    ] {
        assert_eq!(home.run(args).password().done().code, 2, "{args:?}");
    }
}

#[test]
fn a_terminal_may_have_a_clipboard_of_its_own() {
    let home = Home::registered();
    let names = ["wl-copy", "xclip", "xsel", "clip.exe", "pbcopy"];
    let unable = programs(&names.map(|name| (name, "exit 1")));
    let path = format!("{}:/usr/bin:/bin", unable.path().display());
    for (kind, knows) in [("xterm-256color", true), ("linux", false), ("dumb", false)] {
        let mut command = tokenpass(&home.path());
        command
            .args(["sign", "hi", "--copy"])
            .env("TOKENPASS_PASSWORD", PASSWORD)
            .env("PATH", &path)
            .env("TERM", kind);
        let ended = Terminal::start(command, 80, 24).ends();
        let sent = BASE64_STANDARD.encode(ended.stdout.trim_end());
        let sequence = format!("\u{1b}]52;c;{sent}\u{7}");
        assert_eq!(ended.screen.contains(&sequence), knows, "{}", ended.screen);
        assert_eq!(ended.status.success(), knows, "{kind}");
    }
}

#[test]
fn a_code_is_drawn_without_colours_where_it_is_piped() {
    let home = Home::registered();
    let id = home.run(["status"]).json()["bapID"]
        .as_str()
        .unwrap()
        .to_owned();
    let key = home.run(["key"]).password().json();
    let friends = home.run(["key", "--friend", "abc"]).password().json();
    for (args, text) in [
        (&["status", "--qr"][..], &*id),
        (&["key", "--qr"], key["address"].as_str().unwrap()),
        (
            &["key", "--qr=public-key"],
            key["publicKey"].as_str().unwrap(),
        ),
        (
            &["key", "--friend", "abc", "--qr"],
            friends["publicKey"].as_str().unwrap(),
        ),
    ] {
        let drawn = home.run(args).password().prints();
        let (code, below) = drawn.trim_end().rsplit_once('\n').unwrap();
        assert_eq!(below, text);
        let columns = code.lines().next().unwrap().chars().count();
        assert!(code.lines().all(|line| line.chars().count() == columns));
        assert_eq!(code.lines().count(), columns.div_ceil(2));
        assert!(code.chars().all(|c| "█▀▄ \n".contains(c)), "{code}");
    }
    home.run(["status", "--qr", "--json"]).fails(
        2,
        "{\"error\":\"`--qr` draws for a person, and `--json` writes for a program\",\"code\":2,\"hint\":\"leave out one of them\"}\n",
    );
    assert_eq!(Home::new().run(["status", "--qr"]).done().code, 3);
}

#[test]
fn a_code_that_is_wider_than_the_terminal_is_not_drawn() {
    let home = Home::registered();
    let (_person, open) = terminal(30, 24);
    let done = home.run(["status", "--qr"]).stdout(open());
    assert_eq!(done.code, 1);
    assert_eq!(
        done.stderr,
        "error: the code is 37 columns wide, and the terminal 30
hint: make the window wider, or the letters smaller\n"
    );
}
