//! `tokenpass transaction show`

use std::path::PathBuf;

use clap::Args;

use super::args::{TransactionArg, read_unspent};
use super::shown::Shown;
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::{Given, PasswordArgs};
use crate::wallet::{Payer, UnlockedWallet};

/// Show what a transaction spends and pays, and what of it is yours
///
/// Works without a wallet, too. While the wallet is locked and nobody can be
/// asked, it is not said what is yours.
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass transaction show payment.hex")]
pub(super) struct Show {
    #[command(flatten)]
    transaction: TransactionArg,

    /// What the inputs spend, where it did not come with the transaction
    #[arg(long, value_name = "FILE")]
    utxos: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Result<Shown, CliError> {
        let given = self.password.read(app.terminal)?;
        let brought = self.transaction.read(app.terminal)?;
        let unspent = match &self.utxos {
            Some(file) => read_unspent(app.terminal, file)?,
            None => Vec::new(),
        };
        let spent = brought.spent(&unspent);
        let spent = spent.map_err(|error| CliError::input(error.to_string()))?;
        let unlocked = unlocked(app, given)?;
        let purse = match &unlocked {
            Some(unlocked) => Some(unlocked.purse(&Payer::All)?),
            None => None,
        };
        Ok(Shown::new(&brought.transaction, &spent, purse.as_ref()))
    }
}

fn unlocked(app: &App, given: Given) -> Result<Option<UnlockedWallet>, CliError> {
    match app.unlock(given) {
        Ok(unlocked) => Ok(Some(unlocked)),
        Err(error) => match error.complaint().exit {
            Exit::NoWallet => Ok(None),
            Exit::Locked => {
                app.terminal
                    .note("the wallet is locked: it is not said what is yours");
                Ok(None)
            }
            _ => Err(error),
        },
    }
}
