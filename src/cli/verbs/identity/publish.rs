//! `tokenpass identity publish`

use clap::{Args, Subcommand};

use super::op_return::{AliasArgs, AttestArgs, IdArgs, RevokeArgs, Statement};
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::verbs::transaction::{Funding, answer};

/// Put what BAP writes on chain into a transaction that is paid and signed
///
/// As `identity op-return`, in a transaction that is paid with your coins. It is
/// printed and not sent. The rest goes back to the address that the coins are at.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Publish {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Link the BAP ID to its signing address
    #[command(after_help = "Example:
  tokenpass identity publish id --utxos unspent.json")]
    Id(Funded<IdArgs>),
    /// Publish a profile
    Alias(Funded<AliasArgs>),
    /// Attest an attribute, yours or somebody else's
    #[command(after_help = "Example:
  tokenpass identity publish attest --attribute email --utxos unspent.json")]
    Attest(Funded<AttestArgs>),
    /// Withdraw an attestation
    Revoke(Funded<RevokeArgs>),
}

/// What is published, and what pays for it.
#[derive(Args)]
struct Funded<T: Args> {
    #[command(flatten)]
    what: T,

    #[command(flatten)]
    funding: Funding,
}

impl Publish {
    pub(super) fn run(self, app: &App) -> Result<Exit, CliError> {
        match self.command {
            Command::Id(funded) => funded.publish(app),
            Command::Alias(funded) => funded.publish(app),
            Command::Attest(funded) => funded.publish(app),
            Command::Revoke(funded) => funded.publish(app),
        }
    }
}

impl<T: Args + Statement> Funded<T> {
    fn publish(self, app: &App) -> Result<Exit, CliError> {
        let unspent = self.funding.unspent(app)?;
        let (unlocked, output) = self.what.publish(app)?;
        let purse = unlocked.purse(&self.funding.payer(&unlocked)?)?;
        let terms = self.funding.terms();
        let draft = purse.publish(output.safe_script(), &unspent, terms)?;
        answer(app, &purse, draft, "publish", self.funding.how)
    }
}
