//! The real binary, run to its end.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Once;

use serde_json::Value;

use super::PASSWORD;
use super::schema::check_output;

/// The binary with an environment of its own: this home, and key derivation
/// that costs nothing (in debug builds).
pub(crate) fn tokenpass(home: &Path) -> Command {
    without_terminal();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokenpass"));
    command
        .env_clear()
        .env("TOKENPASS_HOME", home)
        .env("TOKENPASS_INSECURE_TEST_KDF_ITERATIONS", "1");
    command
}

/// The same by way of another program, which runs it.
pub(crate) fn under(command: &Command, program: &str, args: &[&str]) -> Command {
    let mut outer = Command::new(program);
    outer.args(args).arg(command.get_program());
    outer.args(command.get_args()).env_clear();
    let set = command.get_envs();
    outer.envs(set.filter_map(|(name, value)| Some((name, value?))));
    outer
}

/// Whoever runs the tests on a terminal is not asked for passwords: this process
/// leaves it, before it starts the first program.
fn without_terminal() {
    static LEAVE: Once = Once::new();
    LEAVE.call_once(|| {
        // Fails where there is none to leave: in a session of its own already.
        #[cfg(unix)]
        let _ = rustix::process::setsid();
    });
}

/// A command line about to run.
pub(crate) struct Run {
    command: Command,
    stdin: Option<Vec<u8>>,
    args: Vec<String>,
}

impl Run {
    pub(crate) fn new<I>(home: &Path, args: I) -> Self
    where
        I: IntoIterator<Item: AsRef<OsStr>>,
    {
        let mut command = tokenpass(home);
        let args: Vec<_> = args
            .into_iter()
            .map(|arg| arg.as_ref().to_owned())
            .collect();
        // Nobody serves there.
        command.args(&args).env("TOKENPASS_PORT", "1");
        Self {
            command,
            stdin: None,
            args: args
                .iter()
                .map(|arg| arg.to_string_lossy().into_owned())
                .collect(),
        }
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable away.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// In this folder.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// With the password.
    pub(crate) fn password(self) -> Self {
        self.env("TOKENPASS_PASSWORD", PASSWORD)
    }

    /// With a session.
    pub(crate) fn session(self, session: &str) -> Self {
        self.env("TOKENPASS_SESSION", session)
    }

    /// By way of another program, which runs it.
    pub(crate) fn under(mut self, program: &str, args: &[&str]) -> Self {
        self.command = under(&self.command, program, args);
        self
    }

    /// With something on standard input, which is empty otherwise.
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// With another standard output.
    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Done {
        self.command.stdout(stdout);
        self.finish(false)
    }

    /// Runs it to its end.
    pub(crate) fn done(self) -> Done {
        self.finish(true)
    }

    fn finish(mut self, capture: bool) -> Done {
        self.command.stdin(Stdio::piped()).stderr(Stdio::piped());
        if capture {
            self.command.stdout(Stdio::piped());
        }
        let mut child = self.command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        // A program that needs none of it may be gone already.
        let _ = pipe.write_all(&self.stdin.unwrap_or_default());
        drop(pipe);
        let output = child.wait_with_output().unwrap();
        Done {
            code: output.status.code().expect("it was not killed"),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Succeeds; returns what it wrote to stdout.
    pub(crate) fn succeeds(self) -> Vec<u8> {
        let done = self.done();
        assert_eq!(done.code, 0, "{}", done.stderr);
        done.stdout
    }

    /// Succeeds with text on stdout and nothing on stderr.
    #[track_caller]
    pub(crate) fn prints(self) -> String {
        let done = self.done();
        assert_eq!((done.code, done.stderr.as_str()), (0, ""));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Succeeds with one JSON document on stdout, as the schema says, and nothing
    /// on stderr.
    #[track_caller]
    pub(crate) fn json(mut self) -> Value {
        self.command.arg("--json");
        let args = std::mem::take(&mut self.args);
        let printed = serde_json::from_str(&self.prints()).unwrap();
        if let Err(why) = check_output(&args, &printed) {
            panic!("{args:?}: {why}: TOKENPASS_BLESS=1 cargo test --lib schema");
        }
        printed
    }

    /// Fails with this code, nothing on stdout, and exactly this on stderr.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, stderr: &str) {
        let done = self.done();
        assert_eq!(String::from_utf8_lossy(&done.stdout), "");
        assert_eq!((done.code, done.stderr.as_str()), (code, stderr));
    }
}

/// How it ended.
pub(crate) struct Done {
    /// The exit code.
    pub code: i32,
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: String,
}
