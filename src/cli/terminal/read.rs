//! Reading files and standard input, secrets among them. Every read is bounded.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::error::TerminalError;
use super::print::Terminal;
use crate::platform::{files, stdin};

/// The longest message, in bytes: it is held in memory.
const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// The longest password, mnemonic or key, in bytes.
pub(super) const MAX_SECRET: usize = 1024;

impl Terminal {
    /// A file to its end, or standard input for `-` and for none.
    pub(crate) fn read_all(self, file: Option<&Path>) -> Result<Zeroizing<Vec<u8>>, TerminalError> {
        match file.filter(|path| *path != Path::new("-")) {
            Some(path) => {
                let file = File::open(path).map_err(reading(path))?;
                let hint = file.metadata().map_or(0, |metadata| metadata.len());
                let read = bounded(file, MAX_MESSAGE, hint).map_err(reading(path))?;
                read.ok_or_else(|| too_long(&path.display().to_string(), MAX_MESSAGE))
            }
            None => {
                if io::stdin().is_terminal() {
                    if !self.asks {
                        return Err(TerminalError::Missing {
                            what: "the message",
                            hint: "give it as an argument, with `--file`, or on standard input",
                        });
                    }
                    self.note("type the message, then Ctrl-D:");
                }
                let read = stdin::unbuffered().and_then(|stdin| bounded(stdin, MAX_MESSAGE, 0));
                read.map_err(TerminalError::Stdin)?
                    .ok_or_else(|| too_long("standard input", MAX_MESSAGE))
            }
        }
    }

    /// A secret that fills a file, or the rest of standard input for `-`: text
    /// of one or more lines, without its last line feed.
    pub(crate) fn read_secret(self, path: &Path) -> Result<Zeroizing<String>, TerminalError> {
        if path == Path::new("-") {
            let read = stdin::unbuffered().and_then(|stdin| bounded(stdin, MAX_SECRET, 0));
            return secret_text(read.map_err(TerminalError::Stdin)?, "standard input");
        }
        let file = File::open(path).map_err(reading(path))?;
        let regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
        if let Some(mode) = files::looser_than_private(path)
            .ok()
            .flatten()
            .filter(|_| regular)
        {
            let path = path.display();
            self.warn(&format!("`{path}` can be read by others (mode {mode:04o})"));
        }
        let read = bounded(file, MAX_SECRET, 0).map_err(reading(path))?;
        secret_text(read, &path.display().to_string())
    }

    /// The next line of standard input; what follows it stays there.
    pub(crate) fn read_secret_line(self) -> Result<Zeroizing<String>, TerminalError> {
        let mut stdin = stdin::unbuffered().map_err(TerminalError::Stdin)?;
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_SECRET + 1));
        let mut byte = [0];
        while line.len() <= MAX_SECRET && byte != *b"\n" {
            match stdin.read(&mut byte) {
                Ok(0) => break,
                Ok(_) => line.push(byte[0]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(TerminalError::Stdin(error)),
            }
        }
        secret_text(
            Some(line).filter(|line| line.len() <= MAX_SECRET),
            "standard input",
        )
    }
}

fn reading(path: &Path) -> impl FnOnce(io::Error) -> TerminalError {
    let path = path.to_owned();
    move |cause| TerminalError::File { path, cause }
}

/// Checks what was read and takes one line feed off its end.
fn secret_text(
    bytes: Option<Zeroizing<Vec<u8>>>,
    source: &str,
) -> Result<Zeroizing<String>, TerminalError> {
    let bytes = bytes.ok_or_else(|| too_long(source, MAX_SECRET))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| TerminalError::Unusable(format!("`{source}` is not UTF-8 text")))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(TerminalError::Unusable(format!("`{source}` is empty")));
    }
    Ok(Zeroizing::new(text.to_owned()))
}

/// Reads to the end; `None` if that is beyond the limit.
fn bounded(
    reader: impl Read,
    limit: usize,
    size_hint: u64,
) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    // One byte beyond the limit shows that it is too long. Room for all of it
    // at once leaves no copies behind.
    let expected = usize::try_from(size_hint).unwrap_or(limit);
    let expected = expected.max(MAX_SECRET).min(limit);
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected + 1));
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() <= limit))
}

fn too_long(source: &str, limit: usize) -> TerminalError {
    TerminalError::Unusable(format!("`{source}` holds more than {limit} bytes"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, String> {
        secret_text(Some(Zeroizing::new(bytes.to_vec())), "x")
            .map(|text| text.to_string())
            .map_err(|error| error.to_string())
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
