//! `tokenpass identity verify-published`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::cli::verbs::transaction::read_transaction;
use crate::crypto::keys::Address;
use crate::identity::BapId;
use crate::identity::published::{self, Published, PublishedError, Statement};
use crate::transaction::script;

/// Say what a transaction publishes of a BAP identity, and whether it is signed
///
/// Exit code 0 if there is something of BAP and all of it bears a signature that
/// fits. Whether the signer may speak for the identity is in earlier
/// transactions, unless it is the identity's root address that signed. Needs no
/// wallet.
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass identity verify-published --transaction published.hex")]
pub(crate) struct VerifyPublished {
    /// The transaction: raw, EF or BEEF, hex or binary (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    transaction: PathBuf,
}

#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "VerifiedPublished")
)]
pub(crate) struct Verified {
    txid: String,
    valid: bool,
    published: Vec<Row>,
}

/// One output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "PublishedOutput")
)]
struct Row {
    output: usize,
    valid: bool,
    signer: Option<Address>,
    statements: Vec<StatementRow>,
    reason: Option<String>,
}

#[derive(Serialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "PublishedStatement")
)]
enum StatementRow {
    Id {
        id_key: BapId,
        address: Address,
        by_root: bool,
    },
    Alias {
        id_key: BapId,
        profile: String,
        by_root: bool,
    },
    Attest {
        hash: String,
        sequence: String,
    },
    Revoke {
        hash: String,
        sequence: String,
    },
    Data {
        hash: String,
        data: String,
    },
}

impl VerifyPublished {
    pub(super) fn run(self, app: &App) -> Result<Verified, CliError> {
        let brought = read_transaction(app.terminal, Some(&self.transaction))?;
        let outputs = brought.transaction.outputs.iter().enumerate();
        let published: Vec<_> = outputs
            .filter_map(|(index, output)| {
                let read = published::read(&script::data_pushes(&output.script)?)?;
                Some(Row::new(index, read))
            })
            .collect();
        Ok(Verified {
            txid: brought.transaction.txid().to_string(),
            valid: !published.is_empty() && published.iter().all(|row| row.valid),
            published,
        })
    }
}

impl Row {
    fn new(output: usize, read: Result<Published, PublishedError>) -> Self {
        match read {
            Ok(published) => Self {
                output,
                valid: true,
                signer: Some(published.signed.address),
                statements: published
                    .statements
                    .iter()
                    .map(|statement| StatementRow::new(statement, &published))
                    .collect(),
                reason: None,
            },
            Err(error) => Self {
                output,
                valid: false,
                signer: None,
                statements: Vec::new(),
                reason: Some(error.to_string()),
            },
        }
    }
}

impl StatementRow {
    fn new(statement: &Statement, published: &Published) -> Self {
        match statement.clone() {
            Statement::Id { id, address } => Self::Id {
                by_root: published.is_by_root_of(&id),
                id_key: id,
                address,
            },
            Statement::Alias { id, profile } => Self::Alias {
                by_root: published.is_by_root_of(&id),
                id_key: id,
                profile,
            },
            Statement::Attest { hash, sequence } => Self::Attest { hash, sequence },
            Statement::Revoke { hash, sequence } => Self::Revoke { hash, sequence },
            Statement::Data { hash, data } => Self::Data { hash, data },
        }
    }

    fn tell(&self, out: &mut Printout) {
        match self {
            Self::Id {
                id_key, address, ..
            } => out.fields(&[
                ("bap id", id_key.as_str()),
                ("signing address", &address.to_string()),
            ]),
            Self::Alias {
                id_key, profile, ..
            } => out.fields(&[("bap id", id_key.as_str()), ("profile", profile)]),
            Self::Attest { hash, sequence } => {
                out.fields(&[("attests", hash.as_str()), ("sequence", sequence)]);
            }
            Self::Revoke { hash, sequence } => {
                out.fields(&[("revokes", hash.as_str()), ("sequence", sequence)]);
            }
            Self::Data { hash, data } => out.fields(&[("data of", hash.as_str()), ("data", data)]),
        }
    }

    fn is_by_root(&self) -> bool {
        matches!(
            self,
            Self::Id { by_root: true, .. } | Self::Alias { by_root: true, .. }
        )
    }
}

impl Outcome for Verified {
    fn text(&self, out: &mut Printout) {
        if self.published.is_empty() {
            out.aside("nothing of BAP is in this transaction");
        }
        for row in &self.published {
            out.fields(&[("output", &row.output.to_string())]);
            for statement in &row.statements {
                statement.tell(out);
            }
            let by_root = row.statements.iter().any(StatementRow::is_by_root);
            let whose = if by_root { " (the root address)" } else { "" };
            match (&row.signer, &row.reason) {
                (Some(signer), _) => {
                    out.fields(&[
                        ("signature", "fits"),
                        ("signer", &format!("{signer}{whose}")),
                    ]);
                }
                (None, reason) => {
                    let reason = reason.as_deref().unwrap_or("none");
                    out.fields(&[("signature", &format!("does not fit: {reason}"))]);
                }
            }
        }
        out.line(if self.valid { "valid" } else { "invalid" });
    }

    fn exit(&self) -> Exit {
        if self.valid { Exit::Done } else { Exit::Failed }
    }
}
