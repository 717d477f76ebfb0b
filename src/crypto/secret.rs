//! Secrets that are text: passwords and passphrases; and a buffer for what
//! holds secrets.

use std::io::{self, Write};

use zeroize::Zeroizing;

use crate::text::forms;
use crate::text::marks::{self, TextFlaw};

/// What `write` writes, in a buffer that wipes itself, also where it grows.
pub(crate) fn written(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Wiped(Zeroizing::new(Vec::with_capacity(Wiped::ROOM)));
    write(&mut buffer)?;
    Ok(buffer.0)
}

/// A vector that grows by itself leaves its bytes behind.
struct Wiped(Zeroizing<Vec<u8>>);

impl Wiped {
    /// Most answers are shorter, in bytes.
    const ROOM: usize = 512;
}

impl Write for Wiped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut grown = Vec::with_capacity(needed.max(2 * self.0.capacity()));
            grown.extend_from_slice(&self.0);
            self.0 = Zeroizing::new(grown);
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A password of the wallet or a passphrase of a backup.
///
/// Wipes itself; has no `Debug`, `Display`, `Clone` or `Serialize`.
pub struct Password {
    text: Zeroizing<String>,
    /// As it came, where it had a mark or a line end: version 0.1 took those
    /// for a part of it.
    raw: Option<Zeroizing<String>>,
}

impl Password {
    /// Takes the text over; it is wiped when the password is dropped.
    pub fn new(text: String) -> Self {
        Self {
            text: Zeroizing::new(text),
            raw: None,
        }
    }

    /// A password as a file, a variable or a form holds it: without its
    /// byte-order mark and its line end.
    ///
    /// # Errors
    /// [`TextFlaw::Lines`] where it has more than one line.
    pub fn entered(given: &str) -> Result<Self, TextFlaw> {
        let text = marks::one_line(given)?;
        Ok(Self {
            text: Zeroizing::new(text.to_owned()),
            raw: (text != given).then(|| Zeroizing::new(given.to_owned())),
        })
    }

    /// The UTF-8 bytes, for a key derivation.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The text itself, for a derivation that takes text.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether it is the empty text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What a new vault is sealed under: one text for all ways to type it.
    pub fn opaque(&self) -> Self {
        Self::of(forms::opaque(&self.text))
    }

    /// What may open what was sealed under [`Self::opaque`]: that, and the same
    /// of its compatible form.
    pub fn opaque_forms(&self) -> Vec<Self> {
        let mut forms = vec![forms::opaque(&self.text)];
        let compatible = forms::opaque(&forms::compatible(&self.text));
        if !forms.contains(&compatible) {
            forms.push(compatible);
        }
        forms.into_iter().map(Self::of).collect()
    }

    /// What may open what was sealed under a password as it was typed: as given,
    /// the other Unicode forms, and with what was around it.
    pub fn forms(&self) -> Vec<Self> {
        let mut forms = forms::all(&self.text);
        if let Some(raw) = &self.raw {
            // A file's line end was none of it then; its mark was.
            let line = marks::without_line_end(raw);
            if line != self.text.as_str() {
                forms.push(Zeroizing::new(line.to_owned()));
            }
            if line != raw.as_str() {
                forms.push(raw.clone());
            }
        }
        forms.into_iter().map(Self::of).collect()
    }

    fn of(text: Zeroizing<String>) -> Self {
        Self { text, raw: None }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_a_password_is_tried_last_and_never_sealed() {
        let texts = |password: &Password| -> Vec<String> {
            let forms = password.forms();
            forms.iter().map(|form| form.expose().to_owned()).collect()
        };
        let plain = Password::entered("plain pass").unwrap();
        assert_eq!(texts(&plain), ["plain pass"]);
        let marked = Password::entered("\u{feff}cafe\u{301}\r\n").unwrap();
        assert_eq!(marked.expose(), "cafe\u{301}");
        assert_eq!(
            texts(&marked),
            [
                "cafe\u{301}",
                "caf\u{e9}",
                "\u{feff}cafe\u{301}",
                "\u{feff}cafe\u{301}\r\n"
            ]
        );
        assert_eq!(marked.opaque().expose(), "caf\u{e9}");
        assert_eq!(marked.opaque_forms().len(), 1);
        assert_eq!(Password::entered("a\n\n").err(), Some(TextFlaw::Lines));
    }

    #[test]
    fn a_buffer_that_grows_holds_all_that_was_written() {
        let part: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let buffer = written(|out| {
            out.write_all(&part)?;
            out.write_all(&part)?;
            out.write_all(&part)
        });
        assert_eq!(*buffer.unwrap(), part.repeat(3));
    }
}
