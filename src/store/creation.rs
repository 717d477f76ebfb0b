//! Makes a database file under a temporary name and only then links it to
//! its own, so a file with that name is always a finished database: an empty
//! or truncated one is damage and is never taken for a new wallet.

use std::fs;
use std::io;
use std::path::Path;

use rusqlite::Connection;

use super::error::StoreError;
use super::migration::{Migrations, migrate};
use super::opening::{APPLICATION_ID, flags, refuse_loose};
use crate::platform::files;

/// Makes the file, and the home where there is none. Where another process
/// was first, its file is as good.
pub(super) fn create(path: &Path, migrations: Migrations) -> Result<(), StoreError> {
    let io = |error: io::Error| StoreError::from_io(path, &error);
    let home = path.parent().unwrap_or(Path::new("."));
    files::create_private_dir(home).map_err(|error| StoreError::from_io(home, &error))?;
    refuse_loose(home)?;
    let temporary = files::temporary_beside(path);
    drop(files::create_private_file(&temporary).map_err(io)?);
    let built = build(&temporary, path, migrations).and_then(|()| {
        match files::place(&temporary, path, false) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other.map_err(io),
        }
    });
    // Gone already where all went well.
    let _ = fs::remove_file(&temporary);
    built
}

fn build(temporary: &Path, path: &Path, migrations: Migrations) -> Result<(), StoreError> {
    let sqlite = |error| StoreError::from_sqlite(path, &error);
    let mut connection = Connection::open_with_flags(temporary, flags()).map_err(sqlite)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL;") // stays with the file
        .map_err(sqlite)?;
    connection
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(sqlite)?;
    migrate(&mut connection, path, migrations)?;
    connection.close().map_err(|(_, error)| sqlite(error))?;
    fs::File::open(temporary)
        .and_then(|file| file.sync_all())
        .map_err(|error| StoreError::from_io(path, &error))
}
