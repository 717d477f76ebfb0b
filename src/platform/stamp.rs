//! What tells one file from another, and whether it was written since.

use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// A file as it was at one moment. Two that are equal are the same file, not
/// written between, as far as the system's clock of files can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Device and number; always the same where the system does not say.
    file: (u64, u64),
    length: u64,
    written: Option<SystemTime>,
    changed: (i64, i64),
}

impl Stamp {
    /// Looks at the file; `None` if there is none.
    pub fn of(path: &Path) -> io::Result<Option<Self>> {
        match path.metadata() {
            Ok(metadata) => Ok(Some(Self::new(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Of a file that is open.
    #[must_use]
    pub fn new(metadata: &Metadata) -> Self {
        Self {
            file: imp::file(metadata),
            length: metadata.len(),
            written: metadata.modified().ok(),
            changed: imp::changed(metadata),
        }
    }

    /// Whether both are of one file, written since or not.
    #[must_use]
    pub fn is_same_file(&self, other: &Self) -> bool {
        self.file == other.file
    }
}

#[cfg(unix)]
mod imp {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;

    pub(super) fn file(metadata: &Metadata) -> (u64, u64) {
        (metadata.dev(), metadata.ino())
    }

    pub(super) fn changed(metadata: &Metadata) -> (i64, i64) {
        (metadata.ctime(), metadata.ctime_nsec())
    }
}

#[cfg(not(unix))]
mod imp {
    use std::fs::Metadata;

    pub(super) fn file(_metadata: &Metadata) -> (u64, u64) {
        (0, 0)
    }

    pub(super) fn changed(_metadata: &Metadata) -> (i64, i64) {
        (0, 0)
    }
}
