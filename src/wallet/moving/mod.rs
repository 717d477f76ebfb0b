//! What comes in and goes out: `.bep` backups, and the folder of TokenPass
//! Desktop.

pub(super) mod backup;
pub(super) mod dated;
pub mod desktop;
mod desktop_folder;
pub(super) mod draft;
pub(super) mod folder;
pub(super) mod import;
pub(super) mod merge;
pub(crate) mod nedb;
pub mod payload;
pub(super) mod schedule;
