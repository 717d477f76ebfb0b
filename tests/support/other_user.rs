//! The binary as another user of the machine runs it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

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
