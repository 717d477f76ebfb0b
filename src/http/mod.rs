//! HTTP/1.1 underneath the API: from sockets to a [`Handler`] and back.
//!
//! ```text
//! clients ── intake ── lanes ── tiny_http ── workers ── handler
//!    └──────────────────────────────────────────┘ answers
//! ```
//!
//! tiny_http listens, but not to the world: it believes every length, waits
//! for ever and stops at the first full file table. In front of it stands the
//! intake, which takes only complete, well-formed, bounded requests
//! from the public sockets, one cheap thread a client, so that a slow client
//! holds up its own thread and nobody else. Behind it a fixed number of workers
//! call the handler and answer straight to the client.
//!
//! Every thread blocks; nothing here polls, except where a stop has to wait
//! for a listener that can't be woken.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use self::connections::Registry;
use self::lanes::Hop;
use self::reader::Intake;
use crate::platform::limits::raise_open_files;

mod chunked;
mod connection;
mod connections;
mod head;
mod lanes;
mod message;
mod reader;
mod response;

pub use self::message::{ConnectionInfo, Handler, HttpRequest, HttpResponse};

/// Files kept free for databases and the like; as many sockets fewer.
const SPARE_FILES: u64 = 32;

/// More open files than this serve no purpose.
const MOST_FILES: u64 = 65_536;

/// What clients may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Threads that call the handler.
    pub workers: usize,
    /// Clients connected at once; fewer where the system allows fewer files.
    /// One more replaces the one that has been idle longest, or gets 503.
    pub connections: usize,
    /// Largest body, in bytes. More is 413.
    pub max_body: usize,
    /// What the bodies being read may hold together, in bytes. More is 503.
    pub body_memory: usize,
    /// From the first byte of a request to the end of its head.
    pub head_time: Duration,
    /// From the end of the head to the end of the body.
    pub body_time: Duration,
    /// From connecting, or from an answer, to the next request's first byte.
    pub idle_time: Duration,
    /// For the client to take one answer.
    pub write_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            workers: 8,
            connections: 1024,
            max_body: 1024 * 1024,
            body_memory: 32 * 1024 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(75),
            write_time: Duration::from_secs(30),
        }
    }
}

/// A running server. Dropping it stops it at once.
pub struct HttpServer {
    intake: Arc<Intake>,
    accepting: Vec<JoinHandle<()>>,
    addresses: Vec<SocketAddr>,
}

impl HttpServer {
    /// Starts to answer what comes in on `listeners`. Raises the process's
    /// soft limit of open files.
    ///
    /// # Errors
    /// Where the system refuses threads, sockets or a folder for temporary
    /// files.
    pub fn start(
        listeners: Vec<TcpListener>,
        handler: Arc<dyn Handler>,
        mut limits: Limits,
    ) -> io::Result<Self> {
        if let Some(files) = raise_open_files(MOST_FILES) {
            let sockets = files.saturating_sub(SPARE_FILES).max(8);
            limits.connections = limits.connections.min(sockets as usize);
        }
        let addresses = listeners
            .iter()
            .map(TcpListener::local_addr)
            .collect::<io::Result<_>>()?;
        let registry = Arc::new(Registry::new(handler));
        let hop = Hop::open(Arc::clone(&registry), limits.workers)?;
        // From here on an early return stops what runs already: see `Drop`.
        let mut server = Self {
            intake: Arc::new(Intake::new(registry, hop, limits)),
            accepting: Vec::new(),
            addresses,
        };
        for listener in listeners {
            let intake = Arc::clone(&server.intake);
            let accept = thread::Builder::new()
                .name("accept".to_owned())
                .spawn(move || intake.accept_all(&listener))?;
            server.accepting.push(accept);
        }
        Ok(server)
    }

    /// The addresses it listens on, ports resolved, in the order given.
    #[must_use]
    pub fn local_addrs(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Stops: no connection and no request is taken any more, those under way
    /// are answered with `Connection: close`. What is not done after `grace`
    /// is cut off. Returns whether everything was answered.
    pub fn shutdown(mut self, grace: Duration) -> bool {
        self.stop(grace)
    }

    fn stop(&mut self, grace: Duration) -> bool {
        let registry = &self.intake.registry;
        let deadline = Instant::now() + grace;
        registry.stop();
        let accepted = self.stop_accepting(deadline.max(Instant::now() + Duration::from_secs(1)));
        let registry = &self.intake.registry;
        // Once more, for who came in meanwhile.
        registry.stop();
        let finished = registry.wait_until_empty(deadline);
        if !finished {
            registry.abort_all();
        }
        let left = registry.wait_until_empty(Instant::now() + Duration::from_secs(1));
        // A handler that was cut off may still run: it is not waited for.
        self.intake.hop.close(finished && left && accepted);
        finished
    }

    /// Wakes the accepting threads by connecting to them.
    fn stop_accepting(&mut self, deadline: Instant) -> bool {
        const PAUSE: Duration = Duration::from_millis(5);
        for (accept, address) in self.accepting.drain(..).zip(&self.addresses) {
            while !accept.is_finished() && Instant::now() < deadline {
                let _ = TcpStream::connect_timeout(&reachable(*address), 20 * PAUSE);
                thread::park_timeout(PAUSE);
            }
            if !accept.is_finished() || accept.join().is_err() {
                return false;
            }
        }
        true
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        if !self.intake.registry.is_stopping() {
            self.stop(Duration::ZERO);
        }
    }
}

/// Where a listener on all addresses is reached from here.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    address
}
