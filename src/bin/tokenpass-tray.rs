//! The `tokenpass-tray` program.
#![windows_subsystem = "windows"]

use std::process::ExitCode;

fn main() -> ExitCode {
    tokenpass::run_tray()
}
