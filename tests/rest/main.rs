//! The REST API as its clients meet it: a server on a free port, a fresh home
//! for each test, a clock that the test moves, and a key derivation that costs
//! nothing. Every answer is held to `openapi.json`.
#![cfg(debug_assertions)] // release builds have no cheap key derivation
#![allow(clippy::unwrap_used, reason = "tests")]

mod access;
mod contract;
mod errors;
mod harness;
mod input;
mod keys;
mod moving;
mod never;
mod origins;
mod schema;
mod shared;
mod trail;
