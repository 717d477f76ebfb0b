//! `tokenpass encrypt`

use clap::Args;

use crate::cli::app::App;
use crate::cli::contacts::{FriendName, OrContact};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::input::MessageArgs;
use crate::cli::password::PasswordArgs;
use crate::cli::sharing::CopyArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::keys::PublicKey;
use crate::wallet::{Host, Recipient};
use crate::wire::Success;
use crate::wire::encrypt::Ciphertext;

/// Encrypt a message
///
/// Prints the ciphertext (ECIES, BIE1) in hex. By default it is for this
/// wallet's own `localhost` key; --to encrypts for somebody else: ask them for
/// the public key that `tokenpass key --friend` shows them.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass encrypt \"a note to myself\"
  tokenpass encrypt --file letter.txt --to 02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf")]
pub(crate) struct Encrypt {
    #[command(flatten)]
    message: MessageArgs,

    #[command(flatten)]
    to: RecipientArgs,

    #[command(flatten)]
    copy: CopyArgs,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Args)]
struct RecipientArgs {
    /// For this wallet's key for HOST [default: localhost]; with --friend, for
    /// the key of that app's friend
    #[arg(long, value_name = "HOST", help_heading = "Recipient")]
    host: Option<Host>,

    /// For this wallet's own key for a friend; with --to, for the friend
    #[arg(long, value_name = "FRIEND", help_heading = "Recipient")]
    friend: Option<FriendName>,

    /// For the holder of this public key, or this contact
    #[arg(long, value_name = "PUBKEY", help_heading = "Recipient")]
    to: Option<OrContact<PublicKey>>,
}

impl RecipientArgs {
    fn recipient(self, app: &App) -> Result<Recipient, CliError> {
        let host = self.host;
        Ok(match (self.to, self.friend) {
            (Some(_), None) if host.is_some() => {
                return Err(CliError::input(
                    "`--host` and `--to` are two recipients: name one, or a `--friend` with them",
                ));
            }
            (Some(key), _) => Recipient::PublicKey(key.find(app, "--to")?),
            (None, Some(friend)) => Recipient::Label {
                host,
                label: friend.find(app)?,
            },
            (None, None) => Recipient::Host(host.unwrap_or_else(Host::localhost)),
        })
    }
}

impl Encrypt {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let to = self.to.recipient(app)?;
        let given = self.password.read(app.terminal)?;
        let message = self.message.read(app.terminal)?;
        let ciphertext = match to {
            // Somebody else's key is all it takes.
            Recipient::PublicKey(key) => app.wallet()?.encrypt_to(&key, message.bytes())?,
            own => app.unlock(given)?.encrypt(&own, message.bytes())?,
        };
        let ciphertext = Ciphertext {
            ciphertext: hex::encode(ciphertext),
            success: Success,
        };
        self.copy.show(app, &ciphertext, &ciphertext.ciphertext)
    }
}

impl Outcome for Ciphertext {
    fn text(&self, out: &mut Printout) {
        out.line(&self.ciphertext);
    }
}
