//! Brings a database's schema up to date.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;

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

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
