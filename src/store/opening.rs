//! Opens a database file strictly: private, ours, and up to date.
//!
//! The journal is a file beside the database that is truncated by each commit
//! (`TRUNCATE`), and not a write-ahead log. A log has an index that SQLite maps
//! into memory without having all of it on disk: on ext4 with blocks of 1 KiB
//! a disk that fills up ends the process with SIGBUS. The index is made anew by
//! whoever opens the file first and grows with the log, so there is no moment
//! to allocate it; and without room for it, or on a read-only disk, the
//! database cannot even be read. Other ways to have a log (an index on the
//! heap, an exclusive lock) are for one process only.
//!
//! The price: a look-up of a token takes 4.5 instead of 2.5 µs, where one is
//! needed (see `version`); a commit syncs four times instead of once; readers wait for
//! the last part of a commit.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::StoreError;
use super::migration::{Migrations, is_current, migrate};
use crate::platform::files;

/// How long a statement waits for another process's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// "tkps": SQLite's `application_id`, so that a foreign database is told from ours.
pub(super) const APPLICATION_ID: i32 = 0x746b_7073;

pub(super) fn open(path: &Path, migrations: Migrations) -> Result<Connection, StoreError> {
    let sqlite = |error| StoreError::from_sqlite(path, &error);
    refuse_unsafe(path.parent().unwrap_or(Path::new(".")))?;
    refuse_unsafe(path)?;
    let mut connection = Connection::open_with_flags(path, flags()).map_err(sqlite)?;
    refuse_foreign(&connection, path)?;
    configure(&connection).map_err(sqlite)?;
    migrate(&mut connection, path, migrations)?;
    Ok(connection)
}

/// Opens a file to read it as it is. One that another process is writing, or
/// that would have to be recovered or brought up to date first, is refused.
pub(super) fn open_to_look(path: &Path, migrations: Migrations) -> Result<Connection, StoreError> {
    let sqlite = |error| StoreError::from_sqlite(path, &error);
    refuse_unsafe(path.parent().unwrap_or(Path::new(".")))?;
    refuse_unsafe(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sqlite)?;
    connection.busy_timeout(Duration::ZERO).map_err(sqlite)?;
    let id: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(sqlite)?;
    if id == APPLICATION_ID && is_current(&connection, migrations).map_err(sqlite)? {
        return Ok(connection);
    }
    Err(StoreError::ReadOnly {
        path: path.to_owned(),
        detail: "it is not up to date".into(),
    })
}

// No CREATE: `creation::create` is the only way a file comes to be. The
// connection sits behind a mutex, so SQLite need not lock a second time.
pub(super) fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// What SQLite does not keep in the file. `EXTRA` and the truncated journal
/// make a commit durable before it returns; what is deleted is overwritten;
/// nothing goes to files elsewhere.
pub(super) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    if journal_mode(connection)? != "wal" {
        connection.execute_batch("PRAGMA journal_mode = TRUNCATE")?;
    }
    connection.execute_batch(
        "PRAGMA synchronous = EXTRA;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;",
    )
}

/// The home, and each file in it, is its user's own and nobody else's to read.
/// For root too: what another user may change is not root's.
pub(super) fn refuse_unsafe(path: &Path) -> Result<(), StoreError> {
    let io = |error| StoreError::from_io(path, &error);
    if let Some(owner) = files::other_owner(path).map_err(io)? {
        return Err(StoreError::OtherOwner {
            path: path.to_owned(),
            owner,
        });
    }
    match files::looser_than_private(path).map_err(io)? {
        Some(mode) => Err(StoreError::TooLoose {
            path: path.to_owned(),
            mode,
        }),
        None => Ok(()),
    }
}

/// Reads the header, and takes a file of 0.1 out of the log mode that it was
/// made in.
fn refuse_foreign(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let id = leave_log(connection)
        .and_then(|()| connection.busy_timeout(BUSY_TIMEOUT))
        .and_then(|()| connection.pragma_query_value(None, "application_id", |row| row.get(0)));
    match id {
        Ok(APPLICATION_ID) => Ok(()),
        Ok(_) => Err(StoreError::Damaged {
            path: path.to_owned(),
            detail: "not a TokenPass database".into(),
        }),
        Err(error) if is(&error, ErrorCode::NotADatabase) && is_of_desktop(path) => {
            Err(StoreError::Desktop {
                path: path.to_owned(),
            })
        }
        Err(error) => Err(StoreError::from_sqlite(path, &error)),
    }
}

/// Before the file is first read, so that the log's index is never mapped: with
/// an exclusive lock it is on the heap. While a program of 0.1 uses the file,
/// nobody can have that lock, and the log stays until a later start.
fn leave_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
    let left = match journal_mode(connection) {
        Ok(mode) if mode == "wal" => connection.execute_batch("PRAGMA journal_mode = TRUNCATE"),
        other => other.map(drop),
    };
    // The lock goes with the next read.
    connection.execute_batch("PRAGMA locking_mode = NORMAL")?;
    match left {
        Err(error) if is(&error, ErrorCode::DatabaseBusy) => Ok(()),
        other => other,
    }
}

