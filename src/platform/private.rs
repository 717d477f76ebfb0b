//! Folders and files that let nobody in but their owner.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

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
    imp::private(OpenOptions::new().read(true).write(true).create_new(true)).open(path)
}

/// The mode bits of a file or folder that let others in, if any (`0o044` of
/// a file with mode 0644). Always `None` where the system has no mode bits.
pub fn looser_than_private(path: &Path) -> io::Result<Option<u32>> {
    imp::loose_bits(path)
}

/// Whose file or folder it is, where that is somebody else than who runs this
/// program. Always `None` where the system has no such number.
pub fn other_owner(path: &Path) -> io::Result<Option<u32>> {
    imp::other_owner(path)
}

/// Who runs this program: the effective user.
#[cfg(unix)]
pub(super) fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(unix)]
mod imp {
    use std::fs::{DirBuilder, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
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

    pub(super) fn other_owner(path: &Path) -> io::Result<Option<u32>> {
        let owner = path.metadata()?.uid();
        Ok(Some(owner).filter(|owner| *owner != super::user()))
    }
}

#[cfg(not(unix))]
mod imp {
    use std::fs::{self, OpenOptions};
    use std::io;
    use std::path::Path;

    use super::super::access_list;

    pub(super) fn create_dir(path: &Path) -> io::Result<()> {
        fs::create_dir(path)?;
        make_private_dir(path).inspect_err(|_| {
            let _ = fs::remove_dir(path);
        })
    }

    pub(super) fn make_private_dir(path: &Path) -> io::Result<()> {
        access_list::only_owner(path)
    }

    // What is made in a private folder inherits who may read it, and keeps that
    // when it is moved.
    pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    pub(super) fn loose_bits(_path: &Path) -> io::Result<Option<u32>> {
        Ok(None)
    }

    pub(super) fn other_owner(_path: &Path) -> io::Result<Option<u32>> {
        Ok(None)
    }
}
