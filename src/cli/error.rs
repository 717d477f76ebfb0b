//! The one table of errors: what happened, what to do, which exit code.

mod from;
mod shell;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use self::shell::shell_word;
use super::exit::Exit;
use super::terminal::{Complaint, TerminalError};
use super::verdict::{DAMAGED, backup, contact, desktop, identity, transaction};
use crate::client::ClientError;
use crate::platform::child::shell_code_of_failure;
use crate::platform::clipboard;
use crate::platform::errors::plain;
use crate::platform::service::ServiceError;
use crate::server::ServeError;
use crate::text::secrecy;
use crate::wallet::{StoreError, WalletError};
use crate::wire::ErrorCode;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The wallet refused.
    Wallet(WalletError),
    /// An argument, or what a file or stdin holds, cannot be used.
    Input {
        /// What is wrong, with the value.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// Something could not be read, asked or written.
    Terminal(TerminalError),
    /// The wallet stays locked: its password is missing, and nobody can be asked.
    Locked(TerminalError),
    /// `TOKENPASS_SESSION` holds something else.
    NotASession,
    /// The system names no home folder for this user.
    NoHomeFolder,
    /// A file cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A running server is not there, or refused.
    Client(ClientError),
    /// What was named is not there.
    NotFound {
        /// What is not.
        message: String,
        /// What to do.
        hint: &'static str,
    },
    /// The wallet has no words or seed to show.
    NoSeed,
    /// The server does not start.
    Serve(ServeError),
    /// What was read cannot be used, though it was named rightly.
    Unusable {
        /// What is wrong with it.
        message: String,
        /// What to do.
        hint: String,
    },
    /// Nothing here has a clipboard.
    NoClipboard,
    /// A code is wider than the terminal.
    Narrow {
        /// Columns that it takes.
        needed: usize,
        /// Columns that there are.
        columns: usize,
    },
    /// A service is not put in place, or not taken away.
    Service(ServiceError),
    /// The service that is installed serves another home.
    OtherService(String),
    /// Signals cannot be watched.
    Signals(io::Error),
    /// The program that shows the icon is not installed.
    NoTray,
    /// A program cannot be run.
    NotStarted {
        /// As it was named.
        program: OsString,
        /// What the system said.
        cause: io::Error,
    },
}

const NEW_WALLET: &str =
    "make one with `tokenpass register`, or bring yours with `tokenpass import`";
const NEW_SESSION: &str = "start another: eval \"$(tokenpass login --shell sh)\"";

impl CliError {
    /// Bad input, without a next step.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::Input {
            message: message.into(),
            hint: None,
        }
    }

    /// Bad input, with a next step.
    pub(crate) fn input_hint(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Input {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// A file that cannot be written.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Write { path, cause }
    }

    /// The message, the hint and the exit code.
    pub(crate) fn complaint(&self) -> Complaint {
        match self {
            Self::Wallet(error) => wallet(error),
            Self::Input { message, hint } => Complaint::new(Exit::Usage, message, hint.as_deref()),
            Self::Unusable { message, hint } => Complaint::new(Exit::Failed, message, Some(hint)),
            Self::Terminal(error) => terminal(error),
            Self::Locked(error) => Complaint {
                exit: Exit::Locked,
                ..terminal(error)
            },
            Self::NotASession => Complaint::new(
                Exit::Locked,
                "`TOKENPASS_SESSION` is not a session's key",
                Some(NEW_SESSION),
            ),
            Self::NoHomeFolder => Complaint::new(
                Exit::Usage,
                "the system names no home folder for this user",
                Some("choose the wallet's folder with `--home DIR`"),
            ),
            Self::Write { path, cause } => Complaint::new(
                Exit::Failed,
                cannot("write", path, cause),
                (cause.kind() == io::ErrorKind::AlreadyExists)
                    .then_some("choose another name, or replace the file with `--force`"),
            ),
            Self::Client(error) => client(error),
            Self::NotFound { message, hint } => Complaint::new(Exit::Failed, message, Some(hint)),
            Self::NoSeed => Complaint::new(
                Exit::Failed,
                "this wallet was made from a bare root key: it has no seed and no mnemonic",
                Some("back it up: `tokenpass export --format bep --output wallet.bep`"),
            ),
            Self::Serve(error) => serve(error),
            Self::NoClipboard => Complaint::new(
                Exit::Failed,
                format!(
                    "nothing is copied: none of {} reaches a clipboard",
                    clipboard::programs()
                ),
                Some("the result is printed all the same"),
            ),
            Self::Narrow { needed, columns } => Complaint::new(
                Exit::Failed,
                format!("the code is {needed} columns wide, and the terminal {columns}"),
                Some("make the window wider, or the letters smaller"),
            ),
            Self::Service(error) => service(error),
            Self::OtherService(home) => Complaint::new(
                Exit::Taken,
                format!("the service that is installed is for `{home}`"),
                Some("`tokenpass service uninstall` takes that one away first"),
            ),
            Self::Signals(cause) => Complaint::new(
                Exit::Failed,
                format!("signals cannot be watched: {}", plain(cause)),
                None,
            ),
            Self::NoTray => Complaint::new(
                Exit::Failed,
                "`tokenpass-tray` is not installed",
                Some(
                    "it is a package of its own, `tokenpass-tray`; or `cargo install tokenpass --features tray`",
                ),
            ),
            Self::NotStarted { program, cause } => Complaint::new(
                Exit::OfProgram(shell_code_of_failure(cause)),
                cannot("run", Path::new(program), cause),
                None,
            ),
        }
    }
}

