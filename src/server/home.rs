//! The server's claim on its home: one server a home, and `server.json`, by
//! which the commands of the wallet's owner find it.

use std::fs::{self, File};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process;

use crate::platform::{files, locks};
use crate::wallet::Wallet;
use crate::wire::proof::ProofKey;
use crate::wire::server_file::{LOCK_FILE, MAX_LEN, SERVER_FILE, ServerFile};

/// Held while a server runs. Dropping it removes `server.json` and lets the
/// next server in; a process that is killed lets it in too.
pub(super) struct HomeClaim {
    file: PathBuf,
    started: Option<String>,
    _lock: File,
}

/// Why there is no claim.
pub(super) enum Unclaimed {
    /// Another server has it; where it listens and its process, if that is known
    /// yet.
    Taken(Option<SocketAddr>, Option<u32>),
    /// The home cannot be written; the server works without.
    Unwritable(io::Error),
}

impl HomeClaim {
    /// Claims the home, which is made if it is not there.
    pub(super) fn take(home: &Path) -> Result<Self, Unclaimed> {
        let file = home.join(SERVER_FILE);
        let locked =
            files::create_private_dir(home).and_then(|()| locks::lock(&home.join(LOCK_FILE)));
        match locked {
            Ok(lock) => Ok(Self {
                file,
                started: None,
                _lock: lock,
            }),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let first = read(&file);
                Err(Unclaimed::Taken(
                    first.as_ref().map(|first| first.address),
                    first.as_ref().map(|first| first.pid),
                ))
            }
            Err(error) => Err(Unclaimed::Unwritable(error)),
        }
    }

    /// Writes `server.json`: from now on commands find the server.
    pub(super) fn publish(
        &mut self,
        wallet: &Wallet,
        address: SocketAddr,
        key: &ProofKey,
    ) -> io::Result<()> {
        let started = wallet.environment().now().to_string();
        let file = ServerFile {
            address: reachable(address),
            pid: process::id(),
            started: started.clone(),
            wallet_id: wallet.id().ok().flatten().map(|id| id.to_string()),
            key: key.duplicate(),
        };
        files::write_fleeting(&self.file, &file.to_bytes())?;
        self.started = Some(started);
        Ok(())
    }
}

impl Drop for HomeClaim {
    fn drop(&mut self) {
        // The home may have been replaced by one with a server of its own.
        let ours = read(&self.file).is_some_and(|file| {
            file.pid == process::id() && Some(&file.started) == self.started.as_ref()
        });
        if ours {
            let _ = fs::remove_file(&self.file);
        }
    }
}

fn read(file: &Path) -> Option<ServerFile> {
    ServerFile::parse(&files::read_private(file, MAX_LEN).ok()?)
}

/// Where a listener on all addresses is reached from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, address.port())
}
