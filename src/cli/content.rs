//! What is signed, verified and encrypted: a message on the command line, a
//! file, or standard input. Only what comes through a pipe is held in memory.

use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use clap::Args;

use super::error::CliError;
use super::input::Message;
use super::terminal::{Held, Source, Terminal};
use crate::crypto::bsm::MessageDigest;
use crate::crypto::encoding::Encoding;
use crate::text::marks;
use crate::wallet::{Decoded, Hashed, StreamError, digest_stream, hash_stream};

/// The most that is held in memory of what comes through a pipe, in bytes.
pub(crate) const HELD: usize = 16 * 1024 * 1024;

/// Where a message comes from.
#[derive(Args)]
pub(crate) struct MessageArgs {
    /// The message (`-`: standard input); without it and --file, standard
    /// input is read to its end
    #[arg(value_name = "MESSAGE", conflicts_with = "file")]
    message: Option<String>,

    /// Read the message from FILE (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// How the text encodes bytes: utf8, hex, base64
    #[arg(long, value_name = "ENCODING", default_value = "utf8")]
    encoding: Encoding,
}

impl MessageArgs {
    /// Decodes a message of the command line, opens all else.
    pub(crate) fn open(self, terminal: Terminal) -> Result<Content, CliError> {
        let encoding = self.encoding;
        let mut source = match self.message {
            Some(text) if text != "-" => {
                let text = text.into_bytes().into();
                return Ok(Content::Message(Message::decode(text, encoding)?));
            }
            _ => terminal.open(self.file.as_deref())?,
        };
        if source.is_typed() {
            // Before anything else is asked.
            return match source.hold(HELD)? {
                Held::All(text) => Ok(Content::Message(Message::decode(text, encoding)?)),
                Held::Beginning(_) => Err(too_long(&source)),
            };
        }
        Ok(Content::Open { source, encoding })
    }

    /// The file that was named.
    pub(crate) fn named_file(&self) -> Option<&Path> {
        let file = self.file.as_deref();
        file.filter(|path| *path != Path::new("-"))
    }
}

/// A message that is there, or a file or standard input that is open.
pub(crate) enum Content {
    Message(Message),
    Open { source: Source, encoding: Encoding },
}

/// What a signature is over.
pub(crate) struct Signable {
    pub(crate) digest: MessageDigest,
    pub(crate) what: What,
}

/// How a message is told of in JSON.
pub(crate) enum What {
    /// A message, by its text.
    Message(Message),
    /// A file, by its length and SHA-256, if that was asked for.
    File { size: u64, sha256: Option<[u8; 32]> },
}

impl Content {
    /// The file or standard input that is open.
    pub(crate) fn source(&self) -> Option<&Source> {
        match self {
            Self::Message(_) => None,
            Self::Open { source, .. } => Some(source),
        }
    }

    /// Whether a file that can be read again begins with this line, after a mark
    /// and empty ones.
    pub(crate) fn begins_with(&mut self, line: &str) -> Result<bool, CliError> {
        let Self::Open { source, .. } = self else {
            return Ok(false);
        };
        if source.size().is_none_or(|size| size == 0) {
            return Ok(false);
        }
        let mut start = [0; 128];
        let read = io::Read::read(source, &mut start).and_then(|read| {
            source.rewind()?;
            Ok(read)
        });
        let read = read.map_err(|error| reading(source, StreamError::Read(error)))?;
        let start = marks::unmarked_bytes(&start[..read]).trim_ascii_start();
        Ok(start.starts_with(line.as_bytes()))
    }

    /// All of it as text.
    pub(crate) fn text(self) -> Result<String, CliError> {
        match self {
            Self::Message(message) => Ok(message.text().into_owned()),
            Self::Open { mut source, .. } => match source.hold(HELD)? {
                Held::All(text) => Ok(String::from_utf8_lossy(&text).into_owned()),
                Held::Beginning(_) => Err(too_long(&source)),
            },
        }
    }

    /// Shows how far reading has come.
    pub(crate) fn watch(&mut self, terminal: Terminal) {
        if let Self::Open { source, .. } = self {
            source.watch(terminal, 1);
        }
    }

    /// What it means that reading ended early.
    pub(crate) fn failed(&self, error: StreamError) -> CliError {
        match (self, error) {
            (Self::Open { source, .. }, error) => reading(source, error),
            (Self::Message(_), StreamError::Wallet(error)) => error.into(),
            (Self::Message(_), error) => CliError::input(error.to_string()),
        }
    }

