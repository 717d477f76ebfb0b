//! A client's connection, as its reader, the workers and whoever makes room
//! share it. At most one request of it is under way at any time.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::head::Persistence;
use super::message::{ConnectionInfo, HttpResponse};
use super::pending::{AnswerForm, Pending};
use super::response::{render, write_by};
use crate::platform::readiness::Readiness;
use crate::platform::sockets::send_now;

/// Stack of the threads that only move bytes, in bytes. Of it only what is
/// used takes memory.
pub(super) const STACK: usize = 256 * 1024;

pub(super) struct Connection {
    pub(super) id: u64,
    pub(super) stream: TcpStream,
    pub(super) info: Arc<ConnectionInfo>,
    /// How long a client may take to read one answer.
    write_time: Duration,
    /// Set when the server takes no further request on any connection.
    stopping: Arc<AtomicBool>,
    /// Where it is watched, as long as it has no reader.
    readiness: Option<Arc<Readiness>>,
    phase: Mutex<Phase>,
    answered: Condvar,
}

enum Phase {
    /// The client may send a request, and has not begun to.
    Idle { since: Instant },
    /// Part of a request has arrived. If its body has a share of the budget,
    /// `growing` says when it last grew.
    Receiving {
        since: Instant,
        growing: Option<Instant>,
    },
    /// A request is under way.
    Busy { request: UnderWay, reader: Reader },
    /// The last answer is sent; what the client still sends is thrown away.
    Lingering { since: Instant },
    /// The request that was arriving gives way to others: it is refused.
    Displaced,
    /// No further request is taken.
    Ended,
    /// Nothing can be sent any more. A handler may not know it yet.
    Broken,
}

enum UnderWay {
    /// On its way to a worker.
    Queued(Box<Pending>),
    /// In a worker's hands, or its answer is being sent.
    Taken,
}

/// What the reader does while a request is under way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Waits for the client. Waking it would cost a system call a request.
    AtSocket,
    /// There is none, and the watcher has seen that more has arrived.
    Called,
    /// Has a part of the next request.
    Ahead,
    /// Waits for the answer.
    AwaitingAnswer,
}

impl Phase {
    fn receiving() -> Self {
        Self::Receiving {
            since: Instant::now(),
            growing: None,
        }
    }

    fn claim(&mut self, is_it: impl FnOnce(&Pending) -> bool) -> Option<Pending> {
        let Self::Busy { request, .. } = self else {
            return None;
        };
        match std::mem::replace(request, UnderWay::Taken) {
            UnderWay::Queued(pending) if is_it(&pending) => Some(*pending),
            other => {
                *request = other;
                None
            }
        }
    }
}

