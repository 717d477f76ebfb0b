//! Backups that copies of one wallet merge.

use std::path::Path;

use crate::support::{Home, Run};

/// A second copy of the wallet, from a backup that is in `from`.
fn copy_of(from: &str, passphrase: &str) -> Home {
    let copy = Home::new();
    let backup = [
        "import",
        "--backup",
        from,
        "--backup-password-file",
        passphrase,
    ];
    copy.run(backup).password().prints();
    copy
}

fn export(home: &Home, to: &Path, passphrase: &str) {
    let export = ["export", "--format", "bep", "-q", "--output"];
    let rest = [to.to_str().unwrap(), "--backup-password-file", passphrase];
    home.run([&export[..], &rest].concat())
        .password()
        .succeeds();
}

fn merge(home: &Home, from: &Path, passphrase: &str) -> Run {
    let from = from.to_str().unwrap();
    let merge = [
        "backup",
        "merge",
        from,
        "--backup-password-file",
        passphrase,
    ];
    home.run(merge).password()
}

#[test]
fn two_machines_become_the_same_by_merging_a_folder() {
    let home = Home::golden();
    let passphrase = home.secret_file("passphrase", "a passphrase\n");
    let folder = home.beside("synced");
    std::fs::create_dir(&folder).unwrap();
    export(&home, &folder.join("laptop.bep"), &passphrase);
    let desk = copy_of(folder.join("laptop.bep").to_str().unwrap(), &passphrase);

    desk.run(["identity", "create", "--name", "Work"])
        .password()
        .prints();
    desk.run([
        "contact",
        "add",
        "Bob",
        "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj",
    ])
    .prints();
    home.run(["profile", "set", "displayName=Ada"]).succeeds();
    export(&desk, &folder.join("desk.BEP"), &passphrase);

    // What else may lie in a folder that is synced.
    std::fs::write(folder.join("notes.txt"), "not looked at").unwrap();
    std::fs::write(folder.join("empty.bep"), "").unwrap();
    std::fs::write(folder.join("large.bep"), vec![b'A'; 5 * 1024 * 1024]).unwrap();
    std::fs::create_dir(folder.join("folder.bep")).unwrap();
    let done = merge(&home, &folder, &passphrase).done();
    assert_eq!(done.code, 0, "{}", done.stderr);
    let told = String::from_utf8(done.stdout).unwrap();
    assert_eq!(told, "from 2 backups:\n  1 identity\n  1 contact\n");
    for name in ["empty.bep", "large.bep"] {
        let path = folder.join(name).display().to_string();
        let line = format!("warning: `{path}` was passed over: not a backup file\n");
        assert!(done.stderr.contains(&line), "{}", done.stderr);
    }
    assert!(
        done.stderr.contains("folder.bep` was passed over"),
        "{}",
        done.stderr
    );
    assert_eq!(done.stderr.lines().count(), 3, "{}", done.stderr);
    let list = home.run(["identity", "list"]).password().json();
    assert_eq!(list["count"], 2);

    let again = merge(&home, &folder.join("desk.BEP"), &passphrase).prints();
    assert_eq!(again, "nothing new in 1 backup\n");

    export(&home, &folder.join("laptop-2.bep"), &passphrase);
    let merged = merge(&desk, &folder.join("laptop-2.bep"), &passphrase).json();
    assert_eq!(
        (&merged["profile"], &merged["read"]),
        (&1.into(), &1.into())
    );
    let shown = |home: &Home| {
        let list = home.run(["identity", "list"]).password().prints();
        (
            list,
            home.run(["profile"]).prints(),
            home.run(["contact", "list"]).prints(),
        )
    };
    assert_eq!(shown(&home), shown(&desk));
}

