//! The two plain protocols by which a service manager and a service speak:
//! readiness (`sd_notify(3)`) and sockets handed over (`sd_listen_fds(3)`).

use std::ffi::OsStr;
use std::io;
use std::net::TcpListener;

/// Tells the service manager that requests are answered now. Does nothing
/// where no manager listens (`NOTIFY_SOCKET` unset).
pub fn notify_ready() -> io::Result<()> {
    notify("READY=1")
}

/// Tells the service manager that the service is on its way down.
pub fn notify_stopping() -> io::Result<()> {
    notify("STOPPING=1")
}

fn notify(state: &str) -> io::Result<()> {
    match std::env::var_os("NOTIFY_SOCKET") {
        Some(address) if !address.is_empty() => notify_to(&address, state),
        _ => Ok(()),
    }
}

/// Sends one message of the readiness protocol to `address`: the path of a
/// datagram socket, or `@name` of an abstract one.
pub fn notify_to(address: &OsStr, state: &str) -> io::Result<()> {
    imp::send(address, state.as_bytes())
}

/// The listening TCP sockets that a service manager opened for this process,
/// in its order; empty where there are none. They are handed out once.
///
/// # Errors
/// A socket that was handed over and is no listening TCP socket.
pub fn listen_fds() -> io::Result<Vec<TcpListener>> {
    let variable = |name| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok())
    };
    match (variable("LISTEN_PID"), variable("LISTEN_FDS")) {
        (Some(pid), Some(count)) if pid == std::process::id() => imp::adopt(count),
        _ => Ok(Vec::new()),
    }
}

#[cfg(unix)]
mod imp {
    use std::ffi::OsStr;
    use std::io;
    use std::net::TcpListener;
    use std::os::unix::net::UnixDatagram;

    use listenfd::ListenFd;

    /// More sockets than any unit file has; keeps a wild `LISTEN_FDS` out.
    const MOST: u32 = 64;

    pub(super) fn send(address: &OsStr, message: &[u8]) -> io::Result<()> {
        let socket = UnixDatagram::unbound()?;
        let sent = match address.as_encoded_bytes() {
            [b'@', name @ ..] => send_abstract(&socket, name, message)?,
            [b'/', ..] => socket.send_to(message, address)?,
            _ => return Err(io::ErrorKind::Unsupported.into()),
        };
        if sent == message.len() {
            Ok(())
        } else {
            Err(io::ErrorKind::WriteZero.into())
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn send_abstract(socket: &UnixDatagram, name: &[u8], message: &[u8]) -> io::Result<usize> {
        #[cfg(target_os = "android")]
        use std::os::android::net::SocketAddrExt as _;
        #[cfg(target_os = "linux")]
        use std::os::linux::net::SocketAddrExt as _;
        let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
        socket.send_to_addr(message, &address)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn send_abstract(_: &UnixDatagram, _: &[u8], _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn adopt(count: u32) -> io::Result<Vec<TcpListener>> {
        if count > MOST {
            return Err(not_a_socket());
        }
        // Looks at each descriptor before it takes it: one that we opened
        // ourselves is no TCP socket, as none is open yet.
        let mut handed = ListenFd::from_env();
        let taken = (0..handed.len()).map(|index| handed.take_tcp_listener(index));
        taken
            .map(|taken| match taken {
                Ok(Some(listener)) => listening(listener),
                _ => Err(not_a_socket()),
            })
            .collect()
    }

    fn listening(listener: TcpListener) -> io::Result<TcpListener> {
        if !is_listening(&listener)? {
            return Err(not_a_socket());
        }
        listener.set_nonblocking(false)?;
        Ok(listener)
    }

    #[cfg(not(target_vendor = "apple"))]
    fn is_listening(listener: &TcpListener) -> io::Result<bool> {
        Ok(rustix::net::sockopt::socket_acceptconn(listener)?)
    }

    // macOS does not say; nor has it a manager that hands sockets over like this.
    #[cfg(target_vendor = "apple")]
    fn is_listening(_listener: &TcpListener) -> io::Result<bool> {
        Ok(true)
    }

    fn not_a_socket() -> io::Error {
        io::Error::other("what the service manager handed over is no listening TCP socket")
    }
}

#[cfg(not(unix))]
mod imp {
    use std::ffi::OsStr;
    use std::io;
    use std::net::TcpListener;

    pub(super) fn send(_address: &OsStr, _message: &[u8]) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn adopt(_count: u32) -> io::Result<Vec<TcpListener>> {
        Ok(Vec::new())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    use super::*;

    fn received(manager: &UnixDatagram) -> Vec<u8> {
        let mut message = [0; 64];
        let length = manager.recv(&mut message).unwrap();
        message[..length].to_vec()
    }

    #[test]
    fn readiness_reaches_a_socket_by_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let manager = UnixDatagram::bind(&path).unwrap();
        notify_to(path.as_os_str(), "READY=1").unwrap();
        assert_eq!(received(&manager), b"READY=1");
    }

    #[test]
    fn readiness_reaches_an_abstract_socket() {
        let name = format!("tokenpass-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let manager = UnixDatagram::bind_addr(&address).unwrap();
        notify_to(OsStr::new(&format!("@{name}")), "STOPPING=1").unwrap();
        assert_eq!(received(&manager), b"STOPPING=1");
    }

    #[test]
    fn other_kinds_of_address_are_refused() {
        let refused = notify_to(OsStr::new("vsock:2:1234"), "READY=1").unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::Unsupported);
    }
}
