//! `tokenpass identity op-return`

use clap::{Args, Subcommand};
use serde::Serialize;

use super::which::Which;
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::terminal::{Outcome, Printout};
use crate::identity::BapId;
use crate::identity::attributes::AttestationHash;
use crate::identity::op_return::OpReturn;
use crate::text::excerpt;
use crate::wallet::{Publication, UnlockedWallet};

/// Make what BAP writes on chain, for a wallet that pays and broadcasts
///
/// Prints the pushes of a signed OP_RETURN output, one line of hex each; with
/// --script the output script (`OP_FALSE OP_RETURN …`). Nothing is sent.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct OpReturnArgs {
    #[command(subcommand)]
    command: Command,

    /// Print the output script instead of its pushes
    #[arg(long, global = true)]
    script: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Link the BAP ID to its signing address
    Id(IdArgs),
    /// Publish a profile
    Alias(AliasArgs),
    /// Attest an attribute, yours or somebody else's
    #[command(after_help = "Examples:
  tokenpass identity op-return attest --attribute email
  tokenpass identity op-return attest --urn urn:bap:id:name:Ada:NONCE --about BAPID")]
    Attest(AttestArgs),
    /// Withdraw an attestation
    Revoke(RevokeArgs),
}

#[derive(Args)]
pub(super) struct IdArgs {
    #[command(flatten)]
    which: Which,
}

#[derive(Args)]
pub(super) struct AliasArgs {
    #[command(flatten)]
    which: Which,

    /// A JSON object [default: the wallet's profile]
    #[arg(long, value_name = "JSON")]
    profile: Option<String>,
}

#[derive(Args)]
pub(super) struct AttestArgs {
    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    subject: Subject,

    /// Of the signer's outputs for a hash, the highest number counts
    #[arg(long, value_name = "N", default_value_t = 0)]
    sequence: u64,

    /// Publish this text with it
    #[arg(long, value_name = "TEXT")]
    data: Option<String>,
}

#[derive(Args)]
pub(super) struct RevokeArgs {
    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    subject: Subject,

    /// Higher than the attestation's
    #[arg(long, value_name = "N", default_value_t = 1)]
    sequence: u64,
}

/// Something to be written on chain.
pub(super) trait Statement {
    /// Unlocks, and makes the signed output.
    fn publish(self, app: &App) -> Result<(UnlockedWallet, OpReturn), CliError>;
}

/// What is attested: an attribute, whose name, value and nonce stay private.
// The group that `derive` would make holds `--about` too, which goes with `--urn`.
#[derive(Args)]
#[group(skip)]
#[command(group(clap::ArgGroup::new("subject").required(true).multiple(false)))]
struct Subject {
    /// An attribute of the identity itself
    #[arg(long, value_name = "NAME", group = "subject")]
    attribute: Option<String>,

    /// The attribute's URN, as its owner gave it
    #[arg(long, value_name = "URN", group = "subject")]
    urn: Option<String>,

    /// The attestation hash
    #[arg(long, value_name = "HEX", group = "subject")]
    hash: Option<AttestationHash>,

    /// Whose attribute the URN describes [default: the identity's own]
    #[arg(long, value_name = "BAPID", requires = "urn")]
    about: Option<BapId>,
}

impl Subject {
    fn hash(self, unlocked: &UnlockedWallet, id: &BapId) -> Result<AttestationHash, CliError> {
        if let Some(hash) = self.hash {
            return Ok(hash);
        }
        if let Some(urn) = self.urn {
            return Ok(AttestationHash::of(&urn, self.about.as_ref().unwrap_or(id)));
        }
        let name = self.attribute.unwrap_or_default();
        let book = unlocked.identities()?;
        let identity = book.get(id).map_err(crate::wallet::WalletError::from)?;
        let urn = identity.attributes().urn(&name).ok_or_else(|| {
            let name = excerpt(&name, 80);
            CliError::input_hint(
                format!("`{name}` is not an attribute of `{id}`"),
                format!("set it: `tokenpass identity set {id} {name}=VALUE`"),
            )
        })?;
        Ok(AttestationHash::of(&urn, id))
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Pushes {
    pushes: Vec<String>,
    script: String,
    #[serde(skip)]
    as_script: bool,
}

impl OpReturnArgs {
    pub(super) fn run(self, app: &App) -> Result<Pushes, CliError> {
        let (_, output) = match self.command {
            Command::Id(what) => what.publish(app),
            Command::Alias(what) => what.publish(app),
            Command::Attest(what) => what.publish(app),
            Command::Revoke(what) => what.publish(app),
        }?;
        Ok(Pushes {
            pushes: output.hex_lines(),
            script: hex::encode(output.safe_script()),
            as_script: self.script,
        })
    }
}

impl Statement for IdArgs {
    fn publish(self, app: &App) -> Result<(UnlockedWallet, OpReturn), CliError> {
        let (unlocked, id) = self.which.open(app)?;
        let output = unlocked.publish(&id, &Publication::Id)?;
        Ok((unlocked, output))
    }
}

impl Statement for AliasArgs {
    fn publish(self, app: &App) -> Result<(UnlockedWallet, OpReturn), CliError> {
        let (unlocked, id) = self.which.open(app)?;
        let profile = match self.profile {
            Some(profile) => profile,
            None => serde_json::Value::Object(unlocked.wallet().profile()?).to_string(),
        };
        let output = unlocked.publish(&id, &Publication::Alias(profile))?;
        Ok((unlocked, output))
    }
}

impl Statement for AttestArgs {
    fn publish(self, app: &App) -> Result<(UnlockedWallet, OpReturn), CliError> {
        let (unlocked, id) = self.which.open(app)?;
        let publication = Publication::Attest {
            hash: self.subject.hash(&unlocked, &id)?,
            sequence: self.sequence,
            data: self.data,
        };
        let output = unlocked.publish(&id, &publication)?;
        Ok((unlocked, output))
    }
}

impl Statement for RevokeArgs {
    fn publish(self, app: &App) -> Result<(UnlockedWallet, OpReturn), CliError> {
        let (unlocked, id) = self.which.open(app)?;
        let publication = Publication::Revoke {
            hash: self.subject.hash(&unlocked, &id)?,
            sequence: self.sequence,
        };
        let output = unlocked.publish(&id, &publication)?;
        Ok((unlocked, output))
    }
}

impl Outcome for Pushes {
    fn text(&self, out: &mut Printout) {
        if self.as_script {
            out.line(&self.script);
        } else {
            for push in &self.pushes {
                out.line(push);
            }
        }
    }
}
