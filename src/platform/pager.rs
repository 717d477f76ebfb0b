//! The program that shows long text a screenful at a time.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, Stdio};

#[cfg(windows)]
const SHELL: (&str, &str, &str) = ("cmd", "/C", "more");
#[cfg(not(windows))]
const SHELL: (&str, &str, &str) = ("sh", "-c", "less || more");

/// What a shell says where there is no such program.
const NOT_FOUND: i32 = 127;

/// Shows text with `$PAGER`, or with what the system has, and waits until the
/// reader is done. The pager is not given the variables in `without`. Returns
/// whether it was shown: `PAGER` may name nothing, or what is not there.
///
/// # Errors
/// There is no shell to start it.
pub fn show(text: &[u8], without: &[&str]) -> io::Result<bool> {
    let (shell, flag, usual) = SHELL;
    let pager = env::var_os("PAGER").unwrap_or_else(|| OsString::from(usual));
    if pager.is_empty() || pager == "cat" {
        return Ok(false);
    }
    // An interrupt is the pager's; it may only end a search.
    #[cfg(unix)]
    let _waiting = {
        use signal_hook::consts::{SIGINT, SIGQUIT};
        super::signals::take(|signal| [SIGINT, SIGQUIT].contains(&signal))?
    };
    let mut command = Command::new(shell);
    command.arg(flag).arg(pager).stdin(Stdio::piped());
    for name in without {
        command.env_remove(name);
    }
    if env::var_os("LESS").is_none() {
        // Ends where all fits, shows colours, leaves the text on the screen.
        command.env("LESS", "FRX");
    }
    let mut child = command.spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        // Whoever has read enough goes before the end.
        let _ = pipe.write_all(text);
    }
    let status = child.wait()?;
    Ok(status.code() != Some(NOT_FOUND))
}
