//! Folders for what is being made, which only this process uses. One that a
//! killed process left behind can be told from one in use, and removed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::private;

/// How often a folder is made anew because somebody took it for abandoned.
const ATTEMPTS: usize = 8;

/// A fresh private folder, removed with the files in it when dropped.
///
/// While it lives its maker holds a lock on it that ends with the process,
/// however that ends; [`litter`] tells only of folders that it could lock
/// itself. Between making a folder and locking it there is a moment in which
/// the folder looks abandoned: the maker finds out when it has the lock, and
/// takes another name. Where folders cannot be locked (Windows, some network
/// file systems), none is ever taken for abandoned.
pub struct Scratch {
    path: PathBuf,
    _lock: Option<File>,
}

impl Scratch {
    /// Makes a folder in `parent`; its name is `prefix` and 16 random hex digits.
    pub fn create(parent: &Path, prefix: &str) -> io::Result<Self> {
        for _ in 0..ATTEMPTS {
            let random = getrandom::u64().map_err(io::Error::other)?;
            let path = parent.join(format!("{prefix}{random:016x}"));
            private::create_private_dir(&path)?;
            match imp::claim(&path) {
                Ok(Some(lock)) => {
                    return Ok(Self {
                        path,
                        _lock: Some(lock),
                    });
                }
                // It looks abandoned to somebody who is about to remove it.
                Ok(None) => {
                    let _ = fs::remove_dir(&path);
                }
                Err(_) => return Ok(Self { path, _lock: None }),
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it, for whoever ends the process without dropping it.
    pub fn remover(&self) -> impl FnOnce() + Send + 'static {
        let path = self.path.clone();
        move || {
            let _ = remove(&path);
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = remove(&self.path);
    }
}

/// The folders that killed processes of this user left in `parent`.
#[must_use]
pub fn litter(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    abandoned(parent, prefix)
        .map(|(path, _lock)| path)
        .collect()
}

/// Removes them. What cannot be removed stays.
pub fn clear(parent: &Path, prefix: &str) {
    for (path, _lock) in abandoned(parent, prefix) {
        let _ = remove(&path);
    }
}

/// The folders whose makers are dead; while the lock lives, nobody else takes
/// the folder for that.
fn abandoned(parent: &Path, prefix: &str) -> impl Iterator<Item = (PathBuf, File)> {
    let entries = fs::read_dir(parent).into_iter().flatten();
    entries
        .filter_map(Result::ok)
        .filter(move |entry| is_scratch_name(&entry.file_name().to_string_lossy(), prefix))
        .filter_map(|entry| {
            let path = entry.path();
            let lock = imp::claim(&path).ok().flatten()?;
            Some((path, lock))
        })
}

fn is_scratch_name(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|random| random.len() == 16 && random.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// A scratch folder holds no folders; one that does is not ours to remove.
fn remove(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        fs::remove_file(entry?.path())?;
    }
    fs::remove_dir(path)
}

#[cfg(unix)]
mod imp {
    use std::fs::{File, TryLockError};
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use rustix::fs::{Mode, OFlags, open};

    use super::private;

    /// Locks a folder of this user's. `None`: somebody else has it, or it is
    /// gone or another's; an error: this system cannot lock folders.
    pub(super) fn claim(path: &Path) -> io::Result<Option<File>> {
        // Never through a link: in a folder that all may write to, anybody
        // can make one with such a name.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let Ok(folder) = open(path, flags, Mode::empty()) else {
            return Ok(None);
        };
        let folder = File::from(folder);
        match folder.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let held = folder.metadata()?;
        // Whoever had the lock before may have removed the folder with it.
        let still_there = path
            .symlink_metadata()
            .is_ok_and(|now| (now.dev(), now.ino()) == (held.dev(), held.ino()));
        let ours = held.uid() == private::user();
        Ok(Some(folder).filter(|_| still_there && ours))
    }
}

#[cfg(not(unix))]
mod imp {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(super) fn claim(_path: &Path) -> io::Result<Option<File>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const PREFIX: &str = "test-";

    #[test]
    fn a_folder_in_use_is_not_abandoned_and_goes_with_its_maker() {
        let parent = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(parent.path(), PREFIX).unwrap();
        fs::write(scratch.path().join("file"), "x").unwrap();
        assert!(litter(parent.path(), PREFIX).is_empty());
        drop(scratch);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_maker_left_is_found_and_removed() {
        let parent = tempfile::tempdir().unwrap();
        let left = parent.path().join("test-00112233aabbccdd");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("file"), "x").unwrap();
        for other in ["test-", "test-00112233aabbccd", "other-00112233aabbccdd"] {
            fs::create_dir(parent.path().join(other)).unwrap();
        }
        assert_eq!(litter(parent.path(), PREFIX), [left.as_path()]);
        clear(parent.path(), PREFIX);
        assert!(!left.exists());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_link_with_such_a_name_is_not_followed() {
        let parent = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let link = parent.path().join("test-00112233aabbccdd");
        std::os::unix::fs::symlink(elsewhere.path(), link).unwrap();
        assert!(litter(parent.path(), PREFIX).is_empty());
    }

    #[test]
    fn makers_and_sweepers_at_once_never_hurt_each_other() {
        let parent = tempfile::tempdir().unwrap();
        let parent = parent.path();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let scratch = Scratch::create(parent, PREFIX).unwrap();
                        fs::write(scratch.path().join("file"), "x").unwrap();
                        assert_eq!(fs::read(scratch.path().join("file")).unwrap(), b"x");
                    }
                });
                scope.spawn(|| {
                    for _ in 0..200 {
                        clear(parent, PREFIX);
                    }
                });
            }
        });
        clear(parent, PREFIX);
        assert_eq!(fs::read_dir(parent).unwrap().count(), 0);
    }
}
