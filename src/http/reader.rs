//! One client's thread: reads its requests, one after the other, within bounds
//! of size and time, and says which ones go no further.

use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::body::Decoder;
use super::budget::Share;
use super::buffer::{Buffer, READ};
use super::connection::Connection;
use super::head::{self, Head, Persistence, Refusal};
use super::lanes::Sent;
use super::pending::Pending;
use super::response::{CONTINUE, left_until, render, write_by};
use super::service::Service;
use crate::platform::sockets::send_now;

/// Largest head, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// How much is read of a head that is too long, in bytes: browsers send `Origin`
/// last, and it decides who may read the answer.
const MAX_GLIMPSE: usize = 64 * 1024;

/// Largest body that takes no share of the budget, in bytes of memory. As much
/// is accounted for by the limit of connections.
const SMALL: usize = 2 * READ;

/// How long a body waits for memory: in all, and until one more gives way.
const MEMORY_WAIT: (Duration, Duration) = (Duration::from_secs(1), Duration::from_millis(50));

/// How long a client that is turned away has to say what it wanted, or to go on.
const GLIMPSE: Duration = Duration::from_millis(100);

/// Refused clients that may send on for [`LONG`]; more only for [`SHORT`].
const LONG_LINGERERS: usize = 64;

/// What a client may still send to a connection that is being closed, so that
/// it reads the answer before it meets a reset: bytes and time. Browsers read
/// no answer before they have sent their whole request.
const LONG: (usize, Duration) = (64 * 1024 * 1024, Duration::from_secs(5));
const SHORT: (usize, Duration) = (256 * 1024, Duration::from_secs(1));

const DISPLACED: Refusal = Refusal::new(408, "the request was too slow while others waited");
const NO_MEMORY: Refusal = Refusal::new(503, "too many large requests at once");
const NO_SERVER: Refusal = Refusal::new(503, "the server is out of resources");

pub(super) struct Reader<'a> {
    pub(super) service: &'a Service,
    pub(super) connection: &'a Arc<Connection>,
    /// Bytes read that belong to no finished request.
    input: Buffer,
    /// The head of the request whose body is being read.
    head: Option<Head>,
    /// What the socket's read timeout is set to.
    timeout: Option<Duration>,
    /// The memory of a head that is too long.
    beyond: Share,
}

/// Why no request comes out of a connection.
enum Stop {
    /// The client left, or was silent for too long between requests; or the
    /// server ends.
    Gone,
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<'a> Reader<'a> {
    /// A reader of a client who has sent `input` so far.
    pub(super) fn new(
        service: &'a Service,
        connection: &'a Arc<Connection>,
        input: Buffer,
    ) -> Self {
        Self {
            service,
            connection,
            input,
            head: None,
            timeout: None,
            beyond: service.bodies.share(),
        }
    }

    pub(super) fn serve(mut self) {
        loop {
            let next = self.next();
            if matches!(next, Ok(Persistence::Keep | Persistence::KeepSaid)) {
                continue;
            }
            let may_go_on = self.connection.wait_until_answered();
            match next {
                Err(Stop::Refused(refusal)) if may_go_on => self.refuse(&refusal),
                Err(_) => {}
                Ok(_) => self.linger(SHORT),
            }
            return;
        }
    }

    /// Refuses the client's first request, unread.
    pub(super) fn turn_away(mut self, refusal: &Refusal) {
        // The answer is to suit who asked.
        let _ = self.read(GLIMPSE);
        self.refuse(refusal);
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
        let decoder = Decoder::new(head.framing, self.service.limits.max_body);
        let expects_continue = head.expects_continue;
        // Kept for the wording of a refusal.
        self.head = Some(head);
        let mut share = self.service.bodies.share();
        let body = self.read_body(decoder, expects_continue, &mut share)?;
        if !self.connection.wait_until_answered() {
            return Err(Stop::Gone);
        }
        let Some(head) = self.head.take() else {
            return Err(Stop::Gone);
        };
        let persistence = head.persistence;
        let (line, pending) = Pending::new(head, body, share);
        match self.service.lanes.send(self.connection, &line, pending) {
            Sent::Yes => Ok(persistence),
            Sent::TooLate if self.connection.is_displaced() => Err(DISPLACED.into()),
            Sent::TooLate => Err(Stop::Gone),
            Sent::NoServer => Err(NO_SERVER.into()),
        }
    }

    fn wait_for_first_byte(&mut self) -> Result<(), Stop> {
        let patience = self.service.limits.idle_time;
        loop {
            // Counted from the last answer, not from the last request.
            let since = self.connection.idle_since();
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
                Err(_) if since == self.connection.idle_since() => return Err(Stop::Gone),
                Err(_) => {}
            }
        }
    }

    fn read_head(&mut self) -> Result<Head, Stop> {
        let deadline = Instant::now() + self.service.limits.head_time;
        let mut parsed = 0;
        loop {
            // RFC 9112, section 2.2: empty lines before a request are nothing.
            let blank = self
                .input
                .iter()
                .take_while(|byte| b"\r\n".contains(byte))
                .count();
            if blank > 0 {
                self.input.consume(blank);
            }
            parsed = parsed.min(self.input.len());
            // Only a line's end can complete a head or make it invalid, save at
            // its very start: a client of single bytes costs no parse for each.
            if parsed == 0 || self.input[parsed..].contains(&b'\n') {
                match head::parse(&self.input, self.service.limits.max_body) {
                    Ok(Some(head)) if head.length <= MAX_HEAD => {
                        self.input.consume(head.length);
                        return Ok(head);
                    }
                    Ok(Some(_)) => return Err(too_long(&self.input).into()),
                    Ok(None) => {}
                    Err(refusal) if refusal.status == 431 => {
                        return Err(self.overlong(refusal, deadline));
                    }
                    Err(refusal) => return Err(refusal.into()),
                }
                parsed = self.input.len();
            }
            if self.input.len() >= MAX_HEAD {
                return Err(self.overlong(too_long(&self.input), deadline));
            }
            self.read_more(deadline, "the head of the request took too long")?;
        }
    }

