//! Decrypting by reading twice: the first time checks the MAC, the second
//! decrypts, and checks again. Nothing unauthenticated is ever written.

use std::io::{Read, Seek, Write};

use zeroize::Zeroizing;

use super::decoded::Decoded;
use super::error::StreamError;
use super::pieces::{PIECE, fill};
use crate::crypto::ecies::stream::{Block, Check, Decryption, HEAD_LEN, TAIL_LEN};
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::PrivateKey;
use crate::wallet::{Sender, UnlockedWallet, WalletError};

/// What a ciphertext is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The bytes themselves.
    Binary,
    /// Hex.
    Hex,
    /// Base64.
    Base64,
}

impl Form {
    /// The form of which this is the beginning, if it is one's.
    #[must_use]
    pub fn of(start: &[u8]) -> Option<Self> {
        if start.starts_with(b"BIE1") {
            return Some(Self::Binary);
        }
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let characters = text.iter().filter(|byte| !byte.is_ascii_whitespace());
        let characters: Vec<u8> = characters.take(8).copied().collect();
        if characters == b"42494531" {
            Some(Self::Hex)
        } else if characters.starts_with(b"QklFM") {
            Some(Self::Base64)
        } else {
            None
        }
    }

    fn reader<'a>(self, from: &'a mut dyn Read) -> Box<dyn Read + 'a> {
        match self {
            Self::Binary => Box::new(from),
            Self::Hex => Box::new(Decoded::new(from, Encoding::Hex)),
            Self::Base64 => Box::new(Decoded::new(from, Encoding::Base64)),
        }
    }
}

/// What can be read twice.
pub trait Twice: Read + Seek {}

impl<T: Read + Seek> Twice for T {}

impl UnlockedWallet {
    /// Decrypts with the first of the sender's keys that fits; the HMAC tells.
    /// The ciphertext is in this form, or in the one that it begins as.
    /// Returns the length of the plaintext.
    ///
    /// # Errors
    /// [`StreamError::Changed`] if the ciphertext was not the same the second
    /// time: what was written until then is the beginning of the message.
    pub fn decrypt_stream(
        &self,
        from: &Sender,
        form: Option<Form>,
        ciphertext: &mut dyn Twice,
        into: &mut dyn Write,
    ) -> Result<u64, StreamError> {
        let form = match form {
            Some(form) => form,
            None => recognised(ciphertext)?,
        };
        let own = self.first_key(from)?;
        let more = self.friend_keys(from)?;
        let keys: Vec<_> = std::iter::once(&own.private).chain(&more).collect();
        let decryption = check(&mut *form.reader(&mut &mut *ciphertext), &keys)?;
        ciphertext.rewind().map_err(StreamError::Read)?;
        decrypt(decryption, &mut *form.reader(&mut &mut *ciphertext), into)
    }
}

fn recognised(ciphertext: &mut dyn Twice) -> Result<Form, StreamError> {
    let mut start = Zeroizing::new([0; 1024]);
    let read = fill(&mut &mut *ciphertext, &mut *start).map_err(StreamError::Read)?;
    ciphertext.rewind().map_err(StreamError::Read)?;
    Form::of(&start[..read]).ok_or(StreamError::NotACiphertext)
}

/// Reads it for the first time.
fn check(from: &mut dyn Read, keys: &[&PrivateKey]) -> Result<Decryption, StreamError> {
    let refused = || StreamError::Wallet(WalletError::CannotDecrypt);
    let mut parts = Parts::new(from);
    let head = parts.head()?.ok_or_else(refused)?;
    if Form::of(&head) != Some(Form::Binary) {
        return Err(StreamError::NotACiphertext);
    }
    let checks = keys.iter().map(|key| Check::start(&head, key));
    let mut checks = checks
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| refused())?;
    loop {
        match parts.next()?.ok_or_else(refused)? {
            Part::Piece(piece) => checks.iter_mut().for_each(|check| check.piece(piece)),
            Part::Tail(tail) => {
                let fits = checks.into_iter().find_map(|check| check.finish(tail).ok());
                return fits.ok_or_else(refused);
            }
        }
    }
}

/// Reads it for the second time.
fn decrypt(
    mut decryption: Decryption,
    from: &mut dyn Read,
    into: &mut dyn Write,
) -> Result<u64, StreamError> {
    let mut parts = Parts::new(from);
    decryption.head(&parts.head()?.ok_or(StreamError::Changed)?);
    let mut size = 0;
    let mut write = |plaintext: &[u8]| {
        size += plaintext.len() as u64;
        into.write_all(plaintext).map_err(StreamError::Write)
    };
    loop {
        match parts.next()?.ok_or(StreamError::Changed)? {
            Part::Piece(piece) => {
                let checked = decryption.piece(piece);
                checked.map_err(|_| StreamError::Changed)?;
                write(piece.as_flattened())?;
            }
            Part::Tail(tail) => {
                write(decryption.finish(tail).map_err(|_| StreamError::Changed)?)?;
                return Ok(size);
            }
        }
    }
}

/// A ciphertext in parts, which are the same each time that it is read.
struct Parts<'a> {
    from: &'a mut dyn Read,
    buffer: Zeroizing<Vec<u8>>,
    /// How much of the buffer's beginning was given out.
    given: usize,
    /// How much of the buffer is filled.
    filled: usize,
}

enum Part<'a> {
    Piece(&'a mut [Block]),
    Tail(&'a mut [u8; TAIL_LEN]),
}

impl<'a> Parts<'a> {
    fn new(from: &'a mut dyn Read) -> Self {
        Self {
            from,
            buffer: Zeroizing::new(vec![0; PIECE + TAIL_LEN]),
            given: 0,
            filled: 0,
        }
    }

    /// What comes first; `None` if it is too short to be all of that.
    fn head(&mut self) -> Result<Option<[u8; HEAD_LEN]>, StreamError> {
        let mut head = [0; HEAD_LEN];
        let read = fill(self.from, &mut head).map_err(StreamError::reading)?;
        Ok((read == HEAD_LEN).then_some(head))
    }

    /// A piece, at last the tail; `None` if it is not of a length that a
    /// ciphertext has.
    fn next(&mut self) -> Result<Option<Part<'_>>, StreamError> {
        self.buffer.copy_within(self.given..self.filled, 0);
        self.filled -= self.given;
        let free = &mut self.buffer[self.filled..];
        self.filled += fill(self.from, free).map_err(StreamError::reading)?;
        // What may turn out to be the tail is not given out before the end.
        let Some(pieces) = self.filled.checked_sub(TAIL_LEN) else {
            return Ok(None);
        };
        self.given = pieces;
        let (piece, tail) = self.buffer[..self.filled].split_at_mut(pieces);
        if piece.is_empty() {
            return Ok(tail.first_chunk_mut().map(Part::Tail));
        }
        let (piece, odd) = piece.as_chunks_mut();
        Ok(odd.is_empty().then_some(Part::Piece(piece)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_told_by_its_beginning() {
        for (start, form) in [
            (&b"BIE1\x02"[..], Some(Form::Binary)),
            (b"42494531", Some(Form::Hex)),
            (b"\xef\xbb\xbf 42 49\n45 31", Some(Form::Hex)),
            (b"QklFMQI", Some(Form::Base64)),
            (b"\r\nQk lF\tM", Some(Form::Base64)),
            (b" BIE1", None),
            (b"\xef\xbb\xbfBIE1", None),
            (b"4249453", None),
            (b"42494532", None),
            (b"QklF", None),
            (b"", None),
        ] {
            assert_eq!(Form::of(start), form, "{start:?}");
        }
    }
}
