//! Three SQLite databases in one home folder, each behind one type:
//!
//! | file | type | holds |
//! |---|---|---|
//! | `seed.db` | [`SeedDb`] | the vault; nothing in clear |
//! | `keys.db` | [`KeysDb`] | per host: invoice, public key, address |
//! | `state.db` | [`StateDb`] | tokens (hashed), sessions and identities (sealed), profile, host states, origins, audit trail |
//!
//! Several processes use one home at once. A wallet's rows carry its
//! [`WalletId`], so that replacing a wallet is the change of one row in
//! `seed.db`: before it the old rows count, after it the new ones.

mod creation;
mod database;
mod error;
mod keys_db;
mod litter;
mod migration;
mod opening;
mod page;
mod seed_db;
mod state;
mod version;
mod wallet_id;

use std::path::{Path, PathBuf};

pub use error::StoreError;
pub use keys_db::{HostKeyRow, KeysDb, LabelParent};
pub use page::Page;
pub use seed_db::{Committed, PasswordId, SeedDb, VaultId, VaultRow};
pub use state::StateDb;
pub use state::attempts::Attempts;
pub use state::audit::AuditRow;
pub use state::backups::{BackupsRow, FailureRow, Saved, ScheduleRow};
pub use state::contacts::ContactRow;
pub use state::oauth::clients::ClientRow;
pub use state::oauth::devices::{DeviceAnswer, DeviceRow};
pub use state::oauth::grants::{AppRow, CodeRow, GrantRow};
pub use state::oauth::redeem::{NewTokens, Redeemed};
pub use state::origins::{OriginRow, OriginStatus};
pub use state::permissions::{PermissionRow, RightRow};
pub use state::sessions::SessionRow;
pub use state::spending::Spending;
pub use state::tokens::{ListedToken, TokenCount, TokenRow};
pub use state::wallets::{WalletContents, WalletRow};
pub use version::Version;
pub use wallet_id::WalletId;

/// The databases of one home folder. Opening it touches nothing: each file
/// is opened when it is first needed and created when it is first written.
pub struct Store {
    home: PathBuf,
    /// `seed.db`.
    pub seed: SeedDb,
    /// `keys.db`.
    pub keys: KeysDb,
    /// `state.db`.
    pub state: StateDb,
}

impl Store {
    /// The store in `home`, which need not exist.
    #[must_use]
    pub fn new(home: PathBuf) -> Self {
        Self {
            seed: SeedDb::new(&home),
            keys: KeysDb::new(&home),
            state: StateDb::new(&home),
            home,
        }
    }

    /// The store in `home`, to read what is there without changing a byte of it
    /// or waiting for another process.
    #[must_use]
    pub fn to_look_at(home: PathBuf) -> Self {
        Self {
            seed: SeedDb::to_look_at(&home),
            keys: KeysDb::to_look_at(&home),
            state: StateDb::to_look_at(&home),
            home,
        }
    }

    /// Refuses a home of which a newer version wrote any file, even one that is not
    /// needed: the files of a home belong together.
    pub fn refuse_newer(&self) -> Result<(), StoreError> {
        self.seed.refuse_newer()?;
        self.keys.refuse_newer()?;
        self.state.refuse_newer()
    }

    /// If the home was moved, replaced or removed while its files were open, turns
    /// to what is in its place now.
    pub fn follow_home(&self) -> Result<(), StoreError> {
        if self.seed.has_moved()? || self.keys.has_moved()? || self.state.has_moved()? {
            self.seed.close();
            self.keys.close();
            self.state.close();
        }
        Ok(())
    }

    /// What killed processes left in the home. The next change removes it.
    #[must_use]
    pub fn litter(&self) -> Vec<PathBuf> {
        litter::find(&self.home)
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }
}
