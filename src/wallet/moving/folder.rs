//! Files that may be backups, in a folder that anything may have written to.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::crypto::backup_file::{BackupFileError, MAX_TEXT_LEN};
use crate::text::marks;
use crate::wallet::WalletError;

/// What a backup's name ends with.
pub(super) const EXTENSION: &str = "bep";

/// The files of a folder that are called like backups, by name. Folders within
/// it are not looked into.
pub fn backups_in(folder: &Path) -> Result<Vec<PathBuf>, WalletError> {
    let cannot = |cause| file_error(folder, cause);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| extension.eq_ignore_ascii_case(EXTENSION)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file that may be a backup. No more of it is read than a backup
/// can have, and nothing of what is not a file.
pub fn read_backup(path: &Path) -> Result<String, WalletError> {
    let cannot = |cause| file_error(path, cause);
    // Looked at before: to open a pipe would wait for somebody to write.
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        return Err(cannot(io::Error::other("it is not a file")));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(cannot)?;
    let limit = MAX_TEXT_LEN as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(cannot)?;
    match marks::utf8(&bytes) {
        Ok(text) if bytes.len() <= MAX_TEXT_LEN => Ok(text.to_owned()),
        _ => Err(BackupFileError::NotABackup.into()),
    }
}

pub(super) fn file_error(path: &Path, cause: io::Error) -> WalletError {
    WalletError::File {
        path: path.to_owned(),
        cause,
    }
}
