//! The public sockets: lets clients in, makes room for them, or turns them
//! away.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::buffer::Buffer;
use super::connection::{Connection, STACK};
use super::connections::Connections;
use super::head::{self, Persistence, Refusal};
use super::message::ConnectionInfo;
use super::reader::Reader;
use super::response::render;
use super::service::Service;
use super::watcher::Watcher;
use crate::platform::sockets::is_out_of_files;

/// Connections beyond the limit: those that are told so, those that linger,
/// and those that are just leaving.
const BEYOND: usize = 64;

/// How long a client waits before it is let in while so many are leaving, and
/// the acceptor after an error that is nobody's fault.
const SOON: Duration = Duration::from_millis(50);

const FULL: Refusal = Refusal::new(503, "too many connections");

pub(super) struct Acceptor {
    pub(super) service: Service,
    /// `None` where the system has no means for it: each client gets a reader.
    watcher: Option<Watcher>,
    ids: AtomicU64,
}

impl Acceptor {
    pub(super) fn new(service: Service) -> Self {
        Self {
            service,
            watcher: Watcher::open().ok(),
            ids: AtomicU64::new(0),
        }
    }

    /// Waits for clients that are between two requests, until [`Self::end_watch`].
    pub(super) fn watch(self: &Arc<Self>) {
        if let Some(watcher) = &self.watcher {
            watcher.run(&self.service, |connection, input| {
                self.give_reader(connection, input, |reader| reader.serve());
            });
        }
    }

    pub(super) fn end_watch(&self) {
        if let Some(watcher) = &self.watcher {
            watcher.end();
        }
    }

    /// Accepts connections until the server stops.
    pub(super) fn accept_all(self: &Arc<Self>, listener: &TcpListener) {
        let connections = &self.service.connections;
        // Given up when no other descriptor is left, so that a client can
        // still be accepted and told.
        let mut reserve = listener.try_clone().ok();
        while !connections.is_stopping() {
            match listener.accept() {
                Ok(_) if connections.is_stopping() => break,
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
                    let soon = Instant::now() + SOON;
                    connections.wait_for_at_most(0, soon);
                    thread::park_timeout(soon.saturating_duration_since(Instant::now()));
                }
                Err(_) => {}
            }
        }
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let (connections, limits) = (&self.service.connections, &self.service.limits);
        let room = connections.make_room(limits.connections);
        // One place beyond is this client's own.
        let most = limits.connections + BEYOND - 1;
        let Ok(local) = stream.local_addr() else {
            return;
        };
        if !connections.make_way(most, Instant::now() + SOON) || stream.set_nodelay(true).is_err() {
            return;
        }
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::new(
            id,
            stream,
            ConnectionInfo::new(peer, local),
            limits.write_time,
            connections.stopping(),
            self.watcher
                .as_ref()
                .map(|watcher| Arc::clone(&watcher.readiness)),
        ));
        if !room {
            connection.linger();
        }
        connections.add(&connection);
        if !room {
            self.give_reader(connection, Buffer::default(), |reader| {
                reader.turn_away(&FULL);
            });
            return;
        }
        match &self.watcher {
            Some(_) if !greet(&self.service, &connection) => connections.remove(id),
            Some(watcher) if watcher.add(&connection).is_ok() => {}
            _ => self.give_reader(connection, Buffer::default(), |reader| {
                if greet(reader.service, reader.connection) {
                    reader.serve();
                }
            }),
        }
    }

    /// Gives a client a thread of its own, which begins with `input`.
    fn give_reader(
        self: &Arc<Self>,
        connection: Arc<Connection>,
        input: Buffer,
        task: impl FnOnce(Reader<'_>) + Send + 'static,
    ) {
        let (acceptor, client) = (Arc::clone(self), Arc::clone(&connection));
        let read = move || {
            let service = &acceptor.service;
            let _leaving = Leaving(&service.connections, client.id);
            task(Reader::new(service, &client, input));
        };
        let spawned = thread::Builder::new()
            .name("reader".to_owned())
            .stack_size(STACK)
            .spawn(read);
        if spawned.is_err() {
            self.service.connections.remove(connection.id);
            if let Some(connection) = Arc::into_inner(connection) {
                self.turn_away(connection.stream);
            }
        }
    }

    /// Tells a client that there is no room, without waiting for it.
    fn turn_away(&self, mut stream: TcpStream) {
        let mut sent = Zeroizing::new([0; 4096]);
        // What was sent already is read first: else closing resets.
        let read = stream
            .set_nonblocking(true)
            .and_then(|()| stream.read(&mut sent[..]));
        let request = head::glimpse(&sent[..read.unwrap_or(0)]);
        let handler = &self.service.handler;
        let response = handler.refuse(FULL.status, FULL.why, request.as_ref());
        let _ = stream.write_all(&render(&response, Persistence::Close, false));
    }
}

/// Tells the handler of a new client. False if the client has reset the
/// connection: its address may by now be somebody else's, so that what the
/// handler has found out may be about them. (A client that has only closed keeps
/// its address as long as our end is open.)
fn greet(service: &Service, client: &Connection) -> bool {
    service.handler.connected(&client.info);
    client.stream.peer_addr().is_ok()
}

/// The errors of accept(2) that concern one connection only.
fn is_a_clients_fault(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, PermissionDenied};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionReset | Interrupted | PermissionDenied
    )
}

struct Leaving<'a>(&'a Connections, u64);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.remove(self.1);
    }
}
