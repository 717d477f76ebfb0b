//! One SQLite file, opened when it is first needed and made when it is first
//! written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use super::creation::create;
use super::error::StoreError;
use super::litter;
use super::migration::{Migrations, refuse_newer};
use super::opening::{open, open_to_look};
use super::version::{Header, Version};
use crate::platform::stamp::Stamp;

/// Connections to one file: as many as a server has workers on two processors.
const CONNECTIONS: usize = 3;

/// One database file and the connection to it, if it was needed yet.
pub(super) struct Database {
    path: PathBuf,
    migrations: Migrations,
    access: Access,
    /// The first one writes; all read, so that a server's workers rarely wait
    /// for each other.
    connections: [Mutex<Option<Connection>>; CONNECTIONS],
    /// The file that the connections have open.
    opened: Mutex<Option<Stamp>>,
    header: Header,
    /// Clears what killed processes left.
    first_write: Once,
}

/// What may be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// Read it, write it, make it, bring it up to date.
    Full,
    /// Read it as it is, and wait for nobody.
    Look,
}

impl Database {
    pub(super) fn new(path: PathBuf, migrations: Migrations) -> Self {
        Self::with(path, migrations, Access::Full)
    }

    /// The file as it is: nothing is written, and nobody is waited for.
    pub(super) fn to_look_at(path: PathBuf, migrations: Migrations) -> Self {
        Self::with(path, migrations, Access::Look)
    }

    fn with(path: PathBuf, migrations: Migrations, access: Access) -> Self {
        Self {
            path,
            migrations,
            access,
            connections: Default::default(),
            opened: Mutex::default(),
            header: Header::default(),
            first_write: Once::new(),
        }
    }

