//! Commands whose system calls fail, or are the last: each that changes a file,
//! one after the other. Takes `strace`; skipped elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::commands::{Ended, WRITES, Write, run};
use crate::kills::assert_repeatable;
use crate::state::{assert_sound, is_as_before, state};
use crate::support::Home;
use crate::support::run::under;
use crate::support::strace::can_trace;

/// What changes files. `openat` counts where it is about a file of ours.
const CALLS: &str = "openat,mkdir,mkdirat,pwrite64,write,fsync,fdatasync,ftruncate,\
                     link,linkat,unlink,unlinkat,rename,renameat,renameat2";

/// What happens at a call.
const FAULTS: [&str; 3] = ["error=EIO", "error=ENOSPC", "signal=KILL"];

/// One call of a run: its name, and which one of that name it is.
type Call = (String, usize);

/// A command under `strace`.
fn traced(write: &Write, home: &Home, log: &Path, inject: Option<&str>) -> Command {
    let trace = format!("trace={CALLS}");
    let log = log.to_str().unwrap();
    let mut args = vec!["-f", "-qq", "-y", "--seccomp-bpf", "-o", log, "-e", &trace];
    args.extend(inject.iter().flat_map(|inject| ["-e", inject]));
    let mut command = under(&write.command(home), "strace", &args);
    command.stdin(Stdio::null());
    command
}

/// The calls of a run that are about the home or what is beside it.
fn calls(log: &str, home: &Home) -> Vec<Call> {
    let folder = home.beside("");
    let folder = folder.to_str().unwrap().trim_end_matches('/');
    let mut counts = BTreeMap::<_, usize>::new();
    let mut found = Vec::new();
    for line in log.lines() {
        // `4711 pwrite64(3</path>, …`
        let call = line
            .split_once(' ')
            .map_or(line, |(_, call)| call.trim_start());
        let Some((name, rest)) = call.split_once('(') else {
            continue;
        };
        let count = counts.entry(name).or_default();
        *count += 1;
        let reads = name == "openat" && !rest.contains("O_CREAT");
        if rest.contains(folder) && !reads {
            found.push((name.to_owned(), *count));
        }
    }
    found
}

struct Trial {
    before: Vec<String>,
    after: Vec<String>,
    template: Home,
    calls: Vec<Call>,
}

impl Trial {
    fn of(write: &Write) -> Self {
        let template = write.before();
        let whole = template.copy();
        let log = whole.beside("trace");
        let ended = run(traced(write, &whole, &log, None), None);
        assert_eq!(ended.code, Some(0), "{}: {}", write.name(), ended.stderr);
        let calls = calls(&fs::read_to_string(log).unwrap(), &whole);
        assert!(calls.len() > 2, "{}: {calls:?}", write.name());
        Self {
            before: state(&template),
            after: state(&whole),
            template,
            calls,
        }
    }

    /// Whether it was done all the same.
    fn fail(&self, write: &Write, (call, nth): &Call, fault: &str) -> bool {
        let home = self.template.copy();
        let inject = format!("inject={call}:{fault}:when={nth}");
        let when = format!("{}: {inject}", write.name());
        let log = home.beside("trace");
        let ended = run(traced(write, &home, &log, Some(&inject)), None);
        let left = state(&home);
        let is_done = left == self.after;
        assert!(
            is_done || is_as_before(&left, &self.before),
            "{when}: {left:#?}"
        );
        let is_open = self.before == self.after || call == "fsync";
        assert_told(&ended, is_done, is_open, &when);
        assert_sound(&home, &when);
        if !is_done {
            assert_repeatable(write, &home, &self.after);
        }
        is_done
    }
}

/// What is answered is what happened. A failure may leave that open: where nothing
/// of it is seen, and where the disk fails to confirm what counts already (SQLite
/// syncs once more after it has deleted its journal; only of the vault such a
/// change is told from one that was not made).
#[track_caller]
fn assert_told(ended: &Ended, is_done: bool, is_open: bool, when: &str) {
    match ended.code {
        Some(1) => assert!(is_open || !is_done, "{when}: {}", ended.stderr),
        Some(0) => assert!(is_done, "{when}"),
        Some(code) => panic!("{when}: exit {code}: {}", ended.stderr),
        None => {}
    }
}

/// Every `step`th call of every command.
fn fail_each(step: usize) {
    if !can_trace() {
        return;
    }
    let (mut done, mut undone) = (0, 0);
    for write in &WRITES {
        let trial = Trial::of(write);
        let step = if write.is_slow { step * 16 } else { step };
        for (number, call) in trial.calls.iter().enumerate().step_by(step) {
            let faults = if step == 1 {
                0..3
            } else {
                number % 3..number % 3 + 1
            };
            for fault in &FAULTS[faults] {
                match trial.fail(write, call, fault) {
                    true => done += 1,
                    false => undone += 1,
                }
            }
        }
    }
    assert!(done > 0 && undone > 0, "{done} {undone}");
}

#[test]
fn a_command_whose_disk_fails_says_what_happened() {
    fail_each(8);
}

#[test]
#[ignore = "takes minutes"]
fn a_command_whose_disk_fails_at_any_call_says_what_happened() {
    fail_each(1);
}
