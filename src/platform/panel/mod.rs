//! An icon with a menu in the panel, the menu bar or the notification area, and
//! questions in notifications.
//!
//! What is shown is described once ([`View`]); each system has one file that shows it.

mod view;

#[cfg(all(unix, not(target_os = "macos")))]
mod bus;
#[cfg(all(unix, not(target_os = "macos")))]
mod linux;
#[cfg(any(windows, target_os = "macos"))]
mod native;

#[cfg(all(unix, not(target_os = "macos")))]
pub use self::linux::{Panel, run};
#[cfg(any(windows, target_os = "macos"))]
pub use self::native::{Panel, run};
pub use self::view::{Event, Item, NoPanel, Notice, Picture, View};
