//! The clipboard, by way of the programs that reach it.

use std::io::Write;
use std::process::{Command, Stdio};

/// Programs that put their standard input on the clipboard. Those that cannot
/// (no such display) say so by their exit code.
#[cfg(target_os = "macos")]
const PROGRAMS: &[(&str, &[&str])] = &[("pbcopy", &[])];
#[cfg(windows)]
const PROGRAMS: &[(&str, &[&str])] = &[("clip.exe", &[])];
/// The last is for Linux in Windows.
#[cfg(not(any(target_os = "macos", windows)))]
const PROGRAMS: &[(&str, &[&str])] = &[
    ("wl-copy", &[]),
    ("xclip", &["-selection", "clipboard"]),
    ("xsel", &["--clipboard", "--input"]),
    ("clip.exe", &[]),
];

/// Puts a text on the clipboard; returns the program that did it, or `None`
/// where none could. It is not given the variables in `without`.
#[must_use]
pub fn copy(text: &str, without: &[&str]) -> Option<&'static str> {
    let mut programs = PROGRAMS.iter();
    let (name, _) = programs.find(|(name, args)| hand_over(text, name, args, without))?;
    Some(name)
}

/// What to install where there is none.
#[must_use]
pub fn programs() -> String {
    let names: Vec<_> = PROGRAMS
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    names.join(", ")
}

fn hand_over(text: &str, name: &str, args: &[&str], without: &[&str]) -> bool {
    let mut command = Command::new(name);
    for variable in without {
        command.env_remove(variable);
    }
    let command = command.args(args).stdin(Stdio::piped());
    // They stay in the background until the clipboard is somebody else's: on a
    // pipe of ours, whoever reads it would wait for that.
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    let pipe = child.stdin.take();
    let written = pipe.is_some_and(|mut pipe| pipe.write_all(text.as_bytes()).is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}