#[test]
fn what_is_not_a_backup_of_this_wallet_is_refused() {
    let (home, other) = (Home::registered(), Home::registered());
    let passphrase = home.secret_file("passphrase", "a passphrase");
    let wrong = home.secret_file("wrong", "another passphrase");
    let folder = home.beside("synced");
    std::fs::create_dir(&folder).unwrap();
    let none = format!(
        "error: no file in `{}` ends in `.bep`
hint: name the folder that the backups are in
",
        folder.display()
    );
    merge(&home, &folder, &passphrase).fails(1, &none);
    let theirs = folder.join("other.bep");
    export(&other, &theirs, &passphrase);
    merge(&home, &theirs, &passphrase).fails(
        1,
        "error: the backup is another wallet's
hint: nothing was changed; `tokenpass import --backup` makes a wallet of it, elsewhere
",
    );
    let done = merge(&home, &folder, &passphrase).done();
    let told = "error: none of 1 files is a backup of this wallet
hint: check the passphrase of the backups; nothing was changed
";
    assert_eq!(
        (done.code, done.stderr.ends_with(told)),
        (1, true),
        "{}",
        done.stderr
    );
    merge(&home, &theirs, &wrong).fails(
        1,
        "error: wrong backup passphrase, or the backup is damaged
hint: it is the passphrase that the backup was made with, not always the password
",
    );
    let gone = folder.join("gone.bep");
    let missing = format!(
        "error: cannot use `{}`: no such file or directory\n",
        gone.display()
    );
    merge(&home, &gone, &passphrase).fails(1, &missing);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let home = Home::registered();
    let passphrase = home.secret_file("passphrase", "a passphrase");
    let pipe = home.beside("pipe.bep");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).unwrap();
    let refused = format!("error: cannot use `{}`: it is not a file\n", pipe.display());
    merge(&home, &pipe, &passphrase).fails(1, &refused);
}

