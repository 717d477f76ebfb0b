//! What differs between operating systems: one function per need, on every
//! system. Nothing above this room asks which system it runs on.

#[cfg(windows)]
mod access_list;
pub mod browser;
pub mod child;
pub mod clipboard;
pub mod clock;
pub mod errors;
pub mod files;
pub mod home;
#[cfg(unix)]
mod job;
pub mod kept_open;
pub mod limits;
pub mod locks;
pub mod memory;
pub mod pager;
#[cfg(feature = "tray")]
pub mod panel;
pub mod peers;
mod private;
pub mod process;
pub mod program;
pub mod readiness;
pub mod scratch;
pub mod service;
pub mod signals;
pub mod sockets;
pub mod stamp;
pub mod stdin;
pub mod stdout;
pub mod systemd;
pub mod terminal;
