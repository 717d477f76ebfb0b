//! `tokenpass export`

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password::{self, Given, PasswordArgs};
use crate::cli::terminal::{Outcome, Printout, Secret, Terminal};
use crate::crypto::secret::Password;
use crate::platform::files;
use crate::text::secrecy;
use crate::wallet::{BackupMark, BackupText, Wallet};
use crate::wire;

/// Show what restores the wallet, or write a backup of all of it
///
/// The words and the seed restore the keys; a backup (--format bep) also holds
/// identities, their attributes, the profile and the known hosts, encrypted
/// under a passphrase of its own.
///
/// Always asks for the password, even within a session. Whoever has the words
/// has the wallet.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass export
  tokenpass export --format json --output seed.json
  tokenpass export --format bep --output wallet.bep")]
pub(crate) struct Export {
    /// What to write
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Write to FILE, readable only by you, instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace FILE if it exists
    #[arg(long, requires = "output")]
    force: bool,

    /// Read the passphrase of the backup from FILE
    #[arg(long, value_name = "FILE")]
    backup_password_file: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// `mnemonic` and `seed`, a line each
    Text,
    /// {"seed","mnemonic"}
    Json,
    /// An encrypted backup
    Bep,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ExportedAs"))]
#[serde(untagged)]
pub(crate) enum Exported {
    Secrets {
        #[serde(flatten)]
        secrets: wire::wallet::Exported,
        #[serde(skip)]
        format: Format,
    },
    Backup {
        backup: String,
        #[serde(skip)]
        mark: BackupMark,
    },
    Written {
        success: bool,
        #[cfg_attr(test, schemars(with = "String"))]
        output: PathBuf,
    },
    /// On the screen, which does not show it any more.
    Shown { success: bool },
}

impl Export {
    pub(crate) fn run(self, app: &App) -> Result<Exported, CliError> {
        let bep = self.format == Format::Bep;
        if self.backup_password_file.is_some() && !bep {
            return Err(CliError::input(
                "`--backup-password-file` is for `--format bep`",
            ));
        }
        let wallet = app.existing_wallet()?;
        if let Some(output) = self
            .output
            .as_ref()
            .filter(|path| !self.force && path.exists())
        {
            let taken = io::ErrorKind::AlreadyExists.into();
            return Err(CliError::writing(output)(taken));
        }
        let given = self.password.read(app.terminal)?;
        let exported = if bep {
            self.backup(app, &wallet, given)?
        } else {
            given.open(app.terminal, |password| {
                secrets(app, &wallet, &password, self.format)
            })?
        };
        let Some(output) = self.output else {
            return exported.or_shown(app.terminal);
        };
        files::write_private(&output, &exported.document(), self.force)
            .map_err(CliError::writing(&output))?;
        if let Exported::Backup { mark, .. } = &exported {
            wallet.note_backup(mark, &output);
        }
        let path = secrecy::path(&output);
        app.terminal
            .note(&format!("`{path}` is written; only you can read it"));
        Ok(Exported::Written {
            success: true,
            output,
        })
    }

    fn backup(&self, app: &App, wallet: &Wallet, given: Given) -> Result<Exported, CliError> {
        let password = app.right_password(wallet, given)?;
        let file = self.backup_password_file.as_deref();
        let passphrase = password::of_new_backup(app.terminal, file)?;
        let BackupText { text, mark } = wallet.backup(&password, &passphrase)?;
        Ok(Exported::Backup { backup: text, mark })
    }
}

fn secrets(
    app: &App,
    wallet: &Wallet,
    password: &Password,
    format: Format,
) -> Result<Exported, CliError> {
    let export = wallet.export(password)?;
    if export.seed.is_none() && export.mnemonic.is_none() {
        return Err(CliError::NoSeed);
    }
    if export.has_passphrase {
        app.terminal.warn(
            "the words alone do not restore this wallet: they need their BIP-39 passphrase too",
        );
    }
    Ok(Exported::Secrets {
        secrets: export.into(),
        format,
    })
}

impl Exported {
    /// Shows secrets on a terminal so that they do not stay there.
    fn or_shown(self, terminal: Terminal) -> Result<Self, CliError> {
        let Self::Secrets { secrets, format } = &self else {
            return Ok(self);
        };
        if terminal.json || !io::stdout().is_terminal() || !terminal.forgets() {
            return Ok(self);
        }
        let text = |text: &str| Zeroizing::new(text.to_owned());
        let shown = match format {
            Format::Text => {
                let words = secrets.mnemonic.as_ref();
                let words = words.map(|words| Secret::Words(text(&words.0)));
                let seed = secrets.seed.as_ref();
                let seed = seed.map(|seed| Secret::Text(text(&format!("seed: {}", *seed.0))));
                words.into_iter().chain(seed).collect()
            }
            _ => {
                let document = self.document();
                vec![Secret::Text(text(&String::from_utf8_lossy(&document)))]
            }
        };
        terminal.show_secret("Whoever has this has the wallet:", shown)?;
        Ok(Self::Shown { success: true })
    }

    /// As it stands in a file.
    fn document(&self) -> Zeroizing<Vec<u8>> {
        let mut document = Zeroizing::new(Vec::with_capacity(1024));
        let mut put = |parts: &[&str]| {
            for part in parts {
                document.extend_from_slice(part.as_bytes());
            }
        };
        match self {
            Self::Secrets {
                secrets,
                format: Format::Text,
            } => {
                for (name, secret) in [("mnemonic", &secrets.mnemonic), ("seed", &secrets.seed)] {
                    if let Some(secret) = secret {
                        put(&[name, ": ", &secret.0, "\n"]);
                    }
                }
            }
            Self::Secrets { .. } => {
                serde_json::to_writer(&mut *document, self)
                    .expect("two strings serialize, and a vector takes them");
                document.push(b'\n');
            }
            Self::Backup { backup, .. } => put(&[backup, "\n"]),
            Self::Written { .. } | Self::Shown { .. } => {}
        }
        document
    }
}

impl Outcome for Exported {
    fn text(&self, out: &mut Printout) {
        out.raw(&self.document());
    }
}
