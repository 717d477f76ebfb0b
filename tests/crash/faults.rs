//! Commands and requests whose calls fail, do half, or are the last: each that
//! changes a file, one after the other.

use std::time::{Duration, Instant};

use crate::commands::{WRITES, Write, run};
use crate::kills::assert_repeatable;
use crate::requests::{Step, steps, told};
use crate::served::{Answered, Served, ask, got};
use crate::several::{Tally, each};
use crate::shim::{Fault, Watch, faults, library};
use crate::state::{
    Full, assert_sound, backups_made, full_home, is_as_before, state, with_due_backup,
};
use crate::support::Home;

/// A command, and what it does where nothing fails.
struct Trial<'a> {
    write: &'a Write,
    full: &'a Full,
    before: Vec<String>,
    after: Vec<String>,
    template: Home,
    calls: Vec<String>,
}

impl<'a> Trial<'a> {
    fn of(write: &'a Write, full: &'a Full) -> Self {
        let template = write.before(full);
        let whole = template.copy();
        let (mut command, watch) = (write.command(&whole, full), Watch::new());
        watch.over(&mut command, &whole, None);
        let ended = run(command);
        assert_eq!(ended.code, Some(0), "{}: {}", write.name(), ended.stderr);
        let calls = watch.calls();
        assert!(calls.len() > 2, "{}: {calls:?}", write.name());
        Self {
            write,
            full,
            before: state(&template),
            after: state(&whole),
            template,
            calls,
        }
    }

    /// What is answered is what happened. Whether it was done all the same.
    fn fail(&self, fault: Fault) -> Option<bool> {
        let (home, write) = (self.template.copy(), self.write);
        let (mut command, watch) = (write.command(&home, self.full), Watch::new());
        watch.over(&mut command, &home, Some(fault));
        let ended = run(command);
        let hit = Hit::of(&watch.calls(), fault)?;
        let when = format!(
            "{}: {fault:?}, {}: {}",
            write.name(),
            hit.call,
            ended.stderr
        );
        let left = state(&home);
        let is_done = left == self.after;
        assert!(
            is_done || is_as_before(&left, &self.before),
            "{when}{left:#?}"
        );
        // That cannot be told where nothing of it is seen.
        let is_open = hit.confirms || self.before == self.after;
        match ended.code {
            None => assert!(fault.kills(), "{when}"),
            Some(0) => assert!(is_done, "{when}"),
            Some(1..=6) => {
                assert!(ended.stderr.contains("error: "), "{when}");
                assert!(is_open || !is_done, "{when}");
            }
            Some(code) => panic!("{when}: {code}"),
        }
        assert_sound(&home, &when);
        if !is_done {
            assert_repeatable(write, &home, self.full, &self.after);
        }
        Some(is_done)
    }
}

/// The call that a fault was for.
struct Hit {
    call: String,
    /// It confirms what counts already: SQLite syncs once more after it has emptied
    /// its journal (only of the vault such a change is told from one that was not
    /// made), and a folder is opened to be synced after a file has got its name. Which it
    /// also gets where it cannot be linked: that call goes past the C library, and the
    /// next to fail is the sync.
    confirms: bool,
}

impl Hit {
    /// `None` where it was no call of that kind, or there were not so many: rows lie
    /// where chance has put them, and now and then it takes a call less or more.
    fn of(calls: &[String], fault: Fault) -> Option<Self> {
        let call = calls.get(fault.nth - 1)?.clone();
        if !fault.fits(&call) {
            return None;
        }
        let before = fault.nth.checked_sub(2).map(|index| &*calls[index]);
        let names = call == "open" && matches!(before, Some("link" | "rename"));
        Some(Self {
            confirms: call == "sync" || names || call == "link" && fault.kind == "gone",
            call,
        })
    }
}

/// The calls of a server that is asked this.
fn calls_of(step: &Step) -> Vec<String> {
    let home = step.template.copy();
    let server = Served::under_shim(&home, None);
    let request = (step.ask)(&server);
    server.arm();
    assert!(got(&request).is_some(), "{}", told(&request));
    server.calls()
}

