//! Who is connected, and who answers.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::connection::Connection;
use super::message::{Handler, HttpRequest, HttpResponse};

type Connections = HashMap<u64, Arc<Connection>>;

pub(super) struct Registry {
    handler: Arc<dyn Handler>,
    connections: Mutex<Connections>,
    left: Condvar,
    stopping: Arc<AtomicBool>,
}

impl Registry {
    pub(super) fn new(handler: Arc<dyn Handler>) -> Self {
        Self {
            handler,
            connections: Mutex::default(),
            left: Condvar::new(),
            stopping: Arc::default(),
        }
    }

    /// Tells the handler of a new client. False if the client has reset the
    /// connection: its address may by now be somebody else's, so that what the
    /// handler has found out may be about them. (A client that has only closed
    /// keeps its address as long as our end is open.)
    pub(super) fn greet(&self, connection: &Connection) -> bool {
        self.handler.connected(&connection.info);
        connection.stream.peer_addr().is_ok()
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, connection: &Arc<Connection>) {
        self.connections()
            .insert(connection.id, Arc::clone(connection));
    }

    pub(super) fn remove(&self, id: u64) {
        self.connections().remove(&id);
        self.left.notify_all();
    }

    pub(super) fn get(&self, id: u64) -> Option<Arc<Connection>> {
        self.connections().get(&id).cloned()
    }

    pub(super) fn count(&self) -> usize {
        self.connections().len()
    }

    fn all(&self) -> Vec<Arc<Connection>> {
        self.connections().values().cloned().collect()
    }

    /// What connections watch for a stop.
    pub(super) fn stopping(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopping)
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Ends the connection that has been quiet longest, to make room.
    pub(super) fn end_quietest(&self) -> bool {
        let quietest = self
            .all()
            .into_iter()
            .filter_map(|connection| Some((connection.quiet_since()?, connection)))
            .min_by_key(|(since, _)| *since);
        quietest.is_some_and(|(_, connection)| connection.end_if_quiet())
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

    /// Waits until no connection is left. False where `deadline` came first.
    pub(super) fn wait_until_empty(&self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let (connections, _) = self
            .left
            .wait_timeout_while(self.connections(), left, |connections| {
                !connections.is_empty()
            })
            .unwrap_or_else(PoisonError::into_inner);
        connections.is_empty()
    }

    /// Lets the handler answer; its panic is an answer too.
    pub(super) fn handle(&self, request: &HttpRequest) -> HttpResponse {
        catch_unwind(AssertUnwindSafe(|| self.handler.handle(request)))
            .unwrap_or_else(|_| self.refuse(500, "internal error", Some(request)))
    }

    pub(super) fn refuse(
        &self,
        status: u16,
        why: &str,
        request: Option<&HttpRequest>,
    ) -> HttpResponse {
        catch_unwind(AssertUnwindSafe(|| {
            self.handler.refuse(status, why, request)
        }))
        .unwrap_or_else(|_| HttpResponse::empty(500))
    }

    /// Answers whatever was on its way through a private server that failed.
    pub(super) fn give_up(&self, generation: u64) {
        for connection in self.all() {
            if let Some(pending) = connection.claim_of(generation) {
                let response =
                    self.refuse(503, "the request was lost on its way, send it again", None);
                connection.answer(pending, &response);
            }
        }
    }
}
