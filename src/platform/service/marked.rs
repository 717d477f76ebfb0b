//! The files of a service, which are told from everybody else's by a mark.

use std::fs;
use std::io;
use std::path::Path;

use super::super::files;
use super::change::{Change, ServiceError, in_file};

/// In every file that is written here, so that no other is ever replaced or removed.
pub(super) const MARK: &str = "Written by `tokenpass service install`; `uninstall` removes it.";

/// Reads one of our files; `None` if there is none.
pub(super) fn read(path: &Path) -> Result<Option<String>, ServiceError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(in_file(path)(cause)),
    }
}

/// Reads what is ours to change; `None` if there is nothing.
pub(super) fn ours(path: &Path) -> Result<Option<String>, ServiceError> {
    match read(path)? {
        Some(text) if !text.contains(MARK) => Err(ServiceError::Foreign(path.to_owned())),
        text => Ok(text),
    }
}

/// Writes a file, unless it is like that already.
pub(super) fn write(path: &Path, text: &str) -> Result<Change, ServiceError> {
    if ours(path)?.is_some_and(|there| there == text) {
        return Ok(Change::Nothing);
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(in_file(folder))?;
    files::write_private(path, text.as_bytes(), true).map_err(in_file(path))?;
    Ok(Change::Made)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_here_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below/file");
        let text = format!("# {MARK}\n");
        assert_eq!(write(&path, &text).unwrap(), Change::Made);
        assert_eq!(write(&path, &text).unwrap(), Change::Nothing);
        fs::write(&path, "mine").unwrap();
        assert!(matches!(write(&path, &text), Err(ServiceError::Foreign(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }
}
