//! `tokenpass backup --to DIR`, and the schedule.

use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::durations;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::{self, PasswordArgs};
use crate::cli::terminal::{Outcome, Printout};
use crate::platform::files;
use crate::platform::home::without_tilde;
use crate::wallet::{BackupFolder, Schedule, WalletError};

#[derive(Args)]
pub(super) struct Make {
    /// The folder to write to; other machines may write to it as well
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,

    /// How many backups of this home stay in DIR; the oldest go [default: all]
    #[arg(long, value_name = "N", requires = "to")]
    keep: Option<NonZeroU32>,

    /// Let a running server make one that often at most; `off`: no more
    #[arg(long, value_name = "TIME", value_parser = every)]
    every: Option<Every>,

    /// Read the passphrase of the backup from FILE
    #[arg(long, value_name = "FILE", requires = "to")]
    backup_password_file: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Clone, Copy, Debug)]
enum Every {
    Off,
    After(Duration),
}

fn every(text: &str) -> Result<Every, String> {
    if text.trim() == "off" {
        return Ok(Every::Off);
    }
    let after = durations::duration(text)?;
    match after.is_zero() {
        true => Err("the shortest time is `1s`; `off` ends the schedule".to_owned()),
        false => Ok(Every::After(after)),
    }
}

/// A backup that was made.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "BackupMade"))]
pub(crate) struct Made {
    success: bool,
    /// Where it is.
    #[cfg_attr(test, schemars(with = "String"))]
    file: PathBuf,
    /// The older ones that were removed.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    removed: Vec<PathBuf>,
    /// Whether a running server makes the next ones.
    scheduled: bool,
}

/// The schedule is no more.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "BackupsEnded"))]
pub(crate) struct Ended {
    success: bool,
    /// Whether there was a schedule.
    ended: bool,
}

impl Make {
    /// Whether anything is asked for but how it stands.
    pub(super) fn is_asked(&self) -> bool {
        self.to.is_some() || self.every.is_some()
    }

    pub(super) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.existing_wallet()?;
        let Some(to) = &self.to else {
            return match self.every {
                Some(Every::Off) => {
                    let ended = wallet.end_backup_schedule()?;
                    Ok(app.terminal.show(&Ended::new(ended))?)
                }
                _ => Err(CliError::input_hint(
                    "`--every` needs a folder",
                    "name it with `--to DIR`",
                )),
            };
        };
        let every = match self.every {
            Some(Every::Off) => {
                return Err(CliError::input(
                    "`--every off` makes no backup: leave `--to` away",
                ));
            }
            Some(Every::After(every)) => Some(every),
            None => None,
        };
        let given = self.password.read(app.terminal)?;
        let to = BackupFolder {
            path: folder(to)?,
            keep: self.keep,
        };
        let file = self.backup_password_file.as_deref();
        let made = match every {
            Some(every) => {
                let Some(file) = file else {
                    return Err(CliError::input_hint(
                        "a server cannot ask for the passphrase of the backups",
                        "write it to a file, and name that with `--backup-password-file`",
                    ));
                };
                let schedule = Schedule {
                    to,
                    every,
                    passphrase_file: absolute(file)?,
                };
                let password = app.right_password(&wallet, given)?;
                wallet.schedule_backups(&password, &schedule)?
            }
            None => {
                let password = app.right_password(&wallet, given)?;
                let passphrase = password::of_new_backup(app.terminal, file)?;
                wallet.back_up(&password, &passphrase, &to)?
            }
        };
        Ok(app.terminal.show(&Made {
            success: true,
            file: made.file,
            removed: made.removed,
            scheduled: every.is_some(),
        })?)
    }
}

impl Ended {
    fn new(ended: bool) -> Self {
        Self {
            success: true,
            ended,
        }
    }
}

/// The folder, which is made if only itself is missing.
fn folder(path: &Path) -> Result<PathBuf, CliError> {
    let path = without_tilde(path)?;
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if !path.exists() && parent.is_none_or(Path::is_dir) {
        files::create_private_dir(&path).map_err(CliError::writing(&path))?;
    }
    absolute(&path)
}

/// As a server finds it, wherever it was started.
fn absolute(path: &Path) -> Result<PathBuf, CliError> {
    let path = without_tilde(path)?;
    let found = fs::canonicalize(&path);
    found.map_err(|cause| WalletError::File { path, cause }.into())
}

impl Outcome for Made {
    fn text(&self, out: &mut Printout) {
        out.line(&self.file.display().to_string());
        match self.removed.len() {
            0 => {}
            1 => out.aside("1 older backup was removed"),
            count => out.aside(&format!("{count} older backups were removed")),
        }
        if self.scheduled {
            out.aside(
                "the next ones are made by the server (`tokenpass serve`) while it is unlocked",
            );
        }
    }
}

impl Outcome for Ended {
    fn text(&self, out: &mut Printout) {
        out.aside(match self.ended {
            true => "no more backups are made by the server; those there are stay",
            false => "there was no schedule",
        });
    }
}
