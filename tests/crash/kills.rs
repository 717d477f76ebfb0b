//! Commands, and servers that are asked something, killed at any moment.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::commands::{WRITES, Write, run, run_meanwhile};
use crate::requests::{Step, steps, told};
use crate::served::{Served, got};
use crate::several::{Tally, each};
use crate::state::{
    Full, assert_sound, backups, backups_made, full_home, is_as_before, litter, state,
    with_due_backup,
};
use crate::support::Home;
use crate::support::http::LONG;

/// A moment in something that takes so long.
pub(crate) fn moment_in(whole: Duration) -> Duration {
    // A hasher with other keys each time is as random as this needs.
    let random = RandomState::new().hash_one(0) as u32;
    whole.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// A command, and how long it takes where nobody kills it.
struct Trial<'a> {
    write: &'a Write,
    full: &'a Full,
    template: Home,
    before: Vec<String>,
    after: Vec<String>,
    took: Duration,
}

impl<'a> Trial<'a> {
    fn of(write: &'a Write, full: &'a Full) -> Self {
        let template = write.before(full);
        let whole = template.copy();
        let took = run(write.command(&whole, full)).took;
        Self {
            write,
            full,
            before: state(&template),
            after: state(&whole),
            template,
            took,
        }
    }

    /// Kills it once. Whether the write had counted, where it was killed.
    fn kill(&self) -> Option<bool> {
        let (home, name) = (self.template.copy(), self.write.name());
        let command = self.write.command(&home, self.full);
        let ended = run_meanwhile(command, |child| {
            thread::sleep(moment_in(self.took));
            // It may be done.
            let _ = child.kill();
        });
        let left = state(&home);
        let is_done = left == self.after;
        let is_as_before = is_as_before(&left, &self.before);
        assert!(is_done || is_as_before, "{name}: {left:#?}");
        assert!(is_done || ended.answer.is_none(), "{name}: it was answered");
        assert_sound(&home, &name);
        if !is_done {
            assert_repeatable(self.write, &home, self.full, &self.after);
        }
        (!is_done || ended.code.is_none()).then_some(is_done)
    }
}

/// What was not done can be done.
#[track_caller]
pub(crate) fn assert_repeatable(write: &Write, home: &Home, full: &Full, after: &[String]) {
    let again = run(write.command(home, full));
    assert_eq!(again.code, Some(0), "{}: {}", write.name(), again.stderr);
    assert_eq!(state(home), after, "{}", write.name());
}

fn kill_each(times: u32) -> Tally {
    let full = full_home();
    let trials: Vec<_> = WRITES.iter().map(|it| Trial::of(it, &full)).collect();
    let kills = trials
        .iter()
        .flat_map(|trial| (0..times).map(move |_| trial));
    let tally = each(kills, Trial::kill);
    assert!(tally.undone > 0, "{tally:?}");
    tally
}

/// Something to ask, and how long its answer takes where nobody kills the server.
fn timed(step: Step) -> (Step, Duration) {
    let whole = step.template.copy();
    let server = Served::start(&whole);
    let request = (step.ask)(&server);
    let start = Instant::now();
    assert!(got(&request).is_some(), "{}", told(&request));
    (step, start.elapsed())
}

/// Asks it, and kills the server meanwhile. Whether it was done, where that can be told.
fn kill_served((step, took): &(Step, Duration)) -> Option<bool> {
    let home = step.template.copy();
    let mut server = Served::start(&home);
    let request = (step.ask)(&server);
    // The server starts to answer some time after the client starts to ask.
    let killer = kill_later(&server, moment_in(*took * 2));
    let answered = got(&request);
    killer.join().unwrap();
    server.server.kill();
    let when = told(&request);
    assert_sound(&home, &when);
    step.check(&home, &request, answered, &when)
}

fn kill_later(server: &Served, wait: Duration) -> thread::JoinHandle<()> {
    let pid = Pid::from_raw(server.server.pid().try_into().unwrap()).unwrap();
    thread::spawn(move || {
        thread::sleep(wait);
        kill_process(pid, Signal::KILL).unwrap();
    })
}

fn kill_each_served(times: u32) -> Tally {
    let steps: Vec<_> = steps().into_iter().map(timed).collect();
    let kills = steps.iter().flat_map(|step| (0..times).map(move |_| step));
    let tally = each(kills, kill_served);
    assert!(tally.undone > 0 && tally.done > 0, "{tally:?}");
    tally
}

/// As long as it takes to write a backup that was made.
const SHORT: Duration = Duration::from_millis(20);

/// Kills a server that makes a backup by its schedule. One is there at any time, and
/// all that are there are whole. Whether the new one is there.
fn kill_backup(full: &Home) -> Option<bool> {
    let home = with_due_backup(full);
    let old = backups_made(&home);
    let mut server = Served::start(&home);
    let is_made = moment_in(Duration::from_secs(2)) > Duration::from_secs(1);
    let start = Instant::now();
    // One that is made before its draft was seen has been missed.
    while backups_made(&home) == old && (is_made || litter(&backups(&home)).is_empty()) {
        assert!(start.elapsed() < LONG);
        thread::sleep(Duration::from_micros(200));
    }
    thread::sleep(moment_in(SHORT));
    server.server.kill();
    assert_sound(&home, "a backup by schedule");
    let made = backups_made(&home);
    assert!(!made.is_empty());
    // Looks into each.
    state(&home);
    Some(made != old)
}

fn kill_backups(times: u32) -> Tally {
    let full = full_home();
    each(0..times, |_| kill_backup(&full))
}

#[test]
fn a_server_that_is_killed_has_done_what_it_answered() {
    kill_each_served(4);
}

#[test]
fn a_server_that_is_killed_leaves_whole_backups() {
    kill_backups(4);
}

#[test]
#[ignore = "takes minutes"]
fn a_server_that_is_killed_many_times_has_done_what_it_answered() {
    kill_each_served(150).tell("requests, killed");
    kill_backups(300).tell("backups by schedule, killed");
}

#[test]
fn a_killed_command_is_done_or_it_is_not() {
    kill_each(6);
}

#[test]
#[ignore = "takes minutes"]
fn a_command_that_is_killed_many_times_is_done_or_it_is_not() {
    kill_each(1000).tell("commands, killed");
}
