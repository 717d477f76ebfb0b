//! Whether a database file was written since, told by one read of its header.

use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use crate::platform::kept_open::KeptOpen;
use crate::platform::stamp::Stamp;

/// The part of the header that says how a file is written and how often it was:
/// read and write version (1 with a journal, 2 with a log), then, from byte 24,
/// the change counter, the size and the free pages (SQLite's file format, 1.3).
const HEADER: std::ops::Range<usize> = 18..40;
const CHANGES: usize = 24 - HEADER.start;

/// What a database held at one moment: while it is the same, nothing in the
/// file has changed. SQLite trusts its own cache by the same bytes.
///
/// Each commit of any process changes them before it is over: so who reads them
/// after a commit, and finds what was read before it, has missed nothing. Who
/// reads them while a writer is at it finds the old or the new ones; the new
/// ones may yet be rolled back. So what is kept under a version must have been
/// read in the same transaction as that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counts the files that had the name.
    file: u64,
    changes: [u8; HEADER.end - HEADER.start - CHANGES],
}

/// The header of one database file.
#[derive(Default)]
pub(super) struct Header(RwLock<Opened>);

#[derive(Default)]
struct Opened {
    number: u64,
    file: Option<KeptOpen>,
}

impl Header {
    /// The version of the file that `connected` says is open for reading and
    /// writing; `None` where another has its name now, or it has a log:
    /// commits to that leave the file itself alone.
    pub(super) fn version(&self, path: &Path, connected: &Stamp) -> Option<Version> {
        let opened = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &opened.file {
            return version(file, opened.number);
        }
        drop(opened);
        let mut opened = self.opened();
        if opened.file.is_none() {
            let file = KeptOpen::open(path).ok()?;
            if !file.stamp().ok()?.is_same_file(connected) {
                return None;
            }
            opened.file = Some(file);
            opened.number += 1;
        }
        version(opened.file.as_ref()?, opened.number)
    }

    /// The name is another file's from now on.
    pub(super) fn forget(&self) {
        self.opened().file = None;
    }

    fn opened(&self) -> RwLockWriteGuard<'_, Opened> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the header of the file of that number says now.
fn version(file: &KeptOpen, number: u64) -> Option<Version> {
    let mut header = [0; HEADER.end - HEADER.start];
    file.read_at(&mut header, HEADER.start as u64).ok()?;
    let changes = header[CHANGES..].try_into().ok()?;
    (header[..2] == [1, 1]).then_some(Version {
        file: number,
        changes,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::store::database::Database;
    use crate::store::migration::Migrations;
    use std::fs;

    const ONE: Migrations = &["CREATE TABLE a (x INTEGER) STRICT;"];

    fn in_folder() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(folder.path().join("home/a.db"), ONE);
        insert(&database);
        (folder, database)
    }

    fn insert(database: &Database) {
        let sql = "INSERT INTO a VALUES (1)";
        database.write(|db| db.execute(sql, [])).unwrap();
    }

    fn rows(database: &Database) -> (i64, Option<Version>) {
        let sql = "SELECT count(*) FROM a";
        let read = database.read_version(|db| db.query_row(sql, [], |row| row.get(0)));
        read.unwrap().unwrap()
    }

    #[test]
    fn every_commit_of_anybody_changes_it_and_nothing_else_does() {
        let (_folder, database) = in_folder();
        let (_, first) = rows(&database);
        assert!(first.is_some());
        assert_eq!(database.version(), first);

        let other = Database::new(database.path().to_owned(), ONE);
        assert_eq!(rows(&other).0, 1);
        assert_eq!(database.version(), first);
        insert(&other);
        assert_ne!(database.version(), first);
        assert_eq!(rows(&database), (2, database.version()));
        let second = database.version();
        insert(&database);
        assert_ne!(database.version(), second);
    }

    #[test]
    fn what_is_rolled_back_leaves_it_as_it_was() {
        let (_folder, database) = in_folder();
        let (_, before) = rows(&database);
        let failed: Result<Result<(), ()>, _> = database.try_change(|db| {
            db.execute("INSERT INTO a VALUES (2)", [])?;
            Ok(Err(()))
        });
        assert_eq!(failed.unwrap(), Err(()));
        assert_eq!(database.version(), before);
    }

    #[test]
    fn a_file_in_the_place_of_another_has_another() {
        let (_folder, database) = in_folder();
        let (_, first) = rows(&database);
        let path = database.path();
        let copy = path.with_extension("copy");
        fs::copy(path, &copy).unwrap();
        fs::rename(&copy, path).unwrap();
        database.close();
        assert_eq!(database.version(), None, "nothing was read yet");
        let (_, second) = rows(&database);
        assert!(second.is_some());
        assert_ne!(second, first, "though it holds the same");
    }

    #[test]
    fn a_file_with_a_log_has_none() {
        let (_folder, database) = in_folder();
        let log = "PRAGMA journal_mode = WAL";
        database
            .write(|db| db.query_row(log, [], |_| Ok(())))
            .unwrap();
        assert_eq!(rows(&database), (1, None));
    }
}
