//! What a command has to say, and the page it is written on.

use std::io;

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, presets};
use dialoguer::console::Term;
use serde::Serialize;
use zeroize::Zeroizing;

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
}

/// The widest that a table gets; what does not fit is cut, with `…`.
const TABLE_WIDTH: u16 = 80;

impl Printout {
    pub(super) fn new(terminal: bool) -> Self {
        Self {
            // Room for a seed and its mnemonic, so that no copy is left
            // behind by growing.
            bytes: Zeroizing::new(Vec::with_capacity(4096)),
            asides: Vec::new(),
            terminal,
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
        let width = fields.iter().map(|(name, _)| name.chars().count()).max();
        for (name, value) in fields {
            let (name, value) = (escape::line(name), escape::line(value));
            let line = if self.terminal {
                Zeroizing::new(format!("{name:w$}  {value}\n", w = width.unwrap_or(0)))
            } else {
                Zeroizing::new(format!("{name}\t{value}\n"))
            };
            self.bytes.extend_from_slice(line.as_bytes());
        }
    }

    /// Rows of a list. A person gets columns with headings, at most 80
    /// characters wide, with the `wide` columns cut as needed; a program gets
    /// whole values separated by tabs, without headings.
    pub(crate) fn table(&mut self, headings: &[&str], wide: &[usize], rows: &[Vec<String>]) {
        if !self.terminal {
            for row in rows {
                let cells: Vec<_> = row.iter().map(|cell| escape::line(cell)).collect();
                self.raw(cells.join("\t").as_bytes());
                self.bytes.push(b'\n');
            }
        } else if !rows.is_empty() {
            let columns = Term::stdout().size().1.clamp(20, TABLE_WIDTH);
            let text = columns_of(headings, wide, rows, columns);
            self.raw(text.as_bytes());
        }
    }
}

/// Columns between two cells, and what a cell that is cut keeps at least.
const GAP: usize = 2;
const CUT_TO: usize = 8;

fn columns_of(headings: &[&str], wide: &[usize], rows: &[Vec<String>], width: u16) -> String {
    let rows: Vec<Vec<_>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| escape::line(cell)).collect())
        .collect();
    // Columns that are not cut keep their width even if the terminal is narrower.
    let cells = |column: usize| rows.iter().map(move |row| row[column].chars().count());
    let narrowest = headings.iter().enumerate().map(|(column, heading)| {
        let longest = cells(column).fold(heading.chars().count(), usize::max);
        let cut = wide.contains(&column).then_some(CUT_TO);
        GAP + cut.unwrap_or(longest).min(longest)
    });
    let narrowest = u16::try_from(narrowest.sum::<usize>()).unwrap_or(width);
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_truncation_indicator("…")
        .set_width(width.max(narrowest));
    let line = |cells: Vec<String>| {
        let mut row = Row::from(cells);
        row.max_height(1);
        row
    };
    table.set_header(line(headings.iter().map(ToString::to_string).collect()));
    for row in &rows {
        table.add_row(line(row.iter().map(ToString::to_string).collect()));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, GAP as u16));
        if !wide.contains(&index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_long_host_is_cut_and_its_address_is_not() {
        let rows = vec![
            vec!["short.example".to_owned(), "1".repeat(34)],
            vec!["sub.".repeat(60), "2".repeat(34)],
        ];
        let text = columns_of(&["HOST", "ADDRESS"], &[0], &rows, 80);
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(
            text.contains(&"2".repeat(34)) && text.contains('…'),
            "{text}"
        );
    }

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