fn back_up(home: &Home, to: &Path, passphrase: &str, options: &[&str]) -> Run {
    let to = to.to_str().unwrap();
    let backup = ["backup", "--to", to, "--backup-password-file", passphrase];
    home.run([&backup[..], options].concat()).password()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn it_is_told_how_it_stands_with_the_backups() {
    let home = Home::new();
    let none = "error: there is no wallet yet
hint: make one with `tokenpass register`, or bring yours with `tokenpass import`
";
    home.run(["backup"]).fails(3, none);
    let home = Home::registered();
    let passphrase = home.secret_file("passphrase", "a passphrase");
    let folder = home.beside("folder");
    let yet = "none yet: `tokenpass backup --to DIR` makes one";
    assert_eq!(
        home.run(["backup"]).prints(),
        format!("last\t{yet}\nschedule\tnone\n")
    );
    assert!(
        home.run(["status"])
            .prints()
            .ends_with(&format!("backup\t{yet}\n"))
    );

    let file = back_up(&home, &folder, &passphrase, &[]).prints();
    assert_eq!(
        names(&folder),
        [file.trim_end().rsplit('/').next().unwrap()]
    );
    let state = home.run(["backup", "status"]).json();
    assert_eq!(
        (&state["unsaved"], &state["schedule"]),
        (&false.into(), &().into())
    );
    assert_eq!(state["file"], file.trim_end());
    home.run(["profile", "set", "displayName=Ada"]).succeeds();
    let status = home.run(["status"]).json();
    assert_eq!(status["backup"]["unsaved"], true);
    let told = home.run(["status"]).prints();
    assert!(
        told.ends_with("ago; what was changed since is in none\n"),
        "{told}"
    );

    // What `export` writes is a backup too.
    export(&home, &home.beside("exported.bep"), &passphrase);
    assert_eq!(home.run(["backup"]).json()["unsaved"], false);
}

#[test]
fn a_schedule_names_a_folder_and_the_file_of_the_passphrase() {
    let home = Home::registered();
    home.run(["backup", "--every", "1d"]).password().fails(
        2,
        "error: `--every` needs a folder\nhint: name it with `--to DIR`\n",
    );
    let folder = home.beside("folder");
    let to = folder.to_str().unwrap();
    home.run(["backup", "--every", "1d", "--to", to])
        .password()
        .fails(
            2,
            "error: a server cannot ask for the passphrase of the backups
hint: write it to a file, and name that with `--backup-password-file`
",
        );
    home.run(["backup", "--every", "off", "--to", to])
        .password()
        .fails(
            2,
            "error: `--every off` makes no backup: leave `--to` away\n",
        );
    let passphrase = home.secret_file("passphrase", "a passphrase");
    let made = back_up(
        &home,
        &folder,
        &passphrase,
        &["--every", "1d", "--keep", "3"],
    )
    .json();
    assert_eq!(made["scheduled"], true);
    let schedule = &home.run(["backup"]).json()["schedule"];
    let expected = serde_json::json!({
        "to": std::fs::canonicalize(&folder).unwrap(),
        "keep": 3,
        "every": 86_400_000,
        "passwordFile": std::fs::canonicalize(&passphrase).unwrap(),
        "failure": null,
    });
    assert_eq!(*schedule, expected);
    // The passphrase itself is nowhere in the home, nor are the words in clear.
    let state = std::fs::read(home.path().join("state.db")).unwrap();
    assert!(!state.windows(12).any(|bytes| bytes == b"a passphrase"));
    assert_eq!(home.run(["backup", "--every", "off"]).json()["ended"], true);
    assert_eq!(
        home.run(["backup"]).json()["schedule"],
        serde_json::Value::Null
    );
}

#[test]
fn a_running_server_makes_backups_and_says_why_it_does_not() {
    use crate::support::serve::RunningServer;

    let home = Home::registered();
    let passphrase = home.secret_file("passphrase", "a passphrase");
    let folder = home.beside("folder");
    back_up(&home, &folder, &passphrase, &["--every", "1s"]).prints();
    let (server, mut log) = RunningServer::with_log(&home, &["--unlock"]);
    let mut told = |what: &str| {
        let mut texts = log.by_ref().filter_map(|line| {
            let text = line.get("note").or(line.get("warning"))?;
            Some(text.as_str()?.to_owned())
        });
        texts.find(|text| text.starts_with(what)).unwrap()
    };
    home.run(["profile", "set", "displayName=Ada"]).succeeds();
    told("a backup is made: ");
    assert_eq!(names(&folder).len(), 2);

    std::fs::remove_file(&passphrase).unwrap();
    home.run(["profile", "set", "displayName=Countess"])
        .succeeds();
    told("no backup was made: cannot use ");
    told("the backup is tried again in 30s");
    let status = server.request("GET", "/api/status").send().ok();
    assert_eq!(status["backup"]["unsaved"], true);
    let error = status["backup"]["schedule"]["failure"]["error"]
        .as_str()
        .unwrap();
    assert!(error.ends_with("no such file or directory"), "{error}");
    let status = home.run(["status"]).prints();
    assert!(
        status.contains("the next one failed: cannot use"),
        "{status}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_backup_that_is_killed_leaves_the_one_before_and_no_litter() {
    use crate::support::PASSWORD;
    use crate::support::run::{tokenpass, under};
    use crate::support::strace::can_trace;

    if !can_trace() {
        return;
    }
    let home = Home::registered();
    let passphrase = home.secret_file("passphrase", "a passphrase");
    let folder = home.beside("folder");
    let first = back_up(&home, &folder, &passphrase, &[]).prints();
    let first = Path::new(first.trim_end());
    let before = std::fs::read(first).unwrap();
    // Just before it gets its name.
    let kill = "inject=linkat:error=EIO:signal=KILL";
    let mut command = tokenpass(&home.path());
    let backup = [
        "backup",
        "--keep",
        "1",
        "--backup-password-file",
        &passphrase,
    ];
    command.args(backup).arg("--to").arg(&folder);
    command.env("TOKENPASS_PASSWORD", PASSWORD);
    let mut killed = under(
        &command,
        "strace",
        &["-f", "-q", "-o", "/dev/null", "-e", kill],
    );
    assert!(!killed.status().unwrap().success());
    assert_eq!(std::fs::read(first).unwrap(), before);
    let left = names(&folder);
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left[0].starts_with(".tokenpass-"), "{left:?}");
    let whole = |name: &String| name.ends_with(".bep");
    assert_eq!(left.iter().filter(|name| whole(name)).count(), 1);

    back_up(&home, &folder, &passphrase, &[]).prints();
    let names = names(&folder);
    assert_eq!(
        (names.len(), names.iter().all(whole)),
        (2, true),
        "{names:?}"
    );
}

#[test]
fn two_at_once_are_two_backups() {
    let home = Home::registered();
    let passphrase = home.secret_file("passphrase", "a passphrase");
    let folder = home.beside("folder");
    std::fs::create_dir(&folder).unwrap();
    let make = || back_up(&home, &folder, &passphrase, &[]).prints();
    std::thread::scope(|scope| {
        let other = scope.spawn(make);
        assert_ne!(make(), other.join().unwrap());
    });
    assert_eq!(names(&folder).len(), 2);
}
