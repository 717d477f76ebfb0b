//! The command line as its users meet it: the real binary, a fresh home for
//! each test, stdout, stderr and exit codes compared exactly.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod access;
#[cfg(unix)]
mod activation;
mod agent;
#[cfg(unix)]
mod asking;
mod backup;
#[cfg(unix)]
mod certificate;
mod coins;
#[cfg(target_os = "linux")]
mod commits;
#[cfg(unix)]
mod completion;
mod contact;
mod copy;
mod crypto;
#[cfg(target_os = "linux")]
mod disks;
mod documents;
mod exits;
mod files;
mod identity;
#[cfg(target_os = "linux")]
mod leftovers;
#[cfg(unix)]
mod lists;
mod moving;
mod names;
mod open;
mod permission;
mod readme;
#[cfg(unix)]
mod run;
mod secrets;
mod server;
mod service;
mod session;
mod storage;
#[cfg(unix)]
mod terminal;
mod text;
mod tray;
mod usage;
mod wallet;
