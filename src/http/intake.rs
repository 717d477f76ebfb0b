//! The public side: accepts connections and reads requests, one thread each,
//! within bounds of number, size and time.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::{Zeroize, Zeroizing};

use super::Limits;
use super::body::{Budget, Decoder, Share};
use super::connection::{Connection, STACK};
use super::head::{self, Head, Persistence, Refusal};
use super::hop::Hop;
use super::message::ConnectionInfo;
use super::registry::Registry;
use super::reply::{CONTINUE, left_until, render, write_by};
use crate::platform::sockets::is_out_of_files;

/// Largest head, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// What is read at once, in bytes: nearly every request is shorter.
const INPUT: usize = 4 * 1024;

/// Connections beyond the limit that are held just to be told so.
const TOLD: usize = 64;

/// What a client may still send to a connection that is being closed, so that
/// it reads the answer before it meets a reset: bytes and time.
const LINGER: (usize, Duration) = (256 * 1024, Duration::from_secs(1));

const FULL: Refusal = Refusal::new(503, "too many connections");

pub(super) struct Intake {
    pub(super) registry: Arc<Registry>,
    pub(super) hop: Hop,
    limits: Limits,
    bodies: Arc<Budget>,
    ids: AtomicU64,
}

impl Intake {
    pub(super) fn new(registry: Arc<Registry>, hop: Hop, limits: Limits) -> Self {
        Self {
            registry,
            hop,
            bodies: Budget::new(limits.body_memory),
            limits,
            ids: AtomicU64::new(0),
        }
    }

    /// Accepts connections until the server stops.
    pub(super) fn accept_all(self: &Arc<Self>, listener: &TcpListener) {
        // Given up when no other descriptor is left, so that a client can
        // still be accepted and told.
        let mut reserve = listener.try_clone().ok();
        while !self.registry.is_stopping() {
            match listener.accept() {
                Ok(_) if self.registry.is_stopping() => break,
                Ok((stream, peer)) => {
                    if reserve.is_none() {
                        reserve = listener.try_clone().ok();
                    }
                    match reserve {
                        Some(_) => self.admit(stream, peer),
                        None => self.turn_away(stream),
                    }
                }
                Err(error) if is_out_of_files(&error) && reserve.is_some() => reserve = None,
                // ENOBUFS, ENOMEM: it passes, but not by asking at once again.
                Err(error) if !is_a_clients_fault(&error) => {
                    let soon = Instant::now() + Duration::from_millis(50);
                    self.registry.wait_until_empty(soon);
                    thread::park_timeout(soon.saturating_duration_since(Instant::now()));
                }
                Err(_) => {}
            }
        }
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let count = self.registry.count();
        let room = count < self.limits.connections || self.registry.end_quietest();
        if count >= self.limits.connections + TOLD || stream.set_nodelay(true).is_err() {
            return;
        }
        let Ok(local) = stream.local_addr() else {
            return;
        };
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::new(
            id,
            stream,
            ConnectionInfo::new(peer, local),
            self.limits.write_time,
            self.registry.stopping(),
        ));
        if !room {
            connection.take_nothing();
        }
        self.registry.add(&connection);
        let (intake, client) = (Arc::clone(self), Arc::clone(&connection));
        let serve = move || {
            let _leaving = Leaving(&intake.registry, client.id);
            let mut session = Session {
                intake: &intake,
                connection: &client,
                input: Zeroizing::new(Vec::with_capacity(INPUT)),
                head: Zeroizing::default(),
                timeout: None,
            };
            if !room {
                session.refuse(&FULL);
            } else if intake.registry.greet(&client) {
                session.serve();
            }
        };
        let spawned = thread::Builder::new()
            .name("client".to_owned())
            .stack_size(STACK)
            .spawn(serve);
        if spawned.is_err() {
            self.registry.remove(id);
            if let Some(connection) = Arc::into_inner(connection) {
                self.turn_away(connection.stream);
            }
        }
    }

    /// Tells a client that there is no room, without waiting for it.
    fn turn_away(&self, mut stream: TcpStream) {
        let response = self.registry.refuse(FULL.status, FULL.why, None);
        let message = render(&response, Persistence::Close, false);
        // What was sent already is read first: else closing resets.
        let _ = stream
            .set_nonblocking(true)
            .and_then(|()| stream.read(&mut [0; 4096]).or(Ok(0)))
            .and_then(|_| stream.write_all(&message));
    }
}

