//! The threads that call the handler: one more than are busy, up to a limit. So nobody
//! waits behind a slow answer, and a server that has little to do has few threads.

use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use subtle::ConstantTimeEq;
use tiny_http::{Method, Request, Server};

use super::connection::Connection;
use super::connections::Connections;
use super::handler::SafeHandler;
use super::head::TICKET;
use super::message::HttpRequest;
use super::pending::Pending;

#[derive(Clone)]
pub(super) struct Worker {
    pub(super) server: Arc<Server>,
    pub(super) pool: Arc<Pool>,
    pub(super) connections: Arc<Connections>,
    pub(super) handler: SafeHandler,
    /// What every ticket begins with.
    pub(super) secret: Arc<str>,
}

/// All workers of one server.
pub(super) struct Pool {
    most: usize,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// How many wait for a request.
    waiting: AtomicUsize,
    /// Set when the server behind it ends.
    retired: AtomicBool,
}

impl Pool {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            threads: Mutex::default(),
            waiting: AtomicUsize::new(0),
            retired: AtomicBool::new(false),
        }
    }

    /// Adds a worker, unless there are enough or no more are wanted.
    pub(super) fn grow(&self, worker: &Worker) -> io::Result<()> {
        let mut threads = self.threads();
        if threads.len() < self.most && !self.is_retired() {
            let worker = worker.clone();
            let name = "worker".to_owned();
            let thread = thread::Builder::new().name(name);
            threads.push(thread.spawn(move || worker.run())?);
        }
        Ok(())
    }

    /// Lets the workers finish what was sent to them, and end.
    pub(super) fn retire(&self, server: &Server) {
        // Under the lock: nobody is added after they were counted.
        let threads = self.threads();
        self.retired.store(true, Ordering::SeqCst);
        for _ in 0..threads.len() {
            server.unblock();
        }
    }

    pub(super) fn join(&self) {
        // Not under the lock: one of them may be about to look for room.
        let threads = std::mem::take(&mut *self.threads());
        for thread in threads {
            let _ = thread.join();
        }
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.threads().len()
    }

    fn is_retired(&self) -> bool {
        self.retired.load(Ordering::SeqCst)
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    fn run(&self) {
        loop {
            self.pool.waiting.fetch_add(1, Ordering::SeqCst);
            let received = self.server.recv();
            let was_last = self.pool.waiting.fetch_sub(1, Ordering::SeqCst) == 1;
            match received {
                Ok(request) => {
                    if was_last {
                        // Where the system refuses a thread, those that there are go on.
                        let _ = self.pool.grow(self);
                    }
                    self.work(request);
                }
                Err(_) if self.pool.is_retired() => break,
                // The accept loop has ended; nobody is to connect anyway.
                Err(_) => {}
            }
        }
    }

    fn work(&self, request: Request) {
        let claimed = self.claim(&request);
        let whole = claimed.map(|(connection, pending)| {
            let whole = HttpRequest {
                method: method(request.method()),
                path: request.url().to_owned(),
                query: pending.parked.query,
                headers: pending.parked.headers,
                body: pending.body,
                connection: Arc::clone(&connection.info),
                received: pending.received,
            };
            (connection, whole, pending.form, pending.share)
        });
        // A request that is just dropped gets an error from tiny_http, and
        // nobody reads answers from a lane.
        drop(request.into_writer());
        if let Some((connection, whole, form, share)) = whole {
            let response = self.handler.handle(&whole);
            drop((whole, share));
            connection.answer(form, &response);
        }
    }

    /// Takes up the request that a ticket names.
    fn claim(&self, request: &Request) -> Option<(Arc<Connection>, Pending)> {
        let numbers = ticket(request, &self.secret)?;
        let (id, number) = numbers.split_once(' ')?;
        let connection = self.connections.get(id.parse().ok()?)?;
        let pending = connection.claim(number.parse().ok()?)?;
        Some((connection, pending))
    }
}

/// What follows the secret in the ticket of a request that has it.
pub(super) fn ticket<'a>(request: &'a Request, secret: &str) -> Option<&'a str> {
    let mut headers = request.headers().iter();
    let header = headers.find(|header| header.field.equiv(TICKET))?;
    let (proof, rest) = header.value.as_str().split_at_checked(secret.len())?;
    bool::from(proof.as_bytes().ct_eq(secret.as_bytes())).then(|| rest.trim())
}

/// The method as text, which takes no memory where it is a usual one.
fn method(method: &Method) -> Cow<'static, str> {
    match method {
        Method::Get => "GET".into(),
        Method::Post => "POST".into(),
        Method::Options => "OPTIONS".into(),
        other => other.as_str().to_owned().into(),
    }
}
