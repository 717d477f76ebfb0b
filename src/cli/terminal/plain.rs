//! Questions where nothing can be drawn: a line is shown, and a line answers.

use std::fmt::Write as _;
use std::io;

use crate::platform::terminal::Tty;

/// Asks yes or no until it is one of them; Enter is `default`. `None` where
/// there are no more lines.
pub(super) fn confirm(tty: &Tty, question: &str, default: bool) -> io::Result<Option<bool>> {
    let choice = if default { "[Y/n]" } else { "[y/N]" };
    while let Some(line) = tty.ask(&format!("{question} {choice} "))? {
        match yes_or_no(&line, default) {
            Some(yes) => return Ok(Some(yes)),
            None => tty.write("yes or no, please\n")?,
        }
    }
    Ok(None)
}

fn yes_or_no(line: &str, default: bool) -> Option<bool> {
    match line.trim().to_lowercase().as_str() {
        "" => Some(default),
        "y" | "yes" => Some(true),
        "n" | "no" => Some(false),
        _ => None,
    }
}

/// Asks for the number of one of several things, until it is one; Enter is the
/// first.
pub(super) fn choose(tty: &Tty, question: &str, items: &[&str]) -> io::Result<Option<usize>> {
    let mut list = format!("{question}\n");
    for (number, item) in (1..).zip(items) {
        // Writing to a string cannot fail.
        let _ = writeln!(list, "  {number} {item}");
    }
    tty.write(&list)?;
    while let Some(line) = tty.ask("Number [1]: ")? {
        match number(&line, items.len()) {
            Some(index) => return Ok(Some(index)),
            None => tty.write(&format!("a number from 1 to {}, please\n", items.len()))?,
        }
    }
    Ok(None)
}

fn number(line: &str, count: usize) -> Option<usize> {
    match line.trim() {
        "" => Some(0),
        text => text.parse::<usize>().ok()?.checked_sub(1),
    }
    .filter(|index| *index < count)
}
