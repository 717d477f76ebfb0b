//! Why a server did not start.

use std::io;
use std::net::SocketAddr;

use thiserror::Error;

use crate::wallet::WalletError;

/// Why a server did not start.
#[derive(Debug, Error)]
pub enum ServeError {
    /// There is one of this home already.
    #[error("a server of this wallet is running already{}", place(*.address, *.pid))]
    AlreadyRunning {
        /// Where it listens, if that is known yet.
        address: Option<SocketAddr>,
        /// Its process.
        pid: Option<u32>,
    },
    /// Another program already listens there.
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
    /// The wallet could not be used.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}

fn place(address: Option<SocketAddr>, pid: Option<u32>) -> String {
    let at = address.map(|address| format!(" at `http://{address}`"));
    let process = pid.map(|pid| format!(" (process {pid})"));
    at.unwrap_or_default() + &process.unwrap_or_default()
}
