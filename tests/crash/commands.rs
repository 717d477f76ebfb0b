//! The commands that write.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::state::{Full, NEW_PASSWORD, backups};
use crate::support::run::tokenpass;
use crate::support::{Home, PASSWORD, golden};

/// A command, and what it starts from.
pub(crate) struct Write {
    args: &'static [&'static str],
    /// A wallet is there before.
    pub(crate) has_wallet: bool,
}

const fn fresh(args: &'static [&'static str]) -> Write {
    Write {
        args,
        has_wallet: false,
    }
}

const fn on_a_wallet(args: &'static [&'static str]) -> Write {
    Write {
        args,
        has_wallet: true,
    }
}

/// `SEED`, `NEW`, `BACKUP`, `OUT` and `BACKUPS` stand for what is beside the home.
pub(crate) const WRITES: [Write; 32] = [
    fresh(&["register", "-q"]),
    fresh(&["import", "-q", "--seed-file", "SEED"]),
    on_a_wallet(&["import", "-q", "--force", "--seed-file", "SEED"]),
    on_a_wallet(&["passwd", "-q", "--new-password-file", "NEW"]),
    on_a_wallet(&["auth", "--host", "b.example", "--expire", "1h"]),
    on_a_wallet(&["token", "revoke", "--all"]),
    on_a_wallet(&["login"]),
    on_a_wallet(&["logout", "--all"]),
    on_a_wallet(&["logout"]),
    on_a_wallet(&["sign", "hi", "--host", "b.example"]),
    on_a_wallet(&["origin", "allow", "https://b.example"]),
    on_a_wallet(&["origin", "deny", "https://a.example"]),
    on_a_wallet(&[
        "contact",
        "add",
        "Bob",
        "1Pq7UrQ4rSGvEBsoaAeajUUvZMjtnuwMSL",
    ]),
    on_a_wallet(&["contact", "rename", "Ada", "Bob"]),
    on_a_wallet(&["contact", "remove", "Ada"]),
    on_a_wallet(&[
        "client",
        "add",
        "app",
        "--redirect-uri",
        "https://b.example/back",
    ]),
    on_a_wallet(&["client", "remove", "desk"]),
    on_a_wallet(&["permission", "allow", "a.example", "1", "test keys"]),
    on_a_wallet(&["permission", "revoke", "a.example", "--all"]),
    on_a_wallet(&["certificate", "remove", SERIAL, "--yes"]),
    on_a_wallet(&["profile", "set", "displayName=Eve", "paymail=eve@b.example"]),
    on_a_wallet(&["profile", "clear"]),
    on_a_wallet(&["identity", "create", "--name", "Club"]),
    on_a_wallet(&["identity", "use", "Work"]),
    on_a_wallet(&["identity", "rename", "Work", "Job"]),
    on_a_wallet(&["identity", "rotate", "Work"]),
    on_a_wallet(&["identity", "set", "Work", "city=Basel", "land=CH"]),
    on_a_wallet(&["backup", "merge", "BACKUP", "--backup-password-file", "NEW"]),
    on_a_wallet(&[
        "export", "-q", "--format", "json", "--force", "--output", "OUT",
    ]),
    on_a_wallet(&["backup", "--every", "off"]),
    on_a_wallet(&["backup", "--to", "BACKUPS", "--backup-password-file", "NEW"]),
    on_a_wallet(&[
        "backup",
        "--to",
        "BACKUPS",
        "--every",
        "1d",
        "--keep",
        "1",
        "--backup-password-file",
        "NEW",
    ]),
];

/// That of the certificate.
const SERIAL: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

/// What another copy of the wallet has, which was changed later.
fn copys_backup() -> String {
    let later = 4_000_000_000_000_u64;
    let golden = golden();
    let extension = json!({
        "version": 1,
        "profile": {"displayName": "Countess", "paymail": "ada@b.example"},
        "profileTimes": {"displayName": later, "paymail": later},
        "contacts": [
            {"name": "Ada", "changed": later},
            {"name": "Bob", "changed": later, "target": "1Pq7UrQ4rSGvEBsoaAeajUUvZMjtnuwMSL"},
        ],
    });
    json!({"rootPk": golden["root"]["wif"], "ids": "", "tokenpass": extension}).to_string()
}

fn made(folder: PathBuf) -> String {
    fs::create_dir_all(&folder).unwrap();
    folder.into_os_string().into_string().unwrap()
}

/// How a command ended.
pub(crate) struct Ended {
    /// What it answered; nothing where it was killed or has failed.
    pub(crate) answer: Option<String>,
    /// The exit code of one that was not killed.
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Write {
    /// The command line.
    pub(crate) fn name(&self) -> String {
        self.args.join(" ")
    }

    /// What it starts from.
    pub(crate) fn before(&self, full: &Home) -> Home {
        match self.has_wallet {
            true => full.copy(),
            false => Home::new(),
        }
    }

    /// The command in a copy of that, in its session.
    pub(crate) fn command(&self, home: &Home, full: &Full) -> Command {
        let mut command = tokenpass(&home.path());
        command.args(self.args.iter().map(|arg| match *arg {
            "SEED" => home.secret_file("seed", &"07".repeat(64)),
            "NEW" => home.secret_file("new", NEW_PASSWORD),
            // Not encrypted, as other programs export one.
            "BACKUP" => home.secret_file("backup", &copys_backup()),
            "OUT" => home.beside("out").to_str().unwrap().to_owned(),
            "BACKUPS" => made(backups(home)),
            arg => arg.to_owned(),
        }));
        command.env("TOKENPASS_PASSWORD", PASSWORD);
        command.env("TOKENPASS_SESSION", &full.session);
        command.env("TOKENPASS_PORT", "1").stdin(Stdio::null());
        command
    }
}

/// Runs a command to its end.
pub(crate) fn run(command: Command) -> Ended {
    run_meanwhile(command, |_| {})
}

/// Runs a command, and does something to it meanwhile.
pub(crate) fn run_meanwhile(mut command: Command, act: impl FnOnce(&mut Child)) -> Ended {
    let start = Instant::now();
    let (stdout, stderr) = (Stdio::piped(), Stdio::piped());
    let mut child = command.stdout(stdout).stderr(stderr).spawn().unwrap();
    act(&mut child);
    let output = child.wait_with_output().unwrap();
    Ended {
        took: start.elapsed(),
        code: output.status.code(),
        answer: output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).unwrap()),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