fn journal_mode(connection: &Connection) -> rusqlite::Result<String> {
    connection.pragma_query_value(None, "journal_mode", |row| row.get(0))
}

fn is(error: &rusqlite::Error, code: ErrorCode) -> bool {
    error.sqlite_error_code() == Some(code)
}

/// Only for what is no database: closing the file ends all locks that this
/// process has on it.
fn is_of_desktop(path: &Path) -> bool {
    let mut first = [0];
    let read = fs::File::open(path).and_then(|mut file| file.read(&mut first));
    read.is_ok() && first == *b"{"
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::path::PathBuf;

    const ONE: Migrations = &["CREATE TABLE a (x INTEGER) STRICT;"];

    #[test]
    fn sqlite_has_nothing_built_in_that_is_not_used_and_takes_no_memory_before_it_needs_it() {
        // `.cargo/config.toml` takes it out of every build that starts in this folder.
        if option_env!("LIBSQLITE3_FLAGS").is_none() {
            let _ = writeln!(std::io::stderr(), "skipped: no `.cargo/config.toml`");
            return;
        }
        let connection = Connection::open_in_memory().unwrap();
        let mut options = connection.prepare("PRAGMA compile_options").unwrap();
        let options: Vec<String> = options
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .unwrap();
        for unused in ["FTS", "RTREE", "DBSTAT", "STAT4", "SOUNDEX", "ENABLE_LOAD"] {
            let found = options.iter().find(|option| option.contains(unused));
            assert_eq!(found, None, "{options:?}");
        }
        for set in [
            "OMIT_LOAD_EXTENSION",
            "DEFAULT_LOOKASIDE=1200,20",
            "DEFAULT_PCACHE_INITSZ=0",
        ] {
            assert!(options.iter().any(|option| option == set), "{options:?}");
        }
    }

    /// A file as 0.1 made it, in use by it, with a row that is only in the log.
    fn of_the_first_release() -> (tempfile::TempDir, PathBuf, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home/a.db");
        files::create_private_dir(path.parent().unwrap()).unwrap();
        drop(files::create_private_file(&path).unwrap());
        let old = Connection::open_with_flags(&path, flags()).unwrap();
        old.execute_batch(&format!(
            "PRAGMA journal_mode = WAL;
             PRAGMA application_id = {APPLICATION_ID};
             PRAGMA user_version = 1;
             {}
             INSERT INTO a VALUES (7);",
            ONE[0]
        ))
        .unwrap();
        (folder, path, old)
    }

    fn row(connection: &Connection) -> i64 {
        let sql = "SELECT x FROM a";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_file_of_the_first_release_leaves_the_log_with_all_that_is_in_it() {
        let (_folder, path, old) = of_the_first_release();
        // As after `kill -9`: the log was not taken into the file.
        let killed = tempfile::tempdir().unwrap();
        let copy = killed.path().join("home/a.db");
        files::create_private_dir(copy.parent().unwrap()).unwrap();
        for end in ["", "-wal"] {
            let name = |path: &Path| format!("{}{end}", path.display());
            fs::copy(name(&path), name(&copy)).unwrap();
        }
        drop(old);
        let connection = open(&copy, ONE).unwrap();
        assert_eq!(row(&connection), 7);
        assert_eq!(journal_mode(&connection).unwrap(), "truncate");
        assert!(!copy.with_extension("db-wal").exists());
        assert!(!copy.with_extension("db-shm").exists());
        // Nothing is kept locked.
        let other = open(&copy, ONE).unwrap();
        other.execute("UPDATE a SET x = 8", []).unwrap();
        assert_eq!(row(&connection), 8);
    }

    #[test]
    fn beside_a_program_of_the_first_release_the_log_stays() {
        let (_folder, path, old) = of_the_first_release();
        let connection = open(&path, ONE).unwrap();
        connection.execute("UPDATE a SET x = 8", []).unwrap();
        assert_eq!(row(&old), 8);
        old.execute("UPDATE a SET x = 9", []).unwrap();
        assert_eq!(row(&connection), 9);
        drop((old, connection));
        let connection = open(&path, ONE).unwrap();
        assert_eq!(journal_mode(&connection).unwrap(), "truncate");
        assert_eq!(row(&connection), 9);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn opening_again_ends_no_lock_of_this_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home/a.db");
        crate::store::creation::create(&path, ONE).unwrap();
        let first = open(&path, ONE).unwrap();
        first.execute_batch("BEGIN IMMEDIATE").unwrap();
        drop(open(&path, ONE).unwrap());
        assert!(is_locked(&path));
        first.execute_batch("COMMIT").unwrap();
        assert!(!is_locked(&path));
    }

    /// Whether any process has a write lock on the file: one is not told of its own.
    #[cfg(target_os = "linux")]
    fn is_locked(path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        let inode = format!(":{} ", fs::metadata(path).unwrap().ino());
        let locks = fs::read_to_string("/proc/locks").unwrap();
        locks
            .lines()
            .any(|lock| lock.contains(&inode) && lock.contains(" WRITE "))
    }
}
