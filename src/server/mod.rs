//! `tokenpass serve`: the wallet behind a synchronous HTTP listener, for apps
//! on this machine.
//!
//! A request passes [`crate::http`] (bytes into one whole, bounded request),
//! `pipeline` (the checks in the contract's order), `routes` (one table), and
//! ends in a handler of `api`, which calls the wallet. No wallet logic is here.

mod api;
mod body;
mod body_key;
mod caller;
mod lock;
mod log;
mod pipeline;
mod refusals;
mod reply;
mod routes;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

pub use log::LogFormat;

use self::body_key::SessionKey;
use self::caller::Guard;
use self::caller::limits::RequestLimiter;
use self::lock::AutoLock;
use self::log::AccessLog;
use self::pipeline::App;
use crate::http::{HttpServer, Limits};
use crate::wallet::{Host, Origin, UnlockedWallet, Wallet, WalletError};

/// The port that the ecosystem's clients look for.
pub const DEFAULT_PORT: u16 = 21000;

/// Requests that are under way when the server is told to stop get this long.
const GRACE: Duration = Duration::from_secs(10);

/// How to serve.
pub struct ServeOptions {
    /// Where to listen, unless sockets are handed over.
    pub listen: Vec<SocketAddr>,
    /// Sockets that are open already (socket activation); they win.
    pub sockets: Vec<TcpListener>,
    /// One more name that the `Host` header may have.
    pub host: Option<Host>,
    /// Origins that are approved beside those in the wallet's list.
    pub origins: Vec<Origin>,
    /// The wallet, if it is to be unlocked from the start.
    pub unlocked: Option<UnlockedWallet>,
    /// Lock after this long without use; `None` is never.
    pub auto_lock: Option<Duration>,
    /// Requests a second that one token, or one origin, may make; 0 is any.
    pub requests_per_second: u32,
    /// The access log on stderr.
    pub log: LogFormat,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], DEFAULT_PORT))],
            sockets: Vec::new(),
            host: None,
            origins: Vec::new(),
            unlocked: None,
            auto_lock: Some(Duration::from_secs(30 * 60)),
            requests_per_second: 20_000,
            log: LogFormat::default(),
        }
    }
}

/// Why a server did not start.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Somebody listens there already.
    #[error("`{0}` is in use by another program")]
    InUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`: {cause}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        cause: io::Error,
    },
    /// The listener could not be set up.
    #[error("cannot serve: {0}")]
    Start(io::Error),
    /// The wallet.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}

/// A running server. Dropping it stops it.
pub struct Server {
    http: HttpServer,
    app: Arc<App>,
    _auto_lock: Option<AutoLock>,
}

impl Server {
    /// Starts serving; connections are accepted when this returns.
    pub fn start(wallet: Wallet, options: ServeOptions) -> Result<Self, ServeError> {
        let listeners = if options.sockets.is_empty() {
            options
                .listen
                .iter()
                .map(listen)
                .collect::<Result<_, _>>()?
        } else {
            options.sockets
        };
        let ports = listeners
            .iter()
            .map(|listener| Ok(listener.local_addr()?.port()))
            .collect::<io::Result<Vec<_>>>()
            .map_err(ServeError::Start)?;
        let guard = Guard::new(&ports, options.host.as_ref(), options.origins);
        let session_key = SessionKey::new(wallet.fresh_key()?);
        let requests = RequestLimiter::new(options.requests_per_second);
        let log = AccessLog::new(options.log, wallet.environment().clone());
        let app = Arc::new(App::new(wallet, guard, session_key, requests, log));
        if let Some(unlocked) = options.unlocked {
            app.unlock(unlocked);
        }
        let handler = Arc::clone(&app);
        let http =
            HttpServer::start(listeners, handler, Limits::default()).map_err(ServeError::Start)?;
        let _auto_lock = options
            .auto_lock
            .map(|after| AutoLock::start(Arc::clone(&app), after))
            .transpose()
            .map_err(ServeError::Start)?;
        Ok(Self {
            http,
            app,
            _auto_lock,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        self.http.local_addrs()
    }

    /// Stops accepting, answers what is under way, forgets the keys.
    pub fn stop(self) {
        self.http.shutdown(GRACE);
        self.app.lock("the server stopped");
    }
}

fn listen(address: &SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(*address),
        _ => ServeError::Listen {
            address: *address,
            cause,
        },
    })
}
