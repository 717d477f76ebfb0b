//! What starts the server with the machine, or when its owner logs in: a unit of
//! the owner's systemd, an agent of launchd, an entry of the Run key. Nothing of
//! it runs as an administrator.
//!
//! The texts and how they quote are pure, and tested on every system.

pub mod background;
#[cfg(unix)]
mod call;
mod change;
mod command_line;
#[cfg(target_vendor = "apple")]
mod launchd;
#[cfg(unix)]
mod marked;
pub mod plist;
pub mod run_key;
#[cfg(all(unix, not(target_vendor = "apple")))]
mod systemd;
pub mod unit;
#[cfg(windows)]
mod windows;

pub use self::change::{Change, Installed, ServiceError, Starts};
pub use self::command_line::{CommandLine, OnlySystemd, Unquotable, Wanted, text};
#[cfg(target_vendor = "apple")]
pub use self::launchd::Launchd as Manager;
#[cfg(all(unix, not(target_vendor = "apple")))]
pub use self::systemd::Systemd as Manager;
#[cfg(windows)]
pub use self::windows::RunKey as Manager;
