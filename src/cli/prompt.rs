//! Questions on the terminal, all on stderr. Nothing is written to disk
//! before the last answer, so that Ctrl-C at any of them leaves nothing.

use dialoguer::console::Term;
use dialoguer::{Confirm, Input};
use zeroize::Zeroizing;

use super::error::CliError;
use super::input::MAX_SECRET;
use crate::crypto::mnemonic::Mnemonic;
use crate::crypto::secret::Password;
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
    let mut shown = 0;
    tell(&term, "")?;
    for row in 0..words.len().div_ceil(COLUMNS) {
        let row = words.iter().enumerate().skip(row * COLUMNS).take(COLUMNS);
        let cells: Vec<_> = row
            .map(|(i, word)| format!("{:>2} {word:<10}", i + 1))
            .collect();
        tell(&term, &Zeroizing::new(format!("  {}", cells.join(" "))))?;
        shown += 1;
    }
    tell(
        &term,
        "\nWhoever has them has the wallet. Press Enter to clear them.",
    )?;
    term.read_line().map_err(CliError::Stdin)?;
    // The words, the empty lines around them, the sentence, and the Enter.
    term.clear_last_lines(shown + 4).map_err(CliError::Stdin)
}

/// Words in a row: four of eight letters fit any terminal.
const COLUMNS: usize = 4;

fn hidden(question: &str) -> Result<Zeroizing<String>, CliError> {
    let term = Term::stderr();
    term.write_str(&format!("{question}: "))
        .map_err(CliError::Stdin)?;
    let answer = term.read_secure_line().map(Zeroizing::new);
    let answer = answer.map_err(CliError::Stdin)?;
    if answer.is_empty() {
        return Err(CliError::NoAnswer);
    }
    if answer.len() > MAX_SECRET {
        return Err(CliError::input(format!("more than {MAX_SECRET} bytes")));
    }
    Ok(answer)
}

fn tell(term: &Term, text: &str) -> Result<(), CliError> {
    term.write_line(text).map_err(CliError::Stdin)
}
