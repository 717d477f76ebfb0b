//! What killed processes left in the home: files that were never finished.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::platform::files::SCRATCH;
use crate::platform::scratch;

/// 0.1 made a database within milliseconds, and left no lock to ask for.
const SURELY_DEAD: Duration = Duration::from_secs(60 * 60);

/// Removes it. What cannot be removed stays, and `doctor` names it.
pub(super) fn clear(home: &Path) {
    scratch::clear(home, SCRATCH);
    for file in of_the_first_release(home) {
        let _ = fs::remove_file(file);
    }
}

/// Where it is.
pub(super) fn find(home: &Path) -> Vec<PathBuf> {
    let mut found = scratch::litter(home, SCRATCH);
    found.extend(of_the_first_release(home));
    found
}

/// `.seed.db.4711-18a2b3c4d5e6f708`, and what SQLite puts beside it.
fn of_the_first_release(home: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(home).into_iter().flatten();
    entries.filter_map(Result::ok).filter_map(|entry| {
        let name = entry.file_name();
        let name = name.to_str()?;
        let ours = [".seed.db.", ".keys.db.", ".state.db."];
        let made_up = ours.iter().any(|start| name.starts_with(start));
        let changed = entry.metadata().and_then(|file| file.modified()).ok()?;
        let old = changed.elapsed().is_ok_and(|age| age > SURELY_DEAD);
        (made_up && old).then(|| entry.path())
    })
}
