//! Encrypting as it is read.

use std::io::{Read, Write};

use zeroize::Zeroizing;

use super::error::StreamError;
use super::pieces::{PIECE, fill};
use crate::crypto::ecies::stream::Encryption;
use crate::crypto::keys::PublicKey;
use crate::wallet::Wallet;

impl Wallet {
    /// Encrypts (ECIES, BIE1) from a fresh key what is read to its end. Needs
    /// no key of this wallet. Returns the length of the plaintext.
    pub fn encrypt_stream_to(
        &self,
        recipient: &PublicKey,
        from: &mut dyn Read,
        into: &mut dyn Write,
    ) -> Result<u64, StreamError> {
        let (mut encryption, head) = Encryption::start(recipient, &self.fresh_key()?);
        into.write_all(&head).map_err(StreamError::Write)?;
        let mut buffer = Zeroizing::new(vec![0; PIECE]);
        let mut size = 0;
        loop {
            let read = fill(from, &mut buffer).map_err(StreamError::reading)?;
            size += read as u64;
            let last = read < buffer.len();
            let (piece, rest) = buffer[..read].as_chunks_mut();
            encryption.piece(piece);
            let encrypted = piece.as_flattened();
            into.write_all(encrypted).map_err(StreamError::Write)?;
            if last {
                let end = encryption.finish(rest);
                into.write_all(&end).map_err(StreamError::Write)?;
                return Ok(size);
            }
        }
    }
}
