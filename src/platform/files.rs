//! Files that only their owner may read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Creates a folder that only its owner can enter (0700), and its parents
/// with the system's defaults. An existing folder is left as it is.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match imp::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        other => other,
    }
}

/// Takes a folder's rights from everybody but its owner (0700).
pub fn make_private_dir(path: &Path) -> io::Result<()> {
    imp::make_private_dir(path)
}

/// Creates a file that must not exist yet, readable by its owner only (0600)
/// from its first byte.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    imp::private(OpenOptions::new().write(true).create_new(true)).open(path)
}

/// Writes a whole private file so that a reader sees all of it or nothing:
/// temporary file, `fsync`, then a rename (`overwrite`) or a link that
/// refuses to replace.
pub fn write_private(path: &Path, contents: &[u8], overwrite: bool) -> io::Result<()> {
    let temporary = temporary_beside(path);
    let written = create_private_file(&temporary).and_then(|mut file| {
        file.write_all(contents)?;
        file.sync_all()
    });
    let placed = written.and_then(|()| place(&temporary, path, overwrite));
    if placed.is_err() {
        // Nothing half made is left behind; the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    placed
}

/// Moves a finished file to its name. Without `overwrite`, fails with
/// `AlreadyExists` where the name is taken, even by a racing process.
pub fn place(temporary: &Path, path: &Path, overwrite: bool) -> io::Result<()> {
    if overwrite {
        fs::rename(temporary, path)?;
    } else {
        fs::hard_link(temporary, path)?;
        fs::remove_file(temporary)?;
    }
    path.parent().map_or(Ok(()), sync_dir)
}

/// A name in the same folder that no other process picks.
pub fn temporary_beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unique = std::process::id();
    let moment = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos());
    path.with_file_name(format!(".{name}.{unique}-{moment:x}"))
}

/// The mode bits of a file or folder that let others in, if any (`0o044` of
/// a file with mode 0644). Always `None` where the system has no mode bits.
pub fn looser_than_private(path: &Path) -> io::Result<Option<u32>> {
    imp::loose_bits(path)
}

/// Makes a rename in this folder durable.
fn sync_dir(dir: &Path) -> io::Result<()> {
    imp::sync_dir(if dir.as_os_str().is_empty() {
        Path::new(".")
    } else {
        dir
    })
}

#[cfg(unix)]
mod imp {
    use std::fs::{DirBuilder, File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    pub(super) fn create_dir(path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(path)
    }

    pub(super) fn make_private_dir(path: &Path) -> io::Result<()> {
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o700))
    }

    pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options.mode(0o600)
    }

    pub(super) fn loose_bits(path: &Path) -> io::Result<Option<u32>> {
        let mode = path.metadata()?.permissions().mode();
        Ok(Some(mode & 0o777).filter(|bits| bits & 0o077 != 0))
    }

    pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }
}

#[cfg(not(unix))]
mod imp {
    use std::fs::{self, OpenOptions};
    use std::io;
    use std::path::Path;

    // The profile folder's access list already keeps other users out.
    pub(super) fn create_dir(path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    pub(super) fn make_private_dir(_path: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    pub(super) fn loose_bits(_path: &Path) -> io::Result<Option<u32>> {
        Ok(None)
    }

    pub(super) fn sync_dir(_dir: &Path) -> io::Result<()> {
        Ok(())
    }
}
