//! What a command reads: messages, and secrets in files or on stdin. Every
//! read is bounded.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use super::app::App;
use super::error::CliError;
use crate::crypto::encoding::Encoding;
use crate::platform::{files, stdin};

/// Bytes of a message at most: it is held in memory.
pub(crate) const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// Bytes of a password, mnemonic or key at most.
pub(crate) const MAX_SECRET: usize = 1024;

/// Where a message comes from.
#[derive(Args)]
pub(crate) struct MessageArgs {
    /// The message; without it and --file, standard input is read to its end
    #[arg(value_name = "MESSAGE", conflicts_with = "file")]
    message: Option<String>,

    /// Read the message from FILE (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// How the text stands for bytes: utf8, hex, base64
    #[arg(long, value_name = "ENCODING", default_value = "utf8")]
    encoding: Encoding,
}

impl MessageArgs {
    /// Reads the message and decodes it.
    pub(crate) fn read(self, app: &App) -> Result<Message, CliError> {
        let text = match (self.message, self.file) {
            (Some(message), _) => Zeroizing::new(message.into_bytes()),
            (None, file) => read_all(app, file.as_deref())?,
        };
        Message::decode(text, self.encoding)
    }
}

/// The body of a request that a token is bound to.
#[derive(Args)]
pub(crate) struct BodyArgs {
    /// The body of the request
    #[arg(long, value_name = "TEXT", help_heading = "Request")]
    #[arg(conflicts_with = "body_file")]
    body: Option<String>,

    /// Read the body from FILE (`-`: standard input)
    #[arg(long, value_name = "FILE", help_heading = "Request")]
    body_file: Option<PathBuf>,

    /// How the body's text stands for bytes: utf8, hex, base64
    #[arg(long, value_name = "ENCODING", help_heading = "Request")]
    #[arg(default_value = "utf8")]
    body_encoding: Encoding,
}

impl BodyArgs {
    /// Reads the body and decodes it; none is an empty one.
    pub(crate) fn read(self, app: &App) -> Result<Message, CliError> {
        let text = match (self.body, self.body_file) {
            (Some(body), _) => Zeroizing::new(body.into_bytes()),
            (None, Some(file)) => read_all(app, Some(&file))?,
            (None, None) => Zeroizing::default(),
        };
        Message::decode(text, self.body_encoding)
    }
}

/// A message: the text that stood for it, and its bytes.
pub(crate) struct Message {
    text: Zeroizing<Vec<u8>>,
    decoded: Option<Zeroizing<Vec<u8>>>,
}

impl Message {
    /// Plain text and files are taken as they are; hex and base64 are decoded.
    pub(crate) fn decode(text: Zeroizing<Vec<u8>>, encoding: Encoding) -> Result<Self, CliError> {
        let decoded = match encoding {
            Encoding::Utf8 => None,
            Encoding::Hex | Encoding::Base64 => Some(Zeroizing::new(decode(&text, encoding)?)),
        };
        Ok(Self { text, decoded })
    }

    /// What is signed or encrypted.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.decoded.as_deref().unwrap_or(&self.text)
    }

    /// The text as it was given; for bytes that are no text, U+FFFD stands
    /// where they are none.
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.text)
    }
}

