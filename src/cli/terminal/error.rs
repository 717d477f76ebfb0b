//! Why something was not read, asked or written.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::platform::errors::plain;
use crate::text::secrecy;

/// Why something was not read, asked or written.
#[derive(Debug, Error)]
pub(crate) enum TerminalError {
    /// Something must be asked for, and nobody can be asked.
    #[error("{what} is missing, and there is nobody to ask")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// How to give it.
        hint: &'static str,
    },
    /// The user left a question without an answer.
    #[error("no answer, so nothing was done")]
    NoAnswer,
    /// What a file, standard input or a person gave cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// A file cannot be read.
    #[error("cannot read `{}`: {}", secrecy::path(.path), plain(.cause))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The user was asked whether something may be lost, and said no.
    #[error("that was a no, so nothing was done")]
    Declined,
    /// The terminal cannot be read or written.
    #[error("cannot ask on the terminal: {}", plain(.0))]
    Asking(io::Error),
    /// Standard input cannot be read.
    #[error("cannot read standard input: {}", plain(.0))]
    Stdin(io::Error),
    /// Standard output cannot be written.
    #[error("cannot write to standard output: {}", plain(.0))]
    Stdout(io::Error),
}
