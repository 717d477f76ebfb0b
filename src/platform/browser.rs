//! The web browser that a person chose.

use std::io;
use std::process::{Child, Command, Stdio};
use std::thread;

#[cfg(any(target_os = "macos", target_os = "ios"))]
const OPENER: (&str, &[&str]) = ("open", &[]);
#[cfg(windows)]
const OPENER: (&str, &[&str]) = ("rundll32", &["url.dll,FileProtocolHandler"]);
#[cfg(not(any(target_os = "macos", target_os = "ios", windows)))]
const OPENER: (&str, &[&str]) = ("xdg-open", &[]);

/// Hands a URL to the program that opens the browser, and does not wait for
/// it. That program is not given the variables in `without`.
///
/// # Errors
/// There is no such program. What becomes of the URL is not known otherwise.
pub fn open(url: &str, without: &[&str]) -> io::Result<()> {
    let (program, args) = OPENER;
    let mut command = Command::new(program);
    for name in without {
        command.env_remove(name);
    }
    command
        .args(args)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(reaped)
}

/// Waits for its end on the side: in a program that runs for long, it would be there
/// as long, though it has ended.
fn reaped(mut child: Child) {
    let wait = move || child.wait();
    let _ = thread::Builder::new().spawn(wait);
}
