//! Start and stop.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::accept::Acceptor;
use super::handler::Handler;
use super::limits::Limits;
use super::service::Service;

/// A running server. Dropping it stops it at once.
pub struct HttpServer {
    acceptor: Arc<Acceptor>,
    accepting: Vec<JoinHandle<()>>,
    watching: Option<JoinHandle<()>>,
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
        limits: Limits,
    ) -> io::Result<Self> {
        let addresses = listeners
            .iter()
            .map(TcpListener::local_addr)
            .collect::<io::Result<_>>()?;
        let service = Service::start(handler, limits.within_open_files())?;
        // From here on an early return stops what runs already: see `Drop`.
        let mut server = Self {
            acceptor: Arc::new(Acceptor::new(service)),
            accepting: Vec::new(),
            watching: None,
            addresses,
        };
        let acceptor = Arc::clone(&server.acceptor);
        let watch = thread::Builder::new()
            .name("watcher".to_owned())
            .spawn(move || acceptor.watch())?;
        server.watching = Some(watch);
        for listener in listeners {
            let acceptor = Arc::clone(&server.acceptor);
            let accept = thread::Builder::new()
                .name("accept".to_owned())
                .spawn(move || acceptor.accept_all(&listener))?;
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
        const MOMENT: Duration = Duration::from_secs(1);
        let acceptor = Arc::clone(&self.acceptor);
        let connections = &acceptor.service.connections;
        let deadline = Instant::now() + grace;
        connections.stop();
        let accepted = self.stop_accepting(deadline.max(Instant::now() + MOMENT));
        // Once more, for who came in meanwhile.
        connections.stop();
        let finished = connections.wait_for_at_most(0, deadline);
        if !finished {
            connections.abort_all();
        }
        let left = connections.wait_for_at_most(0, Instant::now() + MOMENT);
        acceptor.end_watch();
        if let Some(watching) = self.watching.take() {
            let _ = watching.join();
        }
        // A handler that was cut off may still run: it is not waited for.
        acceptor.service.lanes.close(finished && left && accepted);
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
        if !self.acceptor.service.connections.is_stopping() {
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
