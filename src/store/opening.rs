//! Opens a database file strictly: private, ours, and up to date.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use super::migration::{Migrations, migrate};
use crate::platform::files;

/// How long a statement waits for another process's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// "tkps": SQLite's `application_id`, so that a foreign database is told from ours.
pub(super) const APPLICATION_ID: i32 = 0x746b_7073;

pub(super) fn open(path: &Path, migrations: Migrations) -> Result<Connection, StoreError> {
    let sqlite = |error| StoreError::from_sqlite(path, &error);
    refuse_desktop(path)?;
    refuse_loose(path.parent().unwrap_or(Path::new(".")))?;
    refuse_loose(path)?;
    let mut connection = Connection::open_with_flags(path, flags()).map_err(sqlite)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(sqlite)?;
    let id: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(sqlite)?;
    if id != APPLICATION_ID {
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            detail: "not a TokenPass database".into(),
        });
    }
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON;
             PRAGMA trusted_schema = OFF;",
        )
        .map_err(sqlite)?;
    migrate(&mut connection, path, migrations)?;
    Ok(connection)
}

// No CREATE: `creation::create` is the only way a file comes to be. The
// connection sits behind a mutex, so SQLite need not lock a second time.
pub(super) fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

pub(super) fn refuse_loose(path: &Path) -> Result<(), StoreError> {
    let loose = files::looser_than_private(path);
    match loose.map_err(|error| StoreError::from_io(path, &error))? {
        Some(mode) => Err(StoreError::TooLoose {
            path: path.to_owned(),
            mode,
        }),
        None => Ok(()),
    }
}

fn refuse_desktop(path: &Path) -> Result<(), StoreError> {
    let mut first = [0];
    let read = fs::File::open(path).and_then(|mut file| file.read(&mut first));
    match read {
        Ok(_) if first == *b"{" => Err(StoreError::Desktop {
            path: path.to_owned(),
        }),
        // What else is wrong with it, SQLite tells.
        _ => Ok(()),
    }
}
