//! A program that goes on by itself, without a window.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts a program that reads nothing and whose standard error goes to a fresh
/// file. It is not given the variables in `without`.
pub fn start(program: &Path, args: &[OsString], log: &Path, without: &[&str]) -> io::Result<()> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut command = Command::new(program);
    for name in without {
        command.env_remove(name);
    }
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(log)?);
    imp::without_window(&mut command);
    command.spawn().map(|_| ())
}

#[cfg(windows)]
mod imp {
    use std::os::windows::process::CommandExt;
    use std::process::Command;

    const CREATE_NO_WINDOW: u32 = 0x0800_0000;

    pub(super) fn without_window(command: &mut Command) {
        command.creation_flags(CREATE_NO_WINDOW);
    }
}

#[cfg(not(windows))]
mod imp {
    use std::process::Command;

    pub(super) fn without_window(_command: &mut Command) {}
}
