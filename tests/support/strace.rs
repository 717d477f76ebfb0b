//! Whether `strace` can hold a program or make its calls fail.

use std::process::{Command, Stdio};

/// Says so where it cannot: the test is skipped.
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn can_trace() -> bool {
    let mut strace = Command::new("strace");
    let quiet = strace
        .args(["-o", "/dev/null", "true"])
        .stderr(Stdio::null());
    let can = quiet.status().is_ok_and(|status| status.success());
    if !can {
        eprintln!("skipped: `strace` is not there, or may not trace");
    }
    can
}
