//! What must not be left behind, by a killed process or a change of password,
//! and whose folder is used at all.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::run::tokenpass;
use crate::support::serve::RunningServer;
use crate::support::strace::can_trace;
use crate::support::{Home, PASSWORD};

const NEW_PASSWORD: &str = "another battery staple";

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn private_dir(path: &Path) {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_replaced_vault_is_nowhere_on_disk() {
    let home = Home::registered();
    let path = home.path().join("seed.db");
    let vault = rusqlite::Connection::open(&path).unwrap();
    let old: Vec<u8> = vault
        .query_row("SELECT ciphertext FROM vault", [], |row| row.get(0))
        .unwrap();
    drop(vault);
    let part = &old[..32];
    let holds = |name: &String| {
        let bytes = fs::read(home.path().join(name)).unwrap();
        bytes.windows(part.len()).any(|window| window == part)
    };
    assert!(holds(&"seed.db".to_owned()));
    // The server keeps the files open, as they are while a wallet is in use.
    let _server = RunningServer::start(&home, &["--unlock"]);
    let new = home.secret_file("new", NEW_PASSWORD);
    home.run(["passwd", "--new-password-file", &new])
        .password()
        .succeeds();
    let with_it: Vec<_> = names(&home.path()).into_iter().filter(holds).collect();
    assert!(with_it.is_empty(), "{with_it:?}");
}

#[test]
fn what_a_killed_start_left_is_named_and_then_cleared() {
    let home = Home::registered();
    let litter = home.path().join(".tokenpass-00112233aabbccdd");
    private_dir(&litter);
    fs::write(litter.join("new"), "half").unwrap();
    let sockets = home.beside("temporary");
    private_dir(&sockets);
    let socket = sockets.join("tp-00112233aabbccdd");
    private_dir(&socket);
    fs::write(socket.join("s"), "").unwrap();

    let doctor = || {
        let text = home.run(["doctor"]).env("TMPDIR", &sockets).prints();
        let lines = text.lines().filter(|line| line.contains(" litter: "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let named = |path: &Path| {
        format!(
            "warning  litter: `{}` was left by a killed process",
            path.display()
        )
    };
    assert_eq!(doctor(), [named(&litter), named(&socket)]);
    home.run(["sign", "hi"]).password().succeeds();
    assert!(!litter.exists());

    let mut server = tokenpass(&home.path())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("TMPDIR", &sockets)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(server.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    assert!(!socket.exists());
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(doctor(), [""; 0]);
}

/// Killed at each of its first system calls that change the file system.
#[test]
fn a_register_that_is_killed_anywhere_can_be_repeated() {
    if !can_trace() {
        return;
    }
    for call in [
        "openat,mkdir,mkdirat",
        "pwrite64,fsync,fdatasync",
        "link,linkat,unlink,unlinkat",
    ] {
        for nth in (1..=40).step_by(3) {
            let home = Home::new();
            traced(
                &home,
                &format!("{call}:signal=KILL:when={nth}"),
                &["register", "-q"],
            );
            let again = home.run(["register", "-q"]).password().done();
            let exists = again.stderr.contains("a wallet exists already");
            assert!(again.code == 0 || exists, "{call} {nth}: {}", again.stderr);
            home.run(["sign", "hi"]).password().succeeds();
            let left = names(&home.path());
            assert!(
                left.iter().all(|name| !name.starts_with('.')),
                "{call} {nth}: {left:?}"
            );
        }
    }
}

/// Each system call that changes a file fails once.
#[test]
fn a_new_password_counts_exactly_where_passwd_says_so() {
    if !can_trace() {
        return;
    }
    let mut failed = 0;
    for call in ["fsync,fdatasync", "ftruncate", "pwrite64"] {
        for nth in 1..=14 {
            let home = Home::registered();
            let new = home.secret_file("new", NEW_PASSWORD);
            let inject = format!("{call}:error=EIO:when={nth}");
            let changed = traced(&home, &inject, &["passwd", "--new-password-file", &new]);
            failed += u32::from(!changed);
            let opens = |password| {
                let run = home.run(["sign", "hi"]).env("TOKENPASS_PASSWORD", password);
                run.done().code == 0
            };
            assert_eq!(opens(NEW_PASSWORD), changed, "{inject}");
            assert_eq!(opens(PASSWORD), !changed, "{inject}");
        }
    }
    assert!(failed > 3, "{failed}");
}

/// Runs a command under `strace`, which meddles with its system calls;
/// whether it succeeded.
fn traced(home: &Home, inject: &str, args: &[&str]) -> bool {
    let command = tokenpass(&home.path());
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-o", "/dev/null", "-e"])
        .arg(format!("inject={inject}"));
    strace.arg(command.get_program()).args(args).env_clear();
    for (name, value) in command.get_envs() {
        strace.env(name, value.unwrap());
    }
    strace.env("TOKENPASS_PASSWORD", PASSWORD);
    let strace = strace.stdin(Stdio::null()).stdout(Stdio::null());
    strace.stderr(Stdio::null()).status().unwrap().success()
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn a_home_of_another_user_is_refused_even_for_root() {
    let home = Home::registered();
    if chown(home.path(), Some(65534), None).is_err() {
        eprintln!("skipped: only root can give a folder away");
        return;
    }
    let path = home.path();
    let message = format!(
        "error: `{}` belongs to another user (uid 65534)\n\
         hint: run it as that user, or choose another folder with `--home DIR`\n",
        path.display()
    );
    home.run(["sign", "hi"]).password().fails(1, &message);
    home.run(["register"]).password().fails(1, &message);
    assert_eq!(home.run(["doctor"]).done().code, 1);
}

#[test]
fn a_tilde_that_no_shell_expanded_is_the_users_home() {
    let home = Home::registered();
    let user = home.path().parent().unwrap().to_owned();
    let told = |path: &str| {
        let run = home.run(["status", "--json"]).env("HOME", &user);
        run.env("TOKENPASS_HOME", path).done()
    };
    assert!(
        String::from_utf8(told("~/home").stdout)
            .unwrap()
            .contains("\"seed\":true")
    );
    let done = told("~bob/home");
    assert_eq!(done.code, 2);
    assert!(
        done.stderr
            .contains("`~bob/home`: whose folder `~` stands for is not known"),
        "{}",
        done.stderr
    );
}
