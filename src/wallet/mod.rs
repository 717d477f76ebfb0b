//! The shared core of the command line and the server.

pub mod desktop;
mod nedb;
pub mod payload;
