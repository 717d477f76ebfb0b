//! Runs the real binary in a home of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The password of every wallet in these tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A wallet's folder, gone when dropped. The folder itself does not exist
/// until a command makes it.
pub(crate) struct Home {
    dir: TempDir,
}

impl Home {
    /// No wallet yet.
    pub(crate) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { dir }
    }

    /// A wallet with fresh words.
    pub(crate) fn registered() -> Self {
        let home = Self::empty();
        home.run(["register", "-q"]).password().succeeds();
        home
    }

    /// The first wallet of the golden data.
    pub(crate) fn golden() -> Self {
        let home = Self::empty();
        let words = golden()["mnemonic"].as_str().unwrap().to_owned();
        let id = home
            .run(["import", "--mnemonic-file", "-"])
            .password()
            .stdin(words)
            .prints();
        assert_eq!(id.trim(), golden()["bap_ids"][0]["identity_key"]);
        home
    }

    /// Where the wallet is.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// A path beside it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A file beside it that only its owner can read.
    pub(crate) fn secret_file(&self, name: &str, contents: &str) -> String {
        let path = self.beside(name);
        tokenpass::platform::files::write_private(&path, contents.as_bytes(), true).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A command line, without a password or session.
    pub(crate) fn run<I>(&self, args: I) -> Run
    where
        I: IntoIterator<Item: AsRef<std::ffi::OsStr>>,
    {
        Run::new(&self.path(), args)
    }

    /// Starts a session; returns what goes into `TOKENPASS_SESSION`.
    pub(crate) fn login(&self) -> String {
        let line = self.run(["login"]).password().prints();
        let session = line.strip_prefix("export TOKENPASS_SESSION=").unwrap();
        session.trim_end().to_owned()
    }
}

/// The first case of the golden wallets.
pub(crate) fn golden() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/wallet.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    vectors["cases"][0].clone()
}

/// A command line about to run.
pub(crate) struct Run {
    command: Command,
    stdin: Option<Vec<u8>>,
}

impl Run {
    fn new<I>(home: &Path, args: I) -> Self
    where
        I: IntoIterator<Item: AsRef<std::ffi::OsStr>>,
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokenpass"));
        command
            .args(args)
            .env_clear()
            .env("TOKENPASS_HOME", home)
            .env("TOKENPASS_INSECURE_TEST_KDF_ITERATIONS", "1")
            // Nobody serves there.
            .env("TOKENPASS_PORT", "1");
        Self {
            command,
            stdin: None,
        }
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable away.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
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

    /// Succeeds with one JSON document on stdout and nothing on stderr.
    #[track_caller]
    pub(crate) fn json(mut self) -> Value {
        self.command.arg("--json");
        serde_json::from_str(&self.prints()).unwrap()
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