/// The errors of accept(2) that concern one connection only.
fn is_a_clients_fault(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, PermissionDenied};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionReset | Interrupted | PermissionDenied
    )
}

struct Leaving<'a>(&'a Registry, u64);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.remove(self.1);
    }
}

/// One client's connection, read from.
struct Session<'a> {
    intake: &'a Intake,
    connection: &'a Arc<Connection>,
    /// Bytes read that belong to no finished request.
    input: Zeroizing<Vec<u8>>,
    /// The head of the request whose body is being read.
    head: Zeroizing<Vec<u8>>,
    /// What the socket's read timeout is set to.
    timeout: Option<Duration>,
}

/// Why no request comes out of a connection.
enum Stop {
    /// The client left, or was silent for too long between requests.
    Gone,
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Session<'_> {
    fn serve(&mut self) {
        loop {
            match self.next() {
                Ok(Persistence::Close) => {
                    if self.connection.wait_until_answered() {
                        self.linger();
                    }
                    return;
                }
                Ok(_) => {}
                Err(Stop::Refused(refusal)) => {
                    if self.connection.wait_until_answered() {
                        self.refuse(&refusal);
                    }
                    return;
                }
                Err(Stop::Gone) => {
                    self.connection.wait_until_answered();
                    return;
                }
            }
        }
    }

    /// Reads one request and sends it on.
    fn next(&mut self) -> Result<Persistence, Stop> {
        if self.input.is_empty() {
            self.wait_for_first_byte()?;
        }
        if !self.connection.begin() {
            return Err(Stop::Gone);
        }
        let head = self.read_head()?;
        let mut share = self.intake.bodies.share();
        let body = match self.read_body(&head, &mut share) {
            Ok(body) => body,
            Err(stop) => {
                self.head = head.forward;
                return Err(stop);
            }
        };
        if !self.connection.wait_until_answered() || self.connection.has_ended() {
            return Err(Stop::Gone);
        }
        self.intake.hop.forward(self.connection, &head, &body)?;
        Ok(head.persistence)
    }

    fn wait_for_first_byte(&mut self) -> Result<(), Stop> {
        let patience = self.intake.limits.idle_time;
        loop {
            // Counted from the last answer, not from the last request.
            let since = self.connection.quiet_since();
            let passed = since.map_or(Duration::ZERO, |since| since.elapsed());
            let wait = patience.saturating_sub(passed);
            if wait.is_zero() {
                return Err(Stop::Gone);
            }
            // Close to the whole is the whole: no system call a request.
            let wait = if patience - wait < Duration::from_secs(1) {
                patience
            } else {
                wait
            };
            match self.read(wait) {
                Ok(0) => return Err(Stop::Gone),
                Ok(_) => return Ok(()),
                Err(error) if !is_timeout(&error) => return Err(Stop::Gone),
                Err(_) if self.connection.is_busy() => {}
                Err(_) if since == self.connection.quiet_since() => return Err(Stop::Gone),
                Err(_) => {}
            }
        }
    }

    fn read_head(&mut self) -> Result<Head, Stop> {
        let deadline = Instant::now() + self.intake.limits.head_time;
        let mut parsed = 0;
        loop {
            // RFC 9112, section 2.2: empty lines before a request are nothing.
            let blank = self
                .input
                .iter()
                .take_while(|byte| b"\r\n".contains(byte))
                .count();
            self.consume(blank);
            parsed = parsed.min(self.input.len());
            // Only a line's end can complete a head or make it invalid, save at
            // its very start: a client of single bytes costs no parse for each.
            if parsed == 0 || self.input[parsed..].contains(&b'\n') {
                if let Some(head) = head::parse(&self.input, self.intake.limits.max_body)? {
                    if head.length > MAX_HEAD {
                        return Err(too_long(&self.input).into());
                    }
                    self.consume(head.length);
                    return Ok(head);
                }
                parsed = self.input.len();
            }
            if self.input.len() >= MAX_HEAD {
                return Err(too_long(&self.input).into());
            }
            self.read_more(deadline, "the head of the request took too long")?;
        }
    }

