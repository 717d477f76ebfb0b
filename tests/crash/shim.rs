//! `shim.c`: the program's calls that change files, counted, and one of them failing.
//! Takes a C compiler; skipped without.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::commands::{WRITES, run};
use crate::state::full_home;
use crate::support::Home;
use crate::support::run::under;
use crate::support::strace::can_trace;

/// What becomes of a call; `shim.c` says what each is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Which call, from 1.
    pub(crate) nth: usize,
    pub(crate) kind: &'static str,
}

/// What can become of a call of this name.
fn kinds(call: &str) -> &'static [&'static str] {
    match call {
        "open" => &["EMFILE", "EACCES"],
        "create" => &["EMFILE", "EACCES", "ENOSPC", "short", "gone", "killed"],
        "write" => &["EIO", "ENOSPC", "short", "gone", "torn", "killed"],
        "mkdir" | "link" => &["EIO", "ENOSPC", "short", "gone", "killed"],
        _ => &["EIO", "ENOSPC", "gone", "killed"],
    }
}

/// Every fault that any of these calls may have.
pub(crate) fn faults(calls: &[String]) -> impl Iterator<Item = Fault> {
    calls.iter().zip(1..).flat_map(|(call, nth)| {
        let kinds = kinds(call).iter();
        kinds.map(move |kind| Fault { nth, kind })
    })
}

impl Fault {
    /// Whether it can happen at a call of this name.
    pub(crate) fn fits(self, call: &str) -> bool {
        kinds(call).contains(&self.kind)
    }

    /// Whether the program ends there.
    pub(crate) fn kills(self) -> bool {
        matches!(self.kind, "torn" | "killed")
    }

    /// Whether the disk stays as it is then.
    pub(crate) fn lasts(self) -> bool {
        matches!(self.kind, "short" | "gone")
    }
}

/// The shim as a library. Says so where there is none: the test is skipped.
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn library() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(build).as_deref();
    if built.is_none() {
        eprintln!("skipped: there is no C compiler, `cc`, that makes libraries");
    }
    built
}

fn build() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // Another run of the tests may be about to load it.
    let new = folder.join(format!("shim.{}", std::process::id()));
    let built = Command::new("cc")
        .args([
            "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o",
        ])
        .arg(&new)
        .arg(crate::support::path("crash/shim.c"))
        .stdin(Stdio::null())
        .status();
    built.ok().filter(|status| status.success())?;
    let library = folder.join("shim.so");
    fs::rename(new, &library).unwrap();
    Some(library)
}

/// A run of the program under the shim.
pub(crate) struct Watch {
    /// In none of the folders that are watched.
    notes: TempDir,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self {
            notes: tempfile::tempdir().unwrap(),
        }
    }

    /// Lets the calls of a command that change something beside a home, or in it,
    /// be counted, and one of them be hit.
    pub(crate) fn over(&self, command: &mut Command, home: &Home, fault: Option<Fault>) {
        let folder = home.path().parent().unwrap().canonicalize().unwrap();
        command
            .env("LD_PRELOAD", library().unwrap())
            .env("FAULT_FOLDER", folder)
            .env("FAULT_LOG", self.beside("calls"));
        if let Some(Fault { nth, kind }) = fault {
            command.env("FAULT_AT", nth.to_string()).env("FAULT", kind);
        }
    }

    /// A file in a folder that is not watched.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.notes.path().join(name)
    }

    /// The calls so far, by name.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.beside("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }
}

/// The system calls that change files, `openat` where it makes one.
const CHANGES: &str = "trace=openat,openat2,mkdir,mkdirat,write,writev,pwrite64,pwritev,\
                       fsync,fdatasync,ftruncate,chmod,fchmod,fchmodat,link,linkat,unlink,\
                       unlinkat,rmdir,rename,renameat,renameat2,copy_file_range,sendfile";

/// None goes past the C library, as a program's own system calls would.
#[test]
fn the_shim_counts_every_change_that_the_system_sees() {
    if library().is_none() || !can_trace() {
        return;
    }
    let full = full_home();
    for write in &WRITES {
        let (home, watch) = (write.before(&full), Watch::new());
        let mut command = write.command(&home, &full);
        watch.over(&mut command, &home, None);
        let log = watch.beside("trace");
        let args = [
            "-f",
            "-qq",
            "-y",
            "-o",
            log.to_str().unwrap(),
            "-e",
            CHANGES,
        ];
        let ended = run(under(&command, "strace", &args));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let below = home.path().parent().unwrap().canonicalize().unwrap();
        let below = format!("{}/", below.display());
        let trace = fs::read_to_string(&log).unwrap();
        // What only reads, and what is said about a path.
        let is_other = |line: &str| {
            line.contains("<pipe:") || line.contains("openat") && !line.contains("O_CREAT")
        };
        let lines = trace.lines().filter(|line| line.contains(&below));
        let seen = lines.filter(|line| !is_other(line)).count();
        let counted = watch.calls().iter().filter(|call| *call != "open").count();
        assert_eq!(counted, seen, "{}: {trace}", write.name());
    }
}
