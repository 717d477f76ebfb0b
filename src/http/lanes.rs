//! The way from the readers to the workers: a private [`tiny_http::Server`].
//!
//! The first line of each request, and a ticket, is written to one of a few
//! persistent connections ("lanes"). tiny_http reads it and hands it to a
//! worker, which finds the client's connection by the ticket and answers to it
//! directly. So the lanes carry requests only, one after the other, and nobody
//! waits for an answer on them.
//!
//! What tiny_http 0.12 can't be trusted with does not reach it:
//! - its accept loop ends at the first error, and panics if `dup` fails: all
//!   lanes are opened at the start, and from then on nobody can connect;
//! - its thread pool forgets connections that come in a burst (it counts a
//!   thread as idle until that thread wakes): lanes are opened one by one, each
//!   when the one before is known to be read;
//! - it has no bound for a line or a length, and no deadline: the readers have;
//! - it wipes nothing: not its read buffer of 1 KiB, which lives as long as
//!   the lane, nor the lines and headers that it frees. So of a request only the
//!   first line travels, without its query; the rest is parked.
//!
//! Without Unix sockets the listener is a loopback port, which other users of
//! the machine can see: the secret in the ticket keeps their requests from the
//! handler.

use std::io::{self, Write};
use std::net::Shutdown;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tiny_http::{Request, Server};

use super::connection::Connection;
use super::connections::Connections;
use super::handler::SafeHandler;
use super::head::TICKET;
use super::pending::Pending;
use super::worker::{Pool, Worker, ticket};
use crate::platform::sockets::{PrivateListener, PrivateStream};

/// More lanes cost wakeups, fewer make readers wait for each other.
const LANES: usize = 2;

/// More than a ticket takes, in bytes.
const LONGEST_TICKET: usize = 80;

/// How long a fresh lane may take to be read, in seconds. Each is waited for by itself: a
/// process that stood still meanwhile, however long, has lost no more than one.
const PATIENCE: u32 = 60;

pub(super) struct Lanes {
    connections: Arc<Connections>,
    handler: SafeHandler,
    workers: usize,
    /// Proves that a request comes from a reader.
    secret: Arc<str>,
    tickets: AtomicU64,
    current: Mutex<Arc<Generation>>,
}

/// What became of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is answered, or will be.
    Yes,
    /// The connection takes no further request.
    TooLate,
    /// No new private server could be opened in place of one that failed.
    NoServer,
}

/// One private server with all that hangs on it.
struct Generation {
    number: u64,
    lanes: Vec<Mutex<PrivateStream>>,
    server: Arc<Server>,
    workers: Arc<Pool>,
    /// Kept only to wake tiny_http's accept thread when this is dropped.
    _listener: PrivateListener,
}

impl Lanes {
    pub(super) fn open(
        connections: Arc<Connections>,
        handler: SafeHandler,
        workers: usize,
    ) -> io::Result<Self> {
        let mut secret = [0; 16];
        getrandom::fill(&mut secret).map_err(io::Error::other)?;
        let secret = URL_SAFE_NO_PAD.encode(secret).into();
        let first = Generation::open(0, &connections, &handler, &secret, workers)?;
        Ok(Self {
            connections,
            handler,
            workers,
            secret,
            tickets: AtomicU64::new(0),
            current: Mutex::new(Arc::new(first)),
        })
    }

    fn current(&self) -> MutexGuard<'_, Arc<Generation>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request to the workers, one of which will answer it.
    pub(super) fn send(&self, connection: &Connection, line: &[u8], pending: Pending) -> Sent {
        let mut next = Some(pending);
        for _ in 0..2 {
            let Some(mut pending) = next.take() else {
                break;
            };
            let generation = Arc::clone(&self.current());
            let number = self.tickets.fetch_add(1, Ordering::Relaxed);
            (pending.ticket, pending.generation) = (number, generation.number);
            if !connection.queue(pending) {
                return Sent::TooLate;
            }
            let mut message = Vec::new();
            self.write(&mut message, line, connection, number);
            if generation.send(connection.id, &message).is_ok() {
                return Sent::Yes;
            }
            next = connection.take_back(number);
            // Given up by another reader that met the same failure: answered.
            if next.is_none() {
                return Sent::Yes;
            }
            if self.replace(generation.number).is_err() {
                break;
            }
        }
        Sent::NoServer
    }

