//! TokenPass: a personal identity server.

pub mod crypto;
pub mod identity;
pub mod platform;
pub mod server;
pub mod store;
pub mod wallet;
