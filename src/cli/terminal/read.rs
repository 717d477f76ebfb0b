//! Reading files and standard input, secrets among them. Every read is bounded.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::error::TerminalError;
use super::print::Terminal;
use crate::crypto::secret::Password;
use crate::platform::{files, stdin};
use crate::text::marks::{self, TextFlaw};
use crate::text::secrecy;

/// The longest message, in bytes: it is held in memory.
const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// The longest password, in bytes.
pub(super) const MAX_SECRET: usize = 1024;

/// The longest file of words or of a key, in bytes: words may be numbered, one a
/// line, and an export has a seed beside them.
const MAX_SECRET_FILE: usize = 16 * 1024;

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
    /// of one or more lines, without its mark and its last line end.
    pub(crate) fn read_secret(self, path: &Path) -> Result<Zeroizing<String>, TerminalError> {
        let read = self.read_private(path, MAX_SECRET_FILE)?;
        secret_text(read, MAX_SECRET_FILE, &source(path))
    }

    /// A password that fills a file. One line: a person could not type a longer
    /// one at a prompt, and would be locked out there.
    pub(crate) fn read_password(self, path: &Path) -> Result<Password, TerminalError> {
        password(self.read_private(path, MAX_SECRET)?, &source(path))
    }

    fn read_private(self, path: &Path, limit: usize) -> Result<Bounded, TerminalError> {
        if path == Path::new("-") {
            let read = stdin::unbuffered().and_then(|stdin| bounded(stdin, limit, 0));
            return read.map_err(TerminalError::Stdin);
        }
        let file = File::open(path).map_err(reading(path))?;
        let regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
        if let Some(mode) = files::looser_than_private(path)
            .ok()
            .flatten()
            .filter(|_| regular)
        {
            let path = secrecy::path(path);
            self.warn(&format!("`{path}` can be read by others (mode {mode:04o})"));
        }
        bounded(file, limit, 0).map_err(reading(path))
    }

    /// The next line of standard input, a password; what follows it stays there.
    pub(crate) fn read_password_line(self) -> Result<Password, TerminalError> {
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
        password(
            Some(line).filter(|line| line.len() <= MAX_SECRET),
            "standard input",
        )
    }
}

/// What was read; `None` where it was too long.
type Bounded = Option<Zeroizing<Vec<u8>>>;

fn source(path: &Path) -> String {
    match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => secrecy::path(path),
    }
}

fn reading(path: &Path) -> impl FnOnce(io::Error) -> TerminalError {
    let path = path.to_owned();
    move |cause| TerminalError::File { path, cause }
}

/// Checks what was read and takes its mark and one line end off.
fn secret_text(
    bytes: Bounded,
    limit: usize,
    source: &str,
) -> Result<Zeroizing<String>, TerminalError> {
    let bytes = bytes.ok_or_else(|| too_long(source, limit))?;
    let text = marks::utf8(&bytes).map_err(|flaw| unusable(source, flaw))?;
    let text = marks::without_line_end(text);
    match text.is_empty() {
        true => Err(TerminalError::Unusable(format!("`{source}` is empty"))),
        false => Ok(Zeroizing::new(text.to_owned())),
    }
}

fn password(bytes: Bounded, source: &str) -> Result<Password, TerminalError> {
    let bytes = bytes.ok_or_else(|| too_long(source, MAX_SECRET))?;
    marks::utf8(&bytes).map_err(|flaw| unusable(source, flaw))?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let password = Password::entered(text).map_err(|flaw| unusable(source, flaw))?;
    match password.is_empty() {
        true => Err(TerminalError::Unusable(format!("`{source}` is empty"))),
        false => Ok(password),
    }
}

fn unusable(source: &str, flaw: TextFlaw) -> TerminalError {
    TerminalError::Unusable(format!("`{source}` {flaw}"))
}

/// Reads to the end; `None` if that is beyond the limit.
fn bounded(reader: impl Read, limit: usize, size_hint: u64) -> io::Result<Bounded> {
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
        secret_text(Some(Zeroizing::new(bytes.to_vec())), 16, "x")
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
    fn a_password_is_one_line() {
        let read = |bytes: &[u8]| {
            password(Some(Zeroizing::new(bytes.to_vec())), "x")
                .map(|password| password.expose().to_owned())
                .map_err(|error| error.to_string())
        };
        assert_eq!(read(b"\xef\xbb\xbfpass word\r\n").unwrap(), "pass word");
        for bytes in [&b"a\n\n"[..], b"a\nb", b"a\rb\n"] {
            assert_eq!(read(bytes).unwrap_err(), "`x` holds more than one line");
        }
        assert_eq!(read(b"\n").unwrap_err(), "`x` is empty");
    }

    #[test]
    fn an_empty_or_binary_secret_is_refused_without_repeating_it() {
        assert_eq!(text(b"\n").unwrap_err(), "`x` is empty");
        assert_eq!(text(b"\xef\xbb\xbf\r\n").unwrap_err(), "`x` is empty");
        assert_eq!(text(b"abc\xff").unwrap_err(), "`x` is not UTF-8 text");
        assert_eq!(
            text(b"\xff\xfea\0").unwrap_err(),
            "`x` is UTF-16, save it as UTF-8"
        );
    }

    #[test]
    fn reading_stops_at_the_limit() {
        assert!(bounded(io::repeat(b'a'), 4, 0).unwrap().is_none());
        assert_eq!(bounded(&b"abcd"[..], 4, 0).unwrap().unwrap().len(), 4);
    }
}