    fn read_body(&mut self, head: &Head, share: &mut Share) -> Result<Zeroizing<Vec<u8>>, Stop> {
        let limits = &self.intake.limits;
        let deadline = Instant::now() + limits.body_time;
        let mut decoder = Decoder::new(head.framing, limits.max_body);
        let mut body = Zeroizing::new(Vec::with_capacity(decoder.expected()));
        let mut told = !head.expects_continue;
        loop {
            let taken = decoder.read(&self.input, &mut body)?;
            self.consume(taken);
            if decoder.is_done() {
                return Ok(body);
            }
            share.cover(body.len())?;
            if !told {
                told = true;
                // After the answers before it.
                if !self.connection.wait_until_answered() {
                    return Err(Stop::Gone);
                }
                write_by(&self.connection.stream, CONTINUE, deadline).map_err(|_| Stop::Gone)?;
            }
            self.read_more(deadline, "the body of the request took too long")?;
        }
    }

    /// Waits for more of a request that has begun.
    fn read_more(&mut self, deadline: Instant, why: &'static str) -> Result<(), Stop> {
        let late = |_| Refusal::new(408, why);
        let wait = left_until(deadline).map_err(late)?;
        match self.read(wait) {
            Ok(0) => Err(Stop::Gone),
            Ok(_) => Ok(()),
            Err(error) if is_timeout(&error) => Err(late(error).into()),
            Err(_) => Err(Stop::Gone),
        }
    }

    /// Appends what one read brings to the input.
    fn read(&mut self, wait: Duration) -> io::Result<usize> {
        if self.timeout != Some(wait) {
            self.connection.stream.set_read_timeout(Some(wait))?;
            self.timeout = Some(wait);
        }
        let start = self.input.len();
        if start == self.input.capacity() {
            self.input.reserve(INPUT);
        }
        let room = self.input.capacity();
        self.input.resize(room, 0);
        let read = loop {
            match (&self.connection.stream).read(&mut self.input[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.input.truncate(start + *read.as_ref().unwrap_or(&0));
        read
    }

    /// Drops what was read, and wipes where it stood.
    fn consume(&mut self, length: usize) {
        let left = self.input.len() - length;
        self.input.copy_within(length.., 0);
        self.input[left..].zeroize();
        self.input.truncate(left);
    }

    /// Answers what is no request, and closes.
    fn refuse(&mut self, refusal: &Refusal) {
        let info = Arc::clone(&self.connection.info);
        let seen = if self.head.is_empty() {
            &self.input
        } else {
            &self.head
        };
        let request = head::glimpse(seen).map(|request| request.with_connection(info));
        let response = self
            .intake
            .registry
            .refuse(refusal.status, refusal.why, request.as_ref());
        let message = render(&response, Persistence::Close, false);
        let deadline = Instant::now() + self.intake.limits.write_time;
        if write_by(&self.connection.stream, &message, deadline).is_ok() {
            self.linger();
        }
    }

    /// Reads on for a moment after the last answer.
    fn linger(&mut self) {
        let deadline = Instant::now() + LINGER.1;
        let mut left = LINGER.0;
        let _ = self.connection.stream.shutdown(Shutdown::Write);
        while let Ok(wait) = left_until(deadline) {
            self.consume(self.input.len());
            match self.read(wait) {
                Ok(length) if length > 0 && length < left => left -= length,
                _ => break,
            }
        }
    }
}

fn too_long(input: &[u8]) -> Refusal {
    if input.contains(&b'\n') {
        Refusal::new(431, "the headers are longer than 16 KiB")
    } else {
        Refusal::new(414, "the request line is longer than 16 KiB")
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}
