//! A text read as the bytes that it stands for.

use std::io::{self, Read};

use zeroize::Zeroizing;

use super::pieces::fill;
use crate::crypto::decoder::Decoder;
use crate::crypto::encoding::Encoding;

/// How much text is decoded at once.
const TEXT: usize = 64 * 1024;

/// What hex or base64 that is read stands for. Text that is neither is an
/// error of kind `InvalidData` with an
/// [`EncodingError`](crate::crypto::encoding::EncodingError) in it.
pub struct Decoded<R> {
    from: R,
    /// Gone once the text is at its end.
    decoder: Option<Decoder>,
    text: Zeroizing<Vec<u8>>,
    bytes: Zeroizing<Vec<u8>>,
    /// How many of the bytes were taken.
    taken: usize,
}

impl<R: Read> Decoded<R> {
    /// Reads the text from where `from` stands.
    pub fn new(from: R, encoding: Encoding) -> Self {
        Self {
            from,
            decoder: Some(Decoder::new(encoding)),
            text: Zeroizing::new(vec![0; TEXT]),
            bytes: Zeroizing::new(Vec::with_capacity(TEXT)),
            taken: 0,
        }
    }

    /// Decodes on until there are bytes, or none will come.
    fn decode(&mut self) -> io::Result<()> {
        while self.taken == self.bytes.len()
            && let Some(mut decoder) = self.decoder.take()
        {
            self.bytes.clear();
            self.taken = 0;
            let read = fill(&mut self.from, &mut self.text)?;
            let wrong = |error| io::Error::new(io::ErrorKind::InvalidData, error);
            let text = &self.text[..read];
            decoder.piece(text, &mut self.bytes).map_err(wrong)?;
            if read < self.text.len() {
                decoder.finish(&mut self.bytes).map_err(wrong)?;
            } else {
                self.decoder = Some(decoder);
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decode()?;
        let bytes = &self.bytes[self.taken..];
        let length = bytes.len().min(buffer.len());
        buffer[..length].copy_from_slice(&bytes[..length]);
        self.taken += length;
        Ok(length)
    }
}
