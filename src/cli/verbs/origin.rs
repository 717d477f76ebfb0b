//! `tokenpass origin`

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::wallet::{self, OriginInfo};

/// Decide which web pages may use the wallet
///
/// A page is known by its origin, like `https://example.com`. Pages of an
/// approved origin can get an access token for their host while a server is
/// unlocked; pages of any other only learn that TokenPass is there, and their
/// origin is listed as pending.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Origin {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the origins that are approved, denied or pending
    List,
    /// Approve an origin
    #[command(after_help = "Example:\n  tokenpass origin allow https://example.com")]
    Allow {
        /// Scheme, host and port
        #[arg(value_name = "ORIGIN")]
        origin: wallet::Origin,
    },
    /// Deny an origin, or withdraw its approval
    #[command(after_help = "Example:\n  tokenpass origin deny https://example.com")]
    Deny {
        /// Scheme, host and port
        #[arg(value_name = "ORIGIN")]
        origin: wallet::Origin,
    },
}

#[derive(Serialize)]
struct Listed {
    origins: Vec<OriginInfo>,
}

#[derive(Serialize)]
struct Decided {
    success: bool,
    origin: wallet::Origin,
}

impl Origin {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.existing_wallet()?;
        let origin = match self.command {
            Command::List => {
                let origins = wallet.origins()?;
                return Ok(app.terminal.show(&Listed { origins })?);
            }
            Command::Allow { origin } => {
                wallet.allow_origin(&origin)?;
                origin
            }
            Command::Deny { origin } => {
                wallet.deny_origin(&origin)?;
                origin
            }
        };
        Ok(app.terminal.show(&Decided {
            success: true,
            origin,
        })?)
    }
}

impl Outcome for Listed {
    fn text(&self, out: &mut Printout) {
        if self.origins.is_empty() {
            out.aside("no origins");
        }
        let row = |info: &OriginInfo| {
            vec![
                info.status.as_str().to_owned(),
                info.seen.to_string(),
                info.origin.clone(),
            ]
        };
        let rows: Vec<_> = self.origins.iter().map(row).collect();
        out.table(&["STATUS", "SINCE", "ORIGIN"], &[2], &rows);
    }
}

impl Outcome for Decided {
    fn text(&self, out: &mut Printout) {
        out.line(self.origin.as_str());
    }
}