    fn read_body(
        &mut self,
        mut decoder: Decoder,
        expects_continue: bool,
        share: &mut Share,
    ) -> Result<Zeroizing<Vec<u8>>, Stop> {
        let deadline = Instant::now() + self.service.limits.body_time;
        let mut body = Buffer::default();
        let mut told = !expects_continue;
        loop {
            let taken = decoder.read(&self.input, &mut body)?;
            if taken > 0 {
                self.input.consume(taken);
            }
            self.pay(share, body.capacity())?;
            if decoder.is_done() {
                return Ok(body.into_inner());
            }
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

    /// Takes `memory` out of the budget. If too little is left, other requests
    /// that are only half here make room.
    fn pay(&self, share: &mut Share, memory: usize) -> Result<(), Stop> {
        if memory <= SMALL {
            return Ok(());
        }
        // No other request of this connection is under way while a large one
        // arrives: so it can make room itself.
        if !self.connection.wait_until_answered() {
            return Err(Stop::Gone);
        }
        self.connection.note_growth();
        let (deadline, mut patience) = (Instant::now() + MEMORY_WAIT.0, Duration::ZERO);
        while !share.cover(memory, patience) {
            if Instant::now() >= deadline {
                return Err(NO_MEMORY.into());
            }
            // It is not this client that is slow now.
            self.connection.note_growth();
            let connections = &self.service.connections;
            connections.make_room_in_memory(self.connection.id);
            patience = MEMORY_WAIT.1;
        }
        Ok(())
    }

    /// Waits for more of a request that has begun.
    fn read_more(&mut self, deadline: Instant, why: &'static str) -> Result<(), Stop> {
        let late = |_| Refusal::new(408, why);
        let wait = left_until(deadline).map_err(late)?;
        let read = self.read(wait);
        if self.connection.is_displaced() {
            return Err(DISPLACED.into());
        }
        match read {
            Ok(0) => Err(Stop::Gone),
            Ok(_) => Ok(()),
            Err(error) if is_timeout(&error) => Err(late(error).into()),
            Err(_) => Err(Stop::Gone),
        }
    }

    /// Reads a head that is refused for its length to its end, as far as time
    /// and memory go.
    fn overlong(&mut self, refusal: Refusal, deadline: Instant) -> Stop {
        let mut seen = 0;
        while self.input.len() < MAX_GLIMPSE && !has_end(&self.input[seen..]) {
            seen = self.input.len().saturating_sub(HEAD_END.len() - 1);
            let grown = self.input.capacity() * 2;
            let wait = left_until(deadline);
            let more = self.beyond.cover(grown, Duration::ZERO)
                && wait.is_ok_and(|wait| self.read(wait.min(GLIMPSE)).is_ok_and(|read| read > 0));
            if !more || self.connection.is_displaced() {
                break;
            }
        }
        refusal.into()
    }

    /// Appends what one read brings to the input.
    fn read(&mut self, wait: Duration) -> io::Result<usize> {
        if self.timeout != Some(wait) {
            self.connection.stream.set_read_timeout(Some(wait))?;
            self.timeout = Some(wait);
        }
        self.input.fill_from(&self.connection.stream)
    }

    /// Answers what is no request, and closes.
    fn refuse(&mut self, refusal: &Refusal) {
        let known = match self.head.take() {
            Some(head) => head::glimpse(&head.line).map(|line| line.with_parked(head.parked)),
            None => head::glimpse(&self.input),
        };
        let request =
            known.map(|request| request.with_connection(Arc::clone(&self.connection.info)));
        let handler = &self.service.handler;
        let response = handler.refuse(refusal.status, refusal.why, request.as_ref());
        let message = render(&response, Persistence::Close, false);
        // It fits, unless the client has not read what came before.
        if send_now(&self.connection.stream, &message).is_ok_and(|sent| sent == message.len()) {
            let others = self.service.lingering.fetch_add(1, Ordering::Relaxed);
            let has_time = others < LONG_LINGERERS && !self.service.connections.is_stopping();
            self.linger(if has_time { LONG } else { SHORT });
            self.service.lingering.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Reads on for a while after the last answer.
    fn linger(&mut self, (most, patience): (usize, Duration)) {
        if !self.connection.linger() {
            return;
        }
        let deadline = Instant::now() + patience;
        let mut left = most;
        let _ = self.connection.stream.shutdown(Shutdown::Write);
        while let Ok(wait) = left_until(deadline) {
            self.input.consume(self.input.len());
            match self.read(wait) {
                Ok(length) if length > 0 && length < left => left -= length,
                _ => break,
            }
        }
    }
}

const HEAD_END: &[u8] = b"\r\n\r\n";

fn has_end(input: &[u8]) -> bool {
    input.windows(HEAD_END.len()).any(|end| end == HEAD_END)
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
