//! The terminal's own clipboard, which also works through `ssh`.

use std::env;
use std::io::{self, IsTerminal};

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::print::{Terminal, write_stderr};

/// Longer ones are dropped, or worse, by many terminals: bytes of base64.
const MOST: usize = 74_994;

impl Terminal {
    /// Asks the terminal to put a text on its clipboard (OSC 52). False if there
    /// is none that could; whether it does, no terminal says.
    pub(crate) fn offer_clipboard(self, text: &str) -> bool {
        let kind = env::var("TERM").unwrap_or_default();
        let knows = !matches!(kind.as_str(), "" | "dumb" | "linux");
        let encoded = BASE64_STANDARD.encode(text);
        let can = knows && io::stderr().is_terminal() && encoded.len() <= MOST;
        if can {
            write_stderr(&format!("\u{1b}]52;c;{encoded}\u{7}"));
        }
        can
    }
}
