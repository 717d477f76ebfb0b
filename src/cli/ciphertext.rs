//! A ciphertext to be decrypted, which takes reading it twice.

use std::env;
use std::io::{self, Cursor, Seek, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::content::{self, HELD};
use super::error::CliError;
use super::terminal::{Held, Source, Terminal};
use crate::platform::files::Spool;
use crate::wallet::{StreamError, Twice};

/// What can be read twice.
pub(crate) enum Ciphertext {
    /// In memory, and what it is called.
    Held(Cursor<Zeroizing<Vec<u8>>>, String),
    /// A file as it is.
    File(Source),
    /// What came through a pipe and is too long for memory.
    Spooled(Spool, Source),
}

impl Ciphertext {
    /// A ciphertext of the command line.
    pub(crate) fn of(text: String) -> Self {
        let text = Zeroizing::new(text.into_bytes());
        Self::Held(Cursor::new(text), "this".to_owned())
    }

    /// Opens a file or standard input, and reads on from a pipe to its end.
    pub(crate) fn open(terminal: Terminal, path: Option<&Path>) -> Result<Self, CliError> {
        let mut source = terminal.open(path)?;
        if source.size().is_some_and(|size| size > 0) {
            return Ok(Self::File(source));
        }
        match source.hold(HELD)? {
            Held::All(bytes) => Ok(Self::Held(Cursor::new(bytes), source.name())),
            Held::Beginning(bytes) => {
                source.watch(terminal, 1);
                Self::spool(source, &bytes)
            }
        }
    }

    /// Into a file without a name. It is the ciphertext, and no secret.
    fn spool(mut source: Source, beginning: &[u8]) -> Result<Self, CliError> {
        let folder = env::temp_dir();
        let failed = |cause| CliError::Write {
            path: folder.clone(),
            cause,
        };
        let mut spool = Spool::create(&folder).map_err(failed)?;
        spool.file().write_all(beginning).map_err(failed)?;
        // Reading and writing fail for different reasons.
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match io::Read::read(&mut source, &mut buffer) {
                Ok(0) => break,
                Ok(read) => spool.file().write_all(&buffer[..read]).map_err(failed)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(source.cannot_read(error).into()),
            }
        }
        spool.file().rewind().map_err(failed)?;
        Ok(Self::Spooled(spool, source))
    }

    /// The file that it is in.
    pub(crate) fn source(&self) -> Option<&Source> {
        match self {
            Self::File(source) => Some(source),
            Self::Held(..) | Self::Spooled(..) => None,
        }
    }

    /// Shows how far reading has come.
    pub(crate) fn watch(&mut self, terminal: Terminal) {
        if let Self::File(source) = self {
            source.watch(terminal, 2);
        }
    }

    /// What to read it from.
    pub(crate) fn reader(&mut self) -> Box<dyn Twice + '_> {
        match self {
            Self::Held(bytes, _) => Box::new(bytes),
            Self::File(source) => Box::new(source),
            Self::Spooled(spool, _) => Box::new(spool.file()),
        }
    }

    /// What it means that reading ended early.
    pub(crate) fn failed(&self, error: StreamError) -> CliError {
        match (self, error) {
            (Self::File(source) | Self::Spooled(_, source), error) => {
                content::reading(source, error)
            }
            (Self::Held(..), StreamError::Wallet(error)) => error.into(),
            (Self::Held(_, name), StreamError::NotACiphertext) => content::not_a_ciphertext(name),
            (Self::Held(..), error) => CliError::input(error.to_string()),
        }
    }
}
