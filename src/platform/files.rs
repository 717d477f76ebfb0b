//! Files that only their owner may read, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::Zeroizing;

pub use super::private::{
    create_private_dir, create_private_file, looser_than_private, make_private_dir, other_owner,
};
use super::scratch::Scratch;

/// What the folders are called in which files are made before they are
/// placed; see [`Scratch`].
pub const SCRATCH: &str = ".tokenpass-";

/// Writes a whole private file so that a reader sees all of it or nothing:
/// made in a folder of its own, synced, and placed.
pub fn write_private(path: &Path, contents: &[u8], overwrite: bool) -> io::Result<()> {
    let scratch = Scratch::create(parent(path), SCRATCH)?;
    let made = scratch.path().join("new");
    let mut file = create_private_file(&made)?;
    file.write_all(contents)?;
    file.sync_all()?;
    drop(file);
    place(&made, path, overwrite)
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
/// write it, `InvalidData` if it is longer.
pub fn read_private(path: &Path, max: usize) -> io::Result<Zeroizing<Vec<u8>>> {
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