    /// What to read it from, decoded.
    pub(crate) fn reader(&mut self) -> Box<dyn Read + '_> {
        match self {
            Self::Message(message) => Box::new(Cursor::new(message.bytes())),
            Self::Open { source, encoding } => decoded(source, *encoding),
        }
    }

    /// Reads it for a signature; the SHA-256 of a large file if it is asked for.
    pub(crate) fn hash(self, terminal: Terminal, sha256: bool) -> Result<Signable, CliError> {
        Ok(match self.measure(terminal)? {
            Measured::Held { message, is_file } => {
                let hashed = Hashed::of(message.bytes());
                let what = match is_file {
                    true => What::file(&hashed),
                    false => What::Message(message),
                };
                Signable {
                    digest: hashed.digest,
                    what,
                }
            }
            Measured::File(mut file) if sha256 => {
                let hashed = file.read(hash_stream)?;
                Signable {
                    digest: hashed.digest,
                    what: What::file(&hashed),
                }
            }
            Measured::File(mut file) => Signable {
                digest: file.read(digest_stream)?,
                what: What::File {
                    size: file.size,
                    sha256: None,
                },
            },
        })
    }

    /// Reads a file for a signature that stands in a file of its own.
    pub(crate) fn hash_file(self, terminal: Terminal) -> Result<Hashed, CliError> {
        match self.measure(terminal)? {
            Measured::Held { message, .. } => Ok(Hashed::of(message.bytes())),
            Measured::File(mut file) => file.read(hash_stream),
        }
    }

    /// Its length is needed before it is hashed, so what comes through a pipe
    /// is held; a large file is not.
    fn measure(self, terminal: Terminal) -> Result<Measured, CliError> {
        let (mut source, encoding) = match self {
            Self::Message(message) => {
                let is_file = false;
                return Ok(Measured::Held { message, is_file });
            }
            Self::Open { source, encoding } => (source, encoding),
        };
        if let Some(size) = source.size().filter(|size| *size > HELD as u64) {
            let file = LargeFile::measure(terminal, source, encoding, size)?;
            return Ok(Measured::File(file));
        }
        match source.hold(HELD)? {
            Held::All(text) => Ok(Measured::Held {
                message: Message::decode(text, encoding)?,
                is_file: source.path().is_some(),
            }),
            Held::Beginning(_) => Err(too_long(&source)),
        }
    }
}

impl What {
    fn file(hashed: &Hashed) -> Self {
        Self::File {
            size: hashed.size,
            sha256: Some(hashed.sha256),
        }
    }
}

/// What is about to be hashed, of a known length.
enum Measured {
    Held { message: Message, is_file: bool },
    File(LargeFile),
}

struct LargeFile {
    source: Source,
    encoding: Encoding,
    /// Of what the text stands for.
    size: u64,
}

impl LargeFile {
    fn measure(
        terminal: Terminal,
        mut source: Source,
        encoding: Encoding,
        size: u64,
    ) -> Result<Self, CliError> {
        let size = match encoding {
            Encoding::Utf8 => {
                source.watch(terminal, 1);
                size
            }
            Encoding::Hex | Encoding::Base64 => {
                source.watch(terminal, 2);
                decoded_size(&mut source, encoding).map_err(|error| reading(&source, error))?
            }
        };
        Ok(Self {
            source,
            encoding,
            size,
        })
    }

    fn read<T>(
        &mut self,
        read: impl FnOnce(&mut dyn Read, u64) -> Result<T, StreamError>,
    ) -> Result<T, CliError> {
        let result = read(&mut *decoded(&mut self.source, self.encoding), self.size);
        result.map_err(|error| reading(&self.source, error))
    }
}

fn decoded_size(source: &mut Source, encoding: Encoding) -> Result<u64, StreamError> {
    let size = io::copy(&mut decoded(source, encoding), &mut io::sink());
    let size = size.map_err(StreamError::reading)?;
    source.rewind().map_err(StreamError::Read)?;
    Ok(size)
}

fn decoded(source: &mut Source, encoding: Encoding) -> Box<dyn Read + '_> {
    match encoding {
        Encoding::Utf8 => Box::new(source),
        Encoding::Hex | Encoding::Base64 => Box::new(Decoded::new(source, encoding)),
    }
}

fn too_long(source: &Source) -> CliError {
    let mib = HELD / 1024 / 1024;
    CliError::input_hint(
        format!(
            "{} holds more than {mib} MiB, and how much must be known before it is signed",
            source.name()
        ),
        "write it to a file, and give that with `--file`",
    )
}

/// What it means that reading ended early. Whoever writes looks at
/// [`StreamError::Write`] first.
pub(crate) fn reading(source: &Source, error: StreamError) -> CliError {
    let name = source.name();
    match error {
        StreamError::Read(cause) | StreamError::Write(cause) => source.cannot_read(cause).into(),
        StreamError::Encoding(error) => CliError::input_hint(
            format!("{name}: {error}"),
            "`--encoding` says how the text encodes bytes",
        ),
        StreamError::NotACiphertext => not_a_ciphertext(&name),
        StreamError::Changed => CliError::Unusable {
            message: format!("{name} changed while it was read"),
            hint: "try again when nothing writes to it".to_owned(),
        },
        StreamError::Wallet(error) => error.into(),
    }
}

/// What begins as no ciphertext does.
pub(crate) fn not_a_ciphertext(name: &str) -> CliError {
    CliError::input_hint(
        format!("{name} is not a BIE1 ciphertext"),
        "it begins with `42494531` in hex, `QklFM` in base64, `BIE1` as binary data",
    )
}
