//! Which identity a command is about.

use clap::Args;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::password::PasswordArgs;
use crate::cli::values::IdentityName;
use crate::identity::BapId;
use crate::wallet::UnlockedWallet;

/// An identity: its BAP ID or its name; by default the primary one.
#[derive(Args)]
pub(super) struct Which {
    /// Its BAP ID or name [default: the primary one]
    #[arg(value_name = "IDENTITY")]
    name: Option<IdentityName>,

    #[command(flatten)]
    password: PasswordArgs,
}

impl Which {
    /// Unlocks, and says which identity is meant.
    pub(super) fn open(self, app: &App) -> Result<(UnlockedWallet, BapId), CliError> {
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let id = match self.name {
            Some(name) => name.find(&unlocked)?,
            None => unlocked.bap_id()?,
        };
        Ok((unlocked, id))
    }
}