/// Every refusal of the wallet. No wildcard: each new one needs a decision.
fn wallet(error: &WalletError) -> Complaint {
    let (exit, hint) = match error {
        WalletError::NoWallet => (Exit::NoWallet, Some(NEW_WALLET)),
        WalletError::WalletExists => (
            Exit::Failed,
            Some("`tokenpass status` shows it; `--home DIR` keeps another one elsewhere"),
        ),
        WalletError::WrongPassword => (
            Exit::Failed,
            Some("check the keyboard layout and caps lock; nothing was changed"),
        ),
        WalletError::TooManyAttempts { .. } => (
            Exit::Refused,
            Some("a live session still works; the right password ends the wait"),
        ),
        WalletError::PasswordTooShort => (Exit::Usage, Some("a few words are easy to remember")),
        WalletError::SessionEnded => (Exit::Locked, Some(NEW_SESSION)),
        WalletError::TokenUnknown | WalletError::TokenExpired | WalletError::ScopeMissing(_) => (
            Exit::Refused,
            Some("grant another: `tokenpass auth --host HOST --scopes SCOPES`"),
        ),
        WalletError::LimitReached { .. } => (
            Exit::Refused,
            Some("grant another: `tokenpass auth --host HOST --scopes transfer --max-satoshis N`"),
        ),
        WalletError::Transaction(error) => transaction(error),
        WalletError::Identity(error) => identity(error),
        WalletError::Certificate(_) => (Exit::Failed, None),
        WalletError::Contact(error) => contact(error),
        WalletError::BackupFile(error) => backup(error),
        WalletError::Payload(_) => (Exit::Failed, None),
        WalletError::OtherWallet => (
            Exit::Failed,
            Some(
                "nothing was changed; `tokenpass import --backup` makes a wallet of it, elsewhere",
            ),
        ),
        WalletError::OtherPassphrase(_) => (
            Exit::Failed,
            Some("make the schedule again: `tokenpass backup --to DIR --every TIME`"),
        ),
        WalletError::Desktop(error) => desktop(error),
        WalletError::File { path, cause } => {
            return Complaint::new(Exit::Failed, cannot("use", path, cause), None);
        }
        WalletError::ReservedField(_) => {
            (Exit::Usage, Some("it is derived from the wallet's keys"))
        }
        WalletError::TooLarge { .. } | WalletError::NotBie1(_) => (Exit::Usage, None),
        WalletError::BadIcon(_) => (Exit::Usage, Some("give an `https:` or `data:image/` URL")),
        WalletError::CannotDecrypt => (
            Exit::Failed,
            Some("`--host`, `--friend` and `--from` say for which key it was made"),
        ),
        WalletError::Vault(_) | WalletError::VaultContents(_) | WalletError::Record(_) => {
            (Exit::Failed, Some(DAMAGED))
        }
        WalletError::AuthToken(_) | WalletError::OpReturn(_) => (Exit::Usage, None),
        WalletError::NoRandomness | WalletError::Key(_) => (Exit::Failed, None),
        WalletError::Store(error) => return store(error),
    };
    Complaint::new(exit, error, hint)
}

