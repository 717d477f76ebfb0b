//! Commands, and servers that are asked something, killed at any moment.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::commands::{WRITES, Write, run};
use crate::requests::{Step, steps};
use crate::served::{Served, got};
use crate::state::{assert_sound, backups_made, full_home, is_as_before, state, with_due_backup};
use crate::support::Home;

/// A moment in something that takes so long.
pub(crate) fn moment_in(whole: Duration) -> Duration {
    // A hasher with other keys each time is as random as this needs.
    let random = RandomState::new().hash_one(0) as u32;
    whole.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// How often a kill came before the write counted, and after.
#[derive(Debug, Default)]
pub(crate) struct Kills {
    pub(crate) before: u32,
    pub(crate) after: u32,
}

/// Kills a command so many times.
fn kill(write: &Write, full: &Home, times: u32, kills: &mut Kills) {
    let name = write.name();
    let template = write.before(full);
    let before = state(&template);
    let whole = template.copy();
    let took = run(write.command(&whole), None).took;
    let after = state(&whole);
    for _ in 0..times {
        let home = template.copy();
        let ended = run(write.command(&home), Some(moment_in(took)));
        let left = state(&home);
        let is_done = left == after;
        assert!(is_done || is_as_before(&left, &before), "{name}: {left:#?}");
        assert!(is_done || ended.answer.is_none(), "{name}: it was answered");
        assert_sound(&home, &name);
        kills.after += u32::from(is_done && ended.code.is_none());
        kills.before += u32::from(!is_done);
        if !is_done {
            assert_repeatable(write, &home, &after);
        }
    }
}

/// What was not done can be done.
#[track_caller]
pub(crate) fn assert_repeatable(write: &Write, home: &Home, after: &[String]) {
    let again = run(write.command(home), None);
    assert_eq!(again.code, Some(0), "{}: {}", write.name(), again.stderr);
    assert_eq!(state(home), after, "{}", write.name());
}

fn kill_each(times: u32) {
    let full = full_home();
    let mut kills = Kills::default();
    for write in &WRITES {
        let times = if write.is_slow { times / 10 } else { times };
        kill(write, &full, times, &mut kills);
    }
    assert!(kills.before > 0, "{kills:?}");
}

/// Asks something so many times, and kills the server meanwhile.
fn kill_served(step: &Step, times: u32, kills: &mut Kills) {
    let whole = step.template.copy();
    let server = Served::start(&whole);
    let request = (step.ask)(&server);
    let start = Instant::now();
    assert!(got(&request).is_some(), "{}", request.target);
    let took = start.elapsed();
    drop(server);
    for _ in 0..times {
        let home = step.template.copy();
        let mut server = Served::start(&home);
        let request = (step.ask)(&server);
        // The server starts to answer some time after the client starts to ask.
        let killer = kill_later(&server, moment_in(took * 2));
        let answered = got(&request);
        killer.join().unwrap();
        server.server.kill();
        assert_sound(&home, &request.target);
        match step.check(&home, &request, answered, &request.target) {
            Some(true) => kills.after += 1,
            Some(false) => kills.before += 1,
            None => {}
        }
    }
}

fn kill_later(server: &Served, wait: Duration) -> thread::JoinHandle<()> {
    let pid = Pid::from_raw(server.server.pid().try_into().unwrap()).unwrap();
    thread::spawn(move || {
        thread::sleep(wait);
        kill_process(pid, Signal::KILL).unwrap();
    })
}

fn kill_each_served(times: u32) {
    let mut kills = Kills::default();
    for step in steps() {
        kill_served(&step, times, &mut kills);
    }
    assert!(kills.before > 0 && kills.after > 0, "{kills:?}");
}

/// Kills a server that makes a backup by its schedule. One is there at any time, and
/// all that are there are whole.
fn kill_backups(times: u32) {
    let full = full_home();
    let whole = with_due_backup(&full);
    let old = backups_made(&whole);
    let start = Instant::now();
    let server = Served::start(&whole);
    while backups_made(&whole) == old {
        thread::sleep(Duration::from_millis(1));
    }
    let took = start.elapsed();
    drop(server);
    for _ in 0..times {
        let home = with_due_backup(&full);
        let mut server = Served::start(&home);
        kill_later(&server, moment_in(took)).join().unwrap();
        server.server.kill();
        assert_sound(&home, "a backup by schedule");
        assert!(!backups_made(&home).is_empty());
        // Looks into each.
        state(&home);
    }
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
    kill_each_served(150);
    kill_backups(150);
}

#[test]
fn a_killed_command_is_done_or_it_is_not() {
    kill_each(6);
}

#[test]
#[ignore = "takes minutes"]
fn a_command_that_is_killed_many_times_is_done_or_it_is_not() {
    kill_each(100);
}
