//! One exact look-up in the kernel's table of TCP sockets: `sock_diag(7)`,
//! `struct inet_diag_req_v2`.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, ipproto, recvfrom, sendto,
    socket_with,
};

use super::PeerOwner;

/// `SOCK_DIAG_BY_FAMILY` of `<linux/sock_diag.h>`.
const BY_FAMILY: u16 = 20;
/// `NLM_F_REQUEST` of `<linux/netlink.h>`.
const REQUEST: u16 = 1;
/// `TCP_LISTEN` of `<net/tcp_states.h>`.
const LISTEN: u8 = 10;
/// What the kernel shows for a user that our user namespace does not know.
const OVERFLOW_USER: u32 = 65534;

/// `struct nlmsghdr`.
const HEADER: usize = 16;
/// `struct nlmsghdr` and `struct inet_diag_req_v2`.
const ASKED: usize = HEADER + 56;
/// `struct nlmsghdr` and `struct inet_diag_msg`.
const ANSWERED: usize = HEADER + 72;

/// Where `struct inet_diag_sockid` starts in either message, and where the
/// addresses are in it.
const ID_ASKED: usize = HEADER + 8;
const ID_ANSWERED: usize = HEADER + 4;

pub(super) fn owner_of(local: SocketAddr, peer: SocketAddr) -> PeerOwner {
    let Ok(Some(owner)) = ask(local, peer) else {
        return PeerOwner::Unknown;
    };
    let own = rustix::process::geteuid().as_raw();
    if owner != own {
        PeerOwner::OtherUser
    } else if own == OVERFLOW_USER && !knows_all_users() {
        PeerOwner::Unknown
    } else {
        PeerOwner::SameUser
    }
}

/// The user id of the socket whose own address is `peer`; `None` where there
/// is no such socket that a process still holds.
fn ask(local: SocketAddr, peer: SocketAddr) -> io::Result<Option<u32>> {
    let kernel = SocketAddrNetlink::new(0, 0);
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        Some(SOCK_DIAG),
    )?;
    sendto(&socket, &question(local, peer), SendFlags::empty(), &kernel)?;
    // The kernel answers within the send; there is nothing to wait for.
    let mut answer = [0; 512];
    let (_, length, sender) = recvfrom(&socket, &mut answer, RecvFlags::DONTWAIT)?;
    let from_kernel = sender
        .and_then(|sender| SocketAddrNetlink::try_from(sender).ok())
        .is_some_and(|sender| sender == kernel);
    let answer = answer.get(..length).filter(|_| from_kernel);
    Ok(answer.and_then(|answer| owner_in(answer, local, peer)))
}

fn question(local: SocketAddr, peer: SocketAddr) -> [u8; ASKED] {
    let family = if peer.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let mut message = [0; ASKED];
    message[..4].copy_from_slice(&(ASKED as u32).to_ne_bytes());
    message[4..6].copy_from_slice(&BY_FAMILY.to_ne_bytes());
    message[6..8].copy_from_slice(&REQUEST.to_ne_bytes());
    message[HEADER] = family.as_raw() as u8;
    message[HEADER + 1] = ipproto::TCP.as_raw().get() as u8;
    message[HEADER + 4..ID_ASKED].fill(0xff); // whatever its state
    message[ID_ASKED..ID_ASKED + 36].copy_from_slice(&ends(peer, local));
    message[ID_ASKED + 40..].fill(0xff); // `INET_DIAG_NOCOOKIE`
    message
}

/// The first 36 bytes of `struct inet_diag_sockid`: the ports and addresses of
/// a socket and of its peer.
fn ends(own: SocketAddr, other: SocketAddr) -> [u8; 36] {
    let mut bytes = [0; 36];
    bytes[..2].copy_from_slice(&own.port().to_be_bytes());
    bytes[2..4].copy_from_slice(&other.port().to_be_bytes());
    for (place, address) in [(4, own.ip()), (20, other.ip())] {
        match address {
            IpAddr::V4(ip) => bytes[place..place + 4].copy_from_slice(&ip.octets()),
            IpAddr::V6(ip) => bytes[place..place + 16].copy_from_slice(&ip.octets()),
        }
    }
    bytes
}

/// Reads `struct inet_diag_msg`. The kernel falls back to a listener of that
/// port, and shows an orphan (its process has closed it, its data can still be
/// read) as user 0 with inode 0: neither says whose client it is.
fn owner_in(answer: &[u8], local: SocketAddr, peer: SocketAddr) -> Option<u32> {
    let kind = u16::from_ne_bytes(*answer.get(4..)?.first_chunk()?);
    if kind != BY_FAMILY || answer.len() < ANSWERED {
        return None;
    }
    let state = *answer.get(HEADER + 1)?;
    let inode = u32::from_ne_bytes(*answer.get(HEADER + 68..)?.first_chunk()?);
    let named = own_and_other(answer)? == (peer, local);
    let owner = u32::from_ne_bytes(*answer.get(HEADER + 64..)?.first_chunk()?);
    (state != LISTEN && inode != 0 && named).then_some(owner)
}