fn store(error: &StoreError) -> Complaint {
    let made;
    let hint = match error {
        StoreError::Damaged { .. } => Some(DAMAGED),
        StoreError::Desktop { path } => {
            let folder = shell_word(path.parent().unwrap_or(path));
            made = format!("bring it in: tokenpass import --desktop {folder}");
            Some(made.as_str())
        }
        StoreError::Newer { .. } => Some("use that version, or a later one; nothing was changed"),
        StoreError::TooLoose { path, .. } => {
            made = format!("chmod go= {}", shell_word(path));
            Some(made.as_str())
        }
        StoreError::OtherOwner { .. } => {
            Some("run it as that user, or choose another folder with `--home DIR`")
        }
        StoreError::Full { .. } => Some("free some space and try again; nothing was changed"),
        StoreError::ReadOnly { .. } => {
            Some("check who owns the folder, or choose another with `--home DIR`")
        }
        StoreError::Busy { .. } => Some("try again in a moment"),
        StoreError::Io { .. } => Some("`tokenpass doctor` looks at the folder and its files"),
    };
    Complaint::new(Exit::Failed, error, hint)
}

fn serve(error: &ServeError) -> Complaint {
    let hint = match error {
        ServeError::AlreadyRunning { .. } => {
            let hint = "`tokenpass status` shows it; stop that one first, or choose another wallet \
                with `--home DIR`";
            return Complaint::new(Exit::Taken, error, Some(hint));
        }
        ServeError::InUse(_) => Some("choose another port with `--listen 127.0.0.1:PORT`"),
        ServeError::Listen { .. } | ServeError::Start(_) => None,
        ServeError::Wallet(error) => return wallet(error),
    };
    let message = match error {
        ServeError::Listen {
            address,
            cause: source,
        } => format!("cannot listen on `{address}`: {}", plain(source)),
        ServeError::Start(source) => format!("cannot serve: {}", plain(source)),
        other => other.to_string(),
    };
    Complaint::new(Exit::Failed, message, hint)
}

fn service(error: &ServiceError) -> Complaint {
    let (exit, hint) = match error {
        ServiceError::Unquotable(_) | ServiceError::OnlySystemd(_) => (Exit::Usage, None),
        ServiceError::Foreign(_) => (Exit::Taken, Some("move it away, and try again")),
        ServiceError::NoManager(_) => (
            Exit::Failed,
            Some("log in anew, or have the system run `tokenpass serve` in its own way"),
        ),
        ServiceError::Call { .. } => (Exit::Failed, Some("`tokenpass service logs` may say why")),
        ServiceError::File { path, cause } => {
            return Complaint::new(Exit::Failed, cannot("use", path, cause), None);
        }
    };
    Complaint::new(exit, error, hint)
}

fn client(error: &ClientError) -> Complaint {
    let (exit, hint) = match error {
        ClientError::NotRunning | ClientError::NoServer { .. } => {
            (Exit::Failed, Some("start one with `tokenpass serve`"))
        }
        ClientError::NotProven(_) => (
            Exit::Refused,
            Some("nothing secret was sent; `tokenpass status` shows the server of this wallet"),
        ),
        ClientError::OtherWallet(_) => (
            Exit::Refused,
            Some("nothing secret was sent; choose that wallet with `--home DIR`"),
        ),
        ClientError::File { .. } => (
            Exit::Failed,
            Some("stop the server, remove the file, and start the server again"),
        ),
        ClientError::NoRandomness | ClientError::Unsealable(_) => (Exit::Failed, None),
        ClientError::Refused { code, .. } => match code {
            ErrorCode::Locked => (Exit::Locked, Some("unlock it: `tokenpass login --server`")),
            ErrorCode::NoWallet => (Exit::NoWallet, Some(NEW_WALLET)),
            ErrorCode::TokenUnknown
            | ErrorCode::TokenExpired
            | ErrorCode::ScopeMissing
            | ErrorCode::OriginRefused
            | ErrorCode::TooManyAttempts => (Exit::Refused, None),
            ErrorCode::TokenMissing
            | ErrorCode::WrongPassword
            | ErrorCode::PasswordNeeded
            | ErrorCode::WalletExists
            | ErrorCode::Other => (Exit::Failed, None),
        },
    };
    Complaint::new(exit, error, hint)
}

fn terminal(error: &TerminalError) -> Complaint {
    let (exit, hint) = match error {
        TerminalError::Missing { hint, .. } => (Exit::Usage, Some(*hint)),
        TerminalError::NoAnswer | TerminalError::Unusable(_) => (Exit::Usage, None),
        TerminalError::Declined
        | TerminalError::Asking(_)
        | TerminalError::File { .. }
        | TerminalError::Stdin(_)
        | TerminalError::Stdout(_) => (Exit::Failed, None),
    };
    Complaint::new(exit, error, hint)
}

fn cannot(doing: &str, path: &Path, source: &io::Error) -> String {
    format!(
        "cannot {doing} `{}`: {}",
        secrecy::path(path),
        plain(source)
    )
}
