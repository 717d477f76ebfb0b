//! Secrets that are text: passwords and passphrases; and a buffer for what
//! holds secrets.

use std::io::{self, Write};

use zeroize::Zeroizing;

/// What `write` writes, in a buffer that wipes itself and is large enough from
/// the start: one that grew would leave copies behind. `write` is called twice
/// and must write the same both times.
pub(crate) fn written(
    write: impl Fn(&mut dyn Write) -> io::Result<()>,
) -> io::Result<Zeroizing<Vec<u8>>> {
    struct Count(usize);

    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    write(&mut count)?;
    let mut buffer = Zeroizing::new(Vec::with_capacity(count.0));
    write(&mut *buffer)?;
    Ok(buffer)
}

/// A password of the wallet or a passphrase of a backup.
///
/// Wipes itself; has no `Debug`, `Display`, `Clone` or `Serialize`.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the text over; it is wiped when the password is dropped.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The UTF-8 bytes, for a key derivation.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The text itself, for a derivation that takes text.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is the empty text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_as_large_as_what_is_written() {
        let part = [7; 1000];
        let buffer = written(|out| {
            out.write_all(&part)?;
            out.write_all(&part)
        });
        let buffer = buffer.unwrap();
        assert_eq!((buffer.len(), buffer.capacity()), (2000, 2000));
    }
}
