//! Sockets, where systems differ.

use std::io;
use std::net::TcpStream;
use std::path::PathBuf;

pub use imp::{PrivateListener, PrivateStream};

/// Sends what the system takes at once, without ever waiting for the peer.
/// Returns how much that was; the caller finishes the rest where it may wait.
pub fn send_now(stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    imp::send_now(stream, bytes)
}

/// The folders of sockets that killed servers left among the temporary files.
#[must_use]
pub fn litter() -> Vec<PathBuf> {
    imp::litter()
}

/// Whether an accept failed because the process or the system has no room
/// for another open file (EMFILE, ENFILE).
#[must_use]
pub fn is_out_of_files(error: &io::Error) -> bool {
    imp::is_out_of_files(error)
}

#[cfg(unix)]
mod imp {
    use std::io;
    use std::net::TcpStream;
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use rustix::io::Errno;
    use rustix::net::{SendFlags, Shutdown, send, shutdown};

    use super::super::scratch::{self, Scratch};

    /// What the folders of the sockets are called.
    const PREFIX: &str = "tp-";

    /// One end of a [`PrivateListener`].
    pub type PrivateStream = UnixStream;

    /// A listener that only this process can reach: a Unix socket in a folder
    /// of mode 0700 with a name nobody can guess. [`Self::hide`] unlinks both.
    pub struct PrivateListener {
        listener: UnixListener,
        /// None once it is hidden.
        folder: Mutex<Option<Scratch>>,
    }

    impl PrivateListener {
        /// Opens a listener in the folder for temporary files.
        pub fn open() -> io::Result<Self> {
            // `/tmp` where the usual folder can't be written or its name is
            // longer than a socket's address may be (104 bytes on macOS).
            Self::open_in(&std::env::temp_dir()).or_else(|_| Self::open_in(Path::new("/tmp")))
        }

        fn open_in(parent: &Path) -> io::Result<Self> {
            scratch::clear(parent, PREFIX);
            let folder = Scratch::create(parent, PREFIX)?;
            let listener = UnixListener::bind(folder.path().join("s"))?;
            Ok(Self {
                listener,
                folder: Mutex::new(Some(folder)),
            })
        }

        /// A second handle of the listening socket.
        pub fn handle(&self) -> io::Result<UnixListener> {
            self.listener.try_clone()
        }

        /// Connects to it; fails once it is hidden.
        pub fn connect(&self) -> io::Result<PrivateStream> {
            match &*self.folder() {
                Some(folder) => UnixStream::connect(folder.path().join("s")),
                None => Err(io::ErrorKind::NotFound.into()),
            }
        }

        /// Takes the socket out of the file system: from now on nobody can
        /// connect any more, and nothing is left behind by a `kill -9`.
        pub fn hide(&self) {
            self.folder().take();
        }

        fn folder(&self) -> MutexGuard<'_, Option<Scratch>> {
            self.folder.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    impl Drop for PrivateListener {
        fn drop(&mut self) {
            self.hide();
            // Wakes a thread that still waits in `accept` on a handle: with the
            // path gone no connection can (Linux; elsewhere it is left asleep).
            let _ = shutdown(&self.listener, Shutdown::Both);
        }
    }

    pub(super) fn litter() -> Vec<PathBuf> {
        scratch::litter(&std::env::temp_dir(), PREFIX)
    }

    pub(super) fn send_now(stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        match send(stream, bytes, SendFlags::DONTWAIT | no_signal()) {
            Ok(sent) => Ok(sent),
            Err(Errno::AGAIN | Errno::INTR) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(target_vendor = "apple"))]
    fn no_signal() -> SendFlags {
        SendFlags::NOSIGNAL
    }

    // macOS has no such flag; Rust's runtime ignores SIGPIPE anyway.
    #[cfg(target_vendor = "apple")]
    fn no_signal() -> SendFlags {
        SendFlags::empty()
    }

    pub(super) fn is_out_of_files(error: &io::Error) -> bool {
        matches!(
            Errno::from_io_error(error),
            Some(Errno::MFILE | Errno::NFILE)
        )
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io::{self, Write};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    /// One end of a [`PrivateListener`].
    pub type PrivateStream = TcpStream;

    /// A listener on the loopback address; what comes in must be told from
    /// other users' connections by its contents.
    pub struct PrivateListener(TcpListener);

    impl PrivateListener {
        /// Opens a listener on a free port.
        pub fn open() -> io::Result<Self> {
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map(Self)
        }

        /// A second handle of the listening socket.
        pub fn handle(&self) -> io::Result<TcpListener> {
            self.0.try_clone()
        }

        /// Connects to it.
        pub fn connect(&self) -> io::Result<PrivateStream> {
            let stream = TcpStream::connect(self.0.local_addr()?)?;
            stream.set_nodelay(true)?;
            Ok(stream)
        }

        /// A port can't be hidden.
        pub fn hide(&self) {}
    }

    pub(super) fn litter() -> Vec<super::PathBuf> {
        Vec::new()
    }

    // What surely fits an empty send buffer (64 KiB by default on Windows).
    const FITS: usize = 16 * 1024;

    pub(super) fn send_now(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > FITS {
            return Ok(0);
        }
        stream.write_all(bytes).map(|()| bytes.len())
    }

    // WSAEMFILE and ERROR_TOO_MANY_OPEN_FILES.
    pub(super) fn is_out_of_files(error: &io::Error) -> bool {
        matches!(error.raw_os_error(), Some(10024 | 4))
    }
}
