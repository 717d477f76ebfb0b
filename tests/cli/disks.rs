//! Disks that are full or read-only: nothing half made, no crash, and what
//! only reads goes on. Takes root, who can mount; skipped elsewhere.

use std::fmt::Display;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::fs::{FallocateFlags, fallocate};
use serde_json::json;

use crate::support::proof::server_file;
use crate::support::run::{Done, Run};
use crate::support::serve::RunningServer;
use crate::support::{Home, PASSWORD};

/// A file system of its own as the wallet's folder; unmounted when dropped.
struct Disk(Home);

impl Disk {
    /// In memory, of so many KiB.
    fn tmpfs(kib: u32) -> Option<Self> {
        let options = format!("size={kib}k,mode=0700");
        Self::mounted(Home::new(), &["-t", "tmpfs", "-o", &options, "tmpfs"])
    }

    /// ext4 with blocks of 1 KiB, 2 MiB in all.
    fn ext4() -> Option<Self> {
        let home = Home::new();
        let image = home.beside("image");
        File::create(&image).unwrap().set_len(2 << 20).unwrap();
        let image = image.to_str().unwrap();
        if !quietly("mkfs.ext4", &["-q", "-b", "1024", "-m", "0", image]) {
            return skipped("there is no `mkfs.ext4`");
        }
        Self::mounted(home, &["-o", "loop", image])
    }

    fn mounted(home: Home, args: &[&str]) -> Option<Self> {
        let path = home.path();
        fs::create_dir(&path).unwrap();
        let args = [args, &[path.to_str().unwrap()]].concat();
        if !quietly("mount", &args) {
            return skipped("only root can mount");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        Some(Self(home))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let path = self.0.path();
        assert!(quietly("mount", &["-o", &options, path.to_str().unwrap()]));
    }

    /// With the password.
    fn run(&self, args: &[&str]) -> Run {
        self.0.run(args).password()
    }

    fn filler(&self) -> PathBuf {
        self.0.path().join("filler")
    }

    /// Leaves so many KiB.
    fn fill(&self, leave: u64) {
        let file = File::create(self.filler()).unwrap();
        let mut size = 0;
        // Takes its blocks at once. Writes would only reserve them, and how much is
        // left would hang on when the kernel has written them.
        while fallocate(&file, FallocateFlags::empty(), size, 1024).is_ok() {
            size += 1024;
        }
        file.set_len(size.saturating_sub(leave * 1024)).unwrap();
        file.sync_all().unwrap();
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "filler" && name != "lost+found")
            .collect()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        quietly("umount", &["-l", self.0.path().to_str().unwrap()]);
    }
}

#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped<T>(why: &str) -> Option<T> {
    eprintln!("skipped: {why}");
    None
}

