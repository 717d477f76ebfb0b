//! The console of standard input and standard error: reading keys from another
//! one takes more than the standard library has.

use std::io::{self, IsTerminal};

use dialoguer::console::Term;
use zeroize::Zeroizing;

use super::Hold;

/// The console, if standard input and standard error are one.
pub struct Tty(Term);

impl Tty {
    /// Opens it.
    ///
    /// # Errors
    /// There is none.
    pub fn open() -> io::Result<Self> {
        if io::stdin().is_terminal() && io::stderr().is_terminal() {
            Ok(Self(Term::stderr()))
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    /// Another handle.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self(self.0.clone()))
    }

    /// For questions that are drawn.
    pub fn term(&self) -> io::Result<Term> {
        Ok(self.0.clone())
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        let (rows, columns) = self.0.size();
        (usize::from(columns), usize::from(rows))
    }

    /// Writes text as it is.
    pub fn write(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    /// Draws what is asked or shown, and reads without showing.
    pub fn hold(&self, hold: Hold, draw: impl Fn() + Send + Sync + 'static) -> io::Result<Held> {
        self.write(hold.enter())?;
        draw();
        let (term, draw) = (self.0.clone(), Box::new(draw));
        Ok(Held { term, hold, draw })
    }
}

/// A question under way.
pub struct Held {
    term: Term,
    hold: Hold,
    draw: Box<dyn Fn() + Send + Sync>,
}

impl Held {
    /// Draws again.
    pub fn draw(&self) {
        (self.draw)();
    }

    /// The next line that is typed, without its end. `limit` is in bytes; a
    /// longer line is an error.
    pub fn read_line(&self, limit: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let line = Zeroizing::new(self.term.read_secure_line()?.into_bytes());
        if line.len() > limit {
            let long = "the line is too long";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, long));
        }
        Ok(Some(line))
    }

    /// Whether an interrupt was the answer, once reading was interrupted.
    pub fn is_interrupted(&mut self) -> bool {
        true
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.term.write_str(self.hold.leave());
    }
}
