//! `tokenpass certificate`

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::keys::PublicKey;
use crate::identity::certificate::{Certificate as Held, CertificateId};
use crate::wallet::UnlockedWallet;
use crate::wire::Exposed;

/// Certificates that others issued about you (BRC-52)
///
/// BRC-100 apps bring them, and show verifiers the fields that you permit. They
/// are sealed on disk, and part of backups.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Certificate {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the certificates
    List {
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Show a certificate, with its fields in clear
    Show {
        /// Its serial number
        #[arg(value_name = "SERIAL")]
        serial: String,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Give a certificate up
    Remove {
        /// Its serial number
        #[arg(value_name = "SERIAL")]
        serial: String,
        /// Do not ask before it is gone
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        password: PasswordArgs,
    },
}

#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "CertificateList")
)]
pub(crate) struct Listed {
    certificates: Vec<Line>,
}

/// A certificate in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "CertificateLine")
)]
struct Line {
    /// Base64.
    #[serde(rename = "type")]
    kind: String,
    /// Base64.
    serial_number: String,
    /// Who issued it.
    certifier: PublicKey,
    /// The names of its fields.
    fields: Vec<String>,
}

/// A certificate.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "CertificateShown")
)]
pub(crate) struct Shown {
    /// Base64.
    #[serde(rename = "type")]
    kind: String,
    /// Base64.
    serial_number: String,
    /// Who issued it.
    certifier: PublicKey,
    /// Whom it is about: the identity key of the BRC-100 wallet.
    subject: PublicKey,
    /// It holds as long as this output (`txid.output`) is unspent.
    revocation_outpoint: String,
    /// What it says, decrypted.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    fields: BTreeMap<String, Exposed>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "CertificateRemoved")
)]
pub(crate) struct Removed {
    success: bool,
    serial_number: String,
}

impl Certificate {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        match self.command {
            Command::List { password } => {
                let book = app.unlock(password.read(app.terminal)?)?.certificates()?;
                let certificates = book.iter().map(Line::of).collect();
                Ok(app.terminal.show(&Listed { certificates })?)
            }
            Command::Show { serial, password } => {
                let unlocked = app.unlock(password.read(app.terminal)?)?;
                let one = find(&unlocked, &serial)?;
                Ok(app.terminal.show(&Shown::of(&unlocked, one)?)?)
            }
            Command::Remove {
                serial,
                yes,
                password,
            } => {
                let unlocked = app.unlock(password.read(app.terminal)?)?;
                let (id, _) = find(&unlocked, &serial)?;
                let loss = "Only its certifier can issue the certificate again.";
                app.terminal.confirm_loss(yes, loss)?;
                unlocked.relinquish_certificate(&id)?;
                Ok(app.terminal.show(&Removed {
                    success: true,
                    serial_number: id.serial_number,
                })?)
            }
        }
    }
}

fn find(unlocked: &UnlockedWallet, serial: &str) -> Result<(CertificateId, Held), CliError> {
    let book = unlocked.certificates()?;
    let mut found = book.iter().filter(|(id, _)| id.serial_number == serial);
    match (found.next(), found.next()) {
        (Some((id, held)), None) => Ok((id.clone(), held.clone())),
        (None, _) => Err(CliError::NotFound {
            message: "there is no certificate with this serial number".to_owned(),
            hint: "`tokenpass certificate list` shows them",
        }),
        // Serial numbers are drawn at random: somebody wants it so.
        (Some(_), Some(_)) => Err(CliError::input(
            "there are several certificates with this serial number",
        )),
    }
}

impl Line {
    fn of((id, certificate): (&CertificateId, &Held)) -> Self {
        Self {
            kind: id.kind.clone(),
            serial_number: id.serial_number.clone(),
            certifier: id.certifier,
            fields: certificate.fields.keys().cloned().collect(),
        }
    }
}

impl Shown {
    fn of(unlocked: &UnlockedWallet, (id, held): (CertificateId, Held)) -> Result<Self, CliError> {
        let keys = unlocked.brc100_key()?;
        let value = |name: &String| Some((name.clone(), Exposed(held.value(keys, name)?)));
        Ok(Self {
            kind: id.kind,
            serial_number: id.serial_number,
            certifier: id.certifier,
            subject: held.subject,
            fields: held.fields.keys().filter_map(value).collect(),
            revocation_outpoint: held.revocation_outpoint,
        })
    }
}

impl Outcome for Listed {
    fn text(&self, out: &mut Printout) {
        if self.certificates.is_empty() {
            out.aside("no certificates");
        }
        out.count(self.certificates.len(), "certificate", "certificates");
        let row = |one: &Line| {
            vec![
                one.serial_number.clone(),
                one.certifier.to_string(),
                one.fields.join(", "),
            ]
        };
        let rows: Vec<_> = self.certificates.iter().map(row).collect();
        out.table(&["SERIAL", "CERTIFIER", "FIELDS"], &[0, 1], &rows);
    }
}

impl Outcome for Shown {
    fn text(&self, out: &mut Printout) {
        let (certifier, subject) = (self.certifier.to_string(), self.subject.to_string());
        let mut lines = vec![
            ("type", &*self.kind),
            ("serial number", &self.serial_number),
            ("certifier", &certifier),
            ("subject", &subject),
            ("revocation outpoint", &self.revocation_outpoint),
        ];
        let fields = self.fields.iter();
        lines.extend(fields.map(|(name, value)| (&**name, value.0.as_str())));
        out.fields(&lines);
    }
}

impl Outcome for Removed {
    fn text(&self, out: &mut Printout) {
        out.line(&self.serial_number);
    }
}
