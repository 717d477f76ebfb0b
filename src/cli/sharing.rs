//! What a result is shown as besides text: a QR code, or the clipboard.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use dialoguer::console::Term;

use super::app::App;
use super::error::CliError;
use super::exit::Exit;
use super::terminal::{Outcome, Qr, write_stdout};
use crate::platform::child::SECRETS;
use crate::platform::clipboard;

/// For commands with a result of one line that is no secret: what is on the
/// clipboard, every program of the screen can read.
#[derive(Args, Default)]
pub(crate) struct CopyArgs {
    /// Also put the result on the clipboard
    #[arg(long)]
    copy: bool,
}

/// Which part of a key.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KeyPart {
    /// Where signatures are checked.
    Address,
    /// What others encrypt to.
    PublicKey,
}

impl CopyArgs {
    /// Shows a result, and copies `line` of it if that was asked for.
    pub(crate) fn show(
        &self,
        app: &App,
        outcome: &impl Outcome,
        line: &str,
    ) -> Result<Exit, CliError> {
        let exit = app.terminal.show(outcome)?;
        self.also(app, line)?;
        Ok(exit)
    }

    /// Copies what was shown, if that was asked for.
    pub(crate) fn also(&self, app: &App, line: &(impl ToString + ?Sized)) -> Result<(), CliError> {
        match self.copy {
            true => copy(app, &line.to_string()),
            false => Ok(()),
        }
    }

    /// Whether something is to be copied.
    pub(crate) fn is_asked(&self) -> bool {
        self.copy
    }
}

/// Puts a text on the clipboard, and says how.
pub(crate) fn copy(app: &App, text: &str) -> Result<(), CliError> {
    if let Some(program) = clipboard::copy(text, &SECRETS) {
        app.terminal.note("copied to the clipboard");
        app.terminal.detail(&format!("by `{program}`"));
        return Ok(());
    }
    if app.terminal.offer_clipboard(text) {
        let note = "sent to the terminal, which puts it on its clipboard if it allows that";
        app.terminal.note(note);
        return Ok(());
    }
    Err(CliError::NoClipboard)
}

/// Draws a text as a QR code, with the text below it.
pub(crate) fn draw(app: &App, text: &str) -> Result<Exit, CliError> {
    if app.terminal.json {
        return Err(CliError::input_hint(
            "`--qr` draws for a person, and `--json` writes for a program",
            "leave out one of them",
        ));
    }
    let qr = Qr::of(text).ok_or_else(|| CliError::input("too long for a QR code"))?;
    let is_seen = io::stdout().is_terminal();
    if is_seen {
        let columns = usize::from(Term::stdout().size().1);
        if qr.columns() > columns {
            let needed = qr.columns();
            return Err(CliError::Narrow { needed, columns });
        }
    }
    let lines = qr.lines(is_seen && app.terminal.color);
    write_stdout(format!("{lines}{text}\n").as_bytes())?;
    Ok(Exit::Done)
}