/// The server answers what happened, and goes on: what was not done is done when it is
/// asked again. Whether it was done.
fn fail_served(step: &Step, fault: Fault) -> Option<bool> {
    let home = step.template.copy();
    let mut server = Served::under_shim(&home, Some(fault));
    let request = (step.ask)(&server);
    server.arm();
    let answer = ask(&request);
    let hit = Hit::of(&server.calls(), fault)?;
    let when = format!("{}: {fault:?}, {}", told(&request), hit.call);
    assert_eq!(answer.is_none(), fault.kills(), "{when}: {}", server.log());
    if !fault.kills() {
        step.check_serving(&server);
    }
    let is_refused = answer.as_ref().is_some_and(|answer| !answer.is_good());
    let answered = answer.filter(Answered::is_good);
    if let Some((before, after)) = &step.change {
        let is_done = || state(&home) == *after;
        assert!(
            !is_refused || !is_done() || hit.confirms,
            "{when}: {}",
            server.log()
        );
        if is_refused && !fault.lasts() && is_as_before(&state(&home), before) {
            assert!(got(&request).is_some(), "{when}: {}", server.log());
            assert!(is_done(), "{when}");
            assert_eq!(server.server.stop(), Some(0), "{when}");
            return Some(false);
        }
    }
    if !fault.kills() {
        assert_eq!(server.server.stop(), Some(0), "{when}");
    }
    assert!(
        !server.log().contains("panicked"),
        "{when}: {}",
        server.log()
    );
    drop(server);
    assert_sound(&home, &when);
    step.check(&home, &request, answered, &when)
}

/// A backup that is made by its schedule: the old one is there until the new one is,
/// and what is there is whole.
fn fail_backup(full: &Home, fault: Option<Fault>) -> Vec<String> {
    let home = with_due_backup(full);
    let old = backups_made(&home);
    let server = Served::wholly_under_shim(&home, fault);
    server.arm();
    let ended = ["a backup is made", "no backup was made"];
    let mut server = server;
    let start = Instant::now();
    while server.server.runs() && !ended.iter().any(|said| server.log().contains(said)) {
        std::thread::sleep(Duration::from_millis(5));
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{fault:?}: {}",
            server.log()
        );
    }
    let (calls, log) = (server.calls(), server.log());
    let when = format!("{fault:?}: {log}");
    assert!(!log.contains("panicked"), "{when}");
    drop(server);
    let made = backups_made(&home);
    let is_told = log.contains(ended[0]);
    assert!(!made.is_empty() && (!is_told || made != old), "{when}");
    // Looks into each.
    state(&home);
    assert_sound(&home, &when);
    calls
}

/// Tries every `step`th of the faults that there are.
fn fail_each(step: usize) -> Tally {
    let full = full_home();
    let trials: Vec<_> = WRITES.iter().map(|it| Trial::of(it, &full)).collect();
    let all = trials.iter().flat_map(|trial| {
        let faults = faults(&trial.calls).step_by(step);
        faults.map(move |fault| (trial, fault))
    });
    let tally = each(all, |(trial, fault)| trial.fail(fault));
    assert!(tally.done > 0 && tally.undone > 0, "{tally:?}");
    tally
}

fn fail_each_served(step: usize) -> Tally {
    let steps: Vec<_> = steps().into_iter().map(|it| (calls_of(&it), it)).collect();
    let all = steps.iter().flat_map(|(calls, one)| {
        let faults = faults(calls).step_by(step);
        faults.map(move |fault| (one, fault))
    });
    let tally = each(all, |(one, fault)| fail_served(one, fault));
    assert!(tally.done > 0 && tally.undone > 0, "{tally:?}");
    tally
}

fn fail_each_backup(step: usize) -> Tally {
    let full = full_home();
    let calls = fail_backup(&full, None);
    each(faults(&calls).step_by(step), |fault| {
        fail_backup(&full, Some(fault));
        None
    })
}

#[test]
fn a_command_whose_disk_fails_says_what_happened() {
    if library().is_some() {
        fail_each(31);
    }
}

#[test]
fn a_server_whose_disk_fails_answers_what_happened_and_goes_on() {
    if library().is_some() {
        fail_each_served(31);
    }
}

#[test]
fn a_backup_by_schedule_is_whole_on_a_disk_that_fails() {
    if library().is_some() {
        fail_each_backup(41);
    }
}

#[test]
#[ignore = "takes minutes"]
fn a_command_whose_disk_fails_at_any_call_says_what_happened() {
    if library().is_some() {
        fail_each(1).tell("commands, a call fails");
    }
}

#[test]
#[ignore = "takes minutes"]
fn a_server_whose_disk_fails_at_any_call_answers_what_happened_and_goes_on() {
    if library().is_some() {
        fail_each_served(1).tell("requests, a call fails");
        fail_each_backup(1).tell("backups by schedule, a call fails");
    }
}
