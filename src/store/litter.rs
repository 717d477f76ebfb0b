//! What killed processes left in the home: files that were never finished.

use std::path::{Path, PathBuf};

use crate::platform::{files, scratch};

/// Removes it. What cannot be removed stays, and `doctor` names it.
pub(super) fn clear(home: &Path) {
    for folder in scratch::abandoned(home, files::SCRATCH) {
        let _ = folder.remove();
    }
}

/// Where it is.
pub(super) fn find(home: &Path) -> Vec<PathBuf> {
    let folders = scratch::abandoned(home, files::SCRATCH);
    folders
        .iter()
        .map(|folder| folder.path().to_owned())
        .collect()
}
