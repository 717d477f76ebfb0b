//! Whose program is at the other end of a local connection: the kernel's word,
//! which no header can forge.

use std::net::SocketAddr;

mod owner;

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod imp;

#[cfg(target_vendor = "apple")]
#[path = "lsof.rs"]
mod imp;

#[cfg(windows)]
#[path = "windows.rs"]
mod imp;

#[cfg(not(any(target_os = "linux", target_vendor = "apple", windows)))]
#[path = "other.rs"]
mod imp;

// What it reads is tested on Linux, too, where `lsof` is the same program.
#[cfg(all(test, target_os = "linux"))]
mod lsof;

pub use owner::PeerOwner;

/// Asks who holds the socket at `peer` that is connected to our end, `local`.
///
/// The answer is good for the life of the connection, so ask once, as soon as
/// it is accepted: a client that has closed its end can no longer be named.
#[must_use]
pub fn owner_of(local: SocketAddr, peer: SocketAddr) -> PeerOwner {
    // A dual-stack listener shows IPv4 clients as `::ffff:127.0.0.1`.
    let local = SocketAddr::new(local.ip().to_canonical(), local.port());
    let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
    if !peer.ip().is_loopback() || local.is_ipv4() != peer.is_ipv4() {
        return PeerOwner::Unknown;
    }
    imp::owner_of(local, peer)
}
