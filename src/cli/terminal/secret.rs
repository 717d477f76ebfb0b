//! Secrets that a person wants to see: on a screen of their own, which is left
//! on every way out and keeps nothing.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use zeroize::Zeroizing;

use super::ask::tty;
use super::color::is_dumb;
use super::error::TerminalError;
use super::print::Terminal;
use super::read::MAX_SECRET;
use crate::platform::terminal::{Hold, Tty};

/// A secret with its heading.
pub(crate) enum Secret {
    /// Words, which are numbered.
    Words(Zeroizing<String>),
    /// Anything else.
    Text(Zeroizing<String>),
}

impl Terminal {
    /// Whether the terminal can show something and take it back.
    pub(crate) fn forgets(self) -> bool {
        self.asks && !is_dumb()
    }

    /// Shows secrets until Enter, a screenful at a time.
    pub(crate) fn show_secret(
        self,
        heading: &'static str,
        secrets: Vec<Secret>,
    ) -> Result<(), TerminalError> {
        let tty = tty()?;
        let (drawn_on, page) = (tty.try_clone(), Arc::new(AtomicUsize::new(0)));
        let (secrets, current) = (Arc::new(secrets), Arc::clone(&page));
        let all = Arc::clone(&secrets);
        let draw = move || {
            if let Ok(tty) = &drawn_on {
                draw_page(tty, heading, &all, current.load(Ordering::SeqCst));
            }
        };
        let held = tty.hold(Hold::Screen, draw);
        let held = held.map_err(TerminalError::Asking)?;
        loop {
            let line = held.read_line(MAX_SECRET).map_err(TerminalError::Asking)?;
            let pages = pages(heading, &secrets, tty.size()).len();
            let next = page.load(Ordering::SeqCst) + 1;
            if line.is_none() || next >= pages {
                return Ok(());
            }
            page.store(next, Ordering::SeqCst);
            held.draw();
        }
    }
}

fn draw_page(tty: &Tty, heading: &str, secrets: &[Secret], page: usize) {
    let pages = pages(heading, secrets, tty.size());
    // A window that grew has fewer of them.
    let page = page.min(pages.len() - 1);
    let mut text = Zeroizing::new(String::with_capacity(4096));
    text.push_str("\u{1b}[2J\u{1b}[H");
    for line in &pages[page] {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(match page + 1 == pages.len() {
        true => "Enter: clear them",
        false => "Enter: go on",
    });
    let _ = tty.write(&text);
}

type Line = Zeroizing<String>;

/// What fits on screens of this size, the line that says how to go on left out.
fn pages(heading: &str, secrets: &[Secret], (columns, rows): (usize, usize)) -> Vec<Vec<Line>> {
    let mut lines = cut(heading, columns);
    for secret in secrets {
        lines.push(Line::default());
        lines.extend(match secret {
            Secret::Words(phrase) => numbered(phrase, columns),
            Secret::Text(text) => cut(text, columns),
        });
    }
    lines.push(Line::default());
    let rows = rows.saturating_sub(1).max(1);
    // An empty line more is no reason for another page.
    while lines.len() > rows
        && lines.len() % rows == 1
        && lines.last().is_some_and(|l| l.is_empty())
    {
        lines.pop();
    }
    lines.chunks(rows).map(<[Line]>::to_vec).collect()
}

/// The width of a word in characters: number, at most eight letters, spaces.
const CELL: usize = 14;
/// More than this many a row are hard to read off.
const MOST_CELLS: usize = 6;

fn numbered(phrase: &str, columns: usize) -> Vec<Line> {
    let words: Vec<&str> = phrase.split(' ').collect();
    // Rows of the same length, where there is room.
    let across = (columns / CELL).clamp(1, MOST_CELLS);
    let across = (1..=across)
        .rev()
        .find(|n| words.len().is_multiple_of(*n))
        .unwrap_or(1);
    let rows = words.chunks(across).enumerate();
    let row = |(row, cells): (usize, &[&str])| {
        let mut line = Zeroizing::new(String::with_capacity(across * CELL));
        for (column, word) in cells.iter().enumerate() {
            let number = row * across + column + 1;
            // Writing to a string cannot fail.
            let _ = write!(line, "  {number:>2} {word:<9}");
        }
        let end = line.trim_end().len();
        line.truncate(end);
        line
    };
    rows.map(row).collect()
}

/// Text of one column a character, in lines of this length.
fn cut(text: &str, columns: usize) -> Vec<Line> {
    let chars: Zeroizing<Vec<char>> = Zeroizing::new(text.chars().collect());
    chars
        .chunks(columns.max(1))
        .map(|line| Zeroizing::new(line.iter().collect()))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn words(count: usize) -> Vec<Secret> {
        vec![Secret::Words(Zeroizing::new(
            vec!["absolute"; count].join(" "),
        ))]
    }

    #[test]
    fn every_word_is_shown_once_and_nothing_is_wider_than_the_screen() {
        for columns in [14, 20, 40, 60, 80, 200] {
            for rows in [3, 10, 24, 50] {
                for count in [12, 15, 18, 21, 24] {
                    let pages = pages("Whoever has these", &words(count), (columns, rows));
                    let lines: Vec<_> = pages.iter().flatten().collect();
                    assert!(lines.iter().all(|line| line.len() <= columns), "{columns}");
                    assert!(pages.iter().all(|page| page.len() < rows.max(2)), "{rows}");
                    let shown = lines.iter().map(|line| line.matches("absolute").count());
                    assert_eq!(shown.sum::<usize>(), count);
                    for number in 1..=count {
                        let number = format!("{number:>2} absolute");
                        assert_eq!(lines.iter().filter(|l| l.contains(&number)).count(), 1);
                    }
                }
            }
        }
    }

    #[test]
    fn twenty_four_words_fit_on_one_narrow_screen() {
        assert_eq!(
            pages(
                "Whoever has these words has the wallet:",
                &words(24),
                (40, 24)
            )
            .len(),
            1
        );
    }
}
