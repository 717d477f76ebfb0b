//! `tokenpass import`

mod source;
mod wizard;

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use self::source::{Source, SourceFile};
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password::{self, Given, PasswordArgs};
use crate::cli::terminal::{Outcome, Printout, Question, TerminalError};
use crate::crypto::keys::Address;
use crate::crypto::secret;
use crate::identity::{BapId, Identity};
use crate::wallet::{Host, ImportSource, Incoming, Replace, Wallet, WalletError};

/// Bring in a wallet from elsewhere
///
/// Makes a wallet from words, a seed, an extended private key, a root key, a
/// backup, or the folder of TokenPass Desktop (whose password it keeps).
/// `-` as a file is standard input; with --password-stdin its first line is
/// the password.
///
/// Without a source it asks, on a terminal: what is typed or pasted is not shown,
/// and what would be brought in is told before anything is written.
///
/// Refuses if a wallet exists, unless --force is given: then the password must
/// open that wallet, which is first backed up beside it.
#[derive(Args)]
#[command(override_usage = "tokenpass import [OPTIONS] [SOURCE]")]
#[command(after_help = "Examples:
  tokenpass import --mnemonic-file words.txt
  pass show bitcoin/words | tokenpass import --mnemonic-file - --password-file pw
  tokenpass import --backup wallet.bep
  tokenpass import --desktop ~/.tokenpass")]
pub(crate) struct Import {
    #[command(flatten)]
    source: SourceArgs,

    /// Read the BIP-39 passphrase of the words from FILE
    #[arg(long, value_name = "FILE", requires = "mnemonic_file")]
    bip39_passphrase_file: Option<PathBuf>,

    /// Read the passphrase of the backup from FILE
    #[arg(long, value_name = "FILE", requires = "backup")]
    backup_password_file: Option<PathBuf>,

    /// Replace the wallet that is there, after backing it up
    #[arg(long)]
    force: bool,

    /// Do not ask before the wallet that is there is replaced
    #[arg(long, requires = "force")]
    yes: bool,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Args)]
#[group(id = "SOURCE", multiple = false)]
struct SourceArgs {
    /// A BIP-39 mnemonic: 12, 15, 18, 21 or 24 English words
    #[arg(long, value_name = "FILE", help_heading = "Source")]
    mnemonic_file: Option<PathBuf>,

    /// A BIP-39 seed: 128 hex digits
    #[arg(long, value_name = "FILE", help_heading = "Source")]
    seed_file: Option<PathBuf>,

    /// A BIP-32 master key: xprv…
    #[arg(long, value_name = "FILE", help_heading = "Source")]
    xprv_file: Option<PathBuf>,

    /// A root key in wallet import format
    #[arg(long, value_name = "FILE", help_heading = "Source")]
    wif_file: Option<PathBuf>,

    /// A backup (.bep)
    #[arg(long, value_name = "FILE", help_heading = "Source")]
    backup: Option<PathBuf>,

