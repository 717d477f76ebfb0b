use std::net::SocketAddr;

use super::PeerOwner;

pub(super) fn owner_of(_local: SocketAddr, _peer: SocketAddr) -> PeerOwner {
    PeerOwner::Unknown
}
