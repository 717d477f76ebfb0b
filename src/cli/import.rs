//! `tokenpass import`

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::app::App;
use super::error::CliError;
use super::output::{Answer, Page};
use super::password::{self, PasswordArgs};
use super::{input, password::Given};
use crate::crypto::keys::{Address, KeyError, PrivateKey};
use crate::crypto::mnemonic::{self, Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::identity::BapId;
use crate::wallet::{ImportSource, Replace, WalletError};

/// Bring a wallet that you have elsewhere
///
/// Makes a wallet from words, a seed, an extended private key or a root key.
/// `-` as a file is standard input; with --password-stdin its first line is
/// the password. Refuses where a wallet exists.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass import --mnemonic-file words.txt
  pass show bitcoin/words | tokenpass import --mnemonic-file - --password-file pw")]
pub(crate) struct Import {
    #[command(flatten)]
    source: SourceArgs,

    /// Read the BIP-39 passphrase of the words from FILE
    #[arg(long, value_name = "FILE", requires = "mnemonic_file")]
    bip39_passphrase_file: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct SourceArgs {
    /// A BIP-39 mnemonic: 12, 15, 18, 21 or 24 English words
    #[arg(long, value_name = "FILE")]
    mnemonic_file: Option<PathBuf>,

    /// A BIP-39 seed: 128 hex digits
    #[arg(long, value_name = "FILE")]
    seed_file: Option<PathBuf>,

    /// A BIP-32 master key: xprv…
    #[arg(long, value_name = "FILE")]
    xprv_file: Option<PathBuf>,

    /// A root key in wallet import format
    #[arg(long, value_name = "FILE")]
    wif_file: Option<PathBuf>,
}

#[derive(Serialize)]
pub(crate) struct Imported {
    success: bool,
    #[serde(rename = "bapID")]
    bap_id: BapId,
    address: Address,
}

impl Import {
    pub(crate) fn run(self, app: &App) -> Result<Imported, CliError> {
        let wallet = app.wallet()?;
        if wallet.exists()? {
            return Err(WalletError::WalletExists.into());
        }
        let given: Given = self.password.read(app)?;
        let passphrase = self.bip39_passphrase_file.as_deref();
        let source = self.source.read(app, passphrase)?;
        let password = password::new(app, given)?;
        let made = wallet.import(&password, source, Replace::No)?;
        Ok(Imported {
            success: true,
            bap_id: made.bap_id,
            address: made.address,
        })
    }
}

impl SourceArgs {
    fn read(self, app: &App, passphrase: Option<&Path>) -> Result<ImportSource, CliError> {
        if let Some(path) = self.mnemonic_file {
            if path == Path::new("-") && passphrase == Some(Path::new("-")) {
                return Err(CliError::input("only one file can be standard input"));
            }
            let text = input::read_secret(app, &path)?;
            let mnemonic = Mnemonic::parse(&text).map_err(|error| wrong(&path, &error))?;
            let passphrase = match passphrase {
                Some(path) => std::mem::take(&mut *password::from_file(app, path)?),
                None => String::new(),
            };
            let passphrase = Password::new(passphrase);
            return Ok(ImportSource::Mnemonic {
                mnemonic,
                passphrase,
            });
        }
        let key = |path: &Path, parse: fn(&str) -> Result<PrivateKey, KeyError>| {
            let text = input::read_secret(app, path)?;
            let key = parse(text.trim()).map_err(|error| wrong(path, &error))?;
            Ok(ImportSource::RootKey(key))
        };
        match (self.seed_file, self.xprv_file, self.wif_file) {
            (Some(path), _, _) => {
                let text = input::read_secret(app, &path)?;
                let seed = Seed::from_hex(text.trim()).map_err(|error| wrong(&path, &error))?;
                Ok(ImportSource::Seed(seed))
            }
            (_, Some(path), _) => key(&path, mnemonic::root_key_from_xprv),
            (_, _, Some(path)) => key(&path, PrivateKey::from_wif),
            (None, None, None) => Err(CliError::input("nothing to import")),
        }
    }
}

/// What is wrong with a file's secret, which is not repeated.
fn wrong(path: &Path, error: &dyn std::error::Error) -> CliError {
    CliError::input(format!("`{}`: {error}", path.display()))
}

impl Answer for Imported {
    fn text(&self, page: &mut Page) {
        page.line(self.bap_id.as_str());
    }
}
