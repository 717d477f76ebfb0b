//! A client's connection, as far as its reading thread and the workers share
//! it: at most one request of it is under way at any time.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::head::Persistence;
use super::message::{ConnectionInfo, HttpResponse};
use super::response::{render, write_by};
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
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    phase: Phase,
    /// Some bytes of the next request are here.
    reading: bool,
    /// No further request is taken.
    ended: bool,
    /// The last answer could not be sent whole: nothing may follow it.
    broken: bool,
    /// The reading thread waits for the answer. Most often it waits for the
    /// client, and waking it would cost a system call a request.
    awaited: bool,
    answered: Instant,
}

#[derive(Clone, Copy)]
enum Phase {
    /// Nothing is under way.
    Free,
    /// Sent on its way to a worker.
    Queued(Pending),
    /// In a worker's hands, or its answer is being written.
    Handling,
}

/// A request under way.
#[derive(Clone, Copy)]
pub(super) struct Pending {
    /// Unique in this server.
    pub(super) ticket: u64,
    /// Which private server it was sent through.
    pub(super) generation: u64,
    pub(super) received: Instant,
    pub(super) persistence: Persistence,
    pub(super) is_head: bool,
}

impl Connection {
    pub(super) fn new(
        id: u64,
        stream: TcpStream,
        info: ConnectionInfo,
        write_time: Duration,
        stopping: Arc<AtomicBool>,
    ) -> Self {
        let state = Mutex::new(State {
            phase: Phase::Free,
            reading: false,
            ended: false,
            broken: false,
            awaited: false,
            answered: Instant::now(),
        });
        Self {
            id,
            stream,
            info: Arc::new(info),
            write_time,
            stopping,
            state,
            changed: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is no room for this client's requests.
    pub(super) fn take_nothing(&self) {
        self.state().ended = true;
    }

    /// The first bytes of a request are here. False where it comes too late.
    pub(super) fn begin(&self) -> bool {
        let mut state = self.state();
        state.reading = true;
        !state.ended
    }

    /// The request goes to a worker.
    pub(super) fn queue(&self, pending: Pending) {
        let mut state = self.state();
        state.reading = false;
        state.phase = Phase::Queued(pending);
    }

    /// A worker takes the request up; `None` where it was given up meanwhile.
    pub(super) fn claim(&self, ticket: u64) -> Option<Pending> {
        let mut state = self.state();
        match state.phase {
            Phase::Queued(pending) if pending.ticket == ticket => {
                state.phase = Phase::Handling;
                Some(pending)
            }
            _ => None,
        }
    }

    /// Like [`Self::claim`], for whatever was sent through that private server.
    pub(super) fn claim_of(&self, generation: u64) -> Option<Pending> {
        let ticket = match self.state().phase {
            Phase::Queued(pending) if pending.generation == generation => pending.ticket,
            _ => return None,
        };
        self.claim(ticket)
    }

    /// Gives a claimed request back: nothing is under way.
    pub(super) fn release(&self) {
        self.state().phase = Phase::Free;
    }

    /// Sends the answer to a claimed request, without waiting for the client:
    /// what it does not take at once is left to a thread of its own.
    pub(super) fn answer(self: &Arc<Self>, pending: Pending, response: &HttpResponse) {
        let persistence = if self.is_stopping() {
            Persistence::Close
        } else {
            pending.persistence
        };
        // The reading thread closes where the client asked for it, and must be
        // told where it did not.
        let closes = persistence == Persistence::Close && pending.persistence != persistence;
        let message = render(response, persistence, pending.is_head);
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

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn finish(&self, closes: bool, written: io::Result<()>) {
        let mut state = self.state();
        state.phase = Phase::Free;
        state.answered = Instant::now();
        state.broken |= written.is_err();
        if state.broken {
            state.ended = true;
            let _ = self.stream.shutdown(Shutdown::Both);
        } else if closes || (self.is_stopping() && !state.reading) {
            self.end(&mut state);
        }
        self.wake(state);
    }

    fn wake(&self, state: MutexGuard<'_, State>) {
        let awaited = state.awaited;
        drop(state);
        if awaited {
            self.changed.notify_all();
        }
    }

    /// Ends the wait for a next request.
    fn end(&self, state: &mut State) {
        state.ended = true;
        let _ = self.stream.shutdown(Shutdown::Read);
    }

    /// Waits until nothing is under way. False where nothing may be written
    /// any more.
    pub(super) fn wait_until_answered(&self) -> bool {
        let busy = |state: &mut State| !matches!(state.phase, Phase::Free) && !state.broken;
        let mut state = self.state();
        state.awaited = true;
        let mut state = self
            .changed
            .wait_while(state, busy)
            .unwrap_or_else(PoisonError::into_inner);
        state.awaited = false;
        !state.broken
    }

    /// Whether no further request is taken.
    pub(super) fn has_ended(&self) -> bool {
        self.state().ended
    }

    /// Since when the client could have sent its next request; `None` while
    /// something is under way.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        let state = self.state();
        let quiet = matches!(state.phase, Phase::Free) && !state.reading && !state.ended;
        quiet.then_some(state.answered)
    }

    /// Whether a request is in a worker's hands or on its way there.
    pub(super) fn is_busy(&self) -> bool {
        !matches!(self.state().phase, Phase::Free)
    }

    /// Ends the connection where nothing is under way.
    pub(super) fn end_if_quiet(&self) -> bool {
        let mut state = self.state();
        let quiet = matches!(state.phase, Phase::Free) && !state.reading && !state.ended;
        if quiet {
            self.end(&mut state);
        }
        quiet
    }

    /// Ends the connection, whatever is under way.
    pub(super) fn abort(&self) {
        let mut state = self.state();
        state.ended = true;
        state.broken = true;
        let _ = self.stream.shutdown(Shutdown::Both);
        self.wake(state);
    }
}
