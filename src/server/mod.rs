//! `tokenpass serve`: the wallet behind a synchronous HTTP listener, for apps
//! on this machine.
//!
//! A request goes one way and passes each place once:
//!
//! ```text
//! http → pipeline → routes → api → wallet
//!           ├ caller          ├ call
//!           └ lock            └ body
//! ```
//!
//! [`crate::http`] turns bytes into a whole, bounded request; `pipeline` makes
//! the checks in the contract's order; `routes` is one table of what each
//! endpoint needs; a handler in `api` calls the wallet. No wallet logic is
//! here.

mod agent;
mod api;
mod assembly;
mod authorize;
mod backups;
mod body_key;
mod body_type;
mod brc100;
mod call;
mod caller;
mod error;
mod home;
mod listen;
mod lock;
mod log;
mod methods;
mod options;
mod pages;
mod pipeline;
mod refusals;
mod reply;
mod routes;
mod service_worker;
mod start_error;
mod ticker;

use std::io;
use std::mem;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

pub use assembly::without_sockets;
pub use authorize::ConsentBy;
pub(crate) use authorize::form::Form;
pub use caller::host_names::{PublicName, PublicNameError};
pub use listen::{Listen, ListenError};
pub use log::{LogFormat, warn_in};
pub use options::ServeOptions;
pub use start_error::ServeError;

use self::brc100::Brc100;
use self::home::{HomeClaim, Unclaimed};
use self::lock::Lock;
use self::log::AccessLog;
use self::ticker::Ticker;
use crate::http::{HttpServer, Limits};
use crate::platform::errors::plain;
use crate::wallet::Wallet;
use crate::wire::proof::ProofKey;

/// Requests that are under way when the server is told to stop get this long.
const GRACE: Duration = Duration::from_secs(10);

/// A running server. Dropping it stops it.
pub struct Server {
    http: HttpServer,
    brc100: Option<Brc100>,
    lock: Arc<Lock>,
    _beside: [Ticker; 2],
    // Last: the next server may start when this one is gone.
    _claim: Option<HomeClaim>,
}

impl Server {
    /// Starts serving; connections are accepted when this returns.
    pub fn start(wallet: Wallet, options: ServeOptions) -> Result<Self, ServeError> {
        // Whoever is told that it failed should first see what was warned of.
        Self::try_start(wallet, options).inspect_err(|_| log::flush())
    }

    fn try_start(wallet: Wallet, mut options: ServeOptions) -> Result<Self, ServeError> {
        wallet.refuse_newer()?;
        let log = Arc::new(AccessLog::new(options.log, wallet.environment().clone()));
        let mut claim = claim(&wallet, &log)?;
        let listeners = if options.sockets.is_empty() {
            listen::open(&options.listen, &log)?
        } else {
            mem::take(&mut options.sockets)
        };
        let listening = listeners
            .iter()
            .map(TcpListener::local_addr)
            .collect::<io::Result<Vec<_>>>()
            .map_err(ServeError::Start)?;
        let lock = Arc::new(Lock::new(wallet.clone(), options.auto_lock));
        let brc100 = match options.brc100 {
            Some(place) => brc100::listen(place, &log)?,
            None => None,
        };
        let brc100 = brc100.map(|listeners| Brc100::start(listeners, &options, (&lock, &log)));
        let brc100 = brc100.transpose().map_err(ServeError::Start)?;
        let key = ProofKey::new(wallet.environment().random()?);
        let published = key.duplicate();
        let pipeline = assembly::pipeline(&options, &listening, key, (&lock, &log))?;
        if let Some(unlocked) = options.unlocked.take() {
            lock.unlock(unlocked);
        }
        let http = HttpServer::start(listeners, Arc::new(pipeline), Limits::default())
            .map_err(ServeError::Start)?;
        let auto_lock = lock::lock_when_unused(Arc::clone(&lock)).map_err(ServeError::Start)?;
        let backups = backups::start(Arc::clone(&lock), Arc::clone(&log));
        if let (Some(claim), Some(address)) = (&mut claim, http.local_addrs().first())
            && let Err(error) = claim.publish(&wallet, *address, &published)
        {
            log.warn(&unfindable(&error));
        }
        if let Some(address) = brc100
            .as_ref()
            .and_then(|brc100| brc100.addresses().first())
        {
            log.note(&format!("BRC-100 apps find the wallet at http://{address}"));
        }
        match lock.outlook() {
            Ok(outlook) => log.note(outlook),
            Err(error) => log.warn(&error.to_string()),
        }
        Ok(Self {
            http,
            brc100,
            lock,
            _beside: [auto_lock, backups.map_err(ServeError::Start)?],
            _claim: claim,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        self.http.local_addrs()
    }

    /// Where it listens for BRC-100 apps.
    #[must_use]
    pub fn brc100_addresses(&self) -> &[SocketAddr] {
        self.brc100.as_ref().map_or(&[], Brc100::addresses)
    }

    /// Stops accepting, answers what is under way, forgets the keys.
    pub fn stop(self) {
        if let Some(brc100) = self.brc100 {
            brc100.stop(GRACE);
        }
        self.http.shutdown(GRACE);
        self.lock.lock("the server stopped");
        log::flush();
    }
}

/// Claims the home. One that cannot be written is served all the same.
fn claim(wallet: &Wallet, log: &AccessLog) -> Result<Option<HomeClaim>, ServeError> {
    match HomeClaim::take(wallet.home()) {
        Ok(claim) => Ok(Some(claim)),
        Err(Unclaimed::Taken(address, pid)) => Err(ServeError::AlreadyRunning { address, pid }),
        Err(Unclaimed::Unwritable(error)) => {
            log.warn(&unfindable(&error));
            Ok(None)
        }
    }
}

fn unfindable(error: &io::Error) -> String {
    let why = plain(error);
    format!("commands cannot find this server: `server.json` cannot be written: {why}")
}
