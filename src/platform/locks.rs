//! Lock files: one process at a time, and nothing to clean up after a crash.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::files;

/// Opens a private file, which is made if it is not there, and locks it: until
/// the returned file is dropped, or this process ends in any way.
///
/// # Errors
/// `WouldBlock` if somebody else holds it.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = match files::create_private_file(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().write(true).open(path)?
        }
        other => other?,
    };
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once_and_free_again_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = lock(&path).unwrap();
        assert_eq!(lock(&path).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        assert_eq!(files::looser_than_private(&path).unwrap(), None);
        drop(held);
        lock(&path).unwrap();
    }
}
