//! `tokenpass key`

use clap::Args;

use crate::cli::app::App;
use crate::cli::contacts::FriendName;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::PasswordArgs;
use crate::cli::sharing::{self, KeyPart};
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
  tokenpass key --host example.com --qr
  tokenpass key --friend 2ZHQjomPDgD7hMkHEcBioKj8f3y9 --json")]
pub(crate) struct Key {
    #[command(flatten)]
    signer: SignerArgs,

    /// The key that this friend encrypts to; with --host, for that app
    #[arg(long, value_name = "FRIEND", conflicts_with = "identity")]
    friend: Option<FriendName>,

    /// Draw it as a QR code: the address or, with --friend, the public key
    #[arg(long, value_name = "PART", num_args = 0..=1, require_equals = true)]
    qr: Option<Option<KeyPart>>,

    /// Also put it on the clipboard: the address or, with --friend, the public key
    #[arg(long, value_name = "PART", num_args = 0..=1, require_equals = true)]
    copy: Option<Option<KeyPart>>,

    #[command(flatten)]
    password: PasswordArgs,
}

impl Key {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let (qr, copy) = (self.qr, self.copy);
        let usual = match self.friend {
            Some(_) => KeyPart::PublicKey,
            None => KeyPart::Address,
        };
        let key = self.find(app)?;
        let part = |which: Option<KeyPart>| match which.unwrap_or(usual) {
            KeyPart::Address => key.address.to_string(),
            KeyPart::PublicKey => key.public_key.to_string(),
        };
        let exit = match qr {
            Some(which) => sharing::draw(app, &part(which))?,
            None => app.terminal.show(&key)?,
        };
        if let Some(which) = copy {
            sharing::copy(app, &part(which))?;
        }
        Ok(exit)
    }

    fn find(self, app: &App) -> Result<PublicKeyInfo, CliError> {
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
