//! TokenPass: a personal identity server.

pub mod crypto;
pub mod identity;
pub mod wallet;
