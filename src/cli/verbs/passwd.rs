//! `tokenpass passwd`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password::{self, PasswordArgs};
use crate::cli::terminal::{Outcome, Printout, Question};
use crate::crypto::secret::Password;

/// Change the password
///
/// The keys stay as they are; all sessions end. The new password has at
/// least 8 characters.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass passwd
  printf '%s\\n' \"$OLD\" \"$NEW\" | tokenpass passwd --password-stdin")]
pub(crate) struct Passwd {
    /// Read the new password from FILE; with --password-stdin it may also be
    /// the second line of standard input
    #[arg(long, value_name = "FILE")]
    new_password_file: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "PasswordChanged")
)]
pub(crate) struct Changed {
    success: bool,
}

impl Passwd {
    pub(crate) fn run(self, app: &App) -> Result<Changed, CliError> {
        let wallet = app.existing_wallet()?;
        let given = self.password.read(app.terminal)?;
        let old = app.right_password(&wallet, given)?;
        let new = self.new_password(app)?;
        wallet.change_password(&old, &new)?;
        Ok(Changed { success: true })
    }

    fn new_password(&self, app: &App) -> Result<Password, CliError> {
        match &self.new_password_file {
            Some(path) => password::from_file(app.terminal, path),
            None if self.password.on_stdin() => password::next_line(app.terminal),
            None => Ok(app.terminal.new_password(&Question {
                ask: "New password",
                what: "the new password",
                hint: "use `--new-password-file`, or the second line of `--password-stdin`",
            })?),
        }
    }
}

impl Outcome for Changed {
    fn text(&self, out: &mut Printout) {
        out.aside("the password is changed, and all sessions have ended");
    }
}
