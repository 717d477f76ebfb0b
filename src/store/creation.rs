//! Makes a database file in a folder of its own and only then links it to its
//! name, so a file with that name is always a finished database: an empty or
//! truncated one is damage and is never taken for a new wallet.

use std::io;
use std::path::Path;

use rusqlite::Connection;

use super::error::StoreError;
use super::migration::{Migrations, migrate};
use super::opening::{APPLICATION_ID, configure, flags, refuse_unsafe};
use crate::platform::files;
use crate::platform::scratch::Scratch;

/// Makes the file, and the home where there is none. Where another process
/// was first, its file is as good.
pub(super) fn create(path: &Path, migrations: Migrations) -> Result<(), StoreError> {
    let io = |error: io::Error| StoreError::from_io(path, &error);
    let home = path.parent().unwrap_or(Path::new("."));
    files::create_private_dir(home).map_err(|error| StoreError::from_io(home, &error))?;
    refuse_unsafe(home)?;
    let scratch = Scratch::create(home, files::SCRATCH).map_err(io)?;
    let made = scratch.path().join("new");
    drop(files::create_private_file(&made).map_err(io)?);
    build(&made, path, migrations)?;
    match files::place(&made, path, false) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        placed => placed.map_err(io),
    }
}

/// When this returns, all of it is on disk: SQLite syncs each change.
fn build(made: &Path, path: &Path, migrations: Migrations) -> Result<(), StoreError> {
    let sqlite = |error| StoreError::from_sqlite(path, &error);
    let mut connection = Connection::open_with_flags(made, flags()).map_err(sqlite)?;
    configure(&connection).map_err(sqlite)?;
    connection
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(sqlite)?;
    migrate(&mut connection, path, migrations)?;
    connection.close().map_err(|(_, error)| sqlite(error))
}