impl Connection {
    pub(super) fn new(
        id: u64,
        stream: TcpStream,
        info: ConnectionInfo,
        write_time: Duration,
        stopping: Arc<AtomicBool>,
        readiness: Option<Arc<Readiness>>,
    ) -> Self {
        Self {
            id,
            stream,
            info: Arc::new(info),
            write_time,
            stopping,
            readiness,
            phase: Mutex::new(Phase::Idle {
                since: Instant::now(),
            }),
            answered: Condvar::new(),
        }
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Notes that a part of a request has arrived. False if it comes too late.
    pub(super) fn begin(&self) -> bool {
        let mut phase = self.phase();
        match &mut *phase {
            Phase::Idle { .. } => *phase = Phase::receiving(),
            Phase::Receiving { .. } => {}
            Phase::Busy { reader, .. } => *reader = Reader::Ahead,
            _ => return false,
        }
        true
    }

    /// Notes that more has arrived before the answer, if one is to come: the watcher
    /// is told of it again after that.
    pub(super) fn call_when_answered(&self) -> bool {
        let mut phase = self.phase();
        let Phase::Busy { reader, .. } = &mut *phase else {
            return false;
        };
        *reader = Reader::Called;
        true
    }

    /// Notes that the body which is arriving has grown, and is one of those that
    /// have a share of the budget.
    pub(super) fn note_growth(&self) {
        if let Phase::Receiving { growing, .. } = &mut *self.phase() {
            *growing = Some(Instant::now());
        }
    }

    /// The request, now whole, goes to a worker. Drops it and returns false if
    /// it comes too late.
    pub(super) fn queue(&self, pending: Pending) -> bool {
        let mut phase = self.phase();
        let in_time = matches!(*phase, Phase::Receiving { .. });
        if in_time {
            *phase = Phase::Busy {
                request: UnderWay::Queued(Box::new(pending)),
                reader: Reader::AtSocket,
            };
        }
        in_time
    }

    /// A worker takes the request up; `None` if it was given up meanwhile.
    pub(super) fn claim(&self, ticket: u64) -> Option<Pending> {
        self.phase().claim(|pending| pending.ticket == ticket)
    }

    /// Takes up the request if it was sent through that private server.
    pub(super) fn claim_of(&self, generation: u64) -> Option<Pending> {
        self.phase()
            .claim(|pending| pending.generation == generation)
    }

    /// The reader takes back what it could not send.
    pub(super) fn take_back(&self, ticket: u64) -> Option<Pending> {
        let mut phase = self.phase();
        let pending = phase.claim(|pending| pending.ticket == ticket)?;
        *phase = Phase::receiving();
        Some(pending)
    }

    /// Sends the answer to a claimed request, without waiting for the client:
    /// what it does not take at once is left to a thread of its own.
    pub(super) fn answer(self: &Arc<Self>, form: AnswerForm, response: &HttpResponse) {
        let persistence = if self.is_stopping() {
            Persistence::Close
        } else {
            form.persistence
        };
        // The reader closes if the client asked for it, and must be told if not.
        let closes = persistence == Persistence::Close && form.persistence != persistence;
        let message = render(response, persistence, form.is_head);
        match send_now(&self.stream, &message) {
            Ok(sent) if sent == message.len() => self.finish(closes, Ok(())),
            Ok(sent) => {
                let connection = Arc::clone(self);
                let rest = move || {
                    let deadline = Instant::now() + connection.write_time;
                    let written = write_by(&connection.stream, &message[sent..], deadline);
                    connection.finish(closes, written);
                };
                let spawned = thread::Builder::new().stack_size(STACK).spawn(rest);
                if let Err(error) = spawned {
                    self.finish(closes, Err(error));
                }
            }
            Err(error) => self.finish(closes, Err(error)),
        }
    }

    fn finish(&self, closes: bool, written: io::Result<()>) {
        let mut phase = self.phase();
        let Phase::Busy { reader, .. } = *phase else {
            return;
        };
        let is_idle = matches!(reader, Reader::AtSocket | Reader::Called);
        *phase = if written.is_err() {
            self.shut(Shutdown::Both);
            Phase::Broken
        } else if closes || (is_idle && self.is_stopping()) {
            self.shut(Shutdown::Read);
            Phase::Ended
        } else if is_idle {
            let since = Instant::now();
            Phase::Idle { since }
        } else {
            Phase::receiving()
        };
        drop(phase);
        match (reader, &self.readiness) {
            (Reader::AwaitingAnswer, _) => self.answered.notify_all(),
            (Reader::Called, Some(readiness)) => {
                // It is watched until it is removed, and so closed.
                let _ = readiness.tell_again(&self.stream, self.id);
            }
            _ => {}
        }
    }

    /// Shutting down one's own reading ends the wait for the client.
    fn shut(&self, how: Shutdown) {
        let _ = self.stream.shutdown(how);
    }

    /// Waits until nothing is under way. False if nothing may follow the last
    /// answer.
    pub(super) fn wait_until_answered(&self) -> bool {
        let busy = |phase: &mut Phase| match phase {
            Phase::Busy { reader, .. } => {
                *reader = Reader::AwaitingAnswer;
                true
            }
            _ => false,
        };
        let phase = self
            .answered
            .wait_while(self.phase(), busy)
            .unwrap_or_else(PoisonError::into_inner);
        !matches!(*phase, Phase::Ended | Phase::Broken)
    }

    /// From now on what the client sends is thrown away. False if that would
    /// help nobody: the connection is closed at once.
    pub(super) fn linger(&self) -> bool {
        let mut phase = self.phase();
        let helps = !matches!(*phase, Phase::Displaced | Phase::Broken);
        if helps {
            let since = Instant::now();
            *phase = Phase::Lingering { since };
        }
        helps
    }

    /// Since when the client could have begun to send its next request.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Idle { since } => Some(since),
            _ => None,
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        matches!(*self.phase(), Phase::Busy { .. })
    }

    pub(super) fn is_displaced(&self) -> bool {
        matches!(*self.phase(), Phase::Displaced)
    }

    /// Whether it is none of those that are about to be closed.
    pub(super) fn stays(&self) -> bool {
        use Phase::{Busy, Idle, Receiving};
        matches!(*self.phase(), Idle { .. } | Receiving { .. } | Busy { .. })
    }

    /// Since when it has kept the server waiting, for a request or for the rest
    /// of one.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Idle { since } | Phase::Receiving { since, .. } => Some(since),
            _ => None,
        }
    }

    pub(super) fn lingering_since(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Lingering { since } => Some(since),
            _ => None,
        }
    }

    /// When its body last grew, if it is one that has a share of the budget.
    pub(super) fn last_growth(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Receiving { growing, .. } => growing,
            _ => None,
        }
    }

    /// Makes room for another, unless a request is under way.
    pub(super) fn displace(&self) -> bool {
        self.displace_from(&mut self.phase())
    }

    fn displace_from(&self, phase: &mut Phase) -> bool {
        let (next, shut) = match *phase {
            Phase::Idle { .. } => (Phase::Ended, Shutdown::Read),
            Phase::Receiving { .. } => (Phase::Displaced, Shutdown::Read),
            Phase::Lingering { .. } => (Phase::Broken, Shutdown::Both),
            _ => return false,
        };
        *phase = next;
        self.shut(shut);
        true
    }

    /// Makes way for the end of the server, unless a request is arriving or
    /// under way.
    pub(super) fn end_if_quiet(&self) {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Idle { .. } | Phase::Lingering { .. }) {
            self.displace_from(&mut phase);
        }
    }

    /// Ends the connection, whatever is under way.
    pub(super) fn abort(&self) {
        *self.phase() = Phase::Broken;
        self.shut(Shutdown::Both);
        self.answered.notify_all();
    }
}
