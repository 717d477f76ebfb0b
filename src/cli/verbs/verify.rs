//! `tokenpass verify`

mod enveloped;
mod signature_file;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::sign::signature_of;
use crate::cli::app::App;
use crate::cli::contacts::OrContact;
use crate::cli::content::MessageArgs;
use crate::cli::durations;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::input::BodyArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::auth_token::explain::explain;
use crate::crypto::auth_token::{self, AuthToken};
use crate::crypto::bsm::Signature;
use crate::crypto::signer_address::SignerAddress;
use crate::text::envelope;
use crate::wallet::Environment;
use crate::wire::files::ExplainedToken;
use crate::wire::sign::Verified;

/// Check a signature, or the token of a request
///
/// Prints `valid` or `invalid`; the exit code is 0 or 1. Needs no wallet.
///
/// Without --address and --signature, the message is one in its envelope
/// (`-----BEGIN BITCOIN SIGNED MESSAGE-----`), which holds both.
///
/// With --file alone, if FILE is no such message, the signature is in FILE.sig, as `tokenpass sign --detach`
/// writes it: it also says who signed and when. With --address, it must be
/// that signer.
///
/// With --token and --explain, prints each part of the token with what was
/// expected of it: the way to find out why a server says no.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass verify \"Hello World\" --address 19d5… --signature H6eG…
  tokenpass verify --file release.tar.gz
  tokenpass verify --token \"$TOKEN\" --path /api/posts --body-file body.json")]
pub(crate) struct Verify {
    #[command(flatten)]
    message: MessageArgs,

    /// The address that should have signed, or the contact whose it is
    #[arg(long, value_name = "ADDRESS")]
    address: Option<OrContact<SignerAddress>>,

    /// Its signature, in base64
    #[arg(long, value_name = "SIGNATURE")]
    #[arg(requires = "address")]
    signature: Option<Signature>,

    /// Read it from FILE, as `sign --detach` writes it [default: FILE.sig]
    #[arg(long, value_name = "FILE", requires = "file")]
    #[arg(conflicts_with_all = ["signature", "encoding"])]
    signature_file: Option<PathBuf>,

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

    /// Print each part of the token, what was expected of it and what it is
    #[arg(long, help_heading = "Request", requires = "token")]
    explain: bool,

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
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let terminal = app.terminal;
        if let (Some(token), Some(path)) = (self.token, self.path) {
            let body = self.body.read(terminal)?;
            let now = Environment::system().now().as_millis();
            let max_age = u64::try_from(self.max_age.as_millis()).unwrap_or(u64::MAX);
            if self.explain {
                let parts = explain(&token, &path, body.bytes(), now, max_age);
                return Ok(terminal.show(&ExplainedToken::new(parts))?);
            }
            let verified = auth_token::verify(&token, &path, body.bytes(), now, max_age);
            let reason = verified.err().map(|error| error.to_string());
            let signer = token.public_key.address();
            return signature_file::tell(app, reason.is_none(), reason, signer);
        }
        let named = self.message.named_file().map(Path::to_owned);
        let mut content = self.message.open(terminal)?;
        let address = match self.address {
            Some(address) => Some(address.find(app, "--address")?),
            None => None,
        };
        match (address, self.signature, named) {
            (Some(address), Some(signature), _) => {
                let signed = content.hash(terminal, false)?.digest;
                let valid = signature_file::check(signed, &signature, &address)?;
                signature_file::tell(app, valid, None, address)
            }
            (None, None, file)
                if self.signature_file.is_none()
                    && (file.is_none() || content.begins_with(envelope::BEGIN_LINE)?) =>
            {
                let signed = enveloped::Signed::read(&content.text()?)?;
                signature_file::tell(app, signed.check()?, None, signed.address)
            }
            (address, None, Some(file)) => {
                let signature_file = self.signature_file.unwrap_or_else(|| signature_of(&file));
                signature_file::verify(app, content, &file, &signature_file, address)
            }
            _ => Err(CliError::input("`--address` and `--signature` are needed")),
        }
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

impl Outcome for ExplainedToken {
    fn text(&self, out: &mut Printout) {
        out.line(if self.valid { "valid" } else { "invalid" });
        let rows = self.parts.iter().map(|part| {
            let (is, what) = match part.ok {
                true => ("right", part.found.clone()),
                false => {
                    let (expected, found) = (&part.expected, &part.found);
                    ("wrong", format!("expected: {expected}; found: {found}"))
                }
            };
            vec![part.part.to_owned(), is.to_owned(), what]
        });
        out.table(&["PART", "IS", "FOUND"], &[2], &rows.collect::<Vec<_>>());
    }

    fn exit(&self) -> Exit {
        if self.valid { Exit::Done } else { Exit::Failed }
    }
}
