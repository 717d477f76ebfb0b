//! What a wallet is made of, and the files that it is in.

use std::path::{Path, PathBuf};

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password;
use crate::crypto::backup_file::BackupFileError;
use crate::crypto::keys::{KeyError, PrivateKey};
use crate::crypto::mnemonic;
use crate::crypto::restoring::Restoring;
use crate::crypto::secret::Password;
use crate::text::marks::{self, TextFlaw};
use crate::text::secrecy;
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

impl Source {
    /// A backup, or one in clear.
    pub(super) fn of_backup(text: String) -> Self {
        match text.trim_start().starts_with('{') {
            true => Self::Whole(ImportSource::Backup {
                text,
                passphrase: Password::new(String::new()),
            }),
            false => Self::Backup(text),
        }
    }
}

impl SourceFile {
    /// Reads it.
    pub(super) fn read(self, app: &App) -> Result<Source, CliError> {
        Ok(Source::Whole(match self {
            Self::Mnemonic { words, passphrase } => {
                one_stdin(&words, passphrase.as_deref())?;
                let text = app.terminal.read_secret(&words)?;
                let found = Restoring::of_words(&text).map_err(|error| wrong(&words, &error))?;
                let passphrase = passphrase
                    .map(|path| password::from_file(app.terminal, &path))
                    .transpose()?;
                ImportSource::restoring(found, passphrase)
            }
            Self::Seed(path) => {
                let text = app.terminal.read_secret(&path)?;
                let found = Restoring::of_seed(&text).map_err(|error| wrong(&path, &error))?;
                ImportSource::restoring(found, None)
            }
            Self::Xprv(path) => root_key(app, &path, mnemonic::root_key_from_xprv)?,
            Self::Wif(path) => root_key(app, &path, PrivateKey::from_wif)?,
            Self::Backup { file, passphrase } => {
                one_stdin(&file, passphrase.as_deref())?;
                let text = backup_text(app, &file)?;
                let Some(path) = passphrase else {
                    return Ok(Source::of_backup(text));
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
    match marks::utf8(&text) {
        Ok(text) => Ok(text.to_owned()),
        Err(flaw @ TextFlaw::Utf16) => {
            let file = secrecy::path(file);
            Err(CliError::input(format!("`{file}` {flaw}")))
        }
        Err(_) => Err(WalletError::from(BackupFileError::NotABackup).into()),
    }
}

fn root_key(
    app: &App,
    path: &Path,
    parse: fn(&str) -> Result<PrivateKey, KeyError>,
) -> Result<ImportSource, CliError> {
    let text = app.terminal.read_secret(path)?;
    let key = parse(&text).map_err(|error| wrong(path, &error))?;
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
    CliError::input(format!("`{}`: {error}", secrecy::path(path)))
}
