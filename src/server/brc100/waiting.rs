//! Requests that wait for the owner to do something.
//!
//! Each holds a thread that answers, so only some may; the others go on signing.
//! Another process may be what the owner uses: what has changed is looked for,
//! at the cost of a look at a file.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::wallet::Environment;

/// Requests that wait at most.
pub(super) const MOST: usize = 8;

/// How long each waits at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it looks.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// See the module.
#[derive(Default)]
pub(super) struct Waiting {
    room: Mutex<Room>,
    closed: Condvar,
}

#[derive(Default)]
struct Room {
    inside: usize,
    is_closed: bool,
}

impl Waiting {
    /// Looks until there is something, or it fails; `None` if nothing comes in
    /// time, or there is no room to wait in.
    pub(super) fn until<T, E>(
        &self,
        clock: &Environment,
        mut look: impl FnMut() -> Result<Option<T>, E>,
    ) -> Result<Option<T>, E> {
        let Some(_place) = self.enter() else {
            return Ok(None);
        };
        let end = clock.since_boot() + PATIENCE;
        while clock.since_boot() < end && self.pause() {
            if let Some(found) = look()? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Sends away who waits.
    pub(super) fn stop(&self) {
        self.room().is_closed = true;
        self.closed.notify_all();
    }

    /// Whether to look again after it.
    fn pause(&self) -> bool {
        let open = |room: &mut Room| !room.is_closed;
        let paused = self
            .closed
            .wait_timeout_while(self.room(), LOOK_AGAIN, open);
        !paused.unwrap_or_else(PoisonError::into_inner).0.is_closed
    }

    fn enter(&self) -> Option<Place<'_>> {
        let mut room = self.room();
        if room.inside >= MOST || room.is_closed {
            return None;
        }
        room.inside += 1;
        Some(Place(self))
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Place<'a>(&'a Waiting);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.room().inside -= 1;
    }
}
