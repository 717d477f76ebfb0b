//! Where a password comes from: a file, the first line of stdin, the
//! environment, or the terminal. Never an argument.

use std::env;
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use super::error::CliError;
use super::terminal::{Question, Terminal, TerminalError};
use crate::client::ClientError;
use crate::crypto::backup_file::BackupFileError;
use crate::crypto::secret::Password;
use crate::text::marks::TextFlaw;
use crate::wallet::WalletError;
use crate::wallet::moving::desktop::DesktopError;
use crate::wire::ErrorCode;

/// How the password can be given without being asked for it.
#[derive(Args)]
pub(crate) struct PasswordArgs {
    /// Read the password from FILE
    #[arg(long, value_name = "FILE", help_heading = "Password")]
    #[arg(conflicts_with = "password_stdin")]
    password_file: Option<PathBuf>,

    /// Read the password from the first line of standard input
    ///
    /// Without either option it comes from TOKENPASS_PASSWORD, or you are
    /// asked for it.
    #[arg(long, help_heading = "Password")]
    password_stdin: bool,
}

/// What was given without asking.
pub(crate) enum Given {
    /// The password, by an option of this command.
    Explicitly(Password),
    /// The password, by the environment.
    ByEnvironment(Password),
    /// Nothing: the terminal must be asked.
    Nothing,
}

impl Given {
    /// Whether there is no password.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// Whether the password comes before everything else that unlocks.
    pub(crate) fn is_explicit(&self) -> bool {
        matches!(self, Self::Explicitly(_))
    }

    /// Opens something with the wallet's password: as given, or asked for
    /// until it is right, a few times.
    pub(crate) fn open<T>(
        self,
        terminal: Terminal,
        mut open: impl FnMut(Password) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        match self {
            Self::Explicitly(password) | Self::ByEnvironment(password) => open(password),
            Self::Nothing => ask(terminal, &CURRENT, open).map_err(|error| match error {
                CliError::Terminal(error @ TerminalError::Missing { .. }) => {
                    CliError::Locked(error)
                }
                other => other,
            }),
        }
    }

    /// A new password: as given, or asked for twice.
    pub(crate) fn new_one(self, terminal: Terminal) -> Result<Password, CliError> {
        match self {
            Self::Explicitly(password) | Self::ByEnvironment(password) => Ok(password),
            Self::Nothing => Ok(terminal.new_password(&NEW)?),
        }
    }
}

/// How often a password is asked for.
const TRIES: u32 = 3;

/// Opens something with what is asked for, until it is right, a few times.
pub(crate) fn ask<T>(
    terminal: Terminal,
    question: &Question,
    mut open: impl FnMut(Password) -> Result<T, CliError>,
) -> Result<T, CliError> {
    for _ in 1..TRIES {
        match open(terminal.password(question)?) {
            Err(error) if is_wrong(&error) => {
                let wrong = error.complaint().message;
                terminal.say(&format!("{wrong}, try again"))?;
            }
            opened => return opened,
        }
    }
    open(terminal.password(question)?)
}

/// Whether another password might have been right.
fn is_wrong(error: &CliError) -> bool {
    use BackupFileError::WrongPassphraseOrDamaged;
    match error {
        CliError::Wallet(error) => matches!(
            error,
            WalletError::WrongPassword
                | WalletError::BackupFile(WrongPassphraseOrDamaged)
                | WalletError::Desktop(
                    DesktopError::WrongPassword | DesktopError::Backup(WrongPassphraseOrDamaged)
                )
        ),
        CliError::Client(ClientError::Refused { code, .. }) => *code == ErrorCode::WrongPassword,
        _ => false,
    }
}

const CURRENT: Question = Question {
    ask: "Password",
    what: "the password",
    hint: "start a session with `tokenpass login`, or use `--password-file`, \
        `--password-stdin` or `TOKENPASS_PASSWORD`",
};

const NEW: Question = Question {
    ask: "New password",
    what: "the new password",
    hint: "use `--password-file`, `--password-stdin` or `TOKENPASS_PASSWORD`",
};

impl PasswordArgs {
    /// Reads the password if one was given. Comes before anything else that
    /// reads standard input, whose first line may be the password.
    pub(crate) fn read(&self, terminal: Terminal) -> Result<Given, CliError> {
        match &self.password_file {
            Some(path) => Ok(Given::Explicitly(from_file(terminal, path)?)),
            None if self.password_stdin => Ok(Given::Explicitly(next_line(terminal)?)),
            None => Ok(from_environment()?.map_or(Given::Nothing, Given::ByEnvironment)),
        }
    }

    /// Whether the password came from standard input, so that a second one
    /// may follow it.
    pub(crate) fn on_stdin(&self) -> bool {
        self.password_stdin
    }
}

/// A password or passphrase that fills a file. One line: a person could not
/// type a longer one at a prompt, and would be locked out there.
pub(crate) fn from_file(terminal: Terminal, path: &Path) -> Result<Password, CliError> {
    Ok(terminal.read_password(path)?)
}

/// The passphrase of a new backup, from a file or asked for twice. The wallet's
/// own would end with `passwd`.
pub(crate) fn of_new_backup(terminal: Terminal, file: Option<&Path>) -> Result<Password, CliError> {
    match file {
        Some(path) => from_file(terminal, path),
        None => Ok(terminal.new_password(&Question {
            ask: "Passphrase of the backup",
            what: "the passphrase of the backup",
            hint: "use `--backup-password-file`",
        })?),
    }
}

/// The next line of standard input: the password, then a new one.
pub(crate) fn next_line(terminal: Terminal) -> Result<Password, CliError> {
    Ok(terminal.read_password_line()?)
}

fn from_environment() -> Result<Option<Password>, CliError> {
    let Some(value) = env::var_os("TOKENPASS_PASSWORD").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let wrong = |flaw| CliError::input(format!("`TOKENPASS_PASSWORD` {flaw}"));
    let text = value
        .into_string()
        .map(Zeroizing::new)
        .map_err(|_| wrong(TextFlaw::NotUtf8))?;
    Password::entered(&text).map(Some).map_err(wrong)
}
