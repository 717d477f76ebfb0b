//! `tokenpass logout`

use clap::Args;
use serde::Serialize;

use crate::cli::app::{self, App};
use crate::cli::error::CliError;
use crate::cli::terminal::{Outcome, Printout};
use crate::client::ServerUrl;

/// End this shell's session, or lock a running server
///
/// It is not an error if the session is already over. Access tokens stay;
/// revoke them with `tokenpass token revoke`.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass logout
  tokenpass logout --all
  tokenpass logout --server")]
pub(crate) struct Logout {
    /// End the sessions of all shells
    #[arg(long, conflicts_with = "server")]
    all: bool,

    /// Lock the running server of this wallet, which URL must be if given
    #[arg(long, value_name = "URL", num_args = 0..=1)]
    server: Option<Option<ServerUrl>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(crate) enum LoggedOut {
    Sessions { success: bool, ended: usize },
    Server { success: bool, server: String },
}

impl Logout {
    pub(crate) fn run(self, app: &App) -> Result<LoggedOut, CliError> {
        if let Some(named) = self.server {
            let server = app.proven_server(named.as_ref())?;
            server.logout()?;
            return Ok(LoggedOut::Server {
                success: true,
                server: server.url().to_string(),
            });
        }
        let wallet = app.existing_wallet()?;
        let ended = if self.all {
            wallet.end_all_sessions()?
        } else {
            match app::session() {
                Some(key) => usize::from(wallet.end_session(&key?)?),
                None => 0,
            }
        };
        if ended == 0 {
            app.terminal.note("there was no session to end");
        }
        Ok(LoggedOut::Sessions {
            success: true,
            ended,
        })
    }
}

impl Outcome for LoggedOut {
    fn text(&self, out: &mut Printout) {
        match self {
            Self::Sessions { ended: 0, .. } => {}
            Self::Sessions { ended: 1, .. } => out.aside("the session has ended"),
            Self::Sessions { ended, .. } => out.aside(&format!("{ended} sessions have ended")),
            Self::Server { server, .. } => out.aside(&format!("{server} is locked")),
        }
    }
}
