//! The REST API as its clients meet it: a server on a free port, a fresh home
//! for each test, a clock that the test moves. Every answer is held to `openapi.json`.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod brc100;
mod callers;
mod coins;
mod contract;
mod errors;
mod habits;
mod harness;
mod idle;
mod input;
mod keys;
mod log;
mod moving;
mod never;
mod origins;
mod secrets;
mod shared;
mod text;
mod trail;
