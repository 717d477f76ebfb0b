//! What can go wrong with a database file, in words for whoever owns it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::platform::errors::plain;
use crate::platform::files;

/// What can go wrong with a database file.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file is no database, or a damaged one. It is left as it is.
    #[error("`{}` is damaged: {detail}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite or the check said.
        detail: String,
    },
    /// A file of TokenPass Desktop (NeDB: lines of JSON), which has the same
    /// names for its files.
    #[error("`{}` is a file of TokenPass Desktop", path.display())]
    Desktop {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later release.
    #[error("`{}` was written by a newer version (format {found}, this one knows {known})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// Others may read the file or the folder.
    #[error("`{}` can be read by others (mode {mode:04o})", path.display())]
    TooLoose {
        /// The file or folder.
        path: PathBuf,
        /// Its mode bits.
        mode: u32,
    },
    /// The file or the folder is another user's.
    #[error("`{}` belongs to another user (uid {owner})", path.display())]
    OtherOwner {
        /// The file or folder.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// No space left.
    #[error("no space left to write `{}`", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The file or folder cannot be written.
    #[error("cannot write `{}`: {detail}", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// Another process kept the database locked.
    #[error("`{}` is in use by another process", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Any other failure of the system.
    #[error("cannot use `{}`: {detail}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
}

impl StoreError {
    /// Whether what is there can be read, and only writing fails.
    #[must_use]
    pub fn is_unwritable(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::ReadOnly { .. })
    }

    pub(super) fn from_sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let detail = error.to_string();
        let Some(code) = error.sqlite_error_code() else {
            return match error {
                // A column of the wrong type or length: the file's content is not ours.
                rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..) => Self::Damaged { path, detail },
                _ => Self::Io { path, detail },
            };
        };
        match code {
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Damaged { path, detail },
            ErrorCode::DiskFull => Self::Full { path },
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::of_the_system(&path)
                .unwrap_or(Self::ReadOnly {
                    path,
                    detail: "it is read-only".into(),
                }),
            ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => {
                Self::of_the_system(&path).unwrap_or(Self::Io { path, detail })
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy { path },
            _ => Self::Io { path, detail },
        }
    }

    /// SQLite keeps to itself what the system said; here it says it again.
    fn of_the_system(path: &Path) -> Option<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let readable = files::check_readable(path);
        let error = readable.and_then(|()| files::try_to_write(folder)).err()?;
        Some(Self::from_io(path, &error))
    }

    pub(super) fn from_io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly {
                detail: plain(error),
                path,
            },
            _ => Self::Io {
                detail: plain(error),
                path,
            },
        }
    }
}
