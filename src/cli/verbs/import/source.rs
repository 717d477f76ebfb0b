//! What a wallet is made of, and the files that it is in.

use std::path::{Path, PathBuf};

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password;
use crate::crypto::backup_file::BackupFileError;
use crate::crypto::keys::{KeyError, PrivateKey};
use crate::crypto::mnemonic::{self, Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::wallet::{ImportSource, WalletError};

/// Where the wallet is.
pub(super) enum SourceFile {
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

/// What a wallet is made of.
pub(super) enum Source {
    /// All that it takes.
    Whole(ImportSource),
    /// A backup, whose passphrase is to be asked for.
    Backup(String),
    /// A folder of TokenPass Desktop, which the wallet's password opens.
    Desktop(PathBuf),
}

impl SourceFile {
    /// Reads it.
    pub(super) fn read(self, app: &App) -> Result<Source, CliError> {
        Ok(Source::Whole(match self {
            Self::Mnemonic { words, passphrase } => {
                one_stdin(&words, passphrase.as_deref())?;
                let text = app.terminal.read_secret(&words)?;
                let mnemonic = Mnemonic::parse(&text).map_err(|error| wrong(&words, &error))?;
                let passphrase = match passphrase {
                    Some(path) => password::from_file(app.terminal, &path)?,
                    None => Password::new(String::new()),
                };
                ImportSource::Mnemonic {
                    mnemonic,
                    passphrase,
                }
            }
            Self::Seed(path) => {
                let text = app.terminal.read_secret(&path)?;
                let seed = Seed::from_hex(text.trim()).map_err(|error| wrong(&path, &error))?;
                ImportSource::Seed(seed)
            }
            Self::Xprv(path) => root_key(app, &path, mnemonic::root_key_from_xprv)?,
            Self::Wif(path) => root_key(app, &path, PrivateKey::from_wif)?,
            Self::Backup { file, passphrase } => {
                one_stdin(&file, passphrase.as_deref())?;
                let text = backup_text(app, &file)?;
                let Some(path) = passphrase else {
                    return Ok(Source::Backup(text));
                };
                let passphrase = password::from_file(app.terminal, &path)?;
                ImportSource::Backup { text, passphrase }
            }
            Self::Desktop(folder) => return Ok(Source::Desktop(folder)),
        }))
    }
}

/// The text of a backup.
pub(super) fn backup_text(app: &App, file: &Path) -> Result<String, CliError> {
    let text = app.terminal.read_all(Some(file))?;
    let text = String::from_utf8(text.to_vec());
    Ok(text.map_err(|_| WalletError::from(BackupFileError::NotABackup))?)
}

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
