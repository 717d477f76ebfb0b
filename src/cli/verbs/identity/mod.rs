//! `tokenpass identity`

pub(crate) mod op_return;
mod publish;
pub(crate) mod verify_published;
mod which;

use clap::{Args, Subcommand};
use serde::Serialize;

use self::op_return::OpReturnArgs;
use self::publish::Publish;
use self::verify_published::VerifyPublished;
use self::which::Which;
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::cli::values::{self, IdentityName};
use crate::cli::verbs::sign::Sign;
use crate::crypto::keys::{Address, PublicKey};
use crate::identity::{self, BapId, IdentityError};
use crate::wallet::{UnlockedWallet, WalletError};
use crate::wire::identity::{self as wire, Identities};

/// Your BAP identities: who you are to others
///
/// An identity's BAP ID never changes; its signing key can be rotated. Names
/// and attributes are private: they are sealed on disk, and only what you
/// publish (`identity publish`) or put into the profile is seen by others.
/// Commands take an identity's BAP ID, or its name if no other has the same.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Identity {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(List),
    Create(Create),
    Show(Show),
    Use(Use),
    Rename(Rename),
    Rotate(Rotate),
    Set(Set),
    /// Sign a message, or a request, as the primary identity
    ///
    /// As `tokenpass sign`, with the signing key of the primary identity, or
    /// of the one that --identity names.
    Sign(Box<Sign>),
    OpReturn(OpReturnArgs),
    Publish(Box<Publish>),
    VerifyPublished(VerifyPublished),
}

/// List the identities
#[derive(Args)]
struct List {
    #[command(flatten)]
    password: PasswordArgs,
}

/// Create the next identity of this wallet
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass identity create --name Work")]
struct Create {
    /// What you call it; nobody else sees it
    #[arg(long, value_name = "NAME", value_parser = values::new_name)]
    name: String,

    #[command(flatten)]
    password: PasswordArgs,
}

/// Show an identity with its attributes
#[derive(Args)]
struct Show {
    #[command(flatten)]
    which: Which,
}

/// Make an identity the primary one, which the profile shows
#[derive(Args)]
struct Use {
    /// Its BAP ID or name
    #[arg(value_name = "IDENTITY")]
    name: IdentityName,

    #[command(flatten)]
    password: PasswordArgs,
}

/// Change what you call an identity; its BAP ID stays
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass identity rename Work \"Day job\"")]
struct Rename {
    /// Its BAP ID or name
    #[arg(value_name = "IDENTITY")]
    name: IdentityName,

    /// What to call it
    #[arg(value_name = "NEW_NAME", value_parser = values::new_name)]
    new_name: String,

    #[command(flatten)]
    password: PasswordArgs,
}

/// Change an identity's signing key; its BAP ID stays
///
/// Publish the change with `tokenpass identity op-return id`: the old key
/// signs for the new one.
#[derive(Args)]
struct Rotate {
    #[command(flatten)]
    which: Which,

    /// Do not ask first
    #[arg(long)]
    yes: bool,
}

/// Set attributes of an identity
///
/// An attribute that is new gets a random nonce, so that nobody can guess it
/// from an attestation. `KEY=` removes one.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass identity set Work email=ada@example.com
  tokenpass identity set 2ZHQjomPDgD7hMkHEcBioKj8f3y9 email=ada@example.com")]
struct Set {
    /// Its BAP ID or name
    #[arg(value_name = "IDENTITY")]
    name: IdentityName,

    /// The attribute and its value
    #[arg(value_name = "KEY=VALUE", required = true, value_parser = attribute)]
    attributes: Vec<(String, String)>,

    #[command(flatten)]
    password: PasswordArgs,
}

fn attribute(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        None | Some(("", _)) => Err(format!(
            "`{}` is not like `email=ada@example.com`",
            crate::text::excerpt(text, 80)
        )),
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
    }
}

