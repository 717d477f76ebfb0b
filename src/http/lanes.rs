//! The way from the intake to the workers: a private [`tiny_http::Server`].
//!
//! The intake writes complete, well-formed requests to a few persistent
//! connections ("lanes"); tiny_http reads them and hands them to the workers;
//! a worker answers straight to the client's connection, which the request
//! names by a ticket. So the lanes carry requests only, one after the other,
//! and nobody waits for an answer on them.
//!
//! What tiny_http 0.12 can't be trusted with does not reach it:
//! - its accept loop ends at the first error, and panics where `dup` fails: all
//!   lanes are opened at the start, and from then on nobody can connect;
//! - its thread pool forgets connections that come in a burst (it counts a
//!   thread as idle until that thread wakes): lanes are opened one by one, each
//!   when the one before is known to be read;
//! - lines without end, lengths without bound, silence: see the intake.
//!
//! Where there are no Unix sockets the listener is a loopback port, and stays
//! visible to other users of the machine: the ticket's secret keeps their
//! requests from any handler.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use subtle::ConstantTimeEq;
use tiny_http::{Request, Server};
use zeroize::Zeroizing;

use super::connection::{Connection, Pending};
use super::connections::Registry;
use super::head::{Head, Refusal, TICKET};
use super::message::{HttpRequest, HttpResponse};
use crate::platform::sockets::{PrivateListener, PrivateStream};

/// More lanes cost wakeups, fewer let a large body hold up small requests.
const LANES: usize = 2;

/// How long a fresh lane may take to be read.
const PATIENCE: Duration = Duration::from_secs(5);

/// Largest body that is copied behind its head rather than written after it.
const SMALL: usize = 16 * 1024;

pub(super) struct Hop {
    registry: Arc<Registry>,
    workers: usize,
    /// Proves that a request came through the intake, where the system has no
    /// listener that others can't connect to.
    secret: String,
    tickets: AtomicU64,
    current: Mutex<Arc<Generation>>,
}

/// One private server with all that hangs on it.
struct Generation {
    number: u64,
    lanes: Vec<Mutex<PrivateStream>>,
    server: Arc<Server>,
    retired: Arc<AtomicBool>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    /// Kept only to wake tiny_http's accept thread when this is dropped.
    _listener: PrivateListener,
}

impl Hop {
    pub(super) fn open(registry: Arc<Registry>, workers: usize) -> io::Result<Self> {
        let mut secret = [0; 16];
        getrandom::fill(&mut secret).map_err(io::Error::other)?;
        let secret = hex::encode(secret);
        let first = Generation::open(0, &registry, &secret, workers)?;
        Ok(Self {
            registry,
            workers,
            secret,
            tickets: AtomicU64::new(0),
            current: Mutex::new(Arc::new(first)),
        })
    }

    fn current(&self) -> MutexGuard<'_, Arc<Generation>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request to the workers. One of them will answer it.
    pub(super) fn forward(
        &self,
        connection: &Connection,
        head: &Head,
        body: &[u8],
    ) -> Result<(), Refusal> {
        for _ in 0..2 {
            let generation = Arc::clone(&self.current());
            let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
            let (secret, id, length) = (&self.secret, connection.id, body.len());
            let last =
                format!("{TICKET}: {secret} {id} {ticket}\r\nContent-Length: {length}\r\n\r\n");
            // A small body travels in one write with its head.
            let (with_head, alone) = body.split_at(if length <= SMALL { length } else { 0 });
            let message = [&head.forward, last.as_bytes(), with_head].concat();
            let message = Zeroizing::new(message);
            connection.queue(Pending {
                ticket,
                generation: generation.number,
                received: Instant::now(),
                persistence: head.persistence,
                is_head: head.is_head,
            });
            if generation.send(id, &message, alone).is_ok() {
                return Ok(());
            }
            // Given up by another thread that met the same failure: answered.
            if connection.claim(ticket).is_none() {
                return Ok(());
            }
            connection.release();
            if self.replace(generation.number).is_err() {
                break;
            }
        }
        Err(Refusal::new(503, "the server is out of resources"))
    }

    /// Opens a new private server in place of one that failed.
    fn replace(&self, failed: u64) -> io::Result<()> {
        let mut current = self.current();
        if current.number == failed {
            let next = Generation::open(failed + 1, &self.registry, &self.secret, self.workers)?;
            let old = std::mem::replace(&mut *current, Arc::new(next));
            drop(current);
            old.retire();
            self.registry.give_up(failed);
        }
        Ok(())
    }

    /// Stops the workers. Joins them where all are `idle`, else leaves those that
    /// are still in a handler to end with it.
    pub(super) fn close(&self, idle: bool) {
        let current = Arc::clone(&self.current());
        current.retire();
        if idle {
            let mut workers = current
                .workers
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            for worker in workers.drain(..) {
                let _ = worker.join();
            }
        }
    }
}

