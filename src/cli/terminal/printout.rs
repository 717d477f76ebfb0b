//! What a command has to say, and the page it is written on.

use std::io;

use dialoguer::console::{Term, measure_text_width};
use serde::Serialize;
use zeroize::Zeroizing;

use super::columns::columns_of;
use super::escape;
use crate::cli::exit::Exit;
use crate::crypto::secret::written;

/// What a command has to say: serializable for `--json`, and as text.
pub(crate) trait Outcome: Serialize {
    /// Writes the text form.
    fn text(&self, out: &mut Printout);

    /// How the run ends once this is written.
    fn exit(&self) -> Exit {
        Exit::Done
    }
}

/// What is about to be written; wiped once it is.
pub(crate) struct Printout {
    bytes: Zeroizing<Vec<u8>>,
    // What goes to stderr, and before which of the bytes.
    asides: Vec<(usize, String)>,
    terminal: bool,
    // Whether a list is on it.
    list: bool,
}

impl Printout {
    pub(super) fn new(terminal: bool) -> Self {
        Self {
            // Room for a seed and its mnemonic, so that no copy is left
            // behind by growing.
            bytes: Zeroizing::new(Vec::with_capacity(4096)),
            asides: Vec::new(),
            terminal,
            list: false,
        }
    }

    /// A document: compact for a program; for a person indented, with all
    /// control characters escaped (JSON itself escapes only up to U+001F).
    pub(super) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let document = if self.terminal {
            let indented = written(|out| Ok(serde_json::to_writer_pretty(out, value)?))?;
            let indented = std::str::from_utf8(&indented).map_err(io::Error::other)?;
            let shown = escape::json(indented);
            written(|out| writeln!(out, "{}", *shown))?
        } else {
            written(|out| {
                serde_json::to_writer(&mut *out, value)?;
                out.write_all(b"\n")
            })?
        };
        // A document is all that there is on its page.
        self.bytes = document;
        Ok(())
    }

    /// Calls `each` with every aside and the bytes that come before it, and
    /// returns the bytes after the last one.
    pub(super) fn each_aside<E>(
        &self,
        mut each: impl FnMut(&[u8], &str) -> Result<(), E>,
    ) -> Result<&[u8], E> {
        let mut written = 0;
        for (position, text) in &self.asides {
            each(&self.bytes[written..*position], text)?;
            written = *position;
        }
        Ok(&self.bytes[written..])
    }

    /// All that is on it, without what goes to stderr.
    pub(super) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }

    /// The whole page with its asides, if it is a list of more lines than this.
    pub(super) fn longer_than(&self, rows: usize) -> Option<Zeroizing<Vec<u8>>> {
        if !self.list {
            return None;
        }
        let mut page = Zeroizing::new(Vec::with_capacity(self.bytes.len() + 1024));
        let rest = self.each_aside(|before, aside| {
            page.extend_from_slice(before);
            page.extend_from_slice(escape::lines(aside).as_bytes());
            page.push(b'\n');
            Ok::<_, std::convert::Infallible>(())
        });
        match rest {
            Ok(rest) => page.extend_from_slice(rest),
            Err(never) => match never {},
        }
        let lines = page.iter().filter(|byte| **byte == b'\n').count();
        (lines > rows).then_some(page)
    }

    /// A line of text; control characters are spelled out.
    pub(crate) fn line(&mut self, text: &str) {
        self.bytes.extend_from_slice(escape::line(text).as_bytes());
        self.bytes.push(b'\n');
    }

    /// Text or data that leaves exactly as it is.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Data that may come from somebody else: exactly as it is for a program, as
    /// text that is safe on a terminal for a person.
    pub(crate) fn foreign(&mut self, bytes: &[u8]) {
        if self.terminal {
            let text = String::from_utf8_lossy(bytes);
            let text = escape::lines(text.strip_suffix('\n').unwrap_or(&text));
            self.raw(text.as_bytes());
            self.bytes.push(b'\n');
        } else {
            self.raw(bytes);
        }
    }

    /// Something that is not part of the result: stderr, and only for a person.
    pub(crate) fn aside(&mut self, text: &str) {
        if self.terminal {
            self.asides.push((self.bytes.len(), text.to_owned()));
        }
    }

    /// Names and values: in two columns for a person, else separated by tabs.
    pub(crate) fn fields(&mut self, fields: &[(&str, &str)]) {
        let width = fields
            .iter()
            .map(|(name, _)| measure_text_width(name))
            .max();
        for (name, value) in fields {
            let padding = width.unwrap_or(0).saturating_sub(measure_text_width(name));
            let (name, value) = (escape::line(name), escape::line(value));
            let line = if self.terminal {
                Zeroizing::new(format!("{name}{:padding$}  {value}\n", ""))
            } else {
                Zeroizing::new(format!("{name}\t{value}\n"))
            };
            self.bytes.extend_from_slice(line.as_bytes());
        }
    }

    /// How many there are, before a list.
    pub(crate) fn count(&mut self, count: usize, one: &str, many: &str) {
        match count {
            0 => {}
            1 => self.aside(&format!("1 {one}")),
            _ => self.aside(&format!("{count} {many}")),
        }
    }

    /// Rows of a list. A person gets columns with headings, as wide as the
    /// terminal; the values of the `wide` columns take several lines where they
    /// do not fit on one, and nothing is ever cut. A program gets whole values
    /// separated by tabs, without headings.
    pub(crate) fn table(&mut self, headings: &[&str], wide: &[usize], rows: &[Vec<String>]) {
        let rows: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| escape::line(cell)).collect())
            .collect();
        if !self.terminal {
            for row in rows {
                self.raw(row.join("\t").as_bytes());
                self.bytes.push(b'\n');
            }
        } else if !rows.is_empty() {
            self.list = true;
            let width = Term::stdout().size().1;
            let text = columns_of(headings, wide, &rows, usize::from(width));
            self.raw(text.as_bytes());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_control_character_never_reaches_the_terminal() {
        let mut out = Printout::new(true);
        out.line("\u{1b}]0;owned\u{7}");
        out.fields(&[("name", "\u{1b}[2J")]);
        out.table(&["A"], &[0], &[vec!["\u{9b}1m".to_owned()]]);
        let text = String::from_utf8(out.bytes.to_vec()).unwrap();
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{text:?}");
    }
}
