//! The binary as another user of the machine runs it.

use std::fs::{self, Permissions};
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// `nobody`: the usual number of the user that owns nothing.
const NOBODY: u32 = 65534;

/// Somebody else, with a copy of the binary, since the build folder may be
/// closed to them.
pub(crate) struct OtherUser {
    folder: TempDir,
}

impl OtherUser {
    /// `None`, and a line that says so, where this is not root: nobody else
    /// may run a program as another user.
    #[allow(clippy::print_stderr, reason = "says what was skipped")]
    pub(crate) fn new() -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: only root can run a program as another user");
            return None;
        }
        let folder = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o755))
            .tempdir()
            .unwrap();
        let user = Self { folder };
        fs::copy(env!("CARGO_BIN_EXE_tokenpass"), user.program()).unwrap();
        fs::set_permissions(user.program(), Permissions::from_mode(0o755)).unwrap();
        Some(user)
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("tokenpass")
    }

    /// The binary with an empty environment, about to run as them.
    pub(crate) fn tokenpass(&self) -> Command {
        self.command(self.program())
    }

    /// Connects as them, sends bytes, and returns what comes back until the
    /// server hangs up.
    pub(crate) fn talk(&self, server: SocketAddr, bytes: &[u8]) -> Vec<u8> {
        self.connect(server, bytes, "exec cat <&3")
    }

    /// Connects as them, sends bytes, and closes at once.
    pub(crate) fn send_and_close(&self, server: SocketAddr, bytes: &[u8]) {
        self.connect(server, bytes, "");
    }

    fn connect(&self, server: SocketAddr, bytes: &[u8], then: &str) -> Vec<u8> {
        let (ip, port) = (server.ip(), server.port());
        let mut client = self
            .command("bash")
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .arg("-c")
            .arg(format!("exec 3<>/dev/tcp/{ip}/{port}; cat >&3; {then}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        client.stdin.take().unwrap().write_all(bytes).unwrap();
        let done = client.wait_with_output().unwrap();
        assert!(done.status.success());
        done.stdout
    }

    /// Any program, with an empty environment, about to run as them.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .current_dir(self.folder.path())
            .uid(NOBODY)
            .gid(NOBODY);
        command
    }
}
