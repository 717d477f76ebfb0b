//! `tokenpass sign`

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::input::{BodyArgs, MessageArgs};
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::cli::values::SignerArgs;
use crate::crypto::auth_token::{AuthToken, Scheme};
use crate::crypto::keys::Address;
use crate::wallet::Timestamp;

/// Sign a message, or a request
///
/// Prints the Bitcoin Signed Message signature (base64) of the host's key
/// over the message. A final line feed from standard input is part of it.
///
/// With --path, prints a bitcoin-auth token instead: sent with one HTTP
/// request, it proves that this key made it.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass sign \"Hello World\" --host example.com
  tokenpass sign --file release.tar.gz
  printf 48656c6c6f | tokenpass sign --encoding hex
  tokenpass sign --path /api/posts --body '{\"title\":\"Hi\"}' --host example.com")]
pub(crate) struct Sign {
    #[command(flatten)]
    message: MessageArgs,

    #[command(flatten)]
    signer: SignerArgs,

    /// Sign a request to this path: print a bitcoin-auth token
    #[arg(long, value_name = "PATH", help_heading = "Request")]
    #[arg(conflicts_with_all = ["message", "file", "encoding"])]
    path: Option<String>,

    #[command(flatten)]
    body: BodyArgs,

    /// How the request is signed: brc77, bsm
    #[arg(
        long,
        value_name = "SCHEME",
        default_value = "brc77",
        requires = "path"
    )]
    scheme: Scheme,

    /// The time of the request, like 2026-01-02T03:04:05.678Z [default: now]
    #[arg(long, value_name = "TIME", help_heading = "Request", requires = "path")]
    timestamp: Option<String>,

    #[command(flatten)]
    password: PasswordArgs,
}

/// As `POST /api/sign` has it.
#[derive(Serialize)]
struct Signed {
    address: Address,
    message: String,
    sig: String,
    ts: Timestamp,
    recovery: u8,
}

#[derive(Serialize)]
struct SignedRequest {
    #[serde(serialize_with = "as_text")]
    token: AuthToken,
    success: bool,
}

impl Sign {
    /// As the identity that was named, else as the primary one.
    pub(super) fn run_as_identity(mut self, app: &App) -> Result<Exit, CliError> {
        let primary = app.existing_wallet()?.bap_id()?;
        self.signer.default_to_identity(primary);
        self.run(app)
    }

    pub(crate) fn run(mut self, app: &App) -> Result<Exit, CliError> {
        match self.path.take() {
            Some(path) => Ok(app.terminal.show(&self.request(app, &path)?)?),
            None => Ok(app.terminal.show(&self.message(app)?)?),
        }
    }

    fn message(self, app: &App) -> Result<Signed, CliError> {
        let given = self.password.read(app.terminal)?;
        let message = self.message.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let signed = unlocked.sign(&self.signer.signer(), message.bytes())?;
        Ok(Signed {
            address: signed.address,
            message: message.text().into_owned(),
            sig: signed.signature.to_string(),
            ts: unlocked.wallet().environment().now(),
            recovery: signed.signature.recovery_id(),
        })
    }

    fn request(self, app: &App, path: &str) -> Result<SignedRequest, CliError> {
        let given = self.password.read(app.terminal)?;
        let body = self.body.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let token = unlocked.sign_request(
            &self.signer.signer(),
            self.scheme,
            path,
            body.bytes(),
            self.timestamp.as_deref(),
        )?;
        Ok(SignedRequest {
            token,
            success: true,
        })
    }
}

fn as_text<S: serde::Serializer>(token: &AuthToken, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(token)
}

impl Outcome for Signed {
    fn text(&self, out: &mut Printout) {
        out.line(&self.sig);
    }
}

impl Outcome for SignedRequest {
    fn text(&self, out: &mut Printout) {
        out.line(&self.token.to_string());
    }
}