fn quietly(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdout(Stdio::null());
    command
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a failed start leaves is neither half a file nor litter.
#[track_caller]
fn assert_no_half_files(disk: &Disk, size: impl Display) {
    for name in disk.files() {
        let whole = name.trim_end_matches("-journal");
        assert!(
            ["keys.db", "seed.db", "state.db"].contains(&whole),
            "{size}: {name}"
        );
    }
}

#[track_caller]
fn assert_full(done: &Done, when: impl Display) {
    assert_failed(done, "no space left", when);
}

#[track_caller]
fn assert_failed(done: &Done, why: &str, when: impl Display) {
    assert_eq!(done.code, 1, "{when}: {}", done.stderr);
    let error = done.stderr.lines().find(|line| line.starts_with("error: "));
    let told = error.is_some_and(|line| line.contains(why));
    assert!(told, "{when}: {}", done.stderr);
}

#[track_caller]
fn assert_works(disk: &Disk, when: impl Display) {
    for args in [
        &["auth", "--host", "a.example"][..],
        &["sign", "hi", "--host", "b.example"],
        &["status"],
        &["log"],
        &["doctor"],
    ] {
        let done = disk.run(args).done();
        assert_eq!(
            (done.code, done.stderr.as_str()),
            (0, ""),
            "{when}: {args:?}"
        );
    }
}

#[test]
fn a_disk_that_is_too_small_for_a_wallet_can_be_enlarged() {
    let mut failed = 0;
    for size in (4..=204).step_by(4) {
        let Some(disk) = Disk::tmpfs(size) else {
            return;
        };
        let done = disk.run(&["register", "-q"]).done();
        if done.code != 0 {
            failed += 1;
            assert_full(&done, size);
            assert_no_half_files(&disk, size);
            disk.remount("size=1m");
            disk.run(&["register", "-q"]).succeeds();
        }
        disk.remount("size=1m");
        assert_works(&disk, size);
    }
    assert!(failed > 5, "{failed}");
}

#[test]
fn an_ext4_disk_that_is_too_full_for_a_wallet_can_be_cleared() {
    let Some(disk) = Disk::ext4() else { return };
    let mut failed = 0;
    for leave in (0..=160).step_by(5) {
        disk.fill(leave);
        let done = disk.run(&["register", "-q"]).done();
        disk.make_room();
        if done.code != 0 {
            failed += 1;
            assert_full(&done, leave);
            assert_no_half_files(&disk, leave);
            disk.run(&["register", "-q"]).succeeds();
        }
        assert_works(&disk, leave);
        for name in disk.files() {
            fs::remove_file(disk.0.path().join(name)).unwrap();
        }
    }
    assert!(failed > 5, "{failed}");
}

/// All that needs no place on the disk.
const READING: [&[&str]; 8] = [
    &["sign", "hi", "--host", "a.example"],
    &["sign", "hi", "--host", "not.yet.known"],
    &["key", "--host", "a.example"],
    &["export"],
    &["status"],
    &["doctor"],
    &["log"],
    &["token", "list"],
];

/// All that does.
const WRITING: [&[&str]; 5] = [
    &["auth", "--host", "b.example"],
    &["login"],
    &["origin", "allow", "https://a.example"],
    &["identity", "create", "--name", "Work"],
    &["token", "revoke", "--all"],
];

fn with_a_wallet(disk: Disk) -> Disk {
    disk.run(&["register", "-q"]).succeeds();
    // Longer than the tests take, at any cost of key derivation.
    disk.run(&["auth", "--host", "a.example", "--expire", "1h"])
        .succeeds();
    disk
}

/// With the password: what reads is done and says what could not be written
/// down; what writes fails, and says why.
#[track_caller]
fn assert_reads_only(disk: &Disk, why: &str) {
    for args in READING {
        let done = disk.run(args).done();
        assert_eq!(done.code, 0, "{args:?}: {}", done.stderr);
        assert!(!done.stdout.is_empty(), "{args:?}");
        let asks = ["sign", "key", "export"].contains(&args[0]);
        let warned =
            done.stderr.contains("is missing from the audit trail") && done.stderr.contains(why);
        assert_eq!(warned, asks, "{args:?}: {}", done.stderr);
        let unnoted = "the address of `not.yet.known` was not noted";
        assert_eq!(
            (
                done.stderr.contains(unnoted),
                done.stderr.contains("wrong passwords")
            ),
            (args.contains(&"not.yet.known"), false),
            "{args:?}: {}",
            done.stderr
        );
    }
    for args in WRITING {
        assert_failed(&disk.run(args).done(), why, args.join(" "));
    }
    // Not without a copy of what it replaces.
    let seed = disk.0.secret_file("seed", &"07".repeat(64));
    let replace = ["import", "--force", "--yes", "--seed-file", &seed];
    assert_failed(&disk.run(&replace).done(), why, "import");
}

#[test]
fn what_reads_goes_on_on_a_full_disk() {
    for disk in [Disk::tmpfs(400), Disk::ext4()].into_iter().flatten() {
        let disk = with_a_wallet(disk);
        disk.fill(0);
        assert_reads_only(&disk, "no space left");
        disk.make_room();
        assert_works(&disk, "cleared");
    }
}

#[test]
fn what_reads_goes_on_on_a_read_only_disk() {
    for disk in [Disk::tmpfs(400), Disk::ext4()].into_iter().flatten() {
        let disk = with_a_wallet(disk);
        disk.remount("ro");
        assert_reads_only(&disk, "read-only file system");
        disk.remount("rw");
        assert_works(&disk, "writable again");
    }
}

#[test]
fn no_disk_fills_up_with_a_crash() {
    let Some(disk) = Disk::ext4() else { return };
    let disk = with_a_wallet(disk);
    for leave in 0..64 {
        disk.fill(leave);
        let done = disk
            .run(&["auth", "--host", &format!("h{leave}.example")])
            .done();
        if done.code != 0 {
            assert_full(&done, leave);
        }
        disk.make_room();
    }
    assert_works(&disk, "cleared");
}

#[test]
fn a_server_on_a_full_disk_signs_and_refuses_to_grant() {
    let Some(disk) = Disk::ext4() else { return };
    let disk = with_a_wallet(disk);
    let token = disk
        .run(&[
            "auth",
            "--host",
            "a.example",
            "--scopes",
            "sign",
            "--expire",
            "1h",
        ])
        .prints();
    let server = RunningServer::start(&disk.0, &["--unlock"]);
    let sign = || {
        let body = json!({"message": "hi"});
        server
            .request("POST", "/api/sign")
            .token(token.trim())
            .json(body)
            .send()
    };
    for leave in [40, 28, 16, 0] {
        disk.fill(leave);
        for _ in 0..5 {
            let body = json!({"host": "b.example", "password": PASSWORD});
            let granted = server.request("POST", "/api/auth").json(body).send();
            assert!([200, 500].contains(&granted.status), "{leave}");
        }
        assert_eq!(sign().status, 200, "{leave}");
        disk.make_room();
    }
    assert_eq!(sign().status, 200);
}

#[test]
fn a_read_only_home_is_served_and_a_command_asks_for_the_password() {
    let Some(disk) = Disk::tmpfs(400) else { return };
    let disk = with_a_wallet(disk);
    disk.remount("ro");
    let server = RunningServer::start(&disk.0, &["--unlock"]);
    let status = server.request("GET", "/api/status").send().ok();
    assert_eq!(status["unlocked"], true);
    assert!(!server_file(&disk.0.path()).exists());
    let refused = disk.0.run(["sign", "m"]).done();
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    let seen = disk.0.run(["status"]).env("TOKENPASS_PORT", server.port());
    let seen = &seen.json()["server"];
    assert_eq!(
        (&seen["unlocked"], &seen["proven"]),
        (&json!(true), &json!(false))
    );
}

#[test]
fn a_server_that_cannot_start_a_session_leaves_the_password() {
    let Some(disk) = Disk::tmpfs(400) else { return };
    let disk = with_a_wallet(disk);
    let _server = RunningServer::start(&disk.0, &["--unlock"]);
    disk.fill(0);
    disk.run(&["sign", "m"]).succeeds();
    let refused = disk.0.run(["sign", "m"]).done();
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    disk.make_room();
    disk.0.run(["sign", "m"]).prints();
}

#[test]
fn a_full_disk_lets_nobody_guess_without_end() {
    let Some(disk) = Disk::tmpfs(400) else { return };
    let disk = with_a_wallet(disk);
    let server = RunningServer::start(&disk.0, &[]);
    let login = |password| {
        let body = json!({ "password": password });
        server
            .request("POST", "/api/login")
            .json(body)
            .send()
            .status
    };
    disk.fill(0);
    let guesses: Vec<_> = (0..6).map(|_| login("a wrong guess")).collect();
    assert_eq!(guesses, [401, 401, 401, 401, 401, 429]);
    disk.make_room();
    assert_eq!(login(PASSWORD), 429);
}

#[test]
fn a_full_or_read_only_disk_is_the_last_reason_not_to_make_a_backup() {
    let Some(disk) = Disk::tmpfs(1024) else {
        return;
    };
    disk.run(&["register", "-q"]).succeeds();
    let passphrase = disk.0.secret_file("passphrase", "a passphrase");
    let back_up = |to: &Path| {
        let to = to.to_str().unwrap();
        let args = ["backup", "--to", to, "--backup-password-file", &passphrase];
        disk.run(&args).done()
    };
    let (here, elsewhere) = (disk.0.path().join("here"), disk.0.beside("elsewhere"));
    assert_eq!(back_up(&here).code, 0);
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<Vec<_>>()
    };
    let before = names(&here);

    disk.fill(0);
    assert_full(&back_up(&here), "full");
    assert_eq!(names(&here), before);
    let done = back_up(&elsewhere);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(
        done.stderr.contains("the backup was not noted"),
        "{}",
        done.stderr
    );
    disk.make_room();
    disk.remount("ro");
    assert_failed(&back_up(&here), "read-only", "read-only");
    assert_eq!(back_up(&elsewhere).code, 0);
    assert_eq!((names(&here), names(&elsewhere).len()), (before, 2));
    disk.remount("rw");
    assert_eq!(back_up(&here).code, 0);
}