impl Generation {
    fn open(
        number: u64,
        registry: &Arc<Registry>,
        secret: &str,
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
            retired: Arc::default(),
            workers: Mutex::default(),
            _listener: listener,
        };
        for _ in 0..workers.max(1) {
            let worker = Worker {
                server: Arc::clone(&generation.server),
                retired: Arc::clone(&generation.retired),
                registry: Arc::clone(registry),
                secret: secret.to_owned(),
            };
            let spawned = thread::Builder::new()
                .name("worker".to_owned())
                .spawn(move || worker.run());
            match spawned {
                Ok(handle) => generation
                    .workers
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(handle),
                Err(error) => {
                    generation.retire();
                    return Err(error);
                }
            }
        }
        Ok(generation)
    }

    fn send(&self, id: u64, message: &[u8], rest: &[u8]) -> io::Result<()> {
        let lane = &self.lanes[id as usize % LANES];
        let mut lane = lane.lock().unwrap_or_else(PoisonError::into_inner);
        lane.write_all(message)?;
        lane.write_all(rest)
    }

    /// Lets the workers finish what was sent to them, and end.
    fn retire(&self) {
        self.retired.store(true, Ordering::SeqCst);
        for lane in &self.lanes {
            let lane = lane.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = lane.shutdown(Shutdown::Both);
        }
        let workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..workers.len() {
            self.server.unblock();
        }
    }
}

/// Connects a lane and waits until tiny_http reads it.
fn open_lane(
    listener: &PrivateListener,
    server: &Server,
    secret: &str,
) -> io::Result<PrivateStream> {
    let mut lane = listener.connect()?;
    write!(lane, "OPTIONS * HTTP/1.1\r\n{TICKET}: {secret}\r\n\r\n")?;
    let deadline = Instant::now() + PATIENCE;
    while let Some(request) = server.recv_timeout(super::response::left_until(deadline)?)? {
        let ours = ticket(&request, secret).is_some();
        // Dropped without a word: no answer is read from a lane.
        drop(request.into_writer());
        if ours {
            return Ok(lane);
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

/// What follows the secret in the ticket of a request that has it.
fn ticket(request: &Request, secret: &str) -> Option<String> {
    let mut headers = request.headers().iter();
    let header = headers.find(|header| header.field.equiv(TICKET))?;
    let (proof, rest) = header.value.as_str().split_at_checked(secret.len())?;
    bool::from(proof.as_bytes().ct_eq(secret.as_bytes())).then(|| rest.trim().to_owned())
}

struct Worker {
    server: Arc<Server>,
    retired: Arc<AtomicBool>,
    registry: Arc<Registry>,
    secret: String,
}

impl Worker {
    fn run(&self) {
        loop {
            match self.server.recv() {
                Ok(request) => self.work(request),
                Err(_) if self.retired.load(Ordering::SeqCst) => break,
                // The accept loop has ended; nobody is to connect anyway.
                Err(_) => {}
            }
        }
    }

    fn work(&self, mut request: Request) {
        let incoming = self.accept(&mut request);
        drop(request.into_writer());
        let Some((connection, pending, request)) = incoming else {
            return;
        };
        let response: HttpResponse = match request {
            Ok(request) => self.registry.handle(&request),
            Err(_) => self.registry.refuse(500, "internal error", None),
        };
        connection.answer(pending, &response);
    }

    /// Takes up the request that a ticket names.
    #[allow(
        clippy::type_complexity,
        reason = "a private triple, taken apart at once"
    )]
    fn accept(
        &self,
        request: &mut Request,
    ) -> Option<(Arc<Connection>, Pending, io::Result<HttpRequest>)> {
        let numbers = ticket(request, &self.secret)?;
        let (id, number) = numbers.split_once(' ')?;
        let connection = self.registry.get(id.parse().ok()?)?;
        let pending = connection.claim(number.parse().ok()?)?;
        let read = read(request, &connection, pending);
        Some((connection, pending, read))
    }
}

fn read(
    request: &mut Request,
    connection: &Connection,
    pending: Pending,
) -> io::Result<HttpRequest> {
    let mut read = HttpRequest::new(request.method().as_str(), request.url())
        .with_connection(Arc::clone(&connection.info));
    read.received = pending.received;
    for header in request.headers() {
        let own = header.field.equiv(TICKET) || header.field.equiv("Content-Length");
        if !own {
            read = read.with_header(header.field.as_str().as_str(), header.value.as_str());
        }
    }
    let length = request.body_length().unwrap_or(0);
    read.body.reserve_exact(length);
    let body = request
        .as_reader()
        .take(length as u64)
        .read_to_end(&mut read.body)?;
    if body == length {
        Ok(read)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
#[path = "lanes_tests.rs"]
mod tests;
