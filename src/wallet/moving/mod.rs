//! What comes in and goes out: `.bep` backups, and the folder of TokenPass
//! Desktop.

mod backup;
pub mod desktop;
pub(super) mod desktop_folder;
mod nedb;
pub mod payload;
