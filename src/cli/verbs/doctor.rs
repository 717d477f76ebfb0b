//! `tokenpass doctor`

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::wallet::{Finding, Level};

/// Look for damage in the wallet's folder, and say what to do
///
/// Checks the folder, its permissions, the databases and the vault's
/// checksum; needs no password and changes nothing. Exits with 1 if something
/// does not work, with 3 if there is no wallet yet.
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass doctor --home /mnt/backup/.tokenpass")]
pub(crate) struct Doctor {}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Examined {
    ok: bool,
    #[serde(skip)]
    is_there: bool,
    findings: Vec<Finding>,
}

impl Doctor {
    pub(crate) fn run(self, app: &App) -> Result<Examined, CliError> {
        let terminal = app.terminal;
        let wallet = app.wallet_as_it_is(move |text| terminal.warn(text))?;
        let findings = wallet.doctor();
        Ok(Examined {
            ok: findings
                .iter()
                .all(|finding| finding.level != Level::Problem),
            // One that cannot be read is told among the findings.
            is_there: wallet.exists().unwrap_or(true),
            findings,
        })
    }
}

impl Outcome for Examined {
    fn text(&self, out: &mut Printout) {
        for finding in &self.findings {
            let level = match finding.level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Problem => "problem",
            };
            out.line(&format!(
                "{level:<8} {}: {}",
                finding.subject, finding.message
            ));
            if let Some(advice) = &finding.advice {
                out.line(&format!("{:<8} do: {advice}", ""));
            }
        }
    }

    fn exit(&self) -> Exit {
        match (self.ok, self.is_there) {
            (false, _) => Exit::Failed,
            (true, false) => Exit::NoWallet,
            (true, true) => Exit::Done,
        }
    }
}
