//! A file that is read beside those who lock it.

use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::path::Path;

use super::stamp::Stamp;

/// A file that stays open for as long as the process lives: closing any
/// descriptor of a file ends all locks that the process has on it (fcntl(2),
/// POSIX), SQLite's among them.
pub struct KeptOpen(ManuallyDrop<File>);

impl KeptOpen {
    /// Opens the file for reading.
    pub fn open(path: &Path) -> io::Result<Self> {
        File::open(path).map(|file| Self(ManuallyDrop::new(file)))
    }

    /// Which file it is.
    pub fn stamp(&self) -> io::Result<Stamp> {
        self.0.metadata().map(|metadata| Stamp::new(&metadata))
    }

    /// Reads as many bytes as fit into `bytes`, in one system call.
    ///
    /// # Errors
    /// Besides what the system says: `UnexpectedEof` where there are fewer.
    pub fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        if imp::read_at(&self.0, bytes, offset)? == bytes.len() {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

#[cfg(unix)]
mod imp {
    use std::os::unix::fs::FileExt;

    pub(super) fn read_at(
        file: &std::fs::File,
        bytes: &mut [u8],
        offset: u64,
    ) -> std::io::Result<usize> {
        file.read_at(bytes, offset)
    }
}

#[cfg(windows)]
mod imp {
    use std::os::windows::fs::FileExt;

    pub(super) fn read_at(
        file: &std::fs::File,
        bytes: &mut [u8],
        offset: u64,
    ) -> std::io::Result<usize> {
        file.seek_read(bytes, offset)
    }
}
