//! `tokenpass run`

use std::ffi::OsString;
use std::process::Command;

use clap::Args;

use crate::cli::app::App;
use crate::cli::durations::TokenLife;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::{Given, PasswordArgs};
use crate::platform::child::{Relay, SECRETS};
use crate::platform::memory::wiped_stack;
use crate::wallet::{Grant, Granted, Host, Revoke, Satoshis, Scopes, TokenId};

/// Run a program with an access token of its own
///
/// The program finds a fresh token in TOKENPASS_TOKEN and the address of the
/// running server in TOKENPASS_URL. The token is revoked when the program ends;
/// if `run` itself is killed, it ends after an hour. The password and the session
/// of this shell are not passed on.
///
/// Signals are passed on, and `run` ends with the program's exit code: 128 and
/// the number of the signal if one ended it, 127 if there is no such program,
/// 126 if it cannot be run.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass run --scopes sign -- ./publish.sh
  tokenpass run --scopes sign,encrypt --expire 1d -- node sync.js --all")]
pub(crate) struct Run {
    /// The host that the program speaks for
    #[arg(long, value_name = "HOST", default_value = "localhost")]
    host: Host,

    /// What it may do, separated by commas, as in `auth` [default: none]
    #[arg(
        long,
        value_name = "SCOPES",
        default_value = "",
        hide_default_value = true
    )]
    scopes: Scopes,

    /// How long the token lives at most: once (10 seconds), month, forever, or a
    /// time like 12h or 7d
    #[arg(long, value_name = "EXPIRY", default_value = "1h", value_parser = TokenLife::parse)]
    expire: TokenLife,

    /// What it may spend in a day, fees included [default: no limit]
    #[arg(long, value_name = "N")]
    max_satoshis: Option<Satoshis>,

    #[command(flatten)]
    password: PasswordArgs,

    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Run {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let given = self.password.read(app.terminal)?;
        app.existing_wallet()?;
        // A token that nobody takes is of no use: it is told before it is made.
        let server = app.proven_server(None)?;
        if self.scopes == Scopes::default() {
            app.terminal.note(
                "without `--scopes` the token can only prove its host: `--scopes sign` lets it sign",
            );
        }
        let relay = Relay::watch().map_err(CliError::Signals)?;
        let granted = wiped_stack(|| self.grant(app, given))?;
        let token = Lent {
            app,
            id: granted.info.id,
        };
        if !server.is_unlocked()? {
            app.terminal.warn(
                "the server is locked: it takes the token once it is unlocked \
                 (`tokenpass login --server`)",
            );
        }
        let (program, args) = self.command.split_first().expect("one is required");
        let mut command = Command::new(program);
        for name in SECRETS {
            command.env_remove(name);
        }
        command
            .args(args)
            .env("TOKENPASS_TOKEN", granted.token.expose())
            .env("TOKENPASS_URL", server.url().to_string());
        drop(granted.token);
        let ended = relay.run(&mut command);
        drop(token);
        match ended {
            Ok(code) => Ok(Exit::OfProgram(code)),
            Err(cause) => Err(CliError::NotStarted {
                program: program.clone(),
                cause,
            }),
        }
    }

    /// The keys are forgotten when this returns: the program may run for long.
    fn grant(&self, app: &App, given: Given) -> Result<Granted, CliError> {
        let unlocked = app.unlock(given)?;
        Ok(unlocked.grant(&Grant {
            host: self.host.clone(),
            scopes: self.scopes,
            expiry: self.expire.expiry(app.terminal),
            icon: None,
            identity: None,
            max_satoshis: self.max_satoshis,
        })?)
    }
}

/// The program's token; revoked when dropped.
struct Lent<'a> {
    app: &'a App,
    id: TokenId,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let id = &self.id;
        let revoke = || {
            self.app
                .wallet()?
                .revoke(&Revoke::Id(id.clone()))
                .map_err(CliError::from)
        };
        if let Err(error) = revoke() {
            let why = error.complaint().message;
            self.app.terminal.warn(&format!(
                "the token is not revoked: {why}; `tokenpass token revoke {id}` tries again"
            ));
        }
    }
}
