//! Brings a database's schema up to date.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;
use crate::platform::kept_open::KeptOpen;

/// An append-only list of schema changes; the `n`th brings a file from
/// `user_version` n to n + 1.
pub(super) type Migrations = &'static [&'static str];

/// Runs the steps that the file has not seen yet, in one exclusive transaction.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    migrations: Migrations,
) -> Result<(), StoreError> {
    let sqlite = |error| StoreError::from_sqlite(path, &error);
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if version(connection).map_err(sqlite)? == known {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .map_err(sqlite)?;
    // Another process may have been first.
    let found = version(&transaction).map_err(sqlite)?;
    if found > known {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    let done = usize::try_from(found).map_err(|_| StoreError::Damaged {
        path: path.to_owned(),
        detail: format!("format {found}"),
    })?;
    for step in &migrations[done..] {
        transaction.execute_batch(step).map_err(sqlite)?;
    }
    transaction
        .pragma_update(None, "user_version", known)
        .map_err(sqlite)?;
    transaction.commit().map_err(sqlite)
}

/// Whether the file has seen all steps, and no others.
pub(super) fn is_current(
    connection: &Connection,
    migrations: Migrations,
) -> rusqlite::Result<bool> {
    Ok(usize::try_from(version(connection)?) == Ok(migrations.len()))
}

/// Refuses a file that a newer version wrote, without opening it as a database.
pub(super) fn refuse_newer(path: &Path, migrations: Migrations) -> Result<(), StoreError> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    match version_in_header(path) {
        Some(found) if found > known => Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known,
        }),
        _ => Ok(()),
    }
}

/// `user_version` (SQLite's file format, 1.3); `None` where it cannot be read: whoever
/// opens the file says why.
fn version_in_header(path: &Path) -> Option<i64> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut header = [0; 64];
    KeptOpen::open(path).ok()?.read_at(&mut header, 0).ok()?;
    let (start, version) = header.split_last_chunk()?;
    let is_sqlite = start.starts_with(b"SQLite format 3\0");
    is_sqlite.then(|| i32::from_be_bytes(*version).into())
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
