//! What changes when a service is put in place or taken away, and why that fails.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::command_line::{CommandLine, OnlySystemd, Unquotable};

/// Why a service is not put in place, or not taken away.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// See [`Unquotable`].
    #[error(transparent)]
    Unquotable(#[from] Unquotable),
    /// A file of that name, which this program did not write.
    #[error("`{}` is there already, and was not written by `tokenpass service install`", .0.display())]
    Foreign(PathBuf),
    /// See [`OnlySystemd`].
    #[error(transparent)]
    OnlySystemd(#[from] OnlySystemd),
    /// There is nobody to start services.
    #[error("nobody here starts services of yours: {0}")]
    NoManager(String),
    /// A program that was called did not do it.
    #[error("`{call}` failed: {said}")]
    Call {
        /// The command line.
        call: String,
        /// The end of what it said.
        said: String,
    },
    /// A file cannot be read, written or removed.
    #[error("cannot use `{}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

/// Whether something was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was.
    Made,
    /// All was as it is wanted.
    Nothing,
}

/// When a service starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starts {
    /// With the machine.
    WithMachine,
    /// When its owner logs in.
    WithLogin,
    /// When the first program connects.
    WithConnection,
}

/// A service as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Where it is written down.
    pub place: String,
    /// What it runs; `None` where it was written by somebody else.
    pub command: Option<CommandLine>,
    /// When it starts.
    pub starts: Starts,
    /// Whether it runs, or waits for a connection; `None` where the system does
    /// not say.
    pub is_active: Option<bool>,
}

impl Change {
    /// Made, if either was.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, Self::Nothing) => Self::Nothing,
            _ => Self::Made,
        }
    }
}

/// Removes a file, or an empty folder, if it is there.
pub(super) fn remove(path: &Path) -> Result<Change, ServiceError> {
    let removed = if path.is_dir() {
        fs::remove_dir(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Ok(()) => Ok(Change::Made),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Change::Nothing),
        // What somebody else put there stays.
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(Change::Nothing),
        Err(cause) => Err(in_file(path)(cause)),
    }
}

pub(super) fn in_file(path: &Path) -> impl FnOnce(io::Error) -> ServiceError {
    let path = path.to_owned();
    move |cause| ServiceError::File { path, cause }
}