    /// Runs `work` on the database; `None` where the file does not exist yet.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut slot = self.free_slot();
        if slot.is_none() {
            if !self.exists()? {
                return Ok(None);
            }
            *slot = Some(self.open()?);
        }
        self.run(slot, work).map(Some)
    }

    /// The same in one transaction, and the version of the file that `work` saw.
    pub(super) fn read_version<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<Option<(T, Option<Version>)>, StoreError> {
        self.read(|connection| {
            let transaction = connection.transaction()?;
            let value = work(&transaction)?;
            // Nobody can write as long as the transaction that has read lasts.
            let version = self.version();
            transaction.commit()?;
            Ok((value, version))
        })
    }

    /// Refuses a file that a newer version wrote.
    pub(super) fn refuse_newer(&self) -> Result<(), StoreError> {
        refuse_newer(&self.path, self.migrations)
    }

    /// The version of the file as it is now, without SQLite; `None` where that
    /// is not to be had, as long as nothing was read.
    pub(super) fn version(&self) -> Option<Version> {
        let opened = *self.opened();
        self.header.version(&self.path, &opened?)
    }

    /// Runs `work` on the database, making the file (and the home) first
    /// where there is none.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if self.access == Access::Look {
            return Err(StoreError::ReadOnly {
                path: self.path.clone(),
                detail: "it was opened to be read".into(),
            });
        }
        self.first_write.call_once(|| {
            if let Some(home) = self.path.parent() {
                litter::clear(home);
            }
        });
        let mut slot = lock(&self.connections[0]);
        if slot.is_none() {
            if !self.exists()? {
                create(&self.path, self.migrations)?;
            }
            *slot = Some(self.open()?);
        }
        self.run(slot, work)
    }

    /// Runs `work` in one transaction that holds the write lock from its start.
    pub(super) fn transaction<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.write(|connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
    }

    /// Like [`Database::transaction`], for work that can fail in its own
    /// way: its error rolls everything back.
    pub(super) fn change<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<Result<T, E>>,
    ) -> Result<T, E> {
        self.try_change(work)?
    }

    /// [`Database::change`], with the errors of the database kept apart.
    pub(super) fn try_change<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<Result<T, E>>,
    ) -> Result<Result<T, E>, StoreError> {
        self.write(|connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            if value.is_ok() {
                transaction.commit()?;
            }
            Ok(value)
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// SQLite's own check of every page; `Ok(None)` where there is no file.
    pub(super) fn check(&self) -> Result<Option<()>, StoreError> {
        let verdict = self.read(|connection| {
            connection.pragma_query_value(None, "quick_check", |row| row.get::<_, String>(0))
        })?;
        match verdict {
            Some(verdict) if verdict != "ok" => Err(StoreError::Damaged {
                path: self.path.clone(),
                detail: verdict,
            }),
            other => Ok(other.map(|_| ())),
        }
    }

    /// A connection that nobody uses now, or the first one once it is free.
    fn free_slot(&self) -> MutexGuard<'_, Option<Connection>> {
        self.connections
            .iter()
            .find_map(|connection| connection.try_lock().ok())
            .unwrap_or_else(|| lock(&self.connections[0]))
    }

    fn run<T>(
        &self,
        mut slot: MutexGuard<'_, Option<Connection>>,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let connection = slot.as_mut().expect("the callers open it first");
        let result = work(connection).map_err(|error| StoreError::from_sqlite(&self.path, &error));
        let is_stale = |error: &StoreError| {
            matches!(
                error,
                StoreError::Damaged { .. } | StoreError::ReadOnly { .. }
            )
        };
        if result.as_ref().is_err_and(is_stale) {
            // A file that was mended is read afresh. One that could not be opened to be
            // written, if only for want of descriptors, was opened to be read.
            *slot = None;
        }
        result
    }

    fn open(&self) -> Result<Connection, StoreError> {
        let connection = match self.access {
            Access::Full => open(&self.path, self.migrations)?,
            Access::Look => open_to_look(&self.path, self.migrations)?,
        };
        let mut opened = self.opened();
        if opened.is_none() {
            *opened = self.stamp()?;
        }
        Ok(connection)
    }

    /// The file that has our name now; `None` if there is none.
    pub(super) fn stamp(&self) -> Result<Option<Stamp>, StoreError> {
        Stamp::of(&self.path).map_err(|error| StoreError::from_io(&self.path, &error))
    }

    /// Whether our name is another file's now, or nobody's, while the
    /// connections still have the old one open.
    pub(super) fn has_moved(&self) -> Result<bool, StoreError> {
        let Some(opened) = *self.opened() else {
            return Ok(false);
        };
        let now = self.stamp()?;
        Ok(!now.is_some_and(|now| now.is_same_file(&opened)))
    }

    /// Closes the connections; they are opened anew when they are needed.
    pub(super) fn close(&self) {
        for connection in &self.connections {
            *lock(connection) = None;
        }
        *self.opened() = None;
        self.header.forget();
    }

    fn opened(&self) -> MutexGuard<'_, Option<Stamp>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn exists(&self) -> Result<bool, StoreError> {
        match fs::symlink_metadata(&self.path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::from_io(&self.path, &error)),
        }
    }
}

