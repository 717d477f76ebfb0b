//! Bytes that a stranger brings, read with bounds; and the same written.

use super::error::TransactionError;

/// What is left to read. A length or a count is held against it before
/// anything is allocated.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, rest: bytes }
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> usize {
        self.bytes.len() - self.rest.len()
    }

    /// The bytes that were read since an earlier position.
    pub(super) fn since(&self, position: usize) -> &'a [u8] {
        &self.bytes[position..self.position()]
    }

    /// Whether these bytes come next; reads nothing.
    pub(super) fn is_at(&self, bytes: &[u8]) -> bool {
        self.rest.starts_with(bytes)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], TransactionError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(TransactionError::Truncated(self.bytes.len()))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], TransactionError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(TransactionError::Truncated(self.bytes.len()))?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, TransactionError> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u32(&mut self) -> Result<u32, TransactionError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, TransactionError> {
        self.array().map(u64::from_le_bytes)
    }

    /// Bitcoin's variable-length integer: little-endian, after a byte that says
    /// the width unless the value is below 253. Only the shortest form is read,
    /// else one transaction could be written in several ways.
    pub(super) fn varint(&mut self) -> Result<u64, TransactionError> {
        let at = self.position();
        let (value, least) = match self.byte()? {
            0xfd => (u64::from(u16::from_le_bytes(self.array()?)), 0xfd),
            0xfe => (u64::from(self.u32()?), 0x1_0000),
            0xff => (self.u64()?, 0x1_0000_0000),
            small => (u64::from(small), 0),
        };
        if value < least {
            return Err(TransactionError::NotMinimal(at));
        }
        Ok(value)
    }

    /// A count of things that take `size` bytes each at least.
    pub(super) fn count(&mut self, size: usize) -> Result<usize, TransactionError> {
        let count = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
        if count > self.rest.len() / size {
            return Err(TransactionError::Truncated(self.bytes.len()));
        }
        Ok(count)
    }

    /// A byte string after its length.
    pub(super) fn sized(&mut self) -> Result<&'a [u8], TransactionError> {
        let length = self.count(1)?;
        self.take(length)
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), TransactionError> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(TransactionError::Trailing(left)),
        }
    }
}

/// Appends a variable-length integer in its shortest form.
pub(super) fn push_varint(bytes: &mut Vec<u8>, value: usize) {
    let value = value as u64;
    let (marker, width) = match value {
        0..0xfd => (value as u8, 0),
        0xfd..=0xffff => (0xfd, 2),
        0x1_0000..=0xffff_ffff => (0xfe, 4),
        _ => (0xff, 8),
    };
    bytes.push(marker);
    bytes.extend_from_slice(&value.to_le_bytes()[..width]);
}

/// Appends a byte string after its length.
pub(super) fn push_sized(bytes: &mut Vec<u8>, content: &[u8]) {
    push_varint(bytes, content.len());
    bytes.extend_from_slice(content);
}

/// How many bytes a variable-length integer takes.
pub(super) fn varint_len(value: usize) -> usize {
    match value {
        0..0xfd => 1,
        0xfd..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_varint_is_read_in_its_shortest_form_only() {
        for value in [0, 252, 253, 65_535, 65_536, 0xffff_ffff, 0x1_0000_0000] {
            let mut bytes = Vec::new();
            push_varint(&mut bytes, value);
            assert_eq!(bytes.len(), varint_len(value));
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.varint().unwrap(), value as u64);
            reader.end().unwrap();
        }
        for long in [
            &[0xfd, 0xfc, 0][..],
            &[0xfe, 0xff, 0xff, 0, 0],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
        ] {
            let read = Reader::new(long).varint();
            assert_eq!(read, Err(TransactionError::NotMinimal(0)));
        }
    }

    #[test]
    fn a_length_beyond_the_end_allocates_nothing() {
        let bytes = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        let truncated = Err(TransactionError::Truncated(10));
        assert_eq!(Reader::new(&bytes).count(41), truncated);
        assert_eq!(
            Reader::new(&bytes).sized().map(drop),
            Err(TransactionError::Truncated(10))
        );
    }
}
