//! Files that only their owner may read, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

pub use super::private::{
    create_private_dir, create_private_file, looser_than_private, make_private_dir, other_owner,
};
use super::scratch::{self, Scratch};

/// What the folders are called in which files are made before they are
/// placed; see [`Scratch`].
pub const SCRATCH: &str = ".tokenpass-";

/// Writes a whole private file so that a reader sees all of it or nothing.
pub fn write_private(path: &Path, contents: &[u8], overwrite: bool) -> io::Result<()> {
    let mut file = NewFile::create(path)?;
    file.write_all(contents)?;
    file.finish(overwrite)
}

/// A private file that has no name until it is whole: made in a folder of its
/// own beside that name, synced, and placed. Dropped before, it leaves nothing.
pub struct NewFile {
    file: File,
    made: PathBuf,
    path: PathBuf,
    scratch: Scratch,
}

impl NewFile {
    /// Begins the file that will be `path`. What killed processes left beside
    /// it is removed.
    pub fn create(path: &Path) -> io::Result<Self> {
        scratch::clear(parent(path), SCRATCH);
        let scratch = Scratch::create(parent(path), SCRATCH)?;
        let made = scratch.path().join("new");
        Ok(Self {
            file: create_private_file(&made)?,
            made,
            path: path.to_owned(),
            scratch,
        })
    }

    /// Removes what there is of it; for whoever ends the process without
    /// dropping it.
    pub fn remover(&self) -> impl FnOnce() + Send + 'static {
        self.scratch.remover()
    }

    /// What is on the disk of it, at most so many bytes.
    pub fn read_back(&mut self, max: usize) -> io::Result<Vec<u8>> {
        self.file.sync_all()?;
        self.file.rewind()?;
        let mut bytes = Vec::new();
        (&self.file).take(max as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Gives the file its name. Without `overwrite`, fails with
    /// `AlreadyExists` where that is taken, even by a racing process.
    pub fn finish(self, overwrite: bool) -> io::Result<()> {
        self.file.sync_all()?;
        drop(self.file);
        place(&self.made, &self.path, overwrite)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A private file without a name, to be written and read again. It is gone
/// with this value, and on Unix however the process ends.
pub struct Spool {
    file: File,
    // What cannot be removed while it is open is removed with this, later.
    _scratch: Option<Scratch>,
}

impl Spool {
    /// Makes an empty one in a folder for temporary files.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let scratch = Scratch::create(folder, SCRATCH)?;
        let path = scratch.path().join("spool");
        let file = create_private_file(&path)?;
        let nameless = fs::remove_file(&path).is_ok();
        Ok(Self {
            file,
            _scratch: (!nameless).then_some(scratch),
        })
    }

    /// To be read and written.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }
}

/// The same, for what means nothing any more once the system has gone down:
/// waits for no disk, so that after a power cut the file may be empty.
pub fn write_fleeting(path: &Path, contents: &[u8]) -> io::Result<()> {
    let scratch = Scratch::create(parent(path), SCRATCH)?;
    let made = scratch.path().join("new");
    create_private_file(&made)?.write_all(contents)?;
    fs::rename(made, path)
}

/// Reads a private file of at most `max` bytes into memory that is wiped.
///
/// # Errors
/// Besides what the system says: `PermissionDenied` if others may read or
/// write it, `InvalidData` if it is longer; and it is not a file.
pub fn read_private(path: &Path, max: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Looked at before: to open a pipe would wait for somebody to write.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let file = File::open(path)?;
    if looser_than_private(path)?.is_some() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(max + 1));
    file.take(max as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(bytes)
}

/// Gives a finished file its name. Without `overwrite`, fails with
/// `AlreadyExists` where the name is taken, even by a racing process.
pub fn place(made: &Path, path: &Path, overwrite: bool) -> io::Result<()> {
    if overwrite {
        fs::rename(made, path)?;
    } else {
        imp::rename_new(made, path)?;
    }
    imp::sync_dir(parent(path))
}

/// Why nothing can be written in a folder (it is full, or read-only), found
/// out by trying; `Ok` where it can.
pub fn try_to_write(folder: &Path) -> io::Result<()> {
    let scratch = Scratch::create(folder, SCRATCH)?;
    let mut file = create_private_file(&scratch.path().join("new"))?;
    // More than any change of a database takes.
    file.write_all(&[0; 64 * 1024])?;
    file.sync_all()
}

/// Whether this user may read the file, without opening it: closing a file
/// ends the locks that SQLite has on it.
pub fn check_readable(path: &Path) -> io::Result<()> {
    imp::check_readable(path)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
mod imp {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use rustix::fs::{Access, access};

    pub(super) fn check_readable(path: &Path) -> io::Result<()> {
        Ok(access(path, Access::READ_OK)?)
    }

    pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
        match std::fs::hard_link(from, to) {
            // FAT and its kin have no links.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                rename_without_links(from, to).map_err(|_| error)
            }
            linked => linked,
        }
    }

    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    fn rename_without_links(from: &Path, to: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
    }

    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    fn rename_without_links(_from: &Path, _to: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    // Makes a new name in this folder durable.
    pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }
}

#[cfg(not(unix))]
mod imp {
    use std::fs::{self, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(super) fn check_readable(path: &Path) -> io::Result<()> {
        fs::File::open(path).map(drop)
    }

    pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
        match fs::hard_link(from, to) {
            // FAT has no links, and a rename would replace: the name is
            // claimed with an empty file first.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                OpenOptions::new().write(true).create_new(true).open(to)?;
                fs::rename(from, to)
            }
            linked => linked,
        }
    }

    // Windows writes names through by itself, and cannot sync a folder.
    pub(super) fn sync_dir(_dir: &Path) -> io::Result<()> {
        Ok(())
    }
}
