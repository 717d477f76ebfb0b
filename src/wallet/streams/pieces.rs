//! Reading in pieces.

use std::io::{self, Read};

/// The length of a piece in bytes: enough that a call to the system costs
/// nothing beside the work on it, little enough to stay in the processor's
/// cache between reading, hashing and encrypting.
pub(super) const PIECE: usize = 256 * 1024;

/// Reads until the buffer is full or the end is reached, so that pieces do not
/// depend on what the system gives at once.
pub(super) fn fill(from: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
