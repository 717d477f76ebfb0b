//! The console of the process: `CONIN$` and `CONOUT$`.
//!
//! Keys are read one by one, so the system shows none of what is typed.

use std::io::{self, IsTerminal};

use crossterm_winapi::{Console, ConsoleMode, Handle, InputRecord, ScreenBuffer};
use dialoguer::console::Term;
use zeroize::Zeroizing;

use super::{Hold, MAX_ANSWER};

const INTERRUPT: u16 = 0x03;
const BACKSPACE: u16 = 0x08;
const ENTER: u16 = 0x0d;
/// Ctrl-Z: there is no more.
const END: u16 = 0x1a;
/// `VK_MENU`: the Alt key.
const ALT: u16 = 0x12;

/// `ENABLE_PROCESSED_INPUT`: Ctrl-C ends the program instead of being a key.
const CTRL_C_ENDS: u32 = 0x0001;
/// `ENABLE_VIRTUAL_TERMINAL_PROCESSING`
const KNOWS_ESCAPES: u32 = 0x0004;

/// The console.
#[derive(Clone)]
pub struct Tty {
    keys: Handle,
    screen: Handle,
}

impl Tty {
    /// Opens it.
    ///
    /// # Errors
    /// The process has none.
    pub fn open() -> io::Result<Self> {
        Ok(Self {
            keys: Handle::current_in_handle()?,
            screen: Handle::current_out_handle()?,
        })
    }

    /// Another handle.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(self.clone())
    }

    /// For questions that are drawn: these read the standard streams.
    pub fn term(&self) -> io::Result<Option<Term>> {
        let has_streams = io::stdin().is_terminal() && io::stderr().is_terminal();
        Ok(has_streams.then(Term::stderr))
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        let info = ScreenBuffer::from(self.screen.clone()).info();
        let size = info.map(|info| info.terminal_size());
        // It is the place of the last column and row.
        let count = |last: i16| usize::try_from(last).ok().map(|last| last + 1);
        let size = size.ok().and_then(|s| count(s.width).zip(count(s.height)));
        size.unwrap_or((80, 24))
    }

    /// Writes text as it is.
    pub fn write(&self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let screen = Console::from(self.screen.clone());
        screen.write_char_buffer(text.as_bytes()).map(drop)
    }

    /// Shows text, and then what is typed: a line, or nothing where there are no
    /// more.
    pub fn ask(&self, text: &str) -> io::Result<Option<String>> {
        self.write(text)?;
        let line = self.read_line(MAX_ANSWER, true)?;
        Ok(line.map(|line| String::from_utf8_lossy(&line).into_owned()))
    }

    /// Draws what is asked or shown, and reads without showing; what was typed
    /// before is dropped.
    pub fn hold(&self, hold: Hold, draw: impl Fn() + Send + Sync + 'static) -> io::Result<Held> {
        let mut modes = Vec::new();
        if matches!(hold, Hold::HiddenLine | Hold::Screen) {
            Console::from(self.keys.clone()).read_console_input()?;
            modes.push(Mode::change(&self.keys, |mode| mode & !CTRL_C_ENDS)?);
        }
        if hold == Hold::Screen {
            modes.push(Mode::change(&self.screen, |mode| mode | KNOWS_ESCAPES)?);
        }
        self.write(hold.enter())?;
        draw();
        Ok(Held {
            tty: self.clone(),
            hold,
            draw: Box::new(draw),
            _modes: modes,
        })
    }

    /// The next line that is typed, without its end, in memory that is wiped.
    fn read_line(&self, limit: usize, shows: bool) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let mut line = Zeroizing::new(Vec::with_capacity(limit));
        loop {
            match self.unit()? {
                ENTER => break,
                END if line.is_empty() => return Ok(None),
                INTERRUPT => return Err(io::ErrorKind::Interrupted.into()),
                BACKSPACE => {
                    let left = line.len() - last_char(&line).len();
                    if shows && left < line.len() {
                        self.write("\u{8} \u{8}")?;
                    }
                    line.truncate(left);
                }
                _ if line.len() == limit => return Err(too_long()),
                unit => {
                    line.push(unit);
                    // The first half of a pair is shown with the second.
                    if shows && let Ok(char) = String::from_utf16(last_char(&line)) {
                        self.write(&char)?;
                    }
                }
            }
        }
        if shows {
            self.write("\n")?;
        }
        let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "that is not text");
        let line = String::from_utf16(&line).map_err(invalid)?;
        let line = Zeroizing::new(line.into_bytes());
        match line.len() > limit {
            true => Err(too_long()),
            false => Ok(Some(line)),
        }
    }

    /// The next unit of UTF-16 that is typed.
    fn unit(&self) -> io::Result<u16> {
        let keys = Console::from(self.keys.clone());
        loop {
            if let InputRecord::KeyEvent(key) = keys.read_single_input_event()?
                // A character that is typed by its number comes as Alt goes up.
                && (key.key_down || key.virtual_key_code == ALT)
                && key.u_char != 0
            {
                return Ok(key.u_char);
            }
        }
    }
}

/// The units of the last character.
fn last_char(line: &[u16]) -> &[u16] {
    let units = match line {
        [.., first, second]
            if (0xd800..0xdc00).contains(first) && (0xdc00..0xe000).contains(second) =>
        {
            2
        }
        line => line.len().min(1),
    };
    &line[line.len() - units..]
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the line is too long")
}

/// A question under way.
pub struct Held {
    tty: Tty,
    hold: Hold,
    draw: Box<dyn Fn() + Send + Sync>,
    _modes: Vec<Mode>,
}

impl Held {
    /// Draws again.
    pub fn draw(&self) {
        (self.draw)();
    }

    /// The next line that is typed, without its end, in memory that is wiped;
    /// `None` where there are no more. `limit` is in bytes; a longer line is an
    /// error.
    pub fn read_line(&self, limit: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let line = self.tty.read_line(limit, false);
        if self.hold == Hold::HiddenLine {
            self.tty.write("\n")?;
        }
        line
    }

    /// Whether an interrupt was the answer, once reading was interrupted.
    pub fn is_interrupted(&mut self) -> bool {
        true
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.tty.write(self.hold.leave());
    }
}

/// A mode of the console, which is put back when this is dropped.
struct Mode {
    mode: ConsoleMode,
    before: u32,
}

impl Mode {
    fn change(of: &Handle, change: impl FnOnce(u32) -> u32) -> io::Result<Self> {
        let mode = ConsoleMode::from(of.clone());
        let before = mode.mode()?;
        mode.set_mode(change(before))?;
        Ok(Self { mode, before })
    }
}

impl Drop for Mode {
    fn drop(&mut self) {
        let _ = self.mode.set_mode(self.before);
    }
}
