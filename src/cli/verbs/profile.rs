//! `tokenpass profile`

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::Value;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::wallet::{Merge, Object, is_derived};
use crate::wire;

/// Show and change what others see of the primary identity
///
/// Without a command, shows the profile. All of it is public to the apps you
/// approve; it needs no password.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Profile {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Show the profile
    Get,
    Set(Set),
    /// Remove all fields
    Clear {
        /// Do not ask first
        #[arg(long)]
        yes: bool,
    },
}

/// Set fields of the profile
///
/// Fields that are not named stay; `KEY=` removes one. `bapID` and `host`
/// are derived from the keys and cannot be set.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass profile set displayName=Ada paymail=ada@example.com
  tokenpass profile set logo=")]
struct Set {
    /// The field and its value
    #[arg(value_name = "KEY=VALUE", required = true, value_parser = field)]
    fields: Vec<(String, Value)>,
}

fn field(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        None | Some(("", _)) => Err(format!(
            "`{}` is not like `displayName=Ada`",
            crate::text::excerpt(text, 80)
        )),
        Some((name, "")) => Ok((name.to_owned(), Value::Null)),
        Some((name, value)) => Ok((name.to_owned(), value.into())),
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ProfileSaved"))]
pub(crate) struct Saved {
    success: bool,
}

impl Profile {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.existing_wallet()?;
        let (patch, merge) = match self.command {
            None | Some(Command::Get) => {
                return Ok(app
                    .terminal
                    .show(&wire::profile::Profile(wallet.profile()?))?);
            }
            Some(Command::Set(set)) => (set.fields.into_iter().collect(), Merge::Keep),
            Some(Command::Clear { yes }) => {
                let profile = wallet.profile()?;
                let names = profile.keys().map(String::as_str);
                let names: Vec<_> = names.filter(|name| !is_derived(name)).collect();
                let loss = format!("These fields are removed: {}.", names.join(", "));
                app.terminal.confirm_loss(yes || names.is_empty(), &loss)?;
                (Object::new(), Merge::Clear)
            }
        };
        wallet.update_profile(patch, merge)?;
        Ok(app.terminal.show(&Saved { success: true })?)
    }
}

impl Outcome for wire::profile::Profile {
    fn text(&self, out: &mut Printout) {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let fields: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), text(value)))
            .collect();
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        out.fields(&fields);
    }
}

impl Outcome for Saved {
    fn text(&self, out: &mut Printout) {
        out.aside("the profile is changed");
    }
}
