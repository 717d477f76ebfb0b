//! Questions, all on the controlling terminal: standard input may be the
//! message, and standard error a file.

use std::io;

use dialoguer::console::Term;
use dialoguer::{Confirm, Input, Select};
use zeroize::Zeroizing;

use super::color::is_dumb;
use super::error::TerminalError;
use super::escape;
use super::plain;
use super::print::Terminal;
use super::read::MAX_SECRET;
use crate::crypto::secret::Password;
use crate::platform::terminal::{Held, Hold, Tty};
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
        let mut text = self.hidden(question.ask)?;
        Ok(Password::new(std::mem::take(&mut *text)))
    }

    /// Asks for a new password, twice, until it is long enough and both agree.
    pub(crate) fn new_password(self, question: &Question) -> Result<Password, TerminalError> {
        if !self.asks {
            return Err(question.missing());
        }
        loop {
            let ask = question.ask;
            let mut first =
                self.hidden(&format!("{ask} ({MIN_PASSWORD_CHARS} characters or more)"))?;
            if first.chars().count() < MIN_PASSWORD_CHARS {
                self.say(&format!("at least {MIN_PASSWORD_CHARS} characters, please"))?;
                continue;
            }
            let again = self.hidden("Repeat it")?;
            if *first == *again {
                return Ok(Password::new(std::mem::take(&mut *first)));
            }
            self.say("these differ, try again")?;
        }
    }

    /// Asks for a line that is not shown; an empty one is no answer.
    pub(crate) fn hidden(self, question: &str) -> Result<Zeroizing<String>, TerminalError> {
        let held = hold_line(question)?;
        let line = held.read_line(MAX_SECRET).map_err(TerminalError::Asking)?;
        let line = line.filter(|line| !line.is_empty());
        typed(&line.ok_or(TerminalError::NoAnswer)?)
    }

    /// Asks for lines that are not shown, until `each` has nothing to say to one.
    /// They may be pasted all at once.
    pub(crate) fn hidden_lines(
        self,
        question: &str,
        mut each: impl FnMut(&str) -> Option<String>,
    ) -> Result<(), TerminalError> {
        let held = hold_line(question)?;
        loop {
            let line = held.read_line(MAX_SECRET).map_err(TerminalError::Asking)?;
            let last = line.is_none();
            match each(&typed(&line.unwrap_or_default())?) {
                Some(reply) if !last => self.say(&reply)?,
                _ => return Ok(()),
            }
            held.draw();
        }
    }

    /// Asks for something that may be left out, until `check` finds nothing
    /// wrong with it.
    pub(crate) fn optional(
        self,
        question: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<Option<String>, TerminalError> {
        loop {
            let draw = |term: &Term| {
                let input = Input::<String>::new().with_prompt(question);
                input.allow_empty(true).interact_text_on(term)
            };
            let answer = asked(Hold::Keys, draw, |tty| tty.ask(&format!("{question}: ")))?;
            let answer = answer.as_deref().map_or("", str::trim);
            if answer.is_empty() {
                return Ok(None);
            }
            match check(answer) {
                Ok(()) => return Ok(Some(answer.to_owned())),
                Err(reason) => self.say(&reason)?,
            }
        }
    }

    /// Asks yes or no; Enter is yes, and an interrupt is a no.
    pub(crate) fn offer(self, question: &str) -> Result<bool, TerminalError> {
        let yes = yes_or_no(Hold::KeysOrInterrupt, question, true)?;
        if yes.is_none() {
            // The question was not finished.
            self.say("")?;
        }
        Ok(yes.unwrap_or(false))
    }

    /// Before something is destroyed: says what will be lost and asks, where
    /// there is somebody to ask and no `--yes`.
    pub(crate) fn confirm_loss(self, yes: bool, loss: &str) -> Result<(), TerminalError> {
        if yes || !self.asks {
            return Ok(());
        }
        self.say(loss)?;
        match self.confirm("Go on?")? {
            true => Ok(()),
            false => Err(TerminalError::Declined),
        }
    }

    /// Asks yes or no; Enter is no.
    pub(crate) fn confirm(self, question: &str) -> Result<bool, TerminalError> {
        Ok(yes_or_no(Hold::Keys, question, false)?.unwrap_or(false))
    }

    /// Asks for one of several things, and says which.
    pub(crate) fn choose(self, question: &str, items: &[&str]) -> Result<usize, TerminalError> {
        let draw = |term: &Term| {
            let select = Select::new().with_prompt(question);
            select.items(items).default(0).interact_on(term)
        };
        let chosen = asked(Hold::Keys, draw, |tty| plain::choose(tty, question, items))?;
        chosen.ok_or(TerminalError::NoAnswer)
    }

    /// Says something on the terminal.
    pub(crate) fn say(self, text: &str) -> Result<(), TerminalError> {
        let line = format!("{}\n", escape::lines(text));
        tty()?.write(&line).map_err(TerminalError::Asking)
    }
}

pub(super) fn tty() -> Result<Tty, TerminalError> {
    Tty::open().map_err(TerminalError::Asking)
}

/// Asks for a line that is not shown.
fn hold_line(question: &str) -> Result<Held, TerminalError> {
    let tty = tty()?;
    let (shown, prompt) = (tty.try_clone(), format!("{question}: "));
    let draw = move || {
        let _ = shown.as_ref().map(|tty| tty.write(&prompt));
    };
    tty.hold(Hold::HiddenLine, draw)
        .map_err(TerminalError::Asking)
}

/// What was typed, as text.
pub(super) fn typed(line: &[u8]) -> Result<Zeroizing<String>, TerminalError> {
    let text = std::str::from_utf8(line)
        .map_err(|_| TerminalError::Unusable("what was typed is not UTF-8 text".to_owned()))?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn yes_or_no(hold: Hold, question: &str, default: bool) -> Result<Option<bool>, TerminalError> {
    let draw = |term: &Term| {
        let confirm = Confirm::new().with_prompt(question);
        confirm.default(default).interact_on(term)
    };
    asked(hold, draw, |tty| plain::confirm(tty, question, default))
}

/// Asks with a question that draws itself, or in lines where nothing can be
/// drawn; `None` if it was interrupted, or there are no more lines.
fn asked<T>(
    hold: Hold,
    draw: impl Fn(&Term) -> dialoguer::Result<T>,
    in_lines: impl FnOnce(&Tty) -> io::Result<Option<T>>,
) -> Result<Option<T>, TerminalError> {
    let tty = tty()?;
    let term = match is_dumb() {
        true => None,
        false => tty.term().map_err(TerminalError::Asking)?,
    };
    let Some(term) = term else {
        return in_lines(&tty).map_err(TerminalError::Asking);
    };
    let mut held = tty.hold(hold, || {}).map_err(TerminalError::Asking)?;
    loop {
        match draw(&term) {
            Ok(answer) => return Ok(Some(answer)),
            Err(dialoguer::Error::IO(error)) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(TerminalError::Asking(error));
                }
                if held.is_interrupted() {
                    return Ok(None);
                }
            }
        }
    }
}
