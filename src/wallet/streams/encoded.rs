//! Bytes written as the text that stands for them.

use std::io::{self, Write};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use zeroize::Zeroizing;

use super::decrypt::Form;

/// How many bytes are encoded at once: a whole number of base64 groups.
const BYTES: usize = 48 * 1024;

/// Writes bytes in a form. Text ends in a line feed, with
/// [`finish`](Self::finish).
pub struct Encoded<W> {
    into: W,
    form: Form,
    /// Bytes of a base64 group that waits for more.
    waiting: Vec<u8>,
    text: Zeroizing<Vec<u8>>,
}

impl<W: Write> Encoded<W> {
    /// Writes into this.
    pub fn new(into: W, form: Form) -> Self {
        Self {
            into,
            form,
            waiting: Vec::new(),
            text: Zeroizing::default(),
        }
    }

    /// Writes what waits, and ends the line.
    pub fn finish(mut self) -> io::Result<W> {
        let rest = std::mem::take(&mut self.waiting);
        self.encode(&rest)?;
        if self.form != Form::Binary {
            self.into.write_all(b"\n")?;
        }
        Ok(self.into)
    }

    fn encode(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = match self.form {
            Form::Binary => return self.into.write_all(bytes),
            Form::Hex => bytes.len() * 2,
            Form::Base64 => bytes.len().div_ceil(3) * 4,
        };
        self.text.resize(length, 0);
        let fits = match self.form {
            Form::Hex => hex::encode_to_slice(bytes, &mut self.text).is_ok(),
            _ => BASE64_STANDARD
                .encode_slice(bytes, &mut self.text)
                .is_ok_and(|written| written == length),
        };
        debug_assert!(fits, "the text is as long as the encoding says");
        self.into.write_all(&self.text)
    }
}

impl<W: Write> Write for Encoded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.form {
            Form::Binary => return self.into.write(bytes),
            Form::Hex => {
                let bytes = &bytes[..bytes.len().min(BYTES)];
                self.encode(bytes)?;
                return Ok(bytes.len());
            }
            Form::Base64 => {}
        }
        if self.waiting.is_empty() && bytes.len() >= 3 {
            let whole = (bytes.len() / 3 * 3).min(BYTES);
            self.encode(&bytes[..whole])?;
            return Ok(whole);
        }
        let taken = bytes.len().min(3 - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        if self.waiting.len() == 3 {
            let group = std::mem::take(&mut self.waiting);
            self.encode(&group)?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;
    use crate::crypto::encoding::Encoding;
    use crate::wallet::Decoded;

    proptest! {
        #[test]
        fn what_is_written_in_pieces_is_the_text_of_the_whole_and_read_back(
            pieces in proptest::collection::vec(
                proptest::collection::vec(any::<u8>(), 0..70_000), 0..6),
        ) {
            let whole = pieces.concat();
            for (form, encoding) in [(Form::Hex, Encoding::Hex), (Form::Base64, Encoding::Base64)] {
                let mut encoded = Encoded::new(Vec::new(), form);
                pieces.iter().for_each(|piece| encoded.write_all(piece).unwrap());
                let text = encoded.finish().unwrap();
                let expected = format!("{}\n", *encoding.encode(&whole).unwrap());
                prop_assert!(text == expected.as_bytes());
                let mut bytes = Vec::new();
                Decoded::new(&*text, encoding).read_to_end(&mut bytes).unwrap();
                prop_assert!(bytes == whole);
            }
            let mut plain = Encoded::new(Vec::new(), Form::Binary);
            pieces.iter().for_each(|piece| plain.write_all(piece).unwrap());
            prop_assert!(plain.finish().unwrap() == whole);
        }
    }
}
