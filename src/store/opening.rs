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
//! The price: a look-up of a token takes 4.5 instead of 2.5 µs, of the 90 µs
//! of a request; a commit syncs four times instead of once; readers wait for
//! the last part of a commit.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::StoreError;
use super::migration::{Migrations, migrate};
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
