//! The table of TCP connections says whose process, and the process whose user.

use std::net::SocketAddr;

use netstat2::{AddressFamilyFlags, ProtocolFlags, ProtocolSocketInfo, TcpState, get_sockets_info};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind, get_current_pid};

use super::PeerOwner;

pub(super) fn owner_of(local: SocketAddr, peer: SocketAddr) -> PeerOwner {
    match is_same_user(local, peer) {
        Some(true) => PeerOwner::SameUser,
        Some(false) => PeerOwner::OtherUser,
        None => PeerOwner::Unknown,
    }
}

/// `None` where the table or the system does not say.
fn is_same_user(local: SocketAddr, peer: SocketAddr) -> Option<bool> {
    let process = process_of(local, peer)?;
    let own = get_current_pid().ok()?;
    let mut system = System::new();
    let user = ProcessRefreshKind::nothing().with_user(UpdateKind::Always);
    let both = [own, process];
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&both), true, user);
    let user_of = |process| system.process(process)?.user_id();
    let is_same = user_of(process)? == user_of(own)?;
    // The number of a process that has ended may be another's by now; while the
    // connection is that process's, it has not ended.
    (process_of(local, peer)? == process).then_some(is_same)
}

/// Whose the established connection is.
fn process_of(local: SocketAddr, peer: SocketAddr) -> Option<Pid> {
    let family = match peer {
        SocketAddr::V4(_) => AddressFamilyFlags::IPV4,
        SocketAddr::V6(_) => AddressFamilyFlags::IPV6,
    };
    let sockets = get_sockets_info(family, ProtocolFlags::TCP).ok()?;
    let mut owners = sockets.into_iter().filter_map(|socket| {
        let ProtocolSocketInfo::Tcp(tcp) = &socket.protocol_socket_info else {
            return None;
        };
        let own = SocketAddr::new(tcp.local_addr, tcp.local_port);
        let other = SocketAddr::new(tcp.remote_addr, tcp.remote_port);
        let is_it = (own, other) == (peer, local) && tcp.state == TcpState::Established;
        is_it.then(|| socket.associated_pids.first().copied())?
    });
    let owner = owners.next()?;
    owners.next().is_none().then(|| Pid::from_u32(owner))
}