    /// The folder of TokenPass Desktop
    #[arg(long, value_name = "DIR", help_heading = "Source")]
    desktop: Option<PathBuf>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Imported {
    success: bool,
    #[serde(rename = "bapID")]
    bap_id: BapId,
    address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    replaced: Option<PathBuf>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

impl Import {
    pub(crate) fn run(self, app: &App) -> Result<Imported, CliError> {
        let wallet = app.wallet()?;
        let replaces = wallet.exists()?;
        if replaces && !self.force {
            return Err(WalletError::WalletExists.into());
        }
        let given = self.password.read(app.terminal)?;
        let (replace, yes) = (self.replace(), self.yes);
        let named = self.source().map(|source| source.read(app)).transpose()?;
        let wizard = named.is_none();
        let source = match named {
            Some(source) => source,
            None => wizard::source(app)?,
        };
        let (incoming, given) = open(app, &wallet, source, given)?;
        if wizard || replaces {
            tell(app, &incoming)?;
        }
        if replaces {
            let id = wallet.primary_bap_id()?;
            let id = id.map_or_else(String::new, |id| format!(" `{id}`"));
            let loss = format!("It replaces the wallet{id}, of which a backup stays.");
            app.terminal.confirm_loss(yes, &loss)?;
        } else if wizard && !app.terminal.confirm("Bring it in?")? {
            return Err(TerminalError::Declined.into());
        }
        let password = match given {
            Password::Known(password) => password,
            Password::Asked(given) if replaces => app.right_password(&wallet, given)?,
            Password::Asked(given) => given.new_one(app.terminal)?,
        };
        let made = wallet.bring_in(&password, incoming, replace)?;
        if let Some(backup) = &made.replaced {
            let backup = backup.display();
            app.terminal
                .note(&format!("the wallet that was here is in `{backup}`"));
        }
        for note in &made.notes {
            app.terminal.note(note);
        }
        Ok(Imported {
            success: true,
            bap_id: made.bap_id,
            address: made.address,
            replaced: made.replaced,
            notes: made.notes,
        })
    }

    fn replace(&self) -> Replace {
        if self.force {
            Replace::Yes
        } else {
            Replace::No
        }
    }

    /// The one source that was named.
    fn source(self) -> Option<SourceFile> {
        let args = self.source;
        let named = [
            args.mnemonic_file.map(|words| SourceFile::Mnemonic {
                words,
                passphrase: self.bip39_passphrase_file,
            }),
            args.seed_file.map(SourceFile::Seed),
            args.xprv_file.map(SourceFile::Xprv),
            args.wif_file.map(SourceFile::Wif),
            args.backup.map(|file| SourceFile::Backup {
                file,
                passphrase: self.backup_password_file,
            }),
            args.desktop.map(SourceFile::Desktop),
        ];
        named.into_iter().flatten().next()
    }
}

/// The wallet's password: of which it is known that it is right, or not yet.
enum Password {
    Known(secret::Password),
    Asked(Given),
}

/// Opens what was read, and tells the password if it took that.
fn open(
    app: &App,
    wallet: &Wallet,
    source: Source,
    given: Given,
) -> Result<(Incoming, Password), CliError> {
    let none = secret::Password::new(String::new());
    match source {
        Source::Whole(source) => {
            let incoming = wallet.incoming(source, &none)?;
            Ok((incoming, Password::Asked(given)))
        }
        Source::Backup(text) => {
            let incoming = password::ask(app.terminal, &BACKUP_PASSPHRASE, |passphrase| {
                let text = text.clone();
                Ok(wallet.incoming(ImportSource::Backup { text, passphrase }, &none)?)
            })?;
            Ok((incoming, Password::Asked(given)))
        }
        Source::Desktop(folder) => given.open(app.terminal, |password| {
            let incoming = wallet.incoming(ImportSource::Desktop(folder.clone()), &password)?;
            Ok((incoming, Password::Known(password)))
        }),
    }
}

/// Says what would be brought in.
fn tell(app: &App, incoming: &Incoming) -> Result<(), TerminalError> {
    if !app.terminal.asks {
        return Ok(());
    }
    let primary = incoming.primary();
    let mut text = format!(
        "This is the wallet with the BAP ID {} (address {}).\n",
        primary.id(),
        primary.root_address()
    );
    let count = incoming.identities().count();
    if count > 1 {
        let names = incoming.identities().map(Identity::name);
        text += &listed("identities", count, names);
    }
    let hosts = incoming.hosts().map(Host::as_str);
    text += &listed("hosts", incoming.hosts().count(), hosts);
    app.terminal.say(text.trim_end())
}

/// So many are named; of a backup with hundreds it is enough to recognize it.
const NAMED: usize = 8;

fn listed<'a>(what: &str, count: usize, names: impl Iterator<Item = &'a str>) -> String {
    if count == 0 {
        return format!("It brings no {what}.\n");
    }
    let mut text = format!("It brings {count} {what}: ");
    text += &names.take(NAMED).collect::<Vec<_>>().join(", ");
    if count > NAMED {
        text += ", and more";
    }
    text + ".\n"
}

const BACKUP_PASSPHRASE: Question = Question {
    ask: "Passphrase of the backup",
    what: "the passphrase of the backup",
    hint: "use `--backup-password-file`",
};

impl Outcome for Imported {
    fn text(&self, out: &mut Printout) {
        out.line(self.bap_id.as_str());
    }
}
