//! Programs that are told of a service.

use std::process::{Command, Stdio};

use super::super::errors::plain;
use super::change::ServiceError;

/// Calls a program to its end, without the variables in `without`; returns what
/// it wrote.
pub(super) fn call(program: &str, args: &[&str], without: &[&str]) -> Result<String, ServiceError> {
    let mut command = Command::new(program);
    for name in without {
        command.env_remove(name);
    }
    let ended = command.args(args).stdin(Stdio::null()).output();
    let said = match ended {
        Ok(output) if output.status.success() => {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().rfind(|line| !line.trim().is_empty());
            last.map_or_else(|| output.status.to_string(), |line| line.trim().to_owned())
        }
        Err(cause) => plain(&cause),
    };
    let call = [&[program], args].concat().join(" ");
    Err(ServiceError::Call { call, said })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_says_last_is_told() {
        let failed = call("cargo", &["no-such-command"], &[]).unwrap_err();
        assert!(
            failed
                .to_string()
                .starts_with("`cargo no-such-command` failed: ")
        );
        let missing = call("no-such-program-here", &[], &[]).unwrap_err();
        assert!(missing.to_string().contains("no such file"), "{missing}");
    }
}
