//! `tokenpass sign`

use clap::Args;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::input::{BodyArgs, MessageArgs};
use crate::cli::password::PasswordArgs;
use crate::cli::sharing::CopyArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::cli::values::SignerArgs;
use crate::crypto::auth_token::Scheme;
use crate::wire::Success;
use crate::wire::sign::{SignedMessage, SignedRequest};

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
    copy: CopyArgs,

    #[command(flatten)]
    password: PasswordArgs,
}

impl Sign {
    /// As the identity that was named, else as the primary one.
    pub(super) fn run_as_identity(mut self, app: &App) -> Result<Exit, CliError> {
        let primary = app.existing_wallet()?.bap_id()?;
        self.signer.as_identity(primary)?;
        self.run(app)
    }

    pub(crate) fn run(mut self, app: &App) -> Result<Exit, CliError> {
        let copy = std::mem::take(&mut self.copy);
        match self.path.take() {
            Some(path) => {
                let signed = self.request(app, &path)?;
                copy.show(app, &signed, &signed.token.to_string())
            }
            None => {
                let signed = self.message(app)?;
                copy.show(app, &signed, &signed.sig.to_string())
            }
        }
    }

    fn message(self, app: &App) -> Result<SignedMessage, CliError> {
        let given = self.password.read(app.terminal)?;
        let message = self.message.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let signed = unlocked.sign(&self.signer.signer(&unlocked)?, message.bytes())?;
        let ts = unlocked.wallet().environment().now();
        Ok(SignedMessage::new(&message.text(), &signed, ts))
    }

    fn request(self, app: &App, path: &str) -> Result<SignedRequest, CliError> {
        let given = self.password.read(app.terminal)?;
        let body = self.body.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let token = unlocked.sign_request(
            &self.signer.signer(&unlocked)?,
            self.scheme,
            path,
            body.bytes(),
            self.timestamp.as_deref(),
        )?;
        Ok(SignedRequest {
            token,
            success: Success,
        })
    }
}

impl Outcome for SignedMessage {
    fn text(&self, out: &mut Printout) {
        out.line(&self.sig.to_string());
    }
}

impl Outcome for SignedRequest {
    fn text(&self, out: &mut Printout) {
        out.line(&self.token.to_string());
    }
}
