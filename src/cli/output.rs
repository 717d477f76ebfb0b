//! Where a result goes: standard output, or a file that is whole or not there.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use super::error::CliError;
use super::exit::Exit;
use super::terminal::{Outcome, Printout, Source, Terminal, TerminalError};
use crate::platform::files::NewFile;
use crate::platform::{signals, stdout};
use crate::wallet::StreamError;
use crate::wire::Success;
use crate::wire::files::WrittenFile;

/// Where a result goes.
#[derive(Args)]
pub(crate) struct OutputArgs {
    /// Write to FILE, readable only by you, instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Replace FILE if it exists
    #[arg(long, help_heading = "Output")]
    force: bool,
}

/// Where a result will go, if nothing stands against it.
pub(crate) enum Target {
    Stdout,
    File { path: PathBuf, force: bool },
}

/// Where a result is going.
pub(crate) enum Output {
    Stdout(File),
    File {
        file: NewFile,
        path: PathBuf,
        force: bool,
    },
}

impl OutputArgs {
    /// Looks, before anything is asked or read, whether the file can be
    /// written. What is being read cannot.
    pub(crate) fn target(self, input: Option<&Source>) -> Result<Target, CliError> {
        let path = self.output.filter(|path| path.as_os_str() != "-");
        match path {
            Some(path) => Target::file(path, self.force, input),
            None if self.force => Err(CliError::input("`--force` is for `--output`")),
            None => Ok(Target::Stdout),
        }
    }

    /// The same, where there is a file in any case.
    pub(crate) fn target_or(
        self,
        path: PathBuf,
        input: Option<&Source>,
    ) -> Result<Target, CliError> {
        match self.output {
            Some(_) => self.target(input),
            None => Target::file(path, self.force, input),
        }
    }
}

impl Target {
    fn file(path: PathBuf, force: bool, input: Option<&Source>) -> Result<Self, CliError> {
        if input.is_some_and(|input| input.is(&path)) {
            return Err(CliError::input(format!(
                "`{}` is the file that is read: name another one",
                path.display()
            )));
        }
        let path = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // That a folder is missing is not for the end.
                let folder = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty());
                let there = fs::metadata(folder.unwrap_or(Path::new(".")));
                there.map_err(CliError::writing(&path))?;
                path
            }
            Err(error) => return Err(CliError::writing(&path)(error)),
            Ok(_) if !force => {
                let taken = io::ErrorKind::AlreadyExists.into();
                return Err(CliError::writing(&path)(taken));
            }
            Ok(_) => replaceable(&path)?,
        };
        Ok(Self::File { path, force })
    }

    /// Whether a person looks at it as it is written.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Self::Stdout) && io::stdout().is_terminal()
    }

    /// Whether it goes into a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::File { .. })
    }

    /// Begins to write.
    pub(crate) fn begin(self) -> Result<Output, CliError> {
        let (path, force) = match self {
            Self::Stdout => {
                let stdout = stdout::unbuffered().map_err(TerminalError::Stdout)?;
                return Ok(Output::Stdout(stdout));
            }
            Self::File { path, force } => (path, force),
        };
        let file = NewFile::create(&path).map_err(CliError::writing(&path))?;
        signals::clean_up_when_stopped(file.remover()).map_err(CliError::Signals)?;
        Ok(Output::File { file, path, force })
    }

    /// Shows an outcome on standard output, or writes its text to the file;
    /// `--json` then tells of both on standard output.
    pub(crate) fn show(self, terminal: Terminal, outcome: &impl Outcome) -> Result<Exit, CliError> {
        match self {
            Self::Stdout => Ok(terminal.show(outcome)?),
            file => {
                let mut output = file.begin()?;
                let text = Terminal::text_of(outcome);
                output
                    .write_all(&text)
                    .map_err(|cause| output.failed(cause))?;
                let path = output.finish(terminal)?;
                let output = path.as_deref();
                terminal.show(&InAFile { outcome, output })?;
                Ok(outcome.exit())
            }
        }
    }
}

/// The file that is replaced: at the end of a link, not the link itself.
fn replaceable(path: &Path) -> Result<PathBuf, CliError> {
    let there = fs::canonicalize(path).map_err(CliError::writing(path))?;
    let kind = fs::metadata(&there).map_err(CliError::writing(path))?;
    if kind.is_dir() {
        let folder = io::ErrorKind::IsADirectory.into();
        return Err(CliError::writing(path)(folder));
    }
    if !kind.is_file() {
        let path = path.display();
        return Err(CliError::input_hint(
            format!("`{path}` is not a regular file, and cannot be replaced"),
            format!("leave out `--output`, and redirect standard output: `> {path}`"),
        ));
    }
    Ok(there)
}

impl Output {
    /// The error that it cannot be written.
    pub(crate) fn failed(&self, cause: io::Error) -> CliError {
        match self {
            Self::Stdout(_) => TerminalError::Stdout(cause).into(),
            Self::File { path, .. } => CliError::writing(path)(cause),
        }
    }

    /// What it means that a stream ended early. That nobody reads on is no
    /// failure; `reading` says what all but writing means.
    pub(crate) fn ended(
        &self,
        error: StreamError,
        reading: impl FnOnce(StreamError) -> CliError,
    ) -> Result<(), CliError> {
        match error {
            StreamError::Write(cause)
                if matches!(self, Self::Stdout(_)) && cause.kind() == io::ErrorKind::BrokenPipe =>
            {
                Ok(())
            }
            StreamError::Write(cause) => Err(self.failed(cause)),
            error => Err(reading(error)),
        }
    }

    /// Gives the file its name; `--json` then tells of it on standard output.
    /// `size` is the length of the plaintext.
    pub(crate) fn tell(self, terminal: Terminal, size: u64) -> Result<(), CliError> {
        if let Some(output) = self.finish(terminal)? {
            terminal.show(&WrittenFile {
                output,
                size,
                success: Success,
            })?;
        }
        Ok(())
    }

    /// Gives the file its name, which is returned.
    pub(crate) fn finish(self, terminal: Terminal) -> Result<Option<PathBuf>, CliError> {
        let Self::File { file, path, force } = self else {
            return Ok(None);
        };
        file.finish(force).map_err(CliError::writing(&path))?;
        let shown = path.display();
        terminal.note(&format!("`{shown}` is written; only you can read it"));
        Ok(Some(path))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(file) => file.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The longest result that is held in memory: in a JSON document, or because it
/// is shown to a person.
const SHOWN: usize = 64 * 1024 * 1024;

/// A result that is held in memory, to be shown as a whole.
#[derive(Default)]
pub(crate) struct Whole(pub(crate) Zeroizing<Vec<u8>>);

impl Whole {
    /// What it means that a stream into it ended early.
    pub(crate) fn ended(
        error: StreamError,
        reading: impl FnOnce(StreamError) -> CliError,
    ) -> CliError {
        match error {
            StreamError::Write(_) => CliError::input_hint(
                format!("the result has more than {} MiB", SHOWN / 1024 / 1024),
                "write it to a file with `--output`",
            ),
            error => reading(error),
        }
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > SHOWN {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An outcome whose text is in a file.
#[derive(Serialize)]
struct InAFile<'a, T> {
    #[serde(flatten)]
    outcome: &'a T,
    output: Option<&'a Path>,
}

impl<T: Outcome> Outcome for InAFile<'_, T> {
    fn text(&self, _: &mut Printout) {}
}

impl Outcome for WrittenFile {
    fn text(&self, _: &mut Printout) {}
}
