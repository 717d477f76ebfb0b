//! What a command reads that need not fit in memory: a file, or standard
//! input.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::TerminalError;
use super::print::Terminal;
use super::progress::Progress;
use crate::platform::stamp::Stamp;
use crate::platform::stdin;

/// A file or standard input, open. Read from where it stood when it was
/// opened, which a rewind goes back to.
pub(crate) struct Source {
    file: File,
    /// `None` is standard input.
    path: Option<PathBuf>,
    /// Where reading began: after the password, if that came first.
    start: u64,
    /// How much there is to read, if it is a regular file.
    size: Option<u64>,
    /// Whether it is a person who types.
    typed: bool,
    progress: Progress,
}

/// What was read into memory.
pub(crate) enum Held {
    /// All that there was.
    All(Zeroizing<Vec<u8>>),
    /// As much as may be held; there is more.
    Beginning(Zeroizing<Vec<u8>>),
}

impl Terminal {
    /// Opens a file, or standard input for `-` and for none.
    pub(crate) fn open(self, path: Option<&Path>) -> Result<Source, TerminalError> {
        let path = path.filter(|path| *path != Path::new("-"));
        let opened = match path {
            Some(path) => File::open(path),
            None => stdin::unbuffered(),
        };
        let source = opened.and_then(|file| Source::new(file, path));
        let source = source.map_err(|cause| cannot_read(path, cause))?;
        if source.typed {
            if !self.asks {
                return Err(TerminalError::Missing {
                    what: "the message",
                    hint: "give it as an argument, with `--file`, or on standard input",
                });
            }
            self.note("type the message, then Ctrl-D:");
        }
        Ok(source)
    }
}

impl Source {
    fn new(mut file: File, path: Option<&Path>) -> io::Result<Self> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let start = match metadata.is_file() {
            true => file.stream_position()?,
            false => 0,
        };
        let size = metadata.len().checked_sub(start);
        Ok(Self {
            typed: path.is_none() && file.is_terminal(),
            file,
            path: path.map(Path::to_owned),
            start,
            size: size.filter(|_| metadata.is_file()),
            progress: Progress::none(),
        })
    }

    /// The file's path; standard input has none.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// How many bytes there are to read, if it is a regular file.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Whether it is a person who types.
    pub(crate) fn is_typed(&self) -> bool {
        self.typed
    }

    /// Whether this is the file of that name.
    pub(crate) fn is(&self, path: &Path) -> bool {
        let own = self.file.metadata().map(|metadata| Stamp::new(&metadata));
        match (own, Stamp::of(path)) {
            (Ok(own), Ok(Some(other))) => self.size.is_some() && own.is_same_file(&other),
            _ => false,
        }
    }

    /// Shows how far reading has come, if it takes more than a moment and is
    /// done so many times.
    pub(crate) fn watch(&mut self, terminal: Terminal, times: u64) {
        self.progress = terminal.progress(self.size.map(|size| size.saturating_mul(times)));
    }

    /// All that there is, or the first `limit` bytes of it.
    pub(crate) fn hold(&mut self, limit: usize) -> Result<Held, TerminalError> {
        // Room for all of it at once leaves no copies behind.
        let expected = usize::try_from(self.size.unwrap_or(0)).unwrap_or(limit);
        let mut bytes = Zeroizing::new(Vec::with_capacity(expected.clamp(1024, limit) + 1));
        // One byte beyond the limit shows that there is more.
        let read = (&self.file).take(limit as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|cause| self.cannot_read(cause))?;
        Ok(match bytes.len() <= limit {
            true => Held::All(bytes),
            false => Held::Beginning(bytes),
        })
    }

    /// The error that it cannot be read.
    pub(crate) fn cannot_read(&self, cause: io::Error) -> TerminalError {
        cannot_read(self.path(), cause)
    }

    /// What it is called in messages.
    pub(crate) fn name(&self) -> String {
        match &self.path {
            Some(path) => format!("`{}`", path.display()),
            None => "standard input".to_owned(),
        }
    }
}

fn cannot_read(path: Option<&Path>, cause: io::Error) -> TerminalError {
    match path {
        Some(path) => TerminalError::File {
            path: path.to_owned(),
            cause,
        },
        None => TerminalError::Stdin(cause),
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(offset) => SeekFrom::Start(self.start.saturating_add(offset)),
            other => other,
        };
        let position = self.file.seek(to)?;
        Ok(position.saturating_sub(self.start))
    }
}
