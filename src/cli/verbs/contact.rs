//! `tokenpass contact`

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::wallet::{self, ContactName, ContactTarget, WalletError};

/// Give names to other people's BAP IDs, keys and addresses
///
/// A name then stands for what it was given to: --friend takes contacts that are
/// BAP IDs, --to and --from those that are public keys, `verify --address` those
/// with an address. Needs no password: contacts are stored in clear, and go
/// into backups.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Contacts {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Add a contact
    #[command(after_help = "Examples:
  tokenpass contact add Alice 2ZHQjomPDgD7hMkHEcBioKj8f3y9
  tokenpass contact add \"Bob from work\" 1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj")]
    Add {
        /// What they are called; letters in either case
        #[arg(value_name = "NAME")]
        name: String,

        /// Their BAP ID, public key (hex) or address
        #[arg(value_name = "WHO")]
        who: String,
    },
    /// List the contacts
    List,
    /// Remove a contact
    Remove {
        /// What they are called
        #[arg(value_name = "CONTACT")]
        name: String,
    },
    /// Call a contact otherwise
    Rename {
        /// What they are called now
        #[arg(value_name = "CONTACT")]
        name: String,

        /// What they are to be called
        #[arg(value_name = "NEW_NAME")]
        new: String,
    },
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ContactList"))]
pub(crate) struct Listed {
    contacts: Vec<wallet::Contact>,
}

#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "ContactChanged")
)]
pub(crate) struct Changed {
    success: bool,
    name: ContactName,
}

impl Contacts {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.existing_wallet()?;
        let name = match self.command {
            Command::List => {
                let contacts = wallet.contacts()?;
                return Ok(app.terminal.show(&Listed { contacts })?);
            }
            Command::Add { name, who } => {
                let name = read(&name)?;
                let target: ContactTarget = who.parse().map_err(WalletError::Contact)?;
                wallet.add_contact(&name, &target)?;
                name
            }
            Command::Remove { name } => {
                let name = read(&name)?;
                wallet.remove_contact(&name)?;
                name
            }
            Command::Rename { name, new } => {
                let new = read(&new)?;
                wallet.rename_contact(&read(&name)?, &new)?;
                new
            }
        };
        Ok(app.terminal.show(&Changed {
            success: true,
            name,
        })?)
    }
}

/// Not by the parser, whose error would repeat what was given: it may be a
/// secret at the wrong place.
fn read(name: &str) -> Result<ContactName, CliError> {
    Ok(name.parse().map_err(WalletError::Contact)?)
}

impl Outcome for Listed {
    fn text(&self, out: &mut Printout) {
        if self.contacts.is_empty() {
            out.aside("no contacts");
        }
        let row = |one: &wallet::Contact| {
            vec![
                one.name.to_string(),
                one.target.to_string(),
                one.changed.to_string(),
            ]
        };
        let rows: Vec<_> = self.contacts.iter().map(row).collect();
        out.table(&["NAME", "WHO", "SINCE"], &[0], &rows);
    }
}

impl Outcome for Changed {
    fn text(&self, out: &mut Printout) {
        out.line(self.name.as_str());
    }
}
