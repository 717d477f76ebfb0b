//! What the commands that spend have in common.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::output::OutputArgs;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::Terminal;
use crate::cli::values::IdentityName;
use crate::crypto::encoding::Encoding;
use crate::transaction::{Brought, DEFAULT_FEE_RATE, Satoshis, TransactionForm, Unspent};
use crate::wallet::{Host, Payer, Terms, UnlockedWallet};
use crate::wire::transaction::read_utxos;

/// A transaction in any form.
#[derive(Args)]
pub(super) struct TransactionArg {
    /// The transaction: raw, EF or BEEF, hex or binary (`-`, or nothing:
    /// standard input)
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl TransactionArg {
    pub(super) fn read(&self, terminal: Terminal) -> Result<Brought, CliError> {
        read_transaction(terminal, self.file.as_deref())
    }
}

/// Reads a transaction from a file, or from standard input.
pub(in crate::cli::verbs) fn read_transaction(
    terminal: Terminal,
    file: Option<&Path>,
) -> Result<Brought, CliError> {
    let content = terminal.read_all(file)?;
    let is_hex = |byte: &u8| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace();
    let decoded;
    // The version of a binary transaction holds bytes that are no hex digits.
    let bytes = match std::str::from_utf8(&content) {
        Ok(text) if content.iter().all(is_hex) => {
            let wrong = |error| CliError::input(format!("the transaction: {error}"));
            decoded = Encoding::Hex.decode(text).map_err(wrong)?;
            &decoded[..]
        }
        _ => &content,
    };
    Brought::read(bytes).map_err(|error| CliError::input(error.to_string()))
}

/// Outputs that can be spent.
#[derive(Args)]
pub(super) struct UtxosArg {
    /// The unspent outputs, as JSON (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    utxos: PathBuf,
}

impl UtxosArg {
    pub(super) fn read(&self, terminal: Terminal) -> Result<Vec<Unspent>, CliError> {
        read_unspent(terminal, &self.utxos)
    }
}

/// Reads unspent outputs from a file.
pub(super) fn read_unspent(terminal: Terminal, file: &Path) -> Result<Vec<Unspent>, CliError> {
    let content = terminal.read_all(Some(file))?;
    read_utxos(&content).map_err(|error| {
        CliError::input_hint(
            format!("`{}`: {error}", crate::text::secrecy::path(file)),
            "it holds a JSON array of `{txid, vout, satoshis, lockingScript}`",
        )
    })
}

/// Whose coins are spent.
#[derive(Args)]
#[group(multiple = false)]
pub(super) struct PayerArgs {
    /// Only coins of this host's key
    #[arg(long, value_name = "HOST")]
    host: Option<Host>,

    /// Only coins of this identity's signing key
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<IdentityName>,

    /// Only coins of the root key itself
    #[arg(long)]
    root: bool,
}

impl PayerArgs {
    fn payer(&self, unlocked: &UnlockedWallet) -> Result<Payer, CliError> {
        Ok(match (&self.host, &self.identity, self.root) {
            (Some(host), ..) => Payer::Host(host.clone()),
            (_, Some(name), _) => Payer::Identity(name.find(unlocked)?),
            (.., true) => Payer::Root,
            _ => Payer::All,
        })
    }
}

/// How the signed transaction is written, and at what cost.
#[derive(Args)]
pub(in crate::cli::verbs) struct HowArgs {
    /// The form to write: raw, ef, beef [default: as it came]
    #[arg(long, value_name = "FORM", help_heading = "Output")]
    pub(super) format: Option<TransactionForm>,

    #[command(flatten)]
    pub(super) output: OutputArgs,

    /// Write bytes instead of hex
    #[arg(long, help_heading = "Output")]
    pub(super) binary: bool,

    /// The highest fee in satoshis [default: 1 % of what is spent, or 1000]
    #[arg(long, value_name = "N")]
    pub(super) max_fee: Option<Satoshis>,

    /// Do not ask on a terminal
    #[arg(long)]
    pub(super) yes: bool,
}

/// The fee of a transaction that is built here.
#[derive(Args)]
pub(super) struct FeeRateArg {
    /// Satoshis for 1,000 bytes
    #[arg(long, value_name = "N", default_value_t = DEFAULT_FEE_RATE)]
    fee_rate: Satoshis,
}

impl FeeRateArg {
    pub(super) fn terms(&self, how: &HowArgs) -> Terms {
        Terms {
            fee_rate: self.fee_rate,
            max_fee: how.max_fee,
        }
    }
}

/// Outputs that pay for something that is published.
#[derive(Args)]
pub(in crate::cli::verbs) struct Funding {
    #[command(flatten)]
    utxos: UtxosArg,

    #[command(flatten)]
    fee: FeeRateArg,

    #[command(flatten)]
    payer: PayerArgs,

    #[command(flatten)]
    pub(in crate::cli::verbs) how: HowArgs,
}

impl Funding {
    pub(in crate::cli::verbs) fn unspent(&self, app: &App) -> Result<Vec<Unspent>, CliError> {
        self.utxos.read(app.terminal)
    }

    pub(in crate::cli::verbs) fn payer(
        &self,
        unlocked: &UnlockedWallet,
    ) -> Result<Payer, CliError> {
        self.payer.payer(unlocked)
    }

    pub(in crate::cli::verbs) fn terms(&self) -> Terms {
        self.fee.terms(&self.how)
    }
}

/// Whose coins, the password, and what to do with the result.
#[derive(Args)]
pub(super) struct Spending {
    #[command(flatten)]
    pub(super) payer: PayerArgs,

    #[command(flatten)]
    pub(super) how: HowArgs,

    #[command(flatten)]
    password: PasswordArgs,
}

impl Spending {
    /// Unlocks, and says whose coins are meant.
    pub(super) fn open(self, app: &App) -> Result<(UnlockedWallet, Payer, HowArgs), CliError> {
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let payer = self.payer.payer(&unlocked)?;
        Ok((unlocked, payer, self.how))
    }
}
