//! One thread that waits for all clients at once, and takes in those requests that
//! come in one piece, as nearly all do: many at a time where many come. A thread
//! that wakes for each of them costs more than all that is done in it.
//!
//! Whatever takes patience (a request that comes in pieces, a large body, several
//! requests at once, a client that is to be refused) is handed over to a reader, a
//! thread of that client's own, and stays with it. Where the system can't tell of many
//! sockets at once every client has one from the start.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use zeroize::{Zeroize, Zeroizing};

use super::buffer::{Buffer, READ};
use super::connection::Connection;
use super::head::{self, Framing, Head, Persistence};
use super::lanes::Batch;
use super::pending::Pending;
use super::service::Service;
use crate::platform::readiness::{Readiness, Ready, Room};

pub(super) struct Watcher {
    pub(super) readiness: Arc<Readiness>,
    ended: AtomicBool,
}

/// What becomes of a client that has sent something.
enum Next {
    Watch,
    /// It is gone.
    Remove,
    /// It needs a reader, which begins with this.
    HandOver(Buffer),
}

impl Watcher {
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self {
            readiness: Arc::new(Readiness::open()?),
            ended: AtomicBool::new(false),
        })
    }

    pub(super) fn add(&self, connection: &Connection) -> io::Result<()> {
        self.readiness.add(&connection.stream, connection.id)
    }

    /// Ends [`Self::run`].
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
        self.readiness.wake();
    }

    /// Watches until it is ended. `hand_over` finds a client a reader.
    pub(super) fn run(&self, service: &Service, hand_over: impl Fn(Arc<Connection>, Buffer)) {
        let patience = service.limits.idle_time;
        // Nobody who is connected is overdue before that.
        let mut look = Instant::now() + patience;
        let mut room = Zeroizing::new([0; READ]);
        let mut told = Room::default();
        while !self.ended.load(Ordering::SeqCst) {
            let wait = look.saturating_duration_since(Instant::now());
            // It fails for no reason that passes.
            let Ok(ready) = self.readiness.wait(wait, &mut told) else {
                return;
            };
            let mut batch = service.lanes.batch();
            for ready in ready {
                let Some(connection) = service.connections.get(ready.id) else {
                    continue;
                };
                let next = self.take(service, &connection, &ready, &mut *room, &mut batch);
                match next {
                    Next::Watch => {}
                    Next::Remove => service.connections.remove(ready.id),
                    Next::HandOver(input) => {
                        let _ = self.readiness.remove(&connection.stream);
                        hand_over(connection, input);
                    }
                }
            }
            batch.send();
            if Instant::now() >= look {
                look = close_silent(service, patience);
            }
        }
    }

    /// Takes in what a client has sent, by way of `room`, and wipes that.
    fn take(
        &self,
        service: &Service,
        connection: &Connection,
        ready: &Ready,
        room: &mut [u8],
        batch: &mut Batch<'_>,
    ) -> Next {
        if connection.call_when_answered() {
            return Next::Watch;
        }
        let input = match self.readiness.read(&connection.stream, room) {
            Ok(0) => return Next::Remove,
            Ok(read) => &mut room[..read],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Next::Watch,
            Err(_) => return Next::Remove,
        };
        let next = self.pass_on(service, connection, ready.has_ended, input, batch);
        input.zeroize();
        next
    }

    fn pass_on(
        &self,
        service: &Service,
        connection: &Connection,
        has_ended: bool,
        input: &[u8],
        batch: &mut Batch<'_>,
    ) -> Next {
        if !connection.begin() {
            return Next::Remove;
        }
        let whole = whole(input, service.limits.max_body);
        // That it ended is told only once, so somebody has to be there for it.
        let Some((head, body)) = whole.filter(|_| !has_ended) else {
            return Next::HandOver(Buffer::begun_with(input));
        };
        let (line, pending) = Pending::new(head, body, service.bodies.share());
        match batch.add(connection, &line, pending) {
            true => Next::Watch,
            false => Next::Remove,
        }
    }
}

/// The one request that `input` is, if it is whole and leaves the connection open.
fn whole(input: &[u8], max_body: usize) -> Option<(Head, Zeroizing<Vec<u8>>)> {
    // Else there may be more to read, of which nobody would be told again.
    if input.len() >= READ {
        return None;
    }
    let head = head::parse(input, max_body).ok()??;
    let body = &input[head.length..];
    let is_whole = head.framing == Framing::Length(body.len());
    let body = Zeroizing::new(body.to_vec());
    (is_whole && head.persistence != Persistence::Close).then_some((head, body))
}

/// Ends the connections that were silent for so long; returns when the next one
/// may be.
fn close_silent(service: &Service, patience: Duration) -> Instant {
    let now = Instant::now();
    let mut next = now + patience;
    for connection in service.connections.all() {
        if let Some(since) = connection.idle_since() {
            if since + patience <= now {
                connection.end_if_quiet();
            } else {
                next = next.min(since + patience);
            }
        }
    }
    next
}
