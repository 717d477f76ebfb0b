//! The digest that a signature is over, of what need not fit in memory.

use std::io::Read;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::StreamError;
use super::pieces::{PIECE, fill};
use crate::crypto::bsm::{MessageDigest, MessageHash};

/// What was read for a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hashed {
    /// What a BSM signature is over.
    pub digest: MessageDigest,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

impl Hashed {
    /// Of a message that is in memory.
    #[must_use]
    pub fn of(message: &[u8]) -> Self {
        Self {
            digest: MessageDigest::of(message),
            size: message.len() as u64,
            sha256: Sha256::digest(message).into(),
        }
    }
}

/// Reads a message of which the length is known: that comes before the message
/// in what is hashed.
///
/// # Errors
/// [`StreamError::Changed`] if it turns out shorter or longer.
pub fn digest_stream(from: &mut dyn Read, size: u64) -> Result<MessageDigest, StreamError> {
    read(from, size, |_| {})
}

/// The same, and its SHA-256, which takes the same time again.
///
/// # Errors
/// [`StreamError::Changed`] if it turns out shorter or longer.
pub fn hash_stream(from: &mut dyn Read, size: u64) -> Result<Hashed, StreamError> {
    let mut plain = Sha256::new();
    Ok(Hashed {
        digest: read(from, size, |piece| plain.update(piece))?,
        size,
        sha256: plain.finalize().into(),
    })
}

fn read(
    from: &mut dyn Read,
    size: u64,
    mut also: impl FnMut(&[u8]),
) -> Result<MessageDigest, StreamError> {
    let mut message = MessageHash::new(size);
    let mut buffer = Zeroizing::new(vec![0; PIECE]);
    loop {
        let read = fill(from, &mut buffer).map_err(StreamError::reading)?;
        let piece = &buffer[..read];
        message.update(piece)?;
        also(piece);
        if read < buffer.len() {
            return Ok(message.finish()?);
        }
    }
}
