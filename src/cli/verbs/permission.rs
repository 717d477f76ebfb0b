//! `tokenpass permission`

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::text::uncapitalized;
use crate::wallet::{Host, PermissionInfo, Right};

/// Decide what BRC-100 apps may do
///
/// An app may use protocols of level 0 once its origin is approved. It asks once
/// for each protocol of level 1, and at level 2 for each counterparty too. Until
/// it is answered, here or on the dashboard, the app waits for a minute.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Permission {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List what was permitted, denied, or is asked for
    List,
    /// Permit something to an app
    #[command(after_help = "Examples:
  tokenpass permission allow https://app.example 1 \"identity key retrieval\"
  tokenpass permission allow https://app.example 2 \"server hmac\" self
  tokenpass permission allow https://app.example --all")]
    Allow(Which),
    /// Take something back from an app, or deny what it asks for
    #[command(after_help = "Examples:
  tokenpass permission revoke https://app.example 2 \"server hmac\" self
  tokenpass permission revoke https://app.example --all")]
    Revoke(Which),
}

#[derive(Args)]
struct Which {
    /// The app: its page's origin or host
    #[arg(value_name = "ORIGIN", value_parser = Host::of_app)]
    app: Host,

    /// The protocol's security level, 1 or 2
    #[arg(required_unless_present = "all", requires = "protocol")]
    level: Option<u64>,

    /// The protocol's name
    protocol: Option<String>,

    /// At level 2 with whom: self, anyone, or a public key
    counterparty: Option<String>,

    /// Everything that the app can ask for; replaces all that was decided
    #[arg(long, conflicts_with = "level")]
    all: bool,
}

impl Which {
    fn right(&self) -> Result<Right, CliError> {
        let (Some(level), Some(protocol)) = (self.level, &self.protocol) else {
            return Ok(Right::All);
        };
        let right = Right::named(level, protocol, self.counterparty.as_deref());
        // Some of the texts are those of BRC-100's library, which begin like sentences.
        right.map_err(|error| CliError::input(uncapitalized(&error.to_string())))
    }
}

#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "PermissionList")
)]
pub(crate) struct Listed {
    permissions: Vec<PermissionInfo>,
}

#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "PermissionDecided")
)]
pub(crate) struct Decided {
    success: bool,
    originator: Host,
}

impl Permission {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.existing_wallet()?;
        let which = match self.command {
            Command::List => {
                let permissions = wallet.permissions()?;
                return Ok(app.terminal.show(&Listed { permissions })?);
            }
            Command::Allow(which) => {
                wallet.allow_permission(&which.app, &which.right()?)?;
                which
            }
            Command::Revoke(which) => {
                wallet.deny_permission(&which.app, &which.right()?)?;
                which
            }
        };
        Ok(app.terminal.show(&Decided {
            success: true,
            originator: which.app,
        })?)
    }
}

impl Outcome for Listed {
    fn text(&self, out: &mut Printout) {
        if self.permissions.is_empty() {
            out.aside("no permissions");
        }
        out.count(self.permissions.len(), "permission", "permissions");
        let row = |info: &PermissionInfo| {
            vec![
                info.status.as_str().to_owned(),
                info.originator.to_string(),
                info.right.to_string(),
            ]
        };
        let rows: Vec<_> = self.permissions.iter().map(row).collect();
        out.table(&["STATUS", "APP", "WHAT"], &[1, 2], &rows);
    }
}

impl Outcome for Decided {
    fn text(&self, out: &mut Printout) {
        out.line(self.originator.as_str());
    }
}
