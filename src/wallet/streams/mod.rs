//! Hashing, encrypting and decrypting what need not fit in memory: it is read
//! and written piece by piece.

mod decoded;
mod decrypt;
mod encoded;
mod encrypt;
mod error;
mod hash;
mod pieces;

pub use decoded::Decoded;
pub use decrypt::{Form, Twice};
pub use encoded::Encoded;
pub use error::StreamError;
pub use hash::{Hashed, digest_stream, hash_stream};
