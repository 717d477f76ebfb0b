//! The `tokenpass` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Where the system refuses, the program still works as well as others.
    let _ = tokenpass::platform::process::harden();
    tokenpass::cli::run(std::env::args_os())
}
