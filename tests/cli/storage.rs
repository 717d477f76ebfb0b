//! Files: who can read them, and what happens when they are damaged.

use std::fs;
use std::path::Path;

use crate::support::Home;
#[cfg(unix)]
use crate::support::other_user::OtherUser;

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
#[test]
fn the_folder_is_0700_and_every_file_0600() {
    let home = Home::registered();
    home.login();
    home.run(["auth", "--host", "a.example"])
        .password()
        .prints();
    assert_eq!(mode(&home.path()), 0o700);
    let mut files = 0;
    for entry in fs::read_dir(home.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        files += 1;
    }
    assert!(files >= 3);
}

#[cfg(unix)]
#[test]
fn another_user_of_the_machine_gets_nothing_out_of_a_home() {
    let Some(other) = OtherUser::new() else {
        return;
    };
    let home = Home::registered();
    // The folder around the home lets everybody in.
    set_mode(home.path().parent().unwrap(), 0o755);
    let done = other
        .tokenpass()
        .args(["status", "--home"])
        .arg(home.path())
        .output()
        .unwrap();
    assert_eq!((done.status.code(), done.stdout.len()), (Some(1), 0));
    let stderr = String::from_utf8(done.stderr).unwrap();
    assert!(stderr.contains("permission denied"), "{stderr}");
    let file = home.path().join("seed.db");
    let done = other.command("/bin/cat").arg(file).output().unwrap();
    assert_eq!((done.status.success(), done.stdout.len()), (false, 0));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    let home = Home::registered();
    let vault = home.path().join("seed.db");
    set_mode(&vault, 0o644);
    let vault = vault.display();
    home.run(["sign", "hi"]).password().fails(
        1,
        &format!("error: `{vault}` can be read by others (mode 0644)\nhint: chmod go= {vault}\n"),
    );
    let examined = home.run(["doctor"]).done();
    assert_eq!(examined.code, 1);
    let text = String::from_utf8(examined.stdout).unwrap();
    assert!(
        text.contains("problem  seed.db: ") && text.contains("chmod go= "),
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn an_export_is_for_its_owner_only() {
    let home = Home::registered();
    let file = home.beside("seed.json");
    let args = [
        "export",
        "-q",
        "--format",
        "json",
        "--output",
        file.to_str().unwrap(),
    ];
    home.run(args).password().succeeds();
    assert_eq!(mode(&file), 0o600);
    let before = fs::read(&file).unwrap();
    assert_eq!(home.run(args).password().done().code, 1);
    assert_eq!(fs::read(&file).unwrap(), before);
    home.run(args.into_iter().chain(["--force"]))
        .password()
        .succeeds();
}

/// The vault's ciphertext, changed in one bit behind the program's back.
#[test]
fn a_vault_flipped_in_one_bit_is_damaged_not_a_wrong_password() {
    let home = Home::registered();
    let path = home.path().join("seed.db");
    let vault = rusqlite::Connection::open(&path).unwrap();
    let changed = vault
        .execute(
            // Whichever byte is there first, another.
            "UPDATE vault SET ciphertext = CAST(
                 iif(substr(ciphertext, 1, 1) = X'00', X'01', X'00') || substr(ciphertext, 2)
             AS BLOB)",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    drop(vault);
    let done = home.run(["sign", "hi"]).password().done();
    assert_eq!(done.code, 1);
    assert!(
        done.stderr.contains("`seed.db`") && done.stderr.contains("damaged"),
        "{}",
        done.stderr
    );
    assert!(
        done.stderr.contains("hint: `tokenpass doctor` says more"),
        "{}",
        done.stderr
    );
    assert_eq!(home.run(["doctor"]).done().code, 1);
}

#[test]
fn a_truncated_vault_is_named_and_left_as_it_is() {
    let home = Home::registered();
    let path = home.path().join("seed.db");
    let whole = fs::read(&path).unwrap();
    for keep in [0, 10, whole.len() / 2] {
        fs::write(&path, &whole[..keep]).unwrap();
        for args in [&["sign", "hi"][..], &["register"]] {
            let done = home.run(args).password().done();
            assert_eq!(done.code, 1, "{keep} {args:?}: {}", done.stderr);
            assert!(
                done.stderr.contains("seed.db` is damaged"),
                "{}",
                done.stderr
            );
        }
        assert_eq!(fs::read(&path).unwrap(), whole[..keep]);
    }
}

/// Whichever of its files is newer, and whether the command needs that one or not.
#[test]
fn a_home_of_a_newer_version_is_left_alone() {
    for name in ["seed.db", "keys.db", "state.db"] {
        let home = Home::registered();
        let new = home.secret_file("new", "another battery staple");
        let seed = home.secret_file("seed", &"07".repeat(64));
        let path = home.path().join(name);
        let database = rusqlite::Connection::open(&path).unwrap();
        database.pragma_update(None, "user_version", 99).unwrap();
        drop(database);
        let contents = || {
            ["seed.db", "keys.db", "state.db"].map(|name| fs::read(home.path().join(name)).unwrap())
        };
        let before = contents();
        for args in [
            &["status"][..],
            &["sign", "hi"],
            &["auth", "--host", "b.example"],
            &["token", "list"],
            &["log"],
            &["profile"],
            &["login"],
            &["passwd", "--new-password-file", &new],
            &["register"],
            &["import", "--force", "--seed-file", &seed],
            &["export"],
            &["serve", "--listen", "127.0.0.1:0"],
        ] {
            let done = home.run(args).password().done();
            assert_eq!((done.code, done.stdout.len()), (1, 0), "{name} {args:?}");
            let start = format!(
                "error: `{}` was written by a newer version (format 99",
                path.display()
            );
            let hint = "hint: use that version, or a later one; nothing was changed\n";
            assert!(done.stderr.starts_with(&start), "{}", done.stderr);
            assert!(done.stderr.ends_with(hint), "{}", done.stderr);
        }
        let examined = home.run(["doctor"]).done();
        let text = String::from_utf8(examined.stdout).unwrap();
        let found = format!("problem  {name}: ");
        assert!(examined.code == 1 && text.contains(&found), "{text}");
        assert!(contents() == before, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_home_that_cannot_be_made_is_told() {
    let home = Home::new();
    fs::write(home.beside("file"), "").unwrap();
    let inside = home.beside("file").join("home");
    let run = home
        .run(["register"])
        .password()
        .env("TOKENPASS_HOME", &inside);
    let done = run.done();
    assert_eq!((done.code, done.stdout.len()), (1, 0));
    assert!(
        done.stderr
            .contains(&format!("{}", home.beside("file").display())),
        "{}",
        done.stderr
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_none() {
    let home = Home::registered();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let done = home.run(["sign", "hi"]).password().stdout(full);
    assert_eq!(done.code, 1);
    assert_eq!(
        done.stderr,
        "error: cannot write to standard output: no space left on device\n"
    );
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let done = home.run(["sign", "hi"]).password().stdout(writer);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let done = home.run(["--help"]).stdout(writer);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
}
