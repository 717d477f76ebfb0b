//! `tokenpass passwd`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password::{self, PasswordArgs};
use crate::cli::terminal::{Outcome, Printout, Question};
use crate::crypto::secret::Password;
use crate::text::guessable::{self, Guess};
use crate::wallet::Object;

/// Change the password
///
/// The keys stay as they are; all sessions end. The new password has at
/// least 8 characters, and is not one that others would guess.
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
        let names = names(&wallet.profile()?);
        let new = match self.scripted(app)? {
            Some(new) if new.opaque().expose() == old.opaque().expose() => {
                return Err(CliError::input("the new password is the old one"));
            }
            Some(new) => {
                if let Some(why) = guess(&new, &names) {
                    app.terminal
                        .warn(&format!("the new password is guessable: {why}"));
                }
                new
            }
            None => ask(app, &old, &names)?,
        };
        wallet.change_password(&old, &new)?;
        Ok(Changed { success: true })
    }

    /// The new password, where nobody need be asked for it.
    fn scripted(&self, app: &App) -> Result<Option<Password>, CliError> {
        match &self.new_password_file {
            Some(path) => password::from_file(app.terminal, path).map(Some),
            None if self.password.on_stdin() => password::next_line(app.terminal).map(Some),
            None => Ok(None),
        }
    }
}

const NEW: Question = Question {
    ask: "New password",
    what: "the new password",
    hint: "use `--new-password-file`, or the second line of `--password-stdin`",
};

/// Asks until it is another one that nobody would guess.
fn ask(app: &App, old: &Password, names: &[String]) -> Result<Password, CliError> {
    loop {
        let new = app.terminal.new_password(&NEW)?;
        if new.opaque().expose() == old.opaque().expose() {
            app.terminal
                .say("this is the password you have, choose another")?;
        } else if let Some(why) = guess(&new, names) {
            app.terminal.say(&format!("{why}, choose another"))?;
        } else {
            return Ok(new);
        }
    }
}

fn guess(password: &Password, names: &[String]) -> Option<Guess> {
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    guessable::why(password.expose(), &names)
}

/// What others know of the wallet's owner.
fn names(profile: &Object) -> Vec<String> {
    let texts = ["displayName", "paymail"].into_iter();
    let texts = texts.filter_map(|field| profile.get(field)?.as_str());
    texts.map(str::to_owned).collect()
}

impl Outcome for Changed {
    fn text(&self, out: &mut Printout) {
        out.aside("the password is changed, and all sessions have ended");
    }
}
