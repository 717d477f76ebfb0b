//! Questions on the terminal, all on stderr. Nothing is written to disk
//! before the last answer, so that Ctrl-C at any of them leaves nothing.

use std::fmt::Write as _;

use dialoguer::console::Term;
use dialoguer::{Confirm, Input};
use zeroize::Zeroizing;

use crate::cli::error::CliError;
use crate::cli::input::MAX_SECRET;
use crate::crypto::mnemonic::Mnemonic;
use crate::crypto::secret::Password;
use crate::platform::terminal;
use crate::wallet::MIN_PASSWORD_CHARS;

/// Asks for a password, once.
pub(crate) fn password(question: &str) -> Result<Password, CliError> {
    let mut text = hidden(question)?;
    Ok(Password::new(std::mem::take(&mut *text)))
}

/// Asks for a password to be, twice, until it is long enough and the same.
pub(crate) fn new_password(question: &str) -> Result<Password, CliError> {
    let term = Term::stderr();
    loop {
        let mut first = hidden(&format!(
            "{question} ({MIN_PASSWORD_CHARS} characters or more)"
        ))?;
        if first.chars().count() < MIN_PASSWORD_CHARS {
            tell(
                &term,
                &format!("at least {MIN_PASSWORD_CHARS} characters, please"),
            )?;
            continue;
        }
        let again = hidden("The same again")?;
        if *first == *again {
            return Ok(Password::new(std::mem::take(&mut *first)));
        }
        tell(&term, "these differ, once more")?;
    }
}

/// Asks for something that may be left out.
pub(crate) fn optional(question: &str) -> Result<Option<String>, CliError> {
    let answer: String = Input::new()
        .with_prompt(question)
        .allow_empty(true)
        .interact_text_on(&Term::stderr())
        .map_err(|dialoguer::Error::IO(error)| CliError::Stdin(error))?;
    let answer = answer.trim();
    Ok((!answer.is_empty()).then(|| answer.to_owned()))
}

/// Says something on the terminal.
pub(crate) fn say(text: &str) -> Result<(), CliError> {
    tell(&Term::stderr(), text)
}

/// Offers to show the words of a new wallet, and takes them off the screen
/// when they are written down.
pub(crate) fn offer_mnemonic(mnemonic: &Mnemonic) -> Result<(), CliError> {
    let term = Term::stderr();
    let wanted = Confirm::new()
        .with_prompt("Show the words that restore this wallet, to write them down?")
        .default(true)
        .interact_on(&term)
        .map_err(|dialoguer::Error::IO(error)| CliError::Stdin(error))?;
    if !wanted {
        return tell(&term, "`tokenpass export` shows them at any time");
    }
    let phrase = mnemonic.expose_phrase();
    let words: Vec<&str> = phrase.split(' ').collect();
    let columns = usize::from(term.size().1).saturating_sub(2) / CELL;
    let columns = columns.clamp(1, 4);
    tell(&term, "Whoever has these words has the wallet:\n")?;
    for (row, cells) in words.chunks(columns).enumerate() {
        let mut line = Zeroizing::new(String::with_capacity(columns * CELL + 2));
        for (column, word) in cells.iter().enumerate() {
            let number = row * columns + column + 1;
            // Writing to a string cannot fail.
            let _ = write!(line, "  {number:>2} {word:<9}");
        }
        tell(&term, &line)?;
    }
    tell(&term, "\nPress Enter to clear them.")?;
    term.read_line().map_err(CliError::Stdin)?;
    // The words, both sentences, two empty lines, and where Enter led.
    let shown = words.len().div_ceil(columns) + 5;
    term.clear_last_lines(shown).map_err(CliError::Stdin)
}

/// Characters that a word takes: number, at most eight letters, spaces.
const CELL: usize = 14;

fn hidden(question: &str) -> Result<Zeroizing<String>, CliError> {
    let asked = Term::stderr().write_str(&format!("{question}: "));
    asked.map_err(CliError::Stdin)?;
    let answer = terminal::read_hidden_line(MAX_SECRET).map_err(CliError::Stdin)?;
    let answer = std::str::from_utf8(&answer)
        .map_err(|_| CliError::input("what was typed is not UTF-8 text"))?;
    if answer.is_empty() {
        return Err(CliError::NoAnswer);
    }
    Ok(Zeroizing::new(answer.to_owned()))
}

fn tell(term: &Term, text: &str) -> Result<(), CliError> {
    term.write_line(text).map_err(CliError::Stdin)
}
