//! The real binary, killed somewhere in each write that there is, or with a disk
//! that fails there: what was answered is there, what was not is as before, and
//! nothing else is left.
//!
//! `cargo test` tries some hundred places. All, and thousands of kills:
//! `cargo test --test crash -- --ignored`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

#[allow(dead_code, reason = "what a browser and a client do")]
#[path = "../oauth/client.rs"]
mod client;

mod commands;
mod faults;
mod kills;
mod oauth;
mod pages;
mod requests;
mod served;
mod several;
mod shim;
mod state;
