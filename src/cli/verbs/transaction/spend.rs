//! `tokenpass transaction sign`, `fund`, `transfer`, `sweep`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::args::{FeeRateArg, HowArgs, Spending, TransactionArg, UtxosArg, read_unspent};
use super::shown::Shown;
use crate::cli::app::App;
use crate::cli::contacts::OrContact;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout, TerminalError};
use crate::crypto::keys::Address;
use crate::transaction::{Amount, Draft};
use crate::wallet::{Payer, Purse, Terms, WalletError};
use crate::wire::transaction::SignedTransaction;

/// Sign the inputs of a transaction that spend your coins
///
/// Other inputs are left as they are. What each input spends comes with the
/// transaction (EF, BEEF) or from --utxos.
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass transaction sign payment.hex --utxos unspent.json --host example.com")]
pub(super) struct Sign {
    #[command(flatten)]
    transaction: TransactionArg,

    /// What the inputs spend, as JSON (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    utxos: Option<PathBuf>,

    #[command(flatten)]
    spending: Spending,
}

/// Pay for a transaction with your coins, and sign it
///
/// Adds as many of the unspent outputs as are needed, in their order. The rest
/// goes back to the address that the coins are at.
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass transaction fund bare.hex --utxos unspent.json --host example.com")]
pub(super) struct Fund {
    #[command(flatten)]
    transaction: TransactionArg,

    #[command(flatten)]
    utxos: UtxosArg,

    #[command(flatten)]
    fee: FeeRateArg,

    #[command(flatten)]
    spending: Spending,
}

/// Send coins to an address
///
/// Spends as many of the unspent outputs as are needed, in their order. The rest
/// goes back to the address that the coins are at.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass transaction transfer --to alice --amount 5000 --utxos unspent.json
  tokenpass transaction transfer --to 1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH --amount all --utxos unspent.json")]
pub(super) struct Transfer {
    /// Who is paid: an address, or a contact that has one
    #[arg(long, value_name = "ADDRESS")]
    to: OrContact<Address>,

    /// How many satoshis, or `all`: everything, less the fee
    #[arg(long, value_name = "N")]
    amount: Amount,

    /// A push of data for an `OP_RETURN` output, hex; may be given again
    #[arg(long, value_name = "HEX", value_parser = push)]
    data: Vec<Push>,

    #[command(flatten)]
    utxos: UtxosArg,

    #[command(flatten)]
    fee: FeeRateArg,

    #[command(flatten)]
    spending: Spending,
}

/// Send all coins of all keys of the wallet to one address
///
/// Whose an unspent output is, is found out: the root key, the hosts and the
/// identities of this wallet are looked through.
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass transaction sweep --to 1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH --utxos unspent.json")]
pub(super) struct Sweep {
    /// Who is paid: an address, or a contact that has one
    #[arg(long, value_name = "ADDRESS")]
    to: OrContact<Address>,

    #[command(flatten)]
    utxos: UtxosArg,

    #[command(flatten)]
    fee: FeeRateArg,

    #[command(flatten)]
    how: HowArgs,

    #[command(flatten)]
    password: PasswordArgs,
}

/// One push of data.
#[derive(Clone)]
struct Push(Vec<u8>);

fn push(text: &str) -> Result<Push, String> {
    let wrong = |_| format!("`{}` is not hex", crate::text::excerpt(text, 40));
    hex::decode(text).map(Push).map_err(wrong)
}

impl Sign {
    pub(super) fn run(self, app: &App) -> Result<Exit, CliError> {
        let brought = self.transaction.read(app.terminal)?;
        let unspent = match &self.utxos {
            Some(file) => read_unspent(app.terminal, file)?,
            None => Vec::new(),
        };
        let (unlocked, payer, how) = self.spending.open(app)?;
        let purse = unlocked.purse(&payer)?;
        let terms = Terms {
            max_fee: how.max_fee,
            ..Terms::default()
        };
        let draft = purse.complete(brought, &unspent, terms)?;
        answer(app, &purse, draft, "sign", how)
    }
}

impl Fund {
    pub(super) fn run(self, app: &App) -> Result<Exit, CliError> {
        let brought = self.transaction.read(app.terminal)?;
        let unspent = self.utxos.read(app.terminal)?;
        let (unlocked, payer, how) = self.spending.open(app)?;
        let purse = unlocked.purse(&payer)?;
        let draft = purse.fund(brought, &unspent, self.fee.terms(&how))?;
        answer(app, &purse, draft, "fund", how)
    }
}

impl Transfer {
    pub(super) fn run(self, app: &App) -> Result<Exit, CliError> {
        let to = self.to.find(app, "--to")?;
        let unspent = self.utxos.read(app.terminal)?;
        let data: Vec<_> = self.data.into_iter().map(|push| push.0).collect();
        let (unlocked, payer, how) = self.spending.open(app)?;
        let purse = unlocked.purse(&payer)?;
        let terms = self.fee.terms(&how);
        let draft = purse.transfer(&to, self.amount, &data, &unspent, terms)?;
        answer(app, &purse, draft, "transfer", how)
    }
}

impl Sweep {
    pub(super) fn run(self, app: &App) -> Result<Exit, CliError> {
        let to = self.to.find(app, "--to")?;
        let unspent = self.utxos.read(app.terminal)?;
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let purse = unlocked.purse(&Payer::All)?;
        let terms = self.fee.terms(&self.how);
        let draft = purse.transfer(&to, Amount::All, &[], &unspent, terms)?;
        answer(app, &purse, draft, "sweep", self.how)
    }
}

/// Signs what was agreed to, and says where it is.
pub(in crate::cli::verbs) fn answer(
    app: &App,
    purse: &Purse<'_>,
    draft: Draft,
    what: &str,
    how: HowArgs,
) -> Result<Exit, CliError> {
    draft.check_form(how.format).map_err(WalletError::from)?;
    let target = how.output.target(None)?;
    if how.binary && target.is_terminal() && !app.terminal.json {
        return Err(CliError::input_hint(
            "bytes are not shown on a terminal",
            "write them to a file with `--output`, or leave out `--binary`",
        ));
    }
    if app.terminal.asks && !how.yes {
        let spent: Vec<_> = draft.spent().iter().cloned().map(Some).collect();
        let shown = Shown::new(draft.transaction(), &spent, Some(purse));
        for line in shown.lines() {
            app.terminal.say(&line)?;
        }
        if !app.terminal.confirm("Sign this transaction?")? {
            return Err(TerminalError::Declined.into());
        }
    }
    let signed = purse.sign(draft, what, None)?;
    let bytes = signed.to_bytes(how.format).map_err(WalletError::from)?;
    let answered = Answered {
        answer: SignedTransaction::new(&signed, how.format).map_err(WalletError::from)?,
        bytes: how.binary.then_some(bytes),
    };
    target.show(app.terminal, &answered)
}

/// A signed transaction, on the way out.
#[derive(Serialize)]
struct Answered {
    #[serde(flatten)]
    answer: SignedTransaction,
    #[serde(skip)]
    bytes: Option<Vec<u8>>,
}

impl Outcome for Answered {
    fn text(&self, out: &mut Printout) {
        match &self.bytes {
            Some(bytes) => out.raw(bytes),
            None => out.line(&self.answer.transaction),
        }
    }
}
