//! `tokenpass backup`

pub(crate) mod merge;

use clap::{Args, Subcommand};

use self::merge::Merge;
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;

/// Bring together copies of one wallet
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Backup {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Merge(Merge),
}

impl Backup {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        match self.command {
            Command::Merge(merge) => Ok(app.terminal.show(&merge.run(app)?)?),
        }
    }
}
