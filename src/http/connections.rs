//! All connections: who makes room for whom, and how they end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::connection::Connection;

type Table = HashMap<u64, Arc<Connection>>;

#[derive(Default)]
pub(super) struct Connections {
    table: Mutex<Table>,
    left: Condvar,
    stopping: Arc<AtomicBool>,
}

impl Connections {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, connection: &Arc<Connection>) {
        self.table().insert(connection.id, Arc::clone(connection));
    }

    pub(super) fn remove(&self, id: u64) {
        self.table().remove(&id);
        self.left.notify_all();
    }

    pub(super) fn get(&self, id: u64) -> Option<Arc<Connection>> {
        self.table().get(&id).cloned()
    }

    pub(super) fn all(&self) -> Vec<Arc<Connection>> {
        self.table().values().cloned().collect()
    }

    /// What connections watch for a stop.
    pub(super) fn stopping(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopping)
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Makes room for one more within `limit`: displaces the connection that
    /// has kept the server waiting longest, be it for a request or for the rest
    /// of one. A client that sends a request in one piece is never that for
    /// long. False if all have a request under way.
    pub(super) fn make_room(&self, limit: usize) -> bool {
        if self.table().len() < limit {
            return true;
        }
        let all = self.all();
        all.iter().filter(|connection| connection.stays()).count() < limit
            || displace_oldest(all, Connection::waiting_since)
    }

    /// Waits until no more than `most` are left, those that linger included;
    /// the oldest of these goes first. False if `deadline` came before.
    pub(super) fn make_way(&self, most: usize, deadline: Instant) -> bool {
        if self.table().len() > most {
            displace_oldest(self.all(), Connection::lingering_since);
        }
        self.wait_for_at_most(most, deadline)
    }

    /// Displaces the large request, of another connection than `id`, that has
    /// not grown for longest.
    pub(super) fn make_room_in_memory(&self, id: u64) {
        let mut others = self.all();
        others.retain(|other| other.id != id);
        displace_oldest(others, Connection::last_growth);
    }

    /// Takes no further request on any connection; those being read or
    /// answered go on.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        for connection in self.all() {
            connection.end_if_quiet();
        }
    }

    pub(super) fn abort_all(&self) {
        for connection in self.all() {
            connection.abort();
        }
    }

    /// Waits until no more than `most` are left. False if `deadline` came first.
    pub(super) fn wait_for_at_most(&self, most: usize, deadline: Instant) -> bool {
        let patience = deadline.saturating_duration_since(Instant::now());
        let (table, _) = self
            .left
            .wait_timeout_while(self.table(), patience, |table| table.len() > most)
            .unwrap_or_else(PoisonError::into_inner);
        table.len() <= most
    }
}

/// Displaces the connection for which `since` is the earliest.
fn displace_oldest(
    all: Vec<Arc<Connection>>,
    since: impl Fn(&Connection) -> Option<Instant>,
) -> bool {
    let mut candidates: Vec<_> = all
        .iter()
        .filter_map(|connection| Some((since(connection)?, connection)))
        .collect();
    candidates.sort_by_key(|(since, _)| *since);
    // One whose request has become whole meanwhile is passed over.
    candidates.iter().any(|(_, oldest)| oldest.displace())
}
