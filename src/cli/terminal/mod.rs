//! The terminal: whether there is somebody to ask, asking, reading secrets,
//! and printing. It knows no command.

mod ask;
mod clipboard;
mod color;
mod columns;
mod error;
mod escape;
mod plain;
mod print;
mod printout;
mod progress;
mod qr;
mod read;
mod secret;
mod source;

pub(super) use self::ask::Question;
pub(super) use self::color::Color;
pub(super) use self::error::TerminalError;
#[cfg(test)]
pub(super) use self::print::ErrorDocument;
pub(super) use self::print::{Complaint, Terminal, Verbosity, write_stderr, write_stdout};
pub(super) use self::printout::{Outcome, Printout};
pub(super) use self::qr::Qr;
pub(super) use self::secret::Secret;
pub(super) use self::source::{Held, Source};
