//! `tokenpass export`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use zeroize::Zeroizing;

use super::app::App;
use super::error::CliError;
use super::output::{Answer, Exposed, Page};
use super::password::{self, PasswordArgs};
use crate::platform::files;

/// Show the words and the seed that restore the wallet
///
/// Always asks for the password, also within a session. Whoever has the words
/// has the wallet.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass export
  tokenpass export --format json --output seed.json")]
pub(crate) struct Export {
    /// Lines of text, or a JSON document
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Write to FILE, which only you can read, not to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace FILE if it exists
    #[arg(long, requires = "output")]
    force: bool,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// `mnemonic` and `seed`, a line each
    Text,
    /// {"seed","mnemonic"}
    Json,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Exported {
    Secrets {
        seed: Option<Exposed>,
        mnemonic: Option<Exposed>,
        #[serde(skip)]
        format: Format,
    },
    Written {
        success: bool,
        output: PathBuf,
    },
}

impl Export {
    pub(crate) fn run(self, app: &App) -> Result<Exported, CliError> {
        let wallet = app.existing_wallet()?;
        let given = self.password.read(app)?;
        let export = wallet.export(&password::current(app, given)?)?;
        if export.seed.is_none() && export.mnemonic.is_none() {
            return Err(CliError::NoSeed);
        }
        if export.has_passphrase {
            app.output.warn(
                "the words alone do not restore this wallet: they need their BIP-39 passphrase too",
            );
        }
        let secrets = Exported::Secrets {
            seed: export.seed.map(|seed| Exposed(seed.expose_hex())),
            mnemonic: export.mnemonic.map(|words| Exposed(words.expose_phrase())),
            format: self.format,
        };
        let Some(output) = self.output else {
            return Ok(secrets);
        };
        files::write_private(&output, &secrets.document(), self.force)
            .map_err(CliError::writing(&output))?;
        app.output.note(&format!(
            "`{}` is written; only you can read it",
            output.display()
        ));
        Ok(Exported::Written {
            success: true,
            output,
        })
    }
}

impl Exported {
    /// The secrets in their format, as they stand in a file.
    fn document(&self) -> Zeroizing<Vec<u8>> {
        let mut document = Zeroizing::new(Vec::with_capacity(1024));
        match self {
            Self::Secrets {
                seed,
                mnemonic,
                format: Format::Text,
            } => {
                for (name, secret) in [("mnemonic", mnemonic), ("seed", seed)] {
                    if let Some(secret) = secret {
                        for part in [name, ": ", &secret.0, "\n"] {
                            document.extend_from_slice(part.as_bytes());
                        }
                    }
                }
            }
            Self::Secrets { .. } => {
                serde_json::to_writer(&mut *document, self)
                    .expect("two strings serialize, and a vector takes them");
                document.push(b'\n');
            }
            Self::Written { .. } => {}
        }
        document
    }
}

impl Answer for Exported {
    fn text(&self, page: &mut Page) {
        page.raw(&self.document());
    }
}
