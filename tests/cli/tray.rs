//! `tokenpass tray`: which program it starts, and how. `packaging/check/tray.sh` tries that
//! program in a panel.
#![cfg(unix)]

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::run::tokenpass;

/// The binary where no other is beside it, unless it is put there.
fn installed() -> tempfile::TempDir {
    // A link, since a copy takes its time; so on the same file system.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let binary = env!("CARGO_BIN_EXE_tokenpass");
    fs::hard_link(binary, folder.path().join("tokenpass")).unwrap();
    folder
}

/// A program that says what it was given, and ends with 6.
fn put_tray(folder: &Path, name: &str) {
    let script = folder.join("tokenpass-tray");
    let lines = format!("#!/bin/sh\necho {name} \"$@\"\n/usr/bin/env\nexit 6\n");
    fs::write(&script, lines).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
}

fn tray(folder: &Path, home: &Path, path: &Path, args: &[&str]) -> Output {
    let settings = tokenpass(home);
    let settings = settings.get_envs();
    let settings = settings.map(|(name, value)| (name.to_owned(), value.unwrap().to_owned()));
    Command::new(folder.join("tokenpass"))
        .arg("tray")
        .args(args)
        .env_clear()
        .envs(settings.collect::<Vec<(OsString, OsString)>>())
        .env("TOKENPASS_PASSWORD", "seven quiet herons")
        .env("TOKENPASS_SESSION", "a session")
        .env("PATH", path)
        .output()
        .unwrap()
}

#[test]
fn it_starts_the_program_beside_it_or_on_the_path_and_ends_as_that_does() {
    let (own, path) = (installed(), tempfile::tempdir().unwrap());
    let home = Path::new("/a home");
    put_tray(path.path(), "path");
    let told = |args: &[&str]| {
        let output = tray(own.path(), home, path.path(), args);
        assert_eq!(output.status.code(), Some(6));
        let told = String::from_utf8(output.stdout).unwrap();
        let (given, environment) = told.split_once('\n').unwrap();
        assert!(environment.contains("PATH="), "{environment}");
        for secret in ["TOKENPASS_PASSWORD", "TOKENPASS_SESSION"] {
            assert!(!environment.contains(secret), "{environment}");
        }
        given.to_owned()
    };
    assert_eq!(told(&[]), "path --home /a home");
    put_tray(own.path(), "beside");
    assert_eq!(told(&["--wait"]), "beside --home /a home --wait");
}

#[test]
fn where_it_is_not_installed_it_says_how_to_get_it() {
    let (own, path) = (installed(), tempfile::tempdir().unwrap());
    let output = tray(own.path(), Path::new("/a home"), path.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: `tokenpass-tray` is not installed\n\
         hint: it is a package of its own, `tokenpass-tray`; or `cargo install tokenpass --features tray`\n"
    );
}
