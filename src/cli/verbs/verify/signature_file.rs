//! A signature that stands in a file beside what was signed.

use std::io;
use std::path::Path;

use crate::cli::app::App;
use crate::cli::contacts;
use crate::cli::content::Content;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Held, Outcome, Printout, Terminal, TerminalError};
use crate::crypto::bsm::{self, MessageDigest, Signature};
use crate::crypto::signer_address::SignerAddress;
use crate::wallet::{Environment, FileSignature, Statement};
use crate::wire::files::VerifiedFile;
use crate::wire::sign::Verified;

/// The longest signature file in bytes: many times what one takes.
const LONGEST: usize = 64 * 1024;

/// How far ahead a signer's clock may be before that is mentioned.
const AHEAD_MS: u64 = 5 * 60 * 1000;

/// What stands in the file.
enum Found {
    /// With who, what and when.
    Full(Box<FileSignature>),
    /// Only the signature, as `sign` prints it.
    Bare(Signature),
}

/// Verifies a file with the signature in another. If an address is given, it
/// must be the signer's.
pub(super) fn verify(
    app: &App,
    content: Content,
    file: &Path,
    signature_file: &Path,
    address: Option<SignerAddress>,
) -> Result<Exit, CliError> {
    let terminal = app.terminal;
    let verified = match (read(terminal, signature_file)?, address) {
        (Found::Full(signature), address) => full(app, content, &signature, address)?,
        (Found::Bare(signature), Some(address)) => {
            let digest = content.hash(terminal, false)?.digest;
            let valid = check(digest, &signature, &address)?;
            return tell(app, valid, None, address);
        }
        (Found::Bare(_), None) => {
            return Err(CliError::input_hint(
                format!("`{}` does not say who signed", signature_file.display()),
                "name the signer's address with `--address`",
            ));
        }
    };
    if let Some(statement) = &verified.statement {
        remark(terminal, file, statement);
    }
    if let Some(reason) = &verified.reason {
        terminal.note(reason);
    }
    Ok(terminal.show(&verified)?)
}

/// Whether the owner of the address signed.
pub(super) fn check(
    digest: MessageDigest,
    signature: &Signature,
    address: &SignerAddress,
) -> Result<bool, CliError> {
    bsm::verify_any(digest, signature, address).map_err(|error| CliError::input(error.to_string()))
}

/// Whether this address signed, and whose it is.
pub(super) fn tell(
    app: &App,
    valid: bool,
    reason: Option<String>,
    address: impl Into<SignerAddress>,
) -> Result<Exit, CliError> {
    let contacts = match address.into() {
        SignerAddress::KeyHash(address) if valid => contacts::at(app, &address),
        _ => Vec::new(),
    };
    if !app.terminal.json && !contacts.is_empty() {
        let names = contacts.join("`, `");
        app.terminal.note(&format!("signed by `{names}`"));
    }
    if let Some(reason) = &reason {
        app.terminal.note(reason);
    }
    Ok(app.terminal.show(&Verified {
        valid,
        reason,
        contacts,
    })?)
}

fn full(
    app: &App,
    content: Content,
    signature: &FileSignature,
    address: Option<SignerAddress>,
) -> Result<VerifiedFile, CliError> {
    let invalid = |reason: String| VerifiedFile {
        valid: false,
        reason: Some(reason),
        contacts: Vec::new(),
        statement: None,
    };
    let signer = signature.statement.address;
    if let Some(address) = address.filter(|address| *address != signer.into()) {
        let other = match address {
            SignerAddress::KeyHash(address) => format!("`{address}`"),
            other => other.kind().to_string(),
        };
        return Ok(invalid(format!(
            "it is signed by `{signer}`, and not by {other}"
        )));
    }
    // A file of another length need not be read. Of some that are no files on
    // a disk, the system says 0.
    let size = content.source().and_then(|source| source.size());
    let checked = signature.verify_statement(size.filter(|size| *size > 0));
    let checked = match checked {
        Ok(()) => signature.verify(&content.hash_file(app.terminal)?),
        wrong => wrong,
    };
    Ok(match checked {
        Ok(()) => VerifiedFile {
            valid: true,
            reason: None,
            contacts: contacts::at(app, &signer),
            statement: Some(signature.statement.clone()),
        },
        Err(mismatch) => invalid(mismatch.to_string()),
    })
}

/// What the signature says and a person should look at.
fn remark(terminal: Terminal, file: &Path, statement: &Statement) {
    let name = file.file_name().map(|name| name.to_string_lossy());
    if name.is_none_or(|name| name != statement.file) {
        terminal.warn(&format!(
            "it was signed under the name `{}`",
            statement.file
        ));
    }
    let now = Environment::system().now().as_millis();
    if statement.time.as_millis() > now.saturating_add(AHEAD_MS) {
        terminal.warn("it says that it was signed in the future: check the clocks");
    }
}

fn read(terminal: Terminal, path: &Path) -> Result<Found, CliError> {
    let unusable = |why: &dyn std::fmt::Display| CliError::Unusable {
        message: format!("`{}` cannot be used: {why}", path.display()),
        hint: "`--signature-file` names another one; `--address` and `--signature` do without"
            .to_owned(),
    };
    let mut source = match terminal.open(Some(path)) {
        Err(TerminalError::File { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
            return Err(unusable(&"there is no such file"));
        }
        opened => opened?,
    };
    let Held::All(text) = source.hold(LONGEST)? else {
        return Err(unusable(&"it is too long for a signature"));
    };
    let text = std::str::from_utf8(&text).map_err(|_| unusable(&"it is not text"))?;
    let text = text.trim_start_matches('\u{feff}').trim_ascii();
    if let Ok(signature) = text.parse() {
        return Ok(Found::Bare(signature));
    }
    let signature = text.parse().map_err(|error| unusable(&error))?;
    Ok(Found::Full(Box::new(signature)))
}

impl Outcome for VerifiedFile {
    fn text(&self, out: &mut Printout) {
        out.line(if self.valid { "valid" } else { "invalid" });
        let Some(statement) = &self.statement else {
            return;
        };
        let address = statement.address.to_string();
        let public_key = statement.public_key.to_string();
        let time = statement.time.to_string();
        let bap_id = statement.bap_id.as_ref().map(ToString::to_string);
        let contacts = self.contacts.join(", ");
        let mut fields = Vec::new();
        if !contacts.is_empty() {
            fields.push(("contact", &*contacts));
        }
        fields.extend([("address", &*address), ("public key", &*public_key)]);
        if let Some(bap_id) = &bap_id {
            fields.push(("BAP ID", bap_id));
        }
        fields.extend([("file", &*statement.file), ("time", &*time)]);
        out.fields(&fields);
    }

    fn exit(&self) -> Exit {
        if self.valid { Exit::Done } else { Exit::Failed }
    }
}
