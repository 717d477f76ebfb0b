//! `tokenpass origin`

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::thread;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::wallet::{self, OriginInfo, OriginStatus, Wallet};
use crate::wire::origin::Origins;

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
        /// Do not ask before access tokens end
        #[arg(long)]
        yes: bool,
    },
    /// Wait for pages, and ask what to do about each
    ///
    /// Tells which origins are pending and asks for each, until Ctrl-C. With
    /// --json, or where nobody can be asked, prints each as it comes.
    Watch,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "OriginDecided"))]
pub(crate) struct Decided {
    success: bool,
    origin: wallet::Origin,
}

impl Origin {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.existing_wallet()?;
        let origin = match self.command {
            Command::List => {
                let origins = wallet.origins()?;
                return Ok(app.terminal.show(&Origins { origins })?);
            }
            Command::Allow { origin } => {
                wallet.allow_origin(&origin)?;
                origin
            }
            Command::Watch => return watch(app, &wallet),
            Command::Deny { origin, yes } => {
                let host = origin.host();
                let tokens = wallet.tokens(Some(&host), wallet::Page::all())?.len();
                let count = if tokens == 1 {
                    "1 access token"
                } else {
                    &format!("{tokens} access tokens")
                };
                let loss = format!("`{host}` has {count}, which end now.");
                app.terminal.confirm_loss(yes || tokens == 0, &loss)?;
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

/// How often it is looked whether something has changed.
const INTERVAL: Duration = Duration::from_millis(500);

/// Tells or asks of each pending origin, until a signal ends it, or nobody reads
/// what it tells.
fn watch(app: &App, wallet: &Wallet) -> Result<Exit, CliError> {
    let terminal = app.terminal;
    let asks = terminal.asks && !terminal.json && io::stdout().is_terminal();
    terminal.note("waiting for pages; Ctrl-C ends it");
    let mut dealt_with = BTreeSet::new();
    let mut seen = None;
    while terminal.is_read() {
        let version = wallet.origins_version();
        if version.is_none() || version != seen {
            // Read before the origins: what changes meanwhile is seen next time.
            seen = version;
            let mut pending = wallet.origins()?;
            pending.retain(|info| info.status == OriginStatus::Pending);
            dealt_with.retain(|known| pending.iter().any(|info| info.origin == *known));
            pending.sort_by_key(|info| info.seen);
            for info in pending {
                if !dealt_with.insert(info.origin.clone()) {
                    continue;
                }
                if asks {
                    decide(app, wallet, &info)?;
                } else {
                    terminal.show(&Came(info))?;
                }
            }
        }
        thread::sleep(INTERVAL);
    }
    Ok(Exit::Done)
}

const ANSWERS: [&str; 3] = ["not now", "allow", "deny"];

fn decide(app: &App, wallet: &Wallet, info: &OriginInfo) -> Result<(), CliError> {
    let Ok(origin) = info.origin.parse::<wallet::Origin>() else {
        return Ok(());
    };
    app.terminal
        .say(&format!("A page of `{origin}` asks to use the wallet."))?;
    match app.terminal.choose("What now?", &ANSWERS)? {
        1 => wallet.allow_origin(&origin)?,
        2 => wallet.deny_origin(&origin)?,
        _ => {}
    }
    Ok(())
}

/// A pending origin, when it comes.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "OriginCame"))]
#[serde(transparent)]
pub(crate) struct Came(OriginInfo);

impl Outcome for Came {
    fn text(&self, out: &mut Printout) {
        out.line(&self.0.origin);
    }
}

impl Outcome for Origins {
    fn text(&self, out: &mut Printout) {
        if self.origins.is_empty() {
            out.aside("no origins");
        }
        out.count(self.origins.len(), "origin", "origins");
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
