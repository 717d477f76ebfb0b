//! The only place that writes.
//!
//! A command returns an [`Outcome`]; [`Terminal::show`] writes it to stdout, as
//! text or, with `--json`, as one JSON document. Everything else (notes,
//! headings, warnings, errors) goes to stderr, so that `$(tokenpass sign …)`
//! works as it stands.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use dialoguer::console::Term;
use serde::Serialize;
use zeroize::Zeroizing;

use super::error::TerminalError;
use super::escape;
use super::printout::{Outcome, Printout};
use crate::cli::exit::Exit;
use crate::platform::child::SECRETS;
use crate::platform::pager;

/// How much goes to stderr besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Errors only.
    Quiet,
    /// Notes and warnings.
    Normal,
    /// Also what was used and why.
    Verbose,
}

/// How a run talks to the user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// One JSON document instead of text.
    pub(crate) json: bool,
    /// How much goes to stderr.
    pub(crate) verbosity: Verbosity,
    /// Whether `error:` and `hint:` are coloured.
    pub(crate) color: bool,
    /// Whether there is somebody to ask.
    pub(crate) asks: bool,
    /// Whether a long list is shown a screenful at a time.
    pub(crate) pager: bool,
}

/// An error as it is shown.
pub(crate) struct Complaint {
    /// What happened, with the value that was wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) hint: Option<String>,
    /// How the run ends.
    pub(crate) exit: Exit,
}

impl Complaint {
    pub(crate) fn new(exit: Exit, message: impl ToString, hint: Option<&str>) -> Self {
        Self {
            message: message.to_string(),
            hint: hint.map(str::to_owned),
            exit,
        }
    }
}

/// An error with `--json`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Error"))]
pub(crate) struct ErrorDocument<'a> {
    error: &'a str,
    code: u8,
    hint: Option<&'a str>,
}

impl Terminal {
    /// Writes an outcome to stdout and says how the run ends. A reader that
    /// went away is not a failure.
    pub(crate) fn show(self, outcome: &impl Outcome) -> Result<Exit, TerminalError> {
        let mut out = Printout::new(io::stdout().is_terminal());
        if self.json {
            out.json(outcome).map_err(TerminalError::Stdout)?;
        } else {
            outcome.text(&mut out);
        }
        if let Some(page) = self.pager.then(|| out.longer_than(rows_of_screen(), self.verbosity >= Verbosity::Normal)).flatten()
            // Without a pager it is all written as it is.
            && pager::show(&page, &SECRETS).unwrap_or(false)
        {
            return Ok(outcome.exit());
        }
        let rest = out.each_aside(|before, aside| {
            write_stdout(before)?;
            self.note(aside);
            Ok::<_, TerminalError>(())
        })?;
        write_stdout(rest)?;
        Ok(outcome.exit())
    }

    /// The text of an outcome, as a program would get it.
    pub(crate) fn text_of(outcome: &impl Outcome) -> Zeroizing<Vec<u8>> {
        let mut out = Printout::new(false);
        outcome.text(&mut out);
        out.into_bytes()
    }

    /// Whether anybody still reads what is written to stdout, as far as is known.
    pub(crate) fn is_read(self) -> bool {
        !READER_GONE.load(Ordering::Relaxed)
    }

    /// Mentions something, on stderr.
    pub(crate) fn note(self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.labelled("", "", text);
        }
    }

    /// Says what was used, on stderr, with `--verbose`.
    pub(crate) fn detail(self, text: &str) {
        if self.verbosity >= Verbosity::Verbose {
            self.labelled("", "", text);
        }
    }

    /// Warns, on stderr.
    pub(crate) fn warn(self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.labelled("warning:", YELLOW, text);
        }
    }

    /// Renders an error: `error:` and `hint:` lines, or with `--json`
    /// `{"error","code","hint"}`, where the code is the exit code.
    pub(crate) fn complain(self, complaint: &Complaint) {
        if self.json {
            let document = ErrorDocument {
                error: &complaint.message,
                code: complaint.exit.code(),
                hint: complaint.hint.as_deref(),
            };
            // Three plain fields always serialize.
            stderr_line(&serde_json::to_string(&document).unwrap_or_default());
        } else {
            self.labelled("error:", RED, &complaint.message);
            if let Some(hint) = &complaint.hint {
                self.labelled("hint:", CYAN, hint);
            }
        }
    }

    fn labelled(self, label: &str, color: &str, text: &str) {
        let text = escape::lines(text);
        stderr_line(&match (label, self.color) {
            ("", _) => text.into_owned(),
            (_, true) => format!("{color}{label}\u{1b}[0m {text}"),
            (_, false) => format!("{label} {text}"),
        });
    }
}

/// The lines of the screen before the next prompt.
fn rows_of_screen() -> usize {
    usize::from(Term::stdout().size().0).saturating_sub(1)
}

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const CYAN: &str = "\u{1b}[1;36m";

/// Whether whoever read stdout went away.
static READER_GONE: AtomicBool = AtomicBool::new(false);

/// Writes bytes to stdout, and flushes.
pub(crate) fn write_stdout(bytes: &[u8]) -> Result<(), TerminalError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(TerminalError::Stdout(error))
        }
        Err(_) => {
            READER_GONE.store(true, Ordering::Relaxed);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// Writes text to stderr as it is.
pub(crate) fn write_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// One line on stderr. If stderr is gone there is nobody to tell.
fn stderr_line(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