/// A socket's own address and its peer's. An IPv6 socket that connected to
/// `::ffff:127.0.0.1` is told with both in that form.
fn own_and_other(answer: &[u8]) -> Option<(SocketAddr, SocketAddr)> {
    let id = answer.get(ID_ANSWERED..)?;
    let v4 = u16::from(*answer.get(HEADER)?) == AddressFamily::INET.as_raw();
    let end = |port: usize, address: usize| {
        let port = u16::from_be_bytes(*id.get(port..)?.first_chunk()?);
        let ip = if v4 {
            IpAddr::V4(Ipv4Addr::from(*id.get(address..)?.first_chunk::<4>()?))
        } else {
            IpAddr::V6(Ipv6Addr::from(*id.get(address..)?.first_chunk::<16>()?)).to_canonical()
        };
        Some(SocketAddr::new(ip, port))
    };
    Some((end(0, 4)?, end(2, 20)?))
}

/// Whether no user is hidden from us by a user namespace.
fn knows_all_users() -> bool {
    fs::read_to_string("/proc/self/uid_map")
        .is_ok_and(|map| map.split_whitespace().eq(["0", "0", "4294967295"]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    use super::super::owner_of;
    use super::*;

    fn accepted(listener: &TcpListener) -> (TcpStream, PeerOwner) {
        let (ours, peer) = listener.accept().unwrap();
        let owner = owner_of(ours.local_addr().unwrap(), peer);
        (ours, owner)
    }

    /// A listener, and the address that reaches it over `host`; `None` where
    /// the machine has no IPv6.
    fn listening(on: &str, host: &str) -> Option<(TcpListener, String)> {
        let listener = TcpListener::bind((on, 0)).ok()?;
        let port = listener.local_addr().unwrap().port();
        Some((listener, format!("{host}:{port}")))
    }

    #[test]
    fn our_own_client_is_known_over_each_kind_of_address() {
        for (on, host) in [
            ("127.0.0.1", "127.0.0.1"),
            ("0.0.0.0", "127.0.0.2"),
            ("::1", "[::1]"),
            ("::", "[::1]"),
            ("::", "127.0.0.1"),
            ("::", "[::ffff:127.0.0.1]"),
        ] {
            let Some((listener, address)) = listening(on, host) else {
                continue;
            };
            let client = TcpStream::connect(&address).unwrap();
            let (_ours, owner) = accepted(&listener);
            assert_eq!(owner, PeerOwner::SameUser, "{on} over {address}");
            drop(client);
        }
    }

    #[test]
    fn a_half_closed_client_is_still_known() {
        let (listener, address) = listening("127.0.0.1", "127.0.0.1").unwrap();
        let client = TcpStream::connect(address).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(accepted(&listener).1, PeerOwner::SameUser);
    }

    #[test]
    fn a_client_that_has_closed_is_nobody() {
        let (listener, address) = listening("127.0.0.1", "127.0.0.1").unwrap();
        drop(TcpStream::connect(address).unwrap());
        assert_eq!(accepted(&listener).1, PeerOwner::Unknown);
    }

    #[test]
    fn a_listener_of_ours_on_the_clients_port_is_not_the_client() {
        let (listener, address) = listening("127.0.0.1", "127.0.0.1").unwrap();
        let gone = listening("127.0.0.1", "127.0.0.1").unwrap().0;
        let owner = owner_of(address.parse().unwrap(), gone.local_addr().unwrap());
        assert_eq!(owner, PeerOwner::Unknown);
        drop(listener);
    }

    #[test]
    fn other_machines_are_not_asked_about() {
        let local = "192.0.2.1:80".parse().unwrap();
        let peer = "192.0.2.2:40000".parse().unwrap();
        assert_eq!(owner_of(local, peer), PeerOwner::Unknown);
    }

    #[test]
    fn another_users_client_is_told_apart_while_it_lives() {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: only root can run a client as another user");
            return;
        }
        let (listener, _) = listening("127.0.0.1", "127.0.0.1").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut client = Command::new("bash")
            .arg("-c")
            .arg(format!(
                "exec 3<>/dev/tcp/127.0.0.1/{port}; echo sent >&3; read line; \
                 exec 3>&-; echo closed; read line"
            ))
            .uid(OVERFLOW_USER)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (ours, owner) = accepted(&listener);
        assert_eq!(owner, PeerOwner::OtherUser);

        let mut client_input = client.stdin.take().unwrap();
        io::Write::write_all(&mut client_input, b"\n").unwrap();
        let mut told = [0; 7];
        io::Read::read_exact(&mut client.stdout.take().unwrap(), &mut told).unwrap();
        let (local, peer) = (ours.local_addr().unwrap(), ours.peer_addr().unwrap());
        assert_eq!(owner_of(local, peer), PeerOwner::Unknown, "sent and closed");
        drop(client_input);
        client.wait().unwrap();
    }
}
