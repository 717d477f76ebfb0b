//! The wallet that BRC-100 apps find: a listener of its own, since its paths are
//! those of the REST API's older clients.
//!
//! `POST /{method}`, JSON. A request passes the same door as one of the API
//! (`Host`, who asks, rate); then its app must be known, and what it wants to do
//! permitted.

mod call;
mod certificates;
mod error;
mod handler;
mod info;
mod keys;
mod linkage;
mod methods;
mod reply;
mod waiting;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use self::handler::WalletInterface;
use self::waiting::Waiting;
use super::caller::Recognition;
use super::caller::limits::RequestLimiter;
use super::listen::{self, Listen};
use super::lock::Lock;
use super::log::AccessLog;
use super::options::ServeOptions;
use super::refusals::Refusals;
use super::start_error::ServeError;
use crate::http::{Handler, HttpServer, Limits};

/// Threads that answer. Half of them may wait for the owner: see `waiting`.
const WORKERS: usize = 2 * waiting::MOST;

/// A byte takes up to four characters as a number in a list.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// Listens for BRC-100 apps, unless another wallet does already.
pub(super) fn listen(
    place: Listen,
    log: &AccessLog,
) -> Result<Option<Vec<TcpListener>>, ServeError> {
    match listen::open(&[place], log) {
        Ok(listeners) => Ok(Some(listeners)),
        Err(taken @ ServeError::InUse(_)) => {
            log.warn(&format!("{taken}: BRC-100 apps find that one"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What answers there.
fn interface(
    options: &ServeOptions,
    listening: &[SocketAddr],
    waiting: &Arc<Waiting>,
    (lock, log): (&Arc<Lock>, &Arc<AccessLog>),
) -> WalletInterface {
    WalletInterface {
        recognition: Recognition::new(options, listening, lock.wallet()),
        limiter: RequestLimiter::new(options.requests_per_second),
        lock: Arc::clone(lock),
        refusals: Refusals::new(lock.wallet().clone(), Arc::clone(log)),
        waiting: Arc::clone(waiting),
        log: Arc::clone(log),
    }
}

/// The same where nobody waits: what is not permitted yet is refused at once.
pub(super) fn impatient(
    options: &ServeOptions,
    listening: &[SocketAddr],
    kept: (&Arc<Lock>, &Arc<AccessLog>),
) -> impl Handler + use<> {
    let waiting = Arc::new(Waiting::default());
    waiting.stop();
    interface(options, listening, &waiting, kept)
}

/// The running listener.
pub(super) struct Brc100 {
    http: HttpServer,
    waiting: Arc<Waiting>,
}

impl Brc100 {
    pub(super) fn start(
        listeners: Vec<TcpListener>,
        options: &ServeOptions,
        kept: (&Arc<Lock>, &Arc<AccessLog>),
    ) -> io::Result<Self> {
        let listening = listeners
            .iter()
            .map(TcpListener::local_addr)
            .collect::<io::Result<Vec<_>>>()?;
        let waiting = Arc::new(Waiting::default());
        let interface = interface(options, &listening, &waiting, kept);
        let limits = Limits {
            workers: WORKERS,
            max_body: MAX_BODY,
            ..Limits::default()
        };
        let http = HttpServer::start(listeners, Arc::new(interface), limits)?;
        Ok(Self { http, waiting })
    }

    /// Where it listens.
    pub(super) fn addresses(&self) -> &[SocketAddr] {
        self.http.local_addrs()
    }

    /// Stops; whoever waits for the owner is answered at once.
    pub(super) fn stop(self, grace: Duration) {
        self.waiting.stop();
        self.http.shutdown(grace);
    }
}
