//! What clients may take, of the server and of the system.

use std::time::Duration;

use crate::platform::limits::raise_open_files;

/// Files kept free for databases and the like; as many sockets fewer.
const SPARE_FILES: u64 = 32;

/// More open files than this serve no purpose.
const MOST_FILES: u64 = 65_536;

/// What clients may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Threads that call the handler.
    pub workers: usize,
    /// Clients connected at once; fewer where the system allows fewer files.
    /// One more replaces the one that has kept the server waiting longest, for
    /// a request or for the rest of one. 503 if none does.
    pub connections: usize,
    /// Largest body, in bytes. More is 413.
    pub max_body: usize,
    /// What bodies may hold together, in bytes, from their arrival until they
    /// are answered. One more replaces the half-sent one that has not grown for
    /// longest. 503 if all others are whole.
    pub body_memory: usize,
    /// From the first byte of a request to the end of its head.
    pub head_time: Duration,
    /// From the end of the head to the end of the body.
    pub body_time: Duration,
    /// From connecting, or from an answer, to the next request's first byte.
    pub idle_time: Duration,
    /// For the client to take one answer.
    pub write_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            workers: 8,
            connections: 1024,
            max_body: 1024 * 1024,
            body_memory: 32 * 1024 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(75),
            write_time: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// The same, with no more connections than the process may have sockets.
    /// Raises the process's soft limit of open files first.
    pub(super) fn within_open_files(mut self) -> Self {
        if let Some(files) = raise_open_files(MOST_FILES) {
            let sockets = files.saturating_sub(SPARE_FILES).max(8);
            self.connections = self.connections.min(sockets as usize);
        }
        self
    }
}
