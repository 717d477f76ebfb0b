//! `tokenpass decrypt`

use std::path::PathBuf;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::cli::app::App;
use crate::cli::ciphertext::Ciphertext;
use crate::cli::contacts::{FriendName, OrContact};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::output::{OutputArgs, Whole};
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::PublicKey;
use crate::wallet::{Form, Host, Sender};
use crate::wire::encrypt::Decrypted;
use crate::wire::{Exposed, Success};

/// Decrypt a ciphertext
///
/// Writes the plaintext to standard output, byte for byte. The host's key is
/// tried; with --friend also the keys that this friend may have used.
///
/// Hex, base64 and binary data are told apart by their beginning. A file may be
/// of any size: it is read twice, and nothing is written before all of it was
/// found to be unaltered.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass decrypt 42494531…
  tokenpass decrypt --file secret.hex --friend 2ZHQjomPDgD7hMkHEcBioKj8f3y9 > letter.txt")]
pub(crate) struct Decrypt {
    /// The ciphertext (`-`: standard input); without it and --file, standard
    /// input is read
    #[arg(value_name = "CIPHERTEXT", conflicts_with = "file")]
    ciphertext: Option<String>,

    /// Read the ciphertext from FILE (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// How the ciphertext is encoded: hex, base64 [default: as it begins]
    #[arg(long, value_name = "ENCODING", value_parser = ["hex", "base64"])]
    #[arg(hide_possible_values = true)]
    encoding: Option<String>,

    #[command(flatten)]
    output: OutputArgs,

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
struct Plaintext {
    #[serde(flatten)]
    answer: Decrypted,
    #[serde(skip)]
    bytes: Zeroizing<Vec<u8>>,
}

impl Decrypt {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let terminal = app.terminal;
        let given = self.password.read(terminal)?;
        let mut ciphertext = match self.ciphertext {
            Some(text) if text != "-" => Ciphertext::of(text),
            _ => Ciphertext::open(terminal, self.file.as_deref())?,
        };
        let target = self.output.target(ciphertext.source())?;
        let form = self.encoding.map(|encoding| match encoding.as_str() {
            "base64" => Form::Base64,
            _ => Form::Hex,
        });
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
        let unlocked = app.unlock(given)?;
        ciphertext.watch(terminal);
        if target.is_terminal() || terminal.json && !target.is_file() {
            let mut whole = Whole::default();
            let decrypted =
                unlocked.decrypt_stream(&sender, form, &mut *ciphertext.reader(), &mut whole);
            decrypted.map_err(|error| Whole::ended(error, |error| ciphertext.failed(error)))?;
            return Ok(terminal.show(&Plaintext::from(whole.0))?);
        }
        let mut output = target.begin()?;
        let decrypted =
            unlocked.decrypt_stream(&sender, form, &mut *ciphertext.reader(), &mut output);
        match decrypted {
            Ok(size) => output.tell(terminal, size),
            Err(error) => output.ended(error, |error| ciphertext.failed(error)),
        }?;
        Ok(Exit::Done)
    }
}

impl From<Zeroizing<Vec<u8>>> for Plaintext {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        let (data, encoding) = match std::str::from_utf8(&bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => (BASE64_STANDARD.encode(&*bytes), Some(Encoding::Base64)),
        };
        let answer = Decrypted {
            data: Exposed(Zeroizing::new(data)),
            encoding,
            success: Success,
        };
        Self { answer, bytes }
    }
}

impl Outcome for Plaintext {
    fn text(&self, out: &mut Printout) {
        out.foreign(&self.bytes);
    }
}
