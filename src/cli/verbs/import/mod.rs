//! `tokenpass import`

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password::{self, PasswordArgs};
use crate::cli::terminal::{Outcome, Printout, Question};
use crate::crypto::backup_file::BackupFileError;
use crate::crypto::keys::{Address, KeyError, PrivateKey};
use crate::crypto::mnemonic::{self, Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::identity::BapId;
use crate::wallet::{ImportSource, Replace, WalletError};

/// Bring in a wallet from elsewhere
///
/// Makes a wallet from words, a seed, an extended private key, a root key, a
/// backup, or the folder of TokenPass Desktop (whose password it keeps).
/// `-` as a file is standard input; with --password-stdin its first line is
/// the password.
///
/// Refuses if a wallet exists, unless --force is given: then the password must
/// open that wallet, which is first backed up beside it.
#[derive(Args)]
#[command(override_usage = "tokenpass import [OPTIONS] <SOURCE>")]
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

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Args)]
#[group(id = "SOURCE", required = true, multiple = false)]
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
#[serde(rename_all = "camelCase")]
pub(crate) struct Imported {
    success: bool,
    #[serde(rename = "bapID")]
    bap_id: BapId,
    address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
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
        // In both cases there already is a password.
        let known = replaces || self.source.desktop.is_some();
        let replace = if self.force {
            Replace::Yes
        } else {
            Replace::No
        };
        let source = self.source()?.read(app)?;
        let password = if known {
            given.current(app.terminal)?
        } else {
            given.new_one(app.terminal)?
        };
        let made = wallet.import(&password, source, replace)?;
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

    /// The one source that was named.
    fn source(self) -> Result<Source, CliError> {
        let args = self.source;
        let named = [
            args.mnemonic_file.map(|words| Source::Mnemonic {
                words,
                passphrase: self.bip39_passphrase_file,
            }),
            args.seed_file.map(Source::Seed),
            args.xprv_file.map(Source::Xprv),
            args.wif_file.map(Source::Wif),
            args.backup.map(|file| Source::Backup {
                file,
                passphrase: self.backup_password_file,
            }),
            args.desktop.map(Source::Desktop),
        ];
        let source = named.into_iter().flatten().next();
        source.ok_or_else(|| CliError::input("nothing to import is named"))
    }
}

/// Where the wallet is.
enum Source {
    Mnemonic {
        words: PathBuf,
        passphrase: Option<PathBuf>,
    },
    Seed(PathBuf),
    Xprv(PathBuf),
    Wif(PathBuf),
    Backup {
        file: PathBuf,
        passphrase: Option<PathBuf>,
    },
    Desktop(PathBuf),
}

impl Source {
    fn read(self, app: &App) -> Result<ImportSource, CliError> {
        match self {
            Self::Mnemonic { words, passphrase } => {
                one_stdin(&words, passphrase.as_deref())?;
                let text = app.terminal.read_secret(&words)?;
                let mnemonic = Mnemonic::parse(&text).map_err(|error| wrong(&words, &error))?;
                let passphrase = match passphrase {
                    Some(path) => password::from_file(app.terminal, &path)?,
                    None => Password::new(String::new()),
                };
                Ok(ImportSource::Mnemonic {
                    mnemonic,
                    passphrase,
                })
            }
            Self::Seed(path) => {
                let text = app.terminal.read_secret(&path)?;
                let seed = Seed::from_hex(text.trim()).map_err(|error| wrong(&path, &error))?;
                Ok(ImportSource::Seed(seed))
            }
            Self::Xprv(path) => root_key(app, &path, mnemonic::root_key_from_xprv),
            Self::Wif(path) => root_key(app, &path, PrivateKey::from_wif),
            Self::Backup { file, passphrase } => {
                one_stdin(&file, passphrase.as_deref())?;
                let text = app.terminal.read_all(Some(&file))?;
                let text = String::from_utf8(text.to_vec())
                    .map_err(|_| WalletError::from(BackupFileError::NotABackup))?;
                let passphrase = match passphrase {
                    Some(path) => password::from_file(app.terminal, &path)?,
                    None => app.terminal.password(&BACKUP_PASSPHRASE)?,
                };
                Ok(ImportSource::Backup { text, passphrase })
            }
            Self::Desktop(folder) => Ok(ImportSource::Desktop(folder)),
        }
    }
}

const BACKUP_PASSPHRASE: Question = Question {
    ask: "the passphrase of the backup",
    what: "the passphrase of the backup",
    hint: "use `--backup-password-file`",
};

fn root_key(
    app: &App,
    path: &Path,
    parse: fn(&str) -> Result<PrivateKey, KeyError>,
) -> Result<ImportSource, CliError> {
    let text = app.terminal.read_secret(path)?;
    let key = parse(text.trim()).map_err(|error| wrong(path, &error))?;
    Ok(ImportSource::RootKey(key))
}

fn one_stdin(first: &Path, second: Option<&Path>) -> Result<(), CliError> {
    let stdin = Path::new("-");
    if first == stdin && second == Some(stdin) {
        return Err(CliError::input("only one file can be standard input"));
    }
    Ok(())
}

/// What is wrong with a file's secret, which is not repeated.
fn wrong(path: &Path, error: &dyn std::error::Error) -> CliError {
    CliError::input(format!("`{}`: {error}", path.display()))
}

impl Outcome for Imported {
    fn text(&self, out: &mut Printout) {
        out.line(self.bap_id.as_str());
    }
}
