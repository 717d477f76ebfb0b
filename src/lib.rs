//! TokenPass: a personal identity server.

pub mod crypto;
