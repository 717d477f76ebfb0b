//! Many runs at once, and what became of them.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

/// How often something was done, was not, or cannot be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) done: u32,
    pub(crate) undone: u32,
    pub(crate) untold: u32,
    /// What holds did not.
    failed: u32,
}

impl Tally {
    /// The figure of a campaign, also where nothing fails.
    pub(crate) fn tell(self, what: &str) {
        let _ = writeln!(io::stderr(), "{what}: {self:?}");
    }
}

/// Tries each on all cores. One that fails says why and the others go on, so that
/// hours show all that they find.
#[track_caller]
pub(crate) fn each<T: Send>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    attempt: impl Fn(T) -> Option<bool> + Sync,
) -> Tally {
    let items = Mutex::new(items.into_iter());
    let tally = Mutex::new(Tally::default());
    let work = || {
        loop {
            let next = items.lock().unwrap().next();
            let Some(item) = next else { return };
            let ended = catch_unwind(AssertUnwindSafe(|| attempt(item)));
            let mut tally = tally.lock().unwrap();
            match ended {
                Ok(Some(true)) => tally.done += 1,
                Ok(Some(false)) => tally.undone += 1,
                Ok(None) => tally.untold += 1,
                Err(_) => tally.failed += 1,
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    let tally = tally.into_inner().unwrap();
    assert_eq!(tally.failed, 0, "{tally:?}");
    tally
}
