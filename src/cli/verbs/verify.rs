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
use crate::crypto::keys::Address;
use crate::wallet::Environment;
use crate::wire::sign::Verified;

/// Check a signature, or the token of a request
///
/// Prints `valid` or `invalid`; the exit code is 0 or 1. Needs no wallet.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass verify \"Hello World\" --address 19d5… --signature H6eG…
  tokenpass verify --token \"$TOKEN\" --path /api/posts --body-file body.json")]
pub(crate) struct Verify {
    #[command(flatten)]
    message: MessageArgs,

    /// The address that should have signed, or the contact whose it is
    #[arg(long, value_name = "ADDRESS")]
    #[arg(required_unless_present = "token", requires = "signature")]
    address: Option<OrContact<Address>>,

    /// Its signature, in base64
    #[arg(long, value_name = "SIGNATURE")]
    #[arg(required_unless_present = "token", requires = "address")]
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
                let (Some(signature), Some(address)) = (self.signature, self.address) else {
                    return Err(CliError::input("`--address` and `--signature` are needed"));
                };
                let address = address.find(app, "--address")?;
                let valid = bsm::verify(message.bytes(), &signature, &address);
                Verified {
                    valid,
                    reason: None,
                    contacts: if valid {
                        contacts::at(app, &address)
                    } else {
                        Vec::new()
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

impl Outcome for Verified {
    fn text(&self, out: &mut Printout) {
        out.line(if self.valid { "valid" } else { "invalid" });
    }

    fn exit(&self) -> Exit {
        if self.valid { Exit::Done } else { Exit::Failed }
    }
}