impl Identity {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        match self.command {
            Command::List(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Create(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Show(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Use(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Rename(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Rotate(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Set(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Sign(verb) => verb.run_as_identity(app),
            Command::OpReturn(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
            Command::Publish(verb) => verb.run(app),
            Command::VerifyPublished(verb) => Ok(app.terminal.show(&verb.run(app)?)?),
        }
    }
}

impl List {
    fn run(self, app: &App) -> Result<Identities, CliError> {
        let given = self.password.read(app.terminal)?;
        let book = app.unlock(given)?.identities()?;
        Ok(Identities::from(&book))
    }
}

impl Create {
    fn run(self, app: &App) -> Result<Changed, CliError> {
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let created =
            unlocked.change_identities(|book, root| book.create(root, &self.name).cloned())?;
        Ok(Changed {
            success: true,
            identity: wire::Identity::from(&created),
            told: "created",
        })
    }
}

impl Show {
    fn run(self, app: &App) -> Result<Shown, CliError> {
        let (unlocked, id) = self.which.open(app)?;
        let book = unlocked.identities()?;
        Shown::of(&unlocked, book.get(&id).map_err(WalletError::from)?)
    }
}

impl Use {
    fn run(self, app: &App) -> Result<Changed, CliError> {
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let id = self.name.find(&unlocked)?;
        change(&unlocked, &id, "the primary one", |book| {
            book.set_primary(&id)
        })
    }
}

impl Rename {
    fn run(self, app: &App) -> Result<Changed, CliError> {
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let id = self.name.find(&unlocked)?;
        change(&unlocked, &id, "its name now", |book| {
            book.rename(&id, &self.new_name)
        })
    }
}

impl Rotate {
    fn run(self, app: &App) -> Result<Changed, CliError> {
        let (unlocked, id) = self.which.open(app)?;
        let name = unlocked.identities()?;
        let name = name.get(&id).map_or("", identity::Identity::name);
        let loss = format!(
            "`{name}` gets another signing key. What was signed with the one it has now is \
             its own only for whoever sees the change published."
        );
        app.terminal.confirm_loss(self.yes, &loss)?;
        let changed = change(&unlocked, &id, "rotated", |book| book.rotate(&id).map(drop))?;
        app.terminal
            .note("publish the change: `tokenpass identity op-return id --script`");
        Ok(changed)
    }
}

impl Set {
    fn run(self, app: &App) -> Result<Shown, CliError> {
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let id = self.name.find(&unlocked)?;
        let changed = unlocked.set_attributes(&id, &self.attributes)?;
        Shown::of(&unlocked, &changed)
    }
}

fn change(
    unlocked: &UnlockedWallet,
    id: &BapId,
    told: &'static str,
    change: impl FnOnce(&mut identity::IdentityBook) -> Result<(), IdentityError>,
) -> Result<Changed, CliError> {
    let identity = unlocked.change_identities(|book, _| {
        change(book)?;
        book.get(id).cloned()
    })?;
    Ok(Changed {
        success: true,
        identity: wire::Identity::from(&identity),
        told,
    })
}

#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "IdentityChanged")
)]
pub(crate) struct Changed {
    success: bool,
    #[serde(flatten)]
    identity: wire::Identity,
    #[serde(skip)]
    told: &'static str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "IdentityShown"))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown {
    #[serde(flatten)]
    identity: wire::Identity,
    current_path: String,
    /// Of its signing key.
    address: Address,
    public_key: PublicKey,
    attributes: Vec<AttributeRow>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Attribute"))]
pub(crate) struct AttributeRow {
    name: String,
    value: String,
    nonce: String,
    urn: String,
}

impl Shown {
    fn of(unlocked: &UnlockedWallet, identity: &identity::Identity) -> Result<Self, CliError> {
        let key = unlocked.key_of(identity)?;
        let attributes = identity.attributes();
        Ok(Self {
            identity: wire::Identity::from(identity),
            current_path: identity.current_path(),
            address: key.address,
            public_key: key.public_key,
            attributes: attributes
                .iter()
                .map(|(name, attribute)| AttributeRow {
                    name: name.to_string(),
                    value: attribute.value.clone(),
                    nonce: attribute.nonce.clone(),
                    urn: attributes.urn(name.as_str()).unwrap_or_default(),
                })
                .collect(),
        })
    }
}

impl Outcome for Identities {
    fn text(&self, out: &mut Printout) {
        let cells = |row: &wire::Identity| {
            let primary = Some(&row.id_key) == self.primary_id.as_ref();
            vec![
                row.id_key.to_string(),
                if primary { "primary" } else { "" }.to_owned(),
                row.name.clone(),
            ]
        };
        let rows: Vec<_> = self.identities.iter().map(cells).collect();
        out.count(rows.len(), "identity", "identities");
        out.table(&["BAP ID", "", "NAME"], &[2], &rows);
    }
}

impl Outcome for Changed {
    fn text(&self, out: &mut Printout) {
        out.line(self.identity.id_key.as_str());
        out.aside(&format!("`{}` is {}", self.identity.name, self.told));
    }
}

impl Outcome for Shown {
    fn text(&self, out: &mut Printout) {
        let counter = self.identity.counter.to_string();
        out.fields(&[
            ("bap id", self.identity.id_key.as_str()),
            ("name", &self.identity.name),
            ("root address", &self.identity.root_address.to_string()),
            ("counter", &counter),
            ("path", &self.current_path),
            ("signing address", &self.address.to_string()),
            ("signing key", &self.public_key.to_string()),
        ]);
        for attribute in &self.attributes {
            out.fields(&[(&attribute.name, &attribute.value)]);
        }
    }
}
