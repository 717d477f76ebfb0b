//! `tokenpass transaction`

mod args;
mod show;
mod shown;
mod spend;

pub(super) use args::{Funding, read_transaction};
#[cfg(test)]
pub(crate) use shown::Shown;
pub(super) use spend::answer;

use clap::{Args, Subcommand};

use self::show::Show;
use self::spend::{Fund, Sign, Sweep, Transfer};
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;

/// Spend the coins at your addresses, offline
///
/// Each key has an address, and coins that were sent there are yours. These
/// commands build and sign transactions. Nothing is looked up and nothing is
/// sent: you bring the unspent outputs, in a file, and take the signed
/// transaction to a service that broadcasts it.
///
/// The file is JSON: [{"txid", "vout", "satoshis", "lockingScript"}, …].
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Transaction {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Show(Show),
    Sign(Sign),
    Fund(Fund),
    Transfer(Transfer),
    Sweep(Sweep),
}

impl Transaction {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        match self.command {
            Command::Show(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Sign(verb) => verb.run(app),
            Command::Fund(verb) => verb.run(app),
            Command::Transfer(verb) => verb.run(app),
            Command::Sweep(verb) => verb.run(app),
        }
    }
}
