//! `tokenpass encrypt`

use std::io::Write;

use clap::{Args, ValueEnum};

use crate::cli::app::App;
use crate::cli::contacts::{FriendName, OrContact};
use crate::cli::content::{Content, MessageArgs};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::output::{OutputArgs, Whole};
use crate::cli::password::PasswordArgs;
use crate::cli::sharing::CopyArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::keys::PublicKey;
use crate::wallet::{Encoded, Form, Host, Recipient, StreamError};
use crate::wire::Success;
use crate::wire::encrypt::Ciphertext;

/// Encrypt a message
///
/// Prints the ciphertext (ECIES, BIE1) in hex, unless --format says otherwise.
/// By default it is for this wallet's own `localhost` key; --to encrypts for
/// somebody else: ask them for the public key that `tokenpass key --friend`
/// shows them. A file may be of any size.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass encrypt \"a note to myself\"
  tokenpass encrypt --file letter.txt --to 02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf
  tokenpass encrypt --file photos.tar --format binary --output photos.bie1")]
pub(crate) struct Encrypt {
    #[command(flatten)]
    message: MessageArgs,

    /// What the ciphertext is written in: hex, base64, binary
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "hex",
        help_heading = "Output"
    )]
    #[arg(hide_possible_values = true)]
    format: Format,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    to: RecipientArgs,

    #[command(flatten)]
    copy: CopyArgs,

    #[command(flatten)]
    password: PasswordArgs,
}

/// What a ciphertext is written in.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Hex,
    Base64,
    Binary,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        match format {
            Format::Hex => Self::Hex,
            Format::Base64 => Self::Base64,
            Format::Binary => Self::Binary,
        }
    }
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
        let terminal = app.terminal;
        let to = self.to.recipient(app)?;
        let given = self.password.read(terminal)?;
        let mut content = self.message.open(terminal)?;
        let target = self.output.target(content.source())?;
        let form = self.format.into();
        if self.copy.is_asked() && target.is_file() {
            return Err(CliError::input(
                "`--copy` and `--output` are two places: name one",
            ));
        }
        let whole = !target.is_file() && (terminal.json || self.copy.is_asked());
        if form == Form::Binary && (whole || target.is_terminal()) {
            return Err(CliError::input_hint(
                "binary data is nothing to show",
                "write it to a file with `--output`, or into a pipe without `--json` and `--copy`",
            ));
        }
        let key = match to {
            // Somebody else's key is all it takes.
            Recipient::PublicKey(key) => key,
            own => app.unlock(given)?.recipient_key(&own)?,
        };
        let wallet = app.wallet()?;
        content.watch(terminal);
        let encrypt = |content: &mut Content, into: &mut dyn Write| {
            let mut encoded = Encoded::new(into, form);
            let size = wallet.encrypt_stream_to(&key, &mut *content.reader(), &mut encoded)?;
            encoded.finish().map_err(StreamError::Write)?;
            Ok(size)
        };
        if whole {
            let mut text = Whole::default();
            let encrypted = encrypt(&mut content, &mut text);
            encrypted.map_err(|error| Whole::ended(error, |error| content.failed(error)))?;
            let ciphertext = String::from_utf8_lossy(text.0.trim_ascii_end()).into_owned();
            let success = Success;
            let ciphertext = Ciphertext {
                ciphertext,
                success,
            };
            return self.copy.show(app, &ciphertext, &ciphertext.ciphertext);
        }
        let mut output = target.begin()?;
        match encrypt(&mut content, &mut output) {
            Ok(size) => output.tell(terminal, size),
            Err(error) => output.ended(error, |error| content.failed(error)),
        }?;
        Ok(Exit::Done)
    }
}

impl Outcome for Ciphertext {
    fn text(&self, out: &mut Printout) {
        out.line(&self.ciphertext);
    }
}
