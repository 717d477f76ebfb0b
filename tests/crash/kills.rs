//! Commands, killed at any moment.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use crate::commands::{WRITES, Write, run};
use crate::state::{assert_sound, is_as_before, state};
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
fn kill(write: &Write, times: u32, kills: &mut Kills) {
    let name = write.name();
    let template = write.before();
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
    let mut kills = Kills::default();
    for write in &WRITES {
        let times = if write.is_slow { times / 10 } else { times };
        kill(write, times, &mut kills);
    }
    assert!(kills.before > 0, "{kills:?}");
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
