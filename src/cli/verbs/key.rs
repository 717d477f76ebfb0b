//! `tokenpass key`

use clap::Args;

use crate::cli::app::App;
use crate::cli::contacts::FriendName;
use crate::cli::error::CliError;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::cli::values::SignerArgs;
use crate::wallet::{KeySelector, PublicKeyInfo};

/// Show the address, the public key and the path of a key
///
/// Never a private key. With --friend, the public key that this friend
/// encrypts to.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass key --host example.com
  tokenpass key --friend 2ZHQjomPDgD7hMkHEcBioKj8f3y9 --json")]
pub(crate) struct Key {
    #[command(flatten)]
    signer: SignerArgs,

    /// The key that this friend encrypts to; with --host, for that app
    #[arg(long, value_name = "FRIEND", conflicts_with = "identity")]
    friend: Option<FriendName>,

    #[command(flatten)]
    password: PasswordArgs,
}

impl Key {
    pub(crate) fn run(self, app: &App) -> Result<PublicKeyInfo, CliError> {
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let which = match self.friend {
            Some(friend) => KeySelector::Friend {
                host: self.signer.host(),
                label: friend.find(app)?,
            },
            None => self.signer.key(&unlocked)?,
        };
        Ok(unlocked.public_key(&which)?)
    }
}

impl Outcome for PublicKeyInfo {
    fn text(&self, out: &mut Printout) {
        out.fields(&[
            ("address", &self.address.to_string()),
            ("public key", &self.public_key.to_string()),
            ("path", &self.path),
        ]);
    }
}