fn lock(connection: &Mutex<Option<Connection>>) -> MutexGuard<'_, Option<Connection>> {
    // A panic while the lock was held rolled its transaction back; the
    // connection itself stays sound.
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::platform::files;

    const ONE: Migrations = &["CREATE TABLE a (x INTEGER) STRICT;"];
    const TWO: Migrations = &[
        "CREATE TABLE a (x INTEGER) STRICT;",
        "ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT 'new';",
    ];

    fn in_folder(migrations: Migrations) -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(folder.path().join("home/a.db"), migrations);
        (folder, database)
    }

    #[test]
    fn reading_makes_no_file() {
        let (folder, database) = in_folder(ONE);
        assert!(database.read(|_| Ok(())).unwrap().is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn migrating_twice_keeps_the_rows() {
        let (_folder, database) = in_folder(ONE);
        database
            .write(|db| db.execute("INSERT INTO a VALUES (7)", []))
            .unwrap();
        for _ in 0..2 {
            let later = Database::new(database.path.clone(), TWO);
            let row = later
                .read(|db| db.query_row("SELECT x, y FROM a", [], |r| Ok((r.get(0)?, r.get(1)?))))
                .unwrap();
            assert_eq!(row, Some((7_i64, "new".to_owned())));
        }
    }

    #[test]
    fn looking_changes_nothing() {
        let (folder, database) = in_folder(ONE);
        let look = |migrations| Database::to_look_at(database.path.clone(), migrations);
        assert!(look(ONE).read(|_| Ok(())).unwrap().is_none());
        assert!(look(ONE).write(|_| Ok(())).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        database
            .write(|db| db.execute("INSERT INTO a VALUES (7)", []))
            .unwrap();
        let before = fs::read(&database.path).unwrap();
        let row = look(ONE).read(|db| db.query_row("SELECT x FROM a", [], |r| r.get::<_, i64>(0)));
        assert_eq!(row.unwrap(), Some(7));
        let written = look(ONE).read(|db| db.execute("DELETE FROM a", []));
        assert!(matches!(written, Err(StoreError::ReadOnly { .. })));
        // It would have to be brought up to date first.
        assert!(look(TWO).read(|_| Ok(())).is_err());
        assert_eq!(fs::read(&database.path).unwrap(), before);
    }

    #[test]
    fn a_newer_file_is_refused_and_kept() {
        let (_folder, database) = in_folder(TWO);
        database.write(|_| Ok(())).unwrap();
        let older = Database::new(database.path.clone(), ONE);
        let error = older.read(|_| Ok(())).unwrap_err();
        assert!(matches!(
            error,
            StoreError::Newer {
                found: 2,
                known: 1,
                ..
            }
        ));
    }

    #[test]
    fn an_empty_or_foreign_file_is_damage_not_a_new_database() {
        for content in [&b""[..], b"not a database at all, whatever its name"] {
            let (_folder, database) = in_folder(ONE);
            files::create_private_dir(database.path.parent().unwrap()).unwrap();
            files::write_private(&database.path, content, false).unwrap();
            let error = database.write(|_| Ok(())).unwrap_err();
            assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
            assert_eq!(fs::read(&database.path).unwrap(), content);
        }
    }

    #[test]
    fn a_file_of_the_desktop_program_is_told_apart() {
        let (_folder, database) = in_folder(ONE);
        files::create_private_dir(database.path.parent().unwrap()).unwrap();
        files::write_private(&database.path, b"{\"host\":\"a\"}\n", false).unwrap();
        let error = database.write(|_| Ok(())).unwrap_err();
        assert!(matches!(error, StoreError::Desktop { .. }), "{error}");
    }

    #[test]
    fn two_creators_get_one_file() {
        let (_folder, database) = in_folder(ONE);
        let path = &database.path;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(move || {
                    let own = Database::new(path.clone(), ONE);
                    own.write(|db| db.execute("INSERT INTO a VALUES (1)", []))
                        .unwrap();
                });
            }
        });
        let rows = database
            .read(|db| db.query_row("SELECT count(*) FROM a", [], |r| r.get::<_, i64>(0)))
            .unwrap();
        assert_eq!(rows, Some(8));
    }

    #[cfg(unix)]
    #[test]
    fn a_loose_file_or_folder_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, database) = in_folder(ONE);
        database.write(|_| Ok(())).unwrap();
        let home = database.path.parent().unwrap();
        for (path, loose, strict) in [(&*database.path, 0o644, 0o600), (home, 0o755, 0o700)] {
            fs::set_permissions(path, fs::Permissions::from_mode(loose)).unwrap();
            let fresh = Database::new(database.path.clone(), ONE);
            let error = fresh.read(|_| Ok(())).unwrap_err();
            assert!(matches!(error, StoreError::TooLoose { mode, .. } if mode == loose));
            fs::set_permissions(path, fs::Permissions::from_mode(strict)).unwrap();
        }
    }
}
