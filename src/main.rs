//! The `tokenpass` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    tokenpass::run()
}
