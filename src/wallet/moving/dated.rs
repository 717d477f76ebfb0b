//! Dated backups in a folder that other machines may write to as well: each is
//! written whole or not at all, and only this home's own are ever removed.

use std::fs;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::folder::{EXTENSION, file_error};
use crate::crypto::backup_file::MAX_TEXT_LEN;
use crate::platform::files::NewFile;
use crate::store::WalletId;
use crate::wallet::{Timestamp, WalletError};

const PREFIX: &str = "tokenpass";

/// From one name to the next.
pub(super) const SECOND: Duration = Duration::from_secs(1);

/// Hex digits of the wallet's id in a name: enough to tell homes apart.
const ID_LEN: usize = 12;

/// How many names are tried where others take them at the same moment.
const ATTEMPTS: usize = 8;

/// Where backups go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFolder {
    /// The folder, which must exist: a disk that is not there is noticed so.
    pub path: PathBuf,
    /// How many of this home's stay; `None` is all.
    pub keep: Option<NonZeroU32>,
}

/// The backups of one home in a folder: `tokenpass-{id}-{time}.bep`. The id is
/// the home's own, so that two machines with the same keys leave each other's
/// alone.
pub(super) struct Shelf<'a> {
    folder: &'a Path,
    id: String,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(folder: &'a Path, wallet: WalletId) -> Self {
        let mut id = wallet.to_string();
        id.truncate(ID_LEN);
        Self { folder, id }
    }

    /// Writes a backup under a name that is later than all that are there,
    /// whatever the clock says. `check` sees what was read back from the disk;
    /// what it refuses is not kept.
    pub(super) fn put(
        &self,
        text: &str,
        now: Timestamp,
        check: impl Fn(&str) -> Result<(), WalletError>,
    ) -> Result<PathBuf, WalletError> {
        let last = self.list()?.pop().map(|(made, _)| made.plus(SECOND));
        let mut at = last.map_or(now, |next| next.max(now));
        for _ in 0..ATTEMPTS {
            let path = self.path(at);
            let cannot = |cause| file_error(&path, cause);
            let mut file = NewFile::create(&path).map_err(cannot)?;
            file.write_all(text.as_bytes()).map_err(cannot)?;
            let read = file.read_back(MAX_TEXT_LEN).map_err(cannot)?;
            if read != text.as_bytes() {
                let changed = io::Error::other("it reads back otherwise than it was written");
                return Err(cannot(changed));
            }
            check(&String::from_utf8_lossy(&read))?;
            match file.finish(false) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => at = at.plus(SECOND),
                other => return other.map(|()| path.clone()).map_err(cannot),
            }
        }
        let taken = io::ErrorKind::AlreadyExists.into();
        Err(file_error(&self.path(at), taken))
    }

    /// Removes the oldest beyond so many. What cannot be removed stays.
    pub(super) fn keep(&self, most: NonZeroU32) -> Result<Vec<PathBuf>, WalletError> {
        let mut made = self.list()?;
        let most = usize::try_from(most.get()).unwrap_or(usize::MAX);
        made.truncate(made.len().saturating_sub(most));
        let old = made.into_iter().map(|(_, path)| path);
        Ok(old.filter(|path| fs::remove_file(path).is_ok()).collect())
    }

    /// Those that are there, the oldest first.
    fn list(&self) -> Result<Vec<(Timestamp, PathBuf)>, WalletError> {
        let cannot = |cause| file_error(self.folder, cause);
        let mut found = Vec::new();
        for entry in fs::read_dir(self.folder).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            let made = entry.file_name().to_str().and_then(|name| self.read(name));
            if let (Some(made), true) = (made, entry.file_type().is_ok_and(|kind| kind.is_file())) {
                found.push((made, entry.path()));
            }
        }
        found.sort();
        Ok(found)
    }

    fn path(&self, at: Timestamp) -> PathBuf {
        let at = at.for_file_name();
        self.folder
            .join(format!("{PREFIX}-{}-{at}.{EXTENSION}", self.id))
    }

    /// When a file was made, by its name; `None` for every name that is not
    /// exactly one of ours.
    fn read(&self, name: &str) -> Option<Timestamp> {
        let rest = name.strip_prefix(PREFIX)?.strip_prefix('-')?;
        let rest = rest.strip_prefix(self.id.as_str())?.strip_prefix('-')?;
        let at = rest.strip_suffix(EXTENSION)?.strip_suffix('.')?;
        Timestamp::of_file_name(at)
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_cannot_be_given_is_told_and_no_other_is_tried() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path(), WalletId([7; 16]));
        let gone = |_: &str| {
            fs::remove_dir_all(folder.path()).unwrap();
            Ok(())
        };
        let at = Timestamp::from_millis(1_800_000_000_000);
        let refused = shelf.put("a backup", at, gone);
        assert!(matches!(
            refused,
            Err(WalletError::File { path, cause })
                if path == shelf.path(at) && cause.kind() == io::ErrorKind::NotFound
        ));
    }
}
