//! A program and its arguments, as text: every place where a service is written
//! down is a text file, or like one.

use std::net::SocketAddr;
use std::path::Path;

use thiserror::Error;

/// What a service runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// The program's path.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// A service as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What it runs.
    pub command: CommandLine,
    /// Where the service manager listens in its place; nowhere: it starts with
    /// the owner's login.
    pub sockets: Vec<SocketAddr>,
    /// The only folder that it may write to; none: no such limit.
    pub confined_to: Option<String>,
}

/// What the system's service manager cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("only systemd can {0}")]
pub struct OnlySystemd(&'static str);

/// Words that stand in no unit, agent or Run key: not Unicode, or with control
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}`: no service can be told of a path with such characters")]
pub struct Unquotable(String);

impl Wanted {
    /// What is wanted where nothing but a program can be started.
    ///
    /// # Errors
    /// More is wanted.
    pub fn plain(&self) -> Result<&CommandLine, OnlySystemd> {
        if !self.sockets.is_empty() {
            return Err(OnlySystemd("start the service with the first connection"));
        }
        if self.confined_to.is_some() {
            return Err(OnlySystemd("confine the service to the wallet's folder"));
        }
        Ok(&self.command)
    }
}

/// A path as a service's text can hold it.
///
/// # Errors
/// It is not Unicode, or has control characters.
pub fn text(path: &Path) -> Result<String, Unquotable> {
    let plain = |text: &&str| !text.contains(char::is_control);
    match path.to_str().filter(plain) {
        Some(text) => Ok(text.to_owned()),
        None => Err(Unquotable(path.display().to_string())),
    }
}

impl CommandLine {
    /// The program and its arguments, one after the other.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let arguments = self.arguments.iter().map(String::as_str);
        std::iter::once(self.program.as_str()).chain(arguments)
    }

    /// The other way round; `None` where not even a program is.
    pub fn from_words(mut words: Vec<String>) -> Option<Self> {
        if words.is_empty() {
            return None;
        }
        let program = words.remove(0);
        Some(Self {
            program,
            arguments: words,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests {
    use super::*;

    /// Words that quoting has got wrong somewhere, some time.
    pub(crate) const HARD: [&str; 16] = [
        "",
        " ",
        "/home/a b/.token pass",
        "100%",
        "%h/%%",
        "$HOME",
        "${HOME}",
        "it's",
        "say \"so\"",
        "\\",
        "a\\",
        "C:\\Program Files\\x\\",
        "\\\"",
        "a\\\\\"b",
        "<&>;#",
        "ünï→",
    ];

    /// A program of each of the hard words, with all of them as arguments.
    pub(crate) fn hard() -> impl Iterator<Item = CommandLine> {
        HARD.into_iter().map(|name| CommandLine {
            program: format!("/opt/{name}/tokenpass"),
            arguments: HARD.map(String::from).to_vec(),
        })
    }

    #[test]
    fn what_no_text_can_hold_is_refused() {
        assert_eq!(text(Path::new("/a b/it's")).unwrap(), "/a b/it's");
        for wrong in ["/a\nExecStart=/bin/sh", "/a\u{7f}", "/\u{1b}[2J"] {
            assert!(text(Path::new(wrong)).is_err(), "{wrong:?}");
        }
    }
}
