//! The terminal that a person sits at, whatever standard input and output are.
//!
//! A question is asked while a [`Held`] lives. Until it is dropped, the terminal
//! does not show what is typed, and a signal that ends or stops the program
//! first puts back what was there.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use self::unix::{Held, Tty};
#[cfg(windows)]
pub use self::windows::{Held, Tty};

/// The longest line that is typed for all to see, in bytes.
const MAX_ANSWER: usize = 1024;

/// What a terminal is held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// A line is typed that nobody shall read; it ends visibly.
    HiddenLine,
    /// A question is drawn by a program that reads each key itself.
    Keys,
    /// As `Keys`; but SIGINT, which ends the program otherwise, is an answer.
    KeysOrInterrupt,
    /// Something secret is shown, on a screen of its own that leaves nothing
    /// behind.
    Screen,
}

/// The alternate screen, emptied: some terminals keep what was on it.
const ENTER_SCREEN: &str = "\u{1b}[?1049h\u{1b}[2J\u{1b}[H";
/// And emptied again, for those that have no other screen.
const LEAVE_SCREEN: &str = "\u{1b}[2J\u{1b}[H\u{1b}[?1049l";
const SHOW_CURSOR: &str = "\u{1b}[?25h";

impl Hold {
    fn enter(self) -> &'static str {
        match self {
            Self::HiddenLine | Self::Keys | Self::KeysOrInterrupt => "",
            Self::Screen => ENTER_SCREEN,
        }
    }

    fn leave(self) -> &'static str {
        match self {
            Self::HiddenLine => "",
            Self::Keys | Self::KeysOrInterrupt => SHOW_CURSOR,
            Self::Screen => LEAVE_SCREEN,
        }
    }
}
