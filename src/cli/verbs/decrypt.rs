//! `tokenpass decrypt`

use std::path::PathBuf;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::cli::app::App;
use crate::cli::contacts::{FriendName, OrContact};
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::PublicKey;
use crate::wallet::{Host, Sender};
use crate::wire::encrypt::Decrypted;
use crate::wire::{Exposed, Success};

/// Decrypt a ciphertext
///
/// Writes the plaintext to standard output, byte for byte. The host's key is
/// tried; with --friend also the keys that this friend may have used.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass decrypt 42494531…
  tokenpass decrypt --file secret.hex --friend 2ZHQjomPDgD7hMkHEcBioKj8f3y9 > letter.txt")]
pub(crate) struct Decrypt {
    /// The ciphertext; without it and --file, standard input is read
    #[arg(value_name = "CIPHERTEXT", conflicts_with = "file")]
    ciphertext: Option<String>,

    /// Read the ciphertext from FILE (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// How the ciphertext is encoded: hex, base64
    #[arg(long, value_name = "ENCODING", default_value = "hex", value_parser = ["hex", "base64"])]
    #[arg(hide_possible_values = true)]
    encoding: String,

    /// Use this wallet's key for HOST [default: localhost]
    #[arg(long, value_name = "HOST", help_heading = "Sender")]
    host: Option<Host>,

    /// Use the keys for this friend; with --host, those of that app
    #[arg(long, value_name = "FRIEND", help_heading = "Sender")]
    friend: Option<FriendName>,

    /// The friend's public key, or the contact that is it
    #[arg(
        long,
        value_name = "PUBKEY",
        help_heading = "Sender",
        requires = "friend"
    )]
    from: Option<OrContact<PublicKey>>,

    #[command(flatten)]
    password: PasswordArgs,
}

/// The plaintext: as text, its bytes; in JSON, base64 if it is not text.
#[derive(Serialize)]
pub(crate) struct Plaintext {
    #[serde(flatten)]
    answer: Decrypted,
    #[serde(skip)]
    bytes: Zeroizing<Vec<u8>>,
}

impl Decrypt {
    pub(crate) fn run(self, app: &App) -> Result<Plaintext, CliError> {
        let given = self.password.read(app.terminal)?;
        let text = match self.ciphertext {
            Some(text) => Zeroizing::new(text.into_bytes()),
            None => app.terminal.read_all(self.file.as_deref())?,
        };
        let encoding = self.encoding.parse().unwrap_or(Encoding::Hex);
        let ciphertext = input::decode(&text, encoding)?;
        let sender = match self.friend {
            Some(friend) => Sender::Friend {
                host: self.host,
                label: friend.find(app)?,
                public_key: match self.from {
                    Some(key) => Some(key.find(app, "--from")?),
                    None => None,
                },
            },
            None => Sender::Host(self.host.unwrap_or_else(Host::localhost)),
        };
        let bytes = app.unlock(given)?.decrypt(&sender, &ciphertext)?;
        let (data, encoding) = match std::str::from_utf8(&bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => (BASE64_STANDARD.encode(&*bytes), Some(Encoding::Base64)),
        };
        let answer = Decrypted {
            data: Exposed(Zeroizing::new(data)),
            encoding,
            success: Success,
        };
        Ok(Plaintext { answer, bytes })
    }
}

impl Outcome for Plaintext {
    fn text(&self, out: &mut Printout) {
        out.foreign(&self.bytes);
    }
}
