//! `tokenpass backup merge`

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password::{self, PasswordArgs};
use crate::cli::terminal::{Outcome, Printout, Question};
use crate::crypto::backup_file::Opener;
use crate::crypto::secret::Password;
use crate::text::secrecy;
use crate::wallet::{Gained, UnlockedWallet, WalletError, backups_in, read_backup};

/// Bring in what another machine's backup of this wallet has
///
/// Identities that are not here are added; of a signing key the latest rotation
/// counts, and of each name, attribute, field of the profile and contact what
/// was changed last, removals too. Nothing else that is here is lost. Backups
/// can be merged in any order and again: copies that have merged each other's
/// are the same.
///
/// Of a folder, all files that end in `.bep` are merged; what is not a backup of
/// this wallet is named and passed over.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass backup merge ~/Sync/tokenpass
  tokenpass backup merge laptop.bep --backup-password-file passphrase")]
pub(crate) struct Merge {
    /// A backup (.bep), or a folder of them
    #[arg(value_name = "FILE|DIR")]
    from: PathBuf,

    /// Read the passphrase of the backups from FILE
    #[arg(long, value_name = "FILE")]
    backup_password_file: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "BackupsMerged"))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Merged {
    success: bool,
    /// Backups that were read.
    read: usize,
    #[serde(flatten)]
    brought: Gained,
    /// What could not be taken over.
    notes: Vec<String>,
    passed_over: Vec<PassedOver>,
}

/// A file that is not merged.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PassedOver {
    #[cfg_attr(test, schemars(with = "String"))]
    file: PathBuf,
    why: String,
}

impl Merge {
    pub(crate) fn run(self, app: &App) -> Result<Merged, CliError> {
        let given = self.password.read(app.terminal)?;
        let files = match self.from.is_dir() {
            true => Some(backups_in(&self.from)?),
            false => None,
        };
        let passphrase = self.backup_password_file.as_deref();
        let passphrase = passphrase.map(|path| password::from_file(app.terminal, path));
        let passphrase = passphrase.transpose()?;
        let wallet = app.unlock(given)?;
        match files {
            None => one(app, &wallet, &self.from, passphrase),
            Some(files) if files.is_empty() => Err(CliError::NotFound {
                message: format!("no file in `{}` ends in `.bep`", secrecy::path(&self.from)),
                hint: "name the folder that the backups are in",
            }),
            Some(files) => all(app, &wallet, &files, passphrase),
        }
    }
}

/// One backup, without which nothing is done.
fn one(
    app: &App,
    wallet: &UnlockedWallet,
    file: &Path,
    passphrase: Option<Password>,
) -> Result<Merged, CliError> {
    let text = read_backup(file)?;
    let open = |passphrase: Password| Ok(wallet.merge(&text, &mut Opener::new(&passphrase))?);
    let (brought, notes) = match passphrase {
        Some(passphrase) => open(passphrase)?,
        None => password::ask(app.terminal, &PASSPHRASE, open)?,
    };
    let mut merged = Merged::default();
    merged.add(brought, notes);
    Ok(merged)
}

/// Each of a folder's backups that is this wallet's.
fn all(
    app: &App,
    wallet: &UnlockedWallet,
    files: &[PathBuf],
    passphrase: Option<Password>,
) -> Result<Merged, CliError> {
    let passphrase = match passphrase {
        Some(passphrase) => passphrase,
        None => app.terminal.password(&PASSPHRASE)?,
    };
    let mut opener = Opener::new(&passphrase);
    let mut merged = Merged::default();
    for file in files {
        match read_backup(file).and_then(|text| wallet.merge(&text, &mut opener)) {
            Ok((brought, notes)) => merged.add(brought, notes),
            Err(error) if is_of_the_file(&error) => {
                let why = CliError::from(error).complaint().message;
                merged.pass_over(app, file, why);
            }
            Err(error) => return Err(error.into()),
        }
    }
    if merged.read == 0 {
        return Err(CliError::NotFound {
            message: format!("none of {} files is a backup of this wallet", files.len()),
            hint: "check the passphrase of the backups; nothing was changed",
        });
    }
    Ok(merged)
}

/// Whether other files may do better.
fn is_of_the_file(error: &WalletError) -> bool {
    matches!(
        error,
        WalletError::BackupFile(_)
            | WalletError::Payload(_)
            | WalletError::OtherWallet
            | WalletError::File { .. }
            | WalletError::Identity(_)
            | WalletError::TooLarge { .. }
    )
}

const PASSPHRASE: Question = Question {
    ask: "Passphrase of the backups",
    what: "the passphrase of the backups",
    hint: "use `--backup-password-file`",
};

impl Merged {
    fn add(&mut self, brought: Gained, notes: Vec<String>) {
        self.success = true;
        self.read += 1;
        self.brought.add(brought);
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    fn pass_over(&mut self, app: &App, file: &Path, why: String) {
        let path = secrecy::path(file);
        app.terminal
            .warn(&format!("`{path}` was passed over: {why}"));
        let file = file.to_owned();
        self.passed_over.push(PassedOver { file, why });
    }
}

impl Outcome for Merged {
    fn text(&self, out: &mut Printout) {
        for note in &self.notes {
            out.aside(&format!("note: {note}"));
        }
        let counted = |count: usize, one: &str, more: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {more}"),
        };
        let from = counted(self.read, "backup", "backups");
        if self.brought.is_nothing() {
            out.line(&format!("nothing new in {from}"));
            return;
        }
        out.line(&format!("from {from}:"));
        let Gained {
            identities,
            rotations,
            names,
            attributes,
            primary,
            profile,
            contacts,
            certificates,
            hosts,
        } = &self.brought;
        for (count, one, more) in [
            (identities, "identity", "identities"),
            (rotations, "rotated signing key", "rotated signing keys"),
            (attributes, "attribute", "attributes"),
            (profile, "field of the profile", "fields of the profile"),
            (contacts, "contact", "contacts"),
            (certificates, "certificate", "certificates"),
            (hosts, "host", "hosts"),
        ] {
            if *count > 0 {
                out.line(&format!("  {}", counted(*count, one, more)));
            }
        }
        for name in names {
            out.line(&format!(
                "  the name `{}`, here it was `{}`",
                name.to, name.from
            ));
        }
        if *primary {
            out.line("  another identity is primary now");
        }
    }
}