    /// Begins to collect requests that go on together.
    pub(super) fn batch(&self) -> Batch<'_> {
        Batch {
            lanes: self,
            generation: Arc::clone(&self.current()),
            message: Vec::new(),
        }
    }

    /// Appends a request as it goes through a lane.
    fn write(&self, message: &mut Vec<u8>, line: &[u8], connection: &Connection, number: u64) {
        let (secret, id) = (&self.secret, connection.id);
        message.reserve(line.len() + LONGEST_TICKET);
        message.extend_from_slice(line);
        // Memory takes all that is written to it.
        let _ = write!(message, "{TICKET}:{secret} {id} {number}\r\n\r\n");
    }

    /// Opens a new private server in place of one that failed.
    fn replace(&self, failed: u64) -> io::Result<()> {
        let mut current = self.current();
        if current.number == failed {
            let next = Generation::open(
                failed + 1,
                &self.connections,
                &self.handler,
                &self.secret,
                self.workers,
            )?;
            let old = std::mem::replace(&mut *current, Arc::new(next));
            drop(current);
            old.retire();
            self.give_up(failed);
        }
        Ok(())
    }

    /// Answers whatever was on its way through a private server that failed.
    fn give_up(&self, generation: u64) {
        const WHY: &str = "the request was lost on its way, send it again";
        for connection in self.connections.all() {
            if let Some(pending) = connection.claim_of(generation) {
                let response = self.handler.refuse(503, WHY, None);
                connection.answer(pending.form, &response);
            }
        }
    }

    /// Stops the workers. Joins them if all are `idle`, else leaves those that
    /// are still in a handler to end with it.
    pub(super) fn close(&self, idle: bool) {
        let current = Arc::clone(&self.current());
        current.retire();
        if idle {
            current.workers.join();
        }
    }
}

/// Requests that are sent to the workers in one write: tiny_http wakes once for all
/// of them.
pub(super) struct Batch<'a> {
    lanes: &'a Lanes,
    generation: Arc<Generation>,
    message: Vec<u8>,
}

impl Batch<'_> {
    /// Adds a request. False if it comes too late.
    pub(super) fn add(
        &mut self,
        connection: &Connection,
        line: &[u8],
        mut pending: Pending,
    ) -> bool {
        let number = self.lanes.tickets.fetch_add(1, Ordering::Relaxed);
        (pending.ticket, pending.generation) = (number, self.generation.number);
        let in_time = connection.queue(pending);
        if in_time {
            self.lanes
                .write(&mut self.message, line, connection, number);
        }
        in_time
    }

    /// Sends them; whoever's request is lost on the way is told.
    pub(super) fn send(self) {
        if self.message.is_empty() || self.generation.send(0, &self.message).is_ok() {
            return;
        }
        let number = self.generation.number;
        let _ = self.lanes.replace(number);
        // Another may have replaced it before these were sent.
        self.lanes.give_up(number);
    }
}

impl Generation {
    fn open(
        number: u64,
        connections: &Arc<Connections>,
        handler: &SafeHandler,
        secret: &Arc<str>,
        workers: usize,
    ) -> io::Result<Self> {
        let listener = PrivateListener::open()?;
        let server = Server::from_listener(listener.handle()?, None).map_err(io::Error::other)?;
        let lanes = (0..LANES)
            .map(|_| open_lane(&listener, &server, secret).map(Mutex::new))
            .collect::<io::Result<_>>()?;
        listener.hide();
        let generation = Self {
            number,
            lanes,
            server: Arc::new(server),
            workers: Arc::new(Pool::new(workers)),
            _listener: listener,
        };
        let worker = Worker {
            server: Arc::clone(&generation.server),
            pool: Arc::clone(&generation.workers),
            connections: Arc::clone(connections),
            handler: handler.clone(),
            secret: Arc::clone(secret),
        };
        if let Err(error) = generation.workers.grow(&worker) {
            generation.retire();
            return Err(error);
        }
        Ok(generation)
    }

    fn send(&self, id: u64, message: &[u8]) -> io::Result<()> {
        let lane = &self.lanes[id as usize % LANES];
        let mut lane = lane.lock().unwrap_or_else(PoisonError::into_inner);
        lane.write_all(message)
    }

    /// Lets the workers finish what was sent to them, and end.
    fn retire(&self) {
        for lane in &self.lanes {
            let lane = lane.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = lane.shutdown(Shutdown::Both);
        }
        self.workers.retire(&self.server);
    }
}

/// Connects a lane and waits until tiny_http reads it.
fn open_lane(
    listener: &PrivateListener,
    server: &Server,
    secret: &str,
) -> io::Result<PrivateStream> {
    let mut lane = listener.connect()?;
    write!(lane, "OPTIONS * HTTP/1.1\r\n{TICKET}:{secret}\r\n\r\n")?;
    await_ours(secret, || server.recv_timeout(Duration::from_secs(1)))?;
    Ok(lane)
}

/// Waits for the request that we have sent ourselves; `next` waits for a second.
fn await_ours(
    secret: &str,
    mut next: impl FnMut() -> io::Result<Option<Request>>,
) -> io::Result<()> {
    let mut waited = 0;
    while waited < PATIENCE {
        let Some(request) = next()? else {
            waited += 1;
            continue;
        };
        let ours = ticket(&request, secret).is_some();
        // Dropped without a word: no answer is read from a lane.
        drop(request.into_writer());
        if ours {
            return Ok(());
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

#[cfg(test)]
#[path = "lanes_tests.rs"]
mod tests;
