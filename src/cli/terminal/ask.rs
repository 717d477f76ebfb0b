//! Questions, all on stderr.

use std::fmt::Write as _;

use dialoguer::console::Term;
use dialoguer::{Confirm, Input};
use zeroize::Zeroizing;

use super::error::TerminalError;
use super::print::Terminal;
use super::read::MAX_SECRET;
use crate::crypto::secret::Password;
use crate::platform::terminal;
use crate::wallet::MIN_PASSWORD_CHARS;

/// A question for a secret, and what to say if there is nobody to ask.
pub(crate) struct Question {
    /// As it is asked, without a colon.
    pub(crate) ask: &'static str,
    /// What is missing without an answer.
    pub(crate) what: &'static str,
    /// How to give it otherwise.
    pub(crate) hint: &'static str,
}

impl Question {
    fn missing(&self) -> TerminalError {
        TerminalError::Missing {
            what: self.what,
            hint: self.hint,
        }
    }
}

impl Terminal {
    /// Asks for a password, once.
    pub(crate) fn password(self, question: &Question) -> Result<Password, TerminalError> {
        if !self.asks {
            return Err(question.missing());
        }
        let mut text = hidden(question.ask)?;
        Ok(Password::new(std::mem::take(&mut *text)))
    }

    /// Asks for a new password, twice, until it is long enough and both agree.
    pub(crate) fn new_password(self, question: &Question) -> Result<Password, TerminalError> {
        if !self.asks {
            return Err(question.missing());
        }
        loop {
            let ask = question.ask;
            let mut first = hidden(&format!("{ask} ({MIN_PASSWORD_CHARS} characters or more)"))?;
            if first.chars().count() < MIN_PASSWORD_CHARS {
                self.say(&format!("at least {MIN_PASSWORD_CHARS} characters, please"))?;
                continue;
            }
            let again = hidden("Repeat it")?;
            if *first == *again {
                return Ok(Password::new(std::mem::take(&mut *first)));
            }
            self.say("these differ, try again")?;
        }
    }

    /// Asks for something that may be left out.
    pub(crate) fn optional(self, question: &str) -> Result<Option<String>, TerminalError> {
        let answer: String = Input::new()
            .with_prompt(question)
            .allow_empty(true)
            .interact_text_on(&Term::stderr())
            .map_err(|dialoguer::Error::IO(error)| TerminalError::Stdin(error))?;
        let answer = answer.trim();
        Ok((!answer.is_empty()).then(|| answer.to_owned()))
    }

    /// Asks yes or no; Enter is yes.
    pub(crate) fn confirm(self, question: &str) -> Result<bool, TerminalError> {
        Confirm::new()
            .with_prompt(question)
            .default(true)
            .interact_on(&Term::stderr())
            .map_err(|dialoguer::Error::IO(error)| TerminalError::Stdin(error))
    }

    /// Asks yes or no; Enter is no.
    pub(crate) fn agrees(self, question: &str) -> Result<bool, TerminalError> {
        Confirm::new()
            .with_prompt(question)
            .default(false)
            .interact_on(&Term::stderr())
            .map_err(|dialoguer::Error::IO(error)| TerminalError::Stdin(error))
    }

    /// Says something on the terminal.
    pub(crate) fn say(self, text: &str) -> Result<(), TerminalError> {
        tell(&Term::stderr(), text)
    }

    /// Shows secret words, numbered, and takes them off the screen again at
    /// Enter.
    pub(crate) fn show_words(self, heading: &str, phrase: &str) -> Result<(), TerminalError> {
        let term = Term::stderr();
        let words: Vec<&str> = phrase.split(' ').collect();
        let columns = usize::from(term.size().1).saturating_sub(2) / CELL;
        let columns = columns.clamp(1, 4);
        tell(&term, &format!("{heading}\n"))?;
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
        term.read_line().map_err(TerminalError::Stdin)?;
        // The words, heading and prompt, two empty lines, and the line that
        // Enter moved to.
        let shown = words.len().div_ceil(columns) + 5;
        term.clear_last_lines(shown).map_err(TerminalError::Stdin)
    }
}

/// The width of a word in characters: number, at most eight letters, spaces.
const CELL: usize = 14;

fn hidden(question: &str) -> Result<Zeroizing<String>, TerminalError> {
    let asked = Term::stderr().write_str(&format!("{question}: "));
    asked.map_err(TerminalError::Stdin)?;
    let answer = terminal::read_hidden_line(MAX_SECRET).map_err(TerminalError::Stdin)?;
    let answer = std::str::from_utf8(&answer)
        .map_err(|_| TerminalError::Unusable("what was typed is not UTF-8 text".to_owned()))?;
    if answer.is_empty() {
        return Err(TerminalError::NoAnswer);
    }
    Ok(Zeroizing::new(answer.to_owned()))
}

fn tell(term: &Term, text: &str) -> Result<(), TerminalError> {
    term.write_line(text).map_err(TerminalError::Stdin)
}
