//! `tokenpass open`

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::terminal::{Outcome, Printout};
use crate::platform::browser;
use crate::platform::child::SECRETS;

/// Open the running server's dashboard in the browser
///
/// The server has to prove first that it is the one of this wallet, since the
/// page asks for your password. Prints the address, too; where the output is
/// not a terminal, it only does that.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass open
  tokenpass open docs")]
pub(crate) struct Open {
    /// Which page
    #[arg(value_enum, default_value_t = Page::Dashboard)]
    page: Page,
}

#[derive(Clone, Copy, ValueEnum)]
enum Page {
    /// What apps may do, what they did, and how to end it
    Dashboard,
    /// The contract of the REST API and the provider (OpenAPI)
    Docs,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Opened {
    success: bool,
    url: String,
}

impl Open {
    pub(crate) fn run(self, app: &App) -> Result<Opened, CliError> {
        let server = app.proven_server(None)?;
        let path = match self.page {
            Page::Dashboard => "/",
            Page::Docs => "/api/openapi.json",
        };
        let url = format!("{}{path}", server.url());
        let is_seen = io::stdout().is_terminal() && !app.terminal.json;
        if is_seen && let Err(why) = browser::open(&url, &SECRETS) {
            app.terminal
                .detail(&format!("the browser cannot be opened: {why}"));
        }
        Ok(Opened { success: true, url })
    }
}

impl Outcome for Opened {
    fn text(&self, out: &mut Printout) {
        out.line(&self.url);
    }
}
