//! Memory for what clients send. It may hold passwords and tokens, so it is
//! wiped when it is let go, when it grows, and where something was taken out.

use std::io::{self, Read};
use std::ops::Deref;

use zeroize::{Zeroize, Zeroizing};

/// What is read at once, in bytes: nearly every request is shorter.
pub(super) const READ: usize = 4 * 1024;

/// Bytes that are appended at one end and taken out at the other.
#[derive(Default)]
pub(super) struct Buffer(Zeroizing<Vec<u8>>);

impl Buffer {
    /// What was read by other means, with as much room as if it had been read here.
    pub(super) fn begun_with(bytes: &[u8]) -> Self {
        let mut buffer = Self::default();
        buffer.reserve(READ.max(bytes.len()));
        buffer.append(bytes);
        buffer
    }

    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Appends what one read brings, and returns how much that was.
    pub(super) fn fill_from(&mut self, mut source: impl Read) -> io::Result<usize> {
        let start = self.0.len();
        if start == self.0.capacity() {
            self.reserve(READ);
        }
        let room = self.0.capacity();
        self.0.resize(room, 0);
        let result = loop {
            match source.read(&mut self.0[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        self.0.truncate(start + *result.as_ref().unwrap_or(&0));
        result
    }

    /// Takes out the first `length` bytes.
    pub(super) fn consume(&mut self, length: usize) {
        let left = self.0.len() - length;
        self.0.copy_within(length.., 0);
        self.0[left..].zeroize();
        self.0.truncate(left);
    }

    /// The memory it takes, in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.0.capacity()
    }

    pub(super) fn into_inner(self) -> Zeroizing<Vec<u8>> {
        self.0
    }

    /// Makes room for `more` bytes. A vector that grows by itself frees its
    /// old memory with everything in it.
    fn reserve(&mut self, more: usize) {
        let needed = self.0.len() + more;
        if needed > self.0.capacity() {
            let doubled = self.0.capacity() * 2;
            let mut grown = Zeroizing::new(Vec::with_capacity(needed.max(doubled)));
            grown.extend_from_slice(&self.0);
            self.0 = grown;
        }
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_goes_in_comes_out_in_order() {
        let mut buffer = Buffer::default();
        let sent: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        let (mut source, mut received) = (&sent[..], Vec::new());
        while buffer.fill_from(&mut source).unwrap() > 0 {
            let half = buffer.len().div_ceil(2);
            received.extend_from_slice(&buffer[..half]);
            buffer.consume(half);
        }
        received.extend_from_slice(&buffer);
        assert_eq!(received, sent);
    }

    #[test]
    fn it_takes_no_more_than_twice_what_arrived() {
        let mut buffer = Buffer::default();
        for _ in 0..1000 {
            buffer.append(&[1; 100]);
            assert!(buffer.capacity() <= 2 * buffer.len());
        }
        assert_eq!(buffer.into_inner().len(), 100_000);
    }
}
