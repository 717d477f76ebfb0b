//! `lsof` shows the connections of its user's own processes: one that is among
//! them is the owner's, and of all others nothing is known.

use std::net::SocketAddr;
use std::process::{Command, Stdio};

use super::PeerOwner;

/// Where the system has it; not looked for in `PATH`, which a program that is to
/// be told apart may have set.
#[cfg(target_vendor = "apple")]
const LSOF: &str = "/usr/sbin/lsof";
#[cfg(not(target_vendor = "apple"))]
const LSOF: &str = "/usr/bin/lsof";

pub(super) fn owner_of(local: SocketAddr, peer: SocketAddr) -> PeerOwner {
    match is_own(local, peer) {
        Some(true) => PeerOwner::SameUser,
        _ => PeerOwner::Unknown,
    }
}

/// Whether a process of this user holds the client's end; `None` where `lsof`
/// cannot be asked.
fn is_own(local: SocketAddr, peer: SocketAddr) -> Option<bool> {
    let user = super::super::private::user().to_string();
    let port = format!("-iTCP:{}", peer.port());
    // -a: both; -n, -P: numbers, not names; -F n: the fields for programs.
    let answer = Command::new(LSOF)
        .args([
            "-a",
            "-n",
            "-P",
            "-w",
            "-u",
            &user,
            &port,
            "-sTCP:ESTABLISHED",
            "-F",
            "n",
        ])
        .env_clear()
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let lines = String::from_utf8(answer.stdout).ok()?;
    Some(lists(&lines, local, peer))
}

/// Whether the connection is in the list, from the client's end.
fn lists(lines: &str, local: SocketAddr, peer: SocketAddr) -> bool {
    let line = format!("n{peer}->{local}");
    lines.lines().any(|known| known == line)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn only_the_clients_end_of_just_that_connection_counts() {
        let [local, peer] = ["127.0.0.1:21000", "127.0.0.1:50000"].map(|a| a.parse().unwrap());
        assert!(lists(
            "p1\nf3\nn127.0.0.1:50000->127.0.0.1:21000\n",
            local,
            peer
        ));
        for other in [
            "",
            "n127.0.0.1:21000->127.0.0.1:50000\n",
            "n127.0.0.1:50000->127.0.0.1:21001\n",
            "n127.0.0.1:50000->127.0.0.1:210001\n",
            "xn127.0.0.1:50000->127.0.0.1:21000\n",
        ] {
            assert!(!lists(other, local, peer), "{other}");
        }
        let [local, peer] = ["[::1]:21000", "[::1]:50000"].map(|a| a.parse().unwrap());
        assert!(lists("n[::1]:50000->[::1]:21000\n", local, peer));
    }

    #[test]
    fn an_own_connection_is_known_and_a_closed_one_is_not() {
        if !std::path::Path::new(LSOF).exists() {
            let _ = writeln!(std::io::stderr(), "skipped: lsof is not installed");
            return;
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let local = listener.local_addr().unwrap();
        let client = TcpStream::connect(local).unwrap();
        let peer = client.local_addr().unwrap();
        assert_eq!(owner_of(local, peer), PeerOwner::SameUser);
        drop(client);
        assert_eq!(owner_of(local, peer), PeerOwner::Unknown);
    }
}
