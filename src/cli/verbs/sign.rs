//! `tokenpass sign`

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::app::App;
use crate::cli::content::{MessageArgs, What};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::input::BodyArgs;
use crate::cli::output::OutputArgs;
use crate::cli::password::PasswordArgs;
use crate::cli::sharing::CopyArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::cli::values::SignerArgs;
use crate::crypto::auth_token::Scheme;
use crate::wallet::{FileSignature, Signer};
use crate::wire::Success;
use crate::wire::files::SignedFile;
use crate::wire::sign::{SignedMessage, SignedRequest};

/// Sign a message, or a request
///
/// Prints the Bitcoin Signed Message signature (base64) of the host's key
/// over the message. A final line feed from standard input is part of it. A file
/// may be of any size.
///
/// With --detach, writes FILE.sig: the signature with who signed what and when,
/// for `tokenpass verify --file`. It names your BAP ID, unless --host says whose
/// key signs.
///
/// With --path, prints a bitcoin-auth token instead: sent with one HTTP
/// request, it proves that this key made it.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass sign \"Hello World\" --host example.com
  tokenpass sign --file release.tar.gz --detach
  printf 48656c6c6f | tokenpass sign --encoding hex
  tokenpass sign --path /api/posts --body '{\"title\":\"Hi\"}' --host example.com")]
pub(crate) struct Sign {
    #[command(flatten)]
    message: MessageArgs,

    /// Write FILE.sig, which says who signed, what and when
    #[arg(long, requires = "file", conflicts_with_all = ["encoding", "path", "copy"])]
    detach: bool,

    #[command(flatten)]
    output: OutputArgs,

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
        match self.path.take() {
            Some(path) => self.request(app, &path),
            None if self.detach => self.detached(app),
            None => self.message(app),
        }
    }

    fn message(self, app: &App) -> Result<Exit, CliError> {
        let terminal = app.terminal;
        let given = self.password.read(terminal)?;
        let content = self.message.open(terminal)?;
        let target = self.output.target(content.source())?;
        let unlocked = app.unlock(given)?;
        let signer = self.signer.signer(&unlocked)?;
        let signable = content.hash(terminal, terminal.json)?;
        let signed = unlocked.sign_digest(&signer, signable.digest)?;
        let ts = unlocked.wallet().environment().now();
        let exit = match signable.what {
            What::Message(message) => {
                target.show(terminal, &SignedMessage::new(&message.text(), &signed, ts))
            }
            What::File { size, sha256 } => {
                target.show(terminal, &SignedFile::new(size, sha256, &signed, ts))
            }
        }?;
        self.copy.also(app, &signed.signature)?;
        Ok(exit)
    }

    /// A file's signature into a file of its own.
    fn detached(self, app: &App) -> Result<Exit, CliError> {
        let terminal = app.terminal;
        let given = self.password.read(terminal)?;
        let path = self.message.named_file().map(Path::to_owned);
        let file_name = path.as_deref().and_then(Path::file_name);
        let (Some(path), Some(name)) = (&path, file_name) else {
            return Err(CliError::input("`--detach` needs the name of a file"));
        };
        let content = self.message.open(terminal)?;
        let target = self
            .output
            .target_or(signature_of(path), content.source())?;
        let unlocked = app.unlock(given)?;
        let names_a_host = self.signer.names_a_host();
        let signer = self.signer.signer(&unlocked)?;
        // Who signs as one host need not be known to be who signs as another.
        let bap_id = match &signer {
            Signer::Identity(id) => Some(id.clone()),
            Signer::Host(_) if names_a_host => None,
            Signer::Host(_) => Some(unlocked.wallet().bap_id()?),
        };
        let hashed = content.hash_file(terminal)?;
        let name = name.to_string_lossy();
        target.show(
            terminal,
            &unlocked.sign_file(&signer, &name, &hashed, bap_id)?,
        )
    }

    fn request(self, app: &App, path: &str) -> Result<Exit, CliError> {
        let given = self.password.read(app.terminal)?;
        let body = self.body.read(app.terminal)?;
        let target = self.output.target(None)?;
        let unlocked = app.unlock(given)?;
        let token = unlocked.sign_request(
            &self.signer.signer(&unlocked)?,
            self.scheme,
            path,
            body.bytes(),
            self.timestamp.as_deref(),
        )?;
        let success = Success;
        let signed = SignedRequest { token, success };
        let exit = target.show(app.terminal, &signed)?;
        self.copy.also(app, &signed.token)?;
        Ok(exit)
    }
}

/// Where the signature of a file is looked for.
pub(super) fn signature_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

impl Outcome for SignedMessage<'_> {
    fn text(&self, out: &mut Printout) {
        out.line(&self.sig.to_string());
    }
}

impl Outcome for SignedRequest {
    fn text(&self, out: &mut Printout) {
        out.line(&self.token.to_string());
    }
}

impl Outcome for SignedFile {
    fn text(&self, out: &mut Printout) {
        out.line(&self.sig.to_string());
    }
}

impl Outcome for FileSignature {
    fn text(&self, out: &mut Printout) {
        out.raw(&self.to_json());
    }
}
