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
