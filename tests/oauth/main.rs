//! The OAuth provider as its clients, a browser and an attacker meet it: over
//! real HTTP, with a fresh home for each test and a clock that the test moves.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod authorize;
mod client;
mod coins;
mod dashboard;
mod device;
mod load;
mod pages;
mod positive;
mod redirect_login;
mod signed;
mod tokens;