/// Decodes hex or base64, naming the text where it is neither.
pub(crate) fn decode(text: &[u8], encoding: Encoding) -> Result<Vec<u8>, CliError> {
    let text = std::str::from_utf8(text)
        .map_err(|_| CliError::input(format!("the text is not {encoding}: it is binary data")))?;
    encoding.decode(text).map_err(|error| {
        let message = format!(
            "`{}` is not {encoding}: {error}",
            shortened(text.trim_ascii())
        );
        CliError::input_hint(message, "`--encoding` says how the text stands for bytes")
    })
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A file to its end, or standard input for `-` and for none.
pub(crate) fn read_all(app: &App, file: Option<&Path>) -> Result<Zeroizing<Vec<u8>>, CliError> {
    match file.filter(|path| *path != Path::new("-")) {
        Some(path) => {
            let file = File::open(path).map_err(CliError::reading(path))?;
            let hint = file.metadata().map_or(0, |metadata| metadata.len());
            let read = bounded(file, MAX_MESSAGE, hint).map_err(CliError::reading(path))?;
            read.ok_or_else(|| too_long(&path.display().to_string(), MAX_MESSAGE))
        }
        None => {
            if io::stdin().is_terminal() {
                if !app.asks {
                    return Err(CliError::Missing {
                        what: "the message",
                        hint: "give it as an argument, with `--file`, or on standard input",
                    });
                }
                app.output.note("type the message, then Ctrl-D:");
            }
            let read = stdin::unbuffered().and_then(|stdin| bounded(stdin, MAX_MESSAGE, 0));
            read.map_err(CliError::Stdin)?
                .ok_or_else(|| too_long("standard input", MAX_MESSAGE))
        }
    }
}

/// A secret that fills a file, or the rest of standard input for `-`: text
/// of one or more lines, without its last line feed.
pub(crate) fn read_secret(app: &App, path: &Path) -> Result<Zeroizing<String>, CliError> {
    if path == Path::new("-") {
        let read = stdin::unbuffered().and_then(|stdin| bounded(stdin, MAX_SECRET, 0));
        return secret_text(read.map_err(CliError::Stdin)?, "standard input");
    }
    let file = File::open(path).map_err(CliError::reading(path))?;
    let regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
    if let Some(mode) = files::looser_than_private(path)
        .ok()
        .flatten()
        .filter(|_| regular)
    {
        let path = path.display();
        app.output
            .warn(&format!("`{path}` can be read by others (mode {mode:04o})"));
    }
    let read = bounded(file, MAX_SECRET, 0).map_err(CliError::reading(path))?;
    secret_text(read, &path.display().to_string())
}

/// The next line of standard input; what follows it stays there.
pub(crate) fn read_secret_line() -> Result<Zeroizing<String>, CliError> {
    let mut stdin = stdin::unbuffered().map_err(CliError::Stdin)?;
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_SECRET + 1));
    let mut byte = [0];
    while line.len() <= MAX_SECRET && byte != *b"\n" {
        match stdin.read(&mut byte) {
            Ok(0) => break,
            Ok(_) => line.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(CliError::Stdin(error)),
        }
    }
    secret_text(
        Some(line).filter(|line| line.len() <= MAX_SECRET),
        "standard input",
    )
}

/// Checks what was read and takes one line feed off its end.
fn secret_text(
    bytes: Option<Zeroizing<Vec<u8>>>,
    source: &str,
) -> Result<Zeroizing<String>, CliError> {
    let bytes = bytes.ok_or_else(|| too_long(source, MAX_SECRET))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| CliError::input(format!("`{source}` is not UTF-8 text")))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(CliError::input(format!("`{source}` is empty")));
    }
    Ok(Zeroizing::new(text.to_owned()))
}

/// Reads to the end; `None` where that is beyond the limit.
fn bounded(
    reader: impl Read,
    limit: usize,
    size_hint: u64,
) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    // One byte more than the limit tells "too long"; room for all of it at
    // once leaves no copies behind.
    let expected = usize::try_from(size_hint).unwrap_or(limit);
    let expected = expected.max(MAX_SECRET).min(limit);
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected + 1));
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() <= limit))
}

fn too_long(source: &str, limit: usize) -> CliError {
    CliError::input(format!("`{source}` holds more than {limit} bytes"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, String> {
        secret_text(Some(Zeroizing::new(bytes.to_vec())), "x")
            .map(|text| text.to_string())
            .map_err(|error| error.tell().message)
    }

    #[test]
    fn one_line_feed_is_taken_off() {
        assert_eq!(text(b"pass word\n").unwrap(), "pass word");
        assert_eq!(text(b"pass\r\n").unwrap(), "pass");
        assert_eq!(text(b"pass\n\n").unwrap(), "pass\n");
        assert_eq!(text(b" pass ").unwrap(), " pass ");
    }

    #[test]
    fn an_empty_or_binary_secret_is_refused_without_repeating_it() {
        assert_eq!(text(b"\n").unwrap_err(), "`x` is empty");
        assert_eq!(text(b"abc\xff").unwrap_err(), "`x` is not UTF-8 text");
    }

    #[test]
    fn reading_stops_at_the_limit() {
        assert!(bounded(io::repeat(b'a'), 4, 0).unwrap().is_none());
        assert_eq!(bounded(&b"abcd"[..], 4, 0).unwrap().unwrap().len(), 4);
    }
}
