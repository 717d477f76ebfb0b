//! Hashing, encrypting and decrypting what need not fit in memory: it is read
//! and written piece by piece.

mod decoded;
mod decrypt;
mod encrypt;
mod error;
mod hash;
mod pieces;

pub use decoded::Decoded;
pub use decrypt::Form;
pub use error::StreamError;
pub use hash::{Hashed, hash_message};
