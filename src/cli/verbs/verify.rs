//! `tokenpass verify`

use std::time::Duration;

use clap::Args;

use crate::cli::app::App;
use crate::cli::contacts::{self, OrContact};
use crate::cli::durations;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::input::{BodyArgs, MessageArgs};
use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::auth_token::{self, AuthToken};
use crate::crypto::bsm::{self, Signature};
use crate::crypto::signer_address::SignerAddress;
use crate::text::envelope;
use crate::wallet::Environment;
use crate::wire::sign::Verified;

/// Check a signature, or the token of a request
///
/// Prints `valid` or `invalid`; the exit code is 0 or 1. Needs no wallet.
///
/// Without --address and --signature, the message is one in its envelope
/// (`-----BEGIN BITCOIN SIGNED MESSAGE-----`), which holds both.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass verify \"Hello World\" --address 19d5… --signature H6eG…
  tokenpass verify --token \"$TOKEN\" --path /api/posts --body-file body.json")]
pub(crate) struct Verify {
    #[command(flatten)]
    message: MessageArgs,

    /// The address that should have signed, or the contact whose it is
    #[arg(long, value_name = "ADDRESS")]
    #[arg(requires = "signature")]
    address: Option<OrContact<SignerAddress>>,

    /// Its signature, in base64
    #[arg(long, value_name = "SIGNATURE")]
    #[arg(requires = "address")]
    signature: Option<Signature>,

    /// Check this bitcoin-auth token
    #[arg(
        long,
        value_name = "TOKEN",
        help_heading = "Request",
        requires = "path"
    )]
    #[arg(conflicts_with_all = ["message", "file", "encoding", "address", "signature"])]
    token: Option<AuthToken>,

    /// The path of the request
    #[arg(
        long,
        value_name = "PATH",
        help_heading = "Request",
        requires = "token"
    )]
    path: Option<String>,

    #[command(flatten)]
    body: BodyArgs,

    /// How far the token's time may be from now, either way
    #[arg(
        long,
        value_name = "TIME",
        help_heading = "Request",
        requires = "token"
    )]
    #[arg(default_value = "5m", value_parser = durations::duration)]
    max_age: Duration,
}

impl Verify {
    pub(crate) fn run(self, app: &App) -> Result<Verified, CliError> {
        let verdict = match (self.token, self.path) {
            (Some(token), Some(path)) => {
                let body = self.body.read(app.terminal)?;
                let now = Environment::system().now().as_millis();
                let max_age = u64::try_from(self.max_age.as_millis()).unwrap_or(u64::MAX);
                let result = auth_token::verify(&token, &path, body.bytes(), now, max_age);
                Verified {
                    valid: result.is_ok(),
                    contacts: match result {
                        Ok(()) => contacts::at(app, &token.public_key.address()),
                        Err(_) => Vec::new(),
                    },
                    reason: result.err().map(|error| error.to_string()),
                }
            }
            _ => {
                let message = self.message.read(app.terminal)?;
                let signed = match (self.signature, self.address) {
                    (Some(signature), Some(address)) => Signed {
                        message: message.bytes().to_vec(),
                        address: address.find(app, "--address")?,
                        signature,
                    },
                    _ => Signed::of_envelope(&message.text())?,
                };
                let valid = signed.check()?;
                Verified {
                    valid,
                    reason: None,
                    contacts: match signed.address {
                        SignerAddress::KeyHash(address) if valid => contacts::at(app, &address),
                        _ => Vec::new(),
                    },
                }
            }
        };
        if let Some(reason) = &verdict.reason {
            app.terminal.note(reason);
        }
        if !app.terminal.json && !verdict.contacts.is_empty() {
            let names = verdict.contacts.join("`, `");
            app.terminal.note(&format!("signed by `{names}`"));
        }
        Ok(verdict)
    }
}

/// A message with what is claimed of it.
struct Signed {
    message: Vec<u8>,
    address: SignerAddress,
    signature: Signature,
}

impl Signed {
    fn of_envelope(text: &str) -> Result<Self, CliError> {
        let wrong = |error: &dyn std::error::Error| CliError::input(error.to_string());
        let read = envelope::read(text).ok_or_else(|| {
            CliError::input_hint(
                "missing `--address <ADDRESS>`, `--signature <SIGNATURE>`",
                "`tokenpass verify --help` says more",
            )
        })?;
        let envelope = read.map_err(|error| wrong(&error))?;
        let address = envelope
            .address
            .ok_or_else(|| CliError::input("the signed message does not say who signed it"))?;
        let mut signed = Self {
            address: address.parse().map_err(|error| wrong(&error))?,
            signature: envelope.signature.parse().map_err(|error| wrong(&error))?,
            message: envelope.message.into_bytes(),
        };
        if !signed.check()? {
            // Whoever signed on Windows may have signed its line ends.
            let lines = signed.message.split(|byte| *byte == b'\n');
            signed.message = lines.collect::<Vec<_>>().join(&b"\r\n"[..]);
        }
        Ok(signed)
    }

    fn check(&self) -> Result<bool, CliError> {
        bsm::verify_any(&self.message, &self.signature, &self.address)
            .map_err(|error| CliError::input(error.to_string()))
    }
}

impl Outcome for Verified {
    fn text(&self, out: &mut Printout) {
        out.line(if self.valid { "valid" } else { "invalid" });
    }

    fn exit(&self) -> Exit {
        if self.valid { Exit::Done } else { Exit::Failed }
    }
}
