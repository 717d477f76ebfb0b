//! `state.db`: everything that changes while the wallet is in use.

pub(super) mod attempts;
pub(super) mod audit;
pub(super) mod backups;
pub(super) mod contacts;
mod expiry;
pub(super) mod host_states;
pub(super) mod oauth;
pub(super) mod origins;
pub(super) mod permissions;
pub(super) mod sessions;
pub(super) mod spending;
pub(super) mod tokens;
pub(super) mod wallets;

use std::path::Path;

use super::database::Database;
use super::error::StoreError;
use super::migration::Migrations;
use super::version::Version;
use super::wallet_id::WalletId;

const MIGRATIONS: Migrations = &[
    "
    CREATE TABLE wallets (
        wallet     BLOB PRIMARY KEY,
        bap_id     TEXT NOT NULL,
        profile    TEXT NOT NULL,
        identities BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE tokens (
        hash     BLOB PRIMARY KEY,
        id       TEXT NOT NULL UNIQUE,
        wallet   BLOB NOT NULL,
        host     TEXT NOT NULL,
        scopes   TEXT NOT NULL,
        identity TEXT,
        icon     TEXT,
        created  INTEGER NOT NULL,
        expires  INTEGER
    ) STRICT, WITHOUT ROWID;
    -- Also counts what has not expired, without a look at the table.
    CREATE INDEX tokens_by_host ON tokens (wallet, host, created, id, expires);
    CREATE INDEX tokens_by_expiry ON tokens (expires) WHERE expires IS NOT NULL;

    CREATE TABLE host_states (
        wallet BLOB NOT NULL,
        host   TEXT NOT NULL,
        state  TEXT NOT NULL,
        PRIMARY KEY (wallet, host)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sessions (
        id      BLOB PRIMARY KEY,
        wallet  BLOB NOT NULL,
        sealed  BLOB NOT NULL,
        expires INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE origins (
        origin TEXT PRIMARY KEY,
        status TEXT NOT NULL CHECK (status IN ('approved', 'pending', 'denied')),
        seen   INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        at      INTEGER NOT NULL,
        event   TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail  TEXT NOT NULL
    ) STRICT;

    CREATE TABLE attempts (
        id       INTEGER PRIMARY KEY CHECK (id = 1),
        failures INTEGER NOT NULL,
        last     INTEGER NOT NULL
    ) STRICT;
",
    // Lanes. Who failed before is not known: it was nobody whom it should slow.
    "
    DROP TABLE attempts;
    CREATE TABLE attempts (
        lane     TEXT PRIMARY KEY CHECK (lane IN ('owner', 'page', 'form', 'other')),
        failures INTEGER NOT NULL,
        last     INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    -- Whether a page took it without a password: of these it holds so many only.
    ALTER TABLE tokens ADD COLUMN by_page INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX tokens_by_page ON tokens (wallet, host, created) WHERE by_page;
    CREATE INDEX audit_by_subject ON audit (event, subject, id);
    CREATE INDEX audit_by_event ON audit (event, id);
",
    // See `expiry`.
    "
    ALTER TABLE tokens ADD COLUMN seen_expired INTEGER;
    ALTER TABLE sessions ADD COLUMN seen_expired INTEGER;
    DROP INDEX tokens_by_expiry;
    CREATE INDEX tokens_unseen ON tokens (expires)
        WHERE expires IS NOT NULL AND seen_expired IS NULL;
    CREATE INDEX tokens_seen ON tokens (seen_expired, expires) WHERE seen_expired IS NOT NULL;
",
    oauth::SCHEMA,
    "CREATE INDEX audit_by_detail ON audit (event, detail, id);",
    // `key` is how a name is found; without a target it was removed.
    "
    CREATE TABLE contacts (
        wallet  BLOB NOT NULL,
        key     TEXT NOT NULL,
        name    TEXT NOT NULL,
        target  TEXT,
        changed INTEGER NOT NULL,
        PRIMARY KEY (wallet, key)
    ) STRICT, WITHOUT ROWID;
",
    // See `spending`.
    "
    -- The bits of a `u64`; NULL is no limit.
    ALTER TABLE tokens ADD COLUMN max_satoshis INTEGER;
    ALTER TABLE oauth_grants ADD COLUMN max_satoshis INTEGER;
    ALTER TABLE oauth_apps ADD COLUMN max_satoshis INTEGER;

    CREATE TABLE spendings (
        -- The grant's id, or the token's hash.
        budget   BLOB NOT NULL,
        minute   INTEGER NOT NULL,
        satoshis INTEGER NOT NULL,
        PRIMARY KEY (budget, minute)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX spendings_by_minute ON spendings (minute);
",
    // See `identity::changes`. Of what is there, no time is known.
    "ALTER TABLE wallets ADD COLUMN profile_times TEXT NOT NULL DEFAULT '{}';",
    "
    CREATE TABLE permissions (
        wallet       BLOB NOT NULL,
        originator   TEXT NOT NULL,
        level        INTEGER NOT NULL,
        -- Empty: everything that this originator can ask for.
        protocol     TEXT NOT NULL,
        -- Empty below level 2.
        counterparty TEXT NOT NULL,
        status       TEXT NOT NULL CHECK (status IN ('approved', 'pending', 'denied')),
        seen         INTEGER NOT NULL,
        PRIMARY KEY (wallet, originator, level, protocol, counterparty)
    ) STRICT, WITHOUT ROWID;
",
    // Sealed; empty where there are none.
    "ALTER TABLE wallets ADD COLUMN certificates BLOB NOT NULL DEFAULT x'';",
    // See `backups`. The changes are counted here, so that nobody who makes one has to
    // think of it: each table whose rows go into backups has its triggers.
    "
    CREATE TABLE backups (
        wallet      BLOB PRIMARY KEY,
        salt        BLOB NOT NULL,
        changes     INTEGER NOT NULL DEFAULT 0,
        -- What `changes` was, here and in `keys.db`, when the last was begun.
        saved       INTEGER,
        saved_hosts INTEGER,
        made        INTEGER,
        file        TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE backup_schedules (
        wallet          BLOB PRIMARY KEY,
        folder          TEXT NOT NULL,
        keep            INTEGER,
        every           INTEGER NOT NULL,
        passphrase_file TEXT NOT NULL,
        secrets         BLOB NOT NULL,
        -- The same of the last that was made by it.
        saved           INTEGER NOT NULL,
        saved_hosts     INTEGER NOT NULL,
        made            INTEGER NOT NULL,
        failures        INTEGER NOT NULL DEFAULT 0,
        failed          INTEGER,
        failure         TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER wallets_changed AFTER UPDATE ON wallets BEGIN
        UPDATE backups SET changes = changes + 1 WHERE wallet = NEW.wallet;
    END;
    CREATE TRIGGER contacts_added AFTER INSERT ON contacts BEGIN
        UPDATE backups SET changes = changes + 1 WHERE wallet = NEW.wallet;
    END;
    CREATE TRIGGER contacts_changed AFTER UPDATE ON contacts BEGIN
        UPDATE backups SET changes = changes + 1 WHERE wallet = NEW.wallet;
    END;
",
    // All that a list shows: its rows in the table, which is sorted by the hashes, are each
    // in another place. And a narrow one to count in.
    "
    DROP INDEX tokens_by_host;
    CREATE INDEX tokens_by_host ON tokens (wallet, host, created, id, expires, scopes,
        identity, icon, max_satoshis, grant_id);
    CREATE INDEX tokens_by_end ON tokens (wallet, expires);
",
];

/// See the module. Its methods are grouped by table, one file each.
pub struct StateDb(Database);

impl StateDb {
    pub(super) fn new(home: &Path) -> Self {
        Self(Database::new(home.join("state.db"), MIGRATIONS))
    }

    pub(super) fn to_look_at(home: &Path) -> Self {
        Self(Database::to_look_at(home.join("state.db"), MIGRATIONS))
    }

    pub(super) fn refuse_newer(&self) -> Result<(), StoreError> {
        self.0.refuse_newer()
    }

    pub(super) fn has_moved(&self) -> Result<bool, StoreError> {
        self.0.has_moved()
    }

    pub(super) fn close(&self) {
        self.0.close();
    }

    /// The version of the file as it is now, where that can be told without
    /// opening it.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.0.version()
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Removes what belongs to any other wallet.
    pub fn keep_only(&self, wallet: WalletId) -> Result<(), StoreError> {
        self.0.transaction(|db| {
            for table in [
                "wallets",
                "tokens",
                "contacts",
                "permissions",
                "backups",
                "backup_schedules",
                "host_states",
                "sessions",
                "oauth_clients",
                "oauth_grants",
                "oauth_devices",
                "oauth_apps",
                "oauth_denials",
            ] {
                db.execute(
                    &format!("DELETE FROM {table} WHERE wallet <> ?"),
                    [wallet.0],
                )?;
            }
            Ok(())
        })
    }

    /// Checks every page of the file; `None` where there is none.
    pub fn check(&self) -> Result<Option<()>, StoreError> {
        self.0.check()
    }
}
