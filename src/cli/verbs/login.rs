//! `tokenpass login`

use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::cli::app::App;
use crate::cli::durations;
use crate::cli::error::CliError;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::client::ServerUrl;
use crate::wallet::Timestamp;
use crate::wire::Exposed;

/// Start a session, so that this shell needs no password for a while
///
/// Checks the password and prints the line that puts the session into the
/// shell's environment (TOKENPASS_SESSION). Nobody else can use it: the disk
/// holds a sealed key that only this shell can open.
///
/// With --server, unlocks the running `tokenpass serve` of this wallet instead;
/// then no shell of yours needs a password until it locks.
#[derive(Args)]
#[command(after_help = "Examples:
  eval \"$(tokenpass login --shell sh)\"
  tokenpass login --shell fish | source
  tokenpass login --ttl 8h --shell powershell | Invoke-Expression
  tokenpass login --server")]
pub(crate) struct Login {
    /// How long the session lasts
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = durations::session_length)]
    ttl: Duration,

    /// Print only the line for this shell [default when piped: sh]
    #[arg(long, value_name = "SHELL")]
    shell: Option<Shell>,

    /// Unlock the running server of this wallet, which URL must be if given
    #[arg(long, value_name = "URL", num_args = 0..=1)]
    #[arg(conflicts_with_all = ["ttl", "shell"])]
    server: Option<Option<ServerUrl>>,

    #[command(flatten)]
    password: PasswordArgs,
}

/// A shell's way to set a variable.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Shell {
    /// Bash, zsh, dash and other POSIX shells
    Sh,
    /// Fish
    Fish,
    /// PowerShell
    Powershell,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(crate) enum LoggedIn {
    Session {
        success: bool,
        session: Exposed,
        #[serde(rename = "expireTime")]
        expires: Timestamp,
        #[serde(skip)]
        shell: Option<Shell>,
        #[serde(skip)]
        lasts: Duration,
    },
    Server {
        success: bool,
        server: String,
    },
}

impl Login {
    pub(crate) fn run(self, app: &App) -> Result<LoggedIn, CliError> {
        let given = self.password.read(app.terminal)?;
        if let Some(named) = self.server {
            let server = app.proven_server(named.as_ref())?;
            given.open(app.terminal, |password| Ok(server.login(password)?))?;
            return Ok(LoggedIn::Server {
                success: true,
                server: server.url().to_string(),
            });
        }
        let wallet = app.wallet()?;
        let unlocked = app.unlock_with_password(&wallet, given)?;
        let session = wallet.start_session(&unlocked, self.ttl)?;
        let person = self.shell.is_none() && io::stdout().is_terminal();
        Ok(LoggedIn::Session {
            success: true,
            session: Exposed(session.key.expose()),
            expires: session.expires,
            shell: (!person).then(|| self.shell.unwrap_or(Shell::Sh)),
            lasts: self.ttl,
        })
    }
}

impl Shell {
    fn line(self, session: &str) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::Sh => format!("export TOKENPASS_SESSION={session}"),
            Self::Fish => format!("set -gx TOKENPASS_SESSION {session}"),
            Self::Powershell => format!("$env:TOKENPASS_SESSION = '{session}'"),
        })
    }
}

impl Outcome for LoggedIn {
    fn text(&self, out: &mut Printout) {
        match self {
            Self::Session {
                session,
                shell: Some(shell),
                ..
            } => out.line(&shell.line(&session.0)),
            Self::Session { session, lasts, .. } => {
                let lasts = durations::in_words(*lasts);
                out.aside(&format!(
                    "A session of {lasts} has begun. To use it in this shell:"
                ));
                out.line(&Shell::Sh.line(&session.0));
                out.aside("Next time in one go: eval \"$(tokenpass login --shell sh)\"");
            }
            Self::Server { server, .. } => out.aside(&format!("{server} is unlocked")),
        }
    }
}
