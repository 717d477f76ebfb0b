//! A transaction as a person sees it.

use serde::Serialize;

use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::keys::Address;
use crate::transaction::{Output, Satoshis, Transaction, script};
use crate::wallet::Purse;

/// What a transaction spends and pays, and what of it is ours.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "ShownTransaction")
)]
pub(crate) struct Shown {
    txid: String,
    size: usize,
    version: u32,
    lock_time: u32,
    inputs: Vec<Line>,
    outputs: Vec<Line>,
    /// Absent where it is not known what all inputs spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    fee: Option<Satoshis>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "TransactionLine")
)]
struct Line {
    /// What an input spends.
    #[serde(skip_serializing_if = "Option::is_none")]
    spends: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed: Option<bool>,
    satoshis: Option<Satoshis>,
    address: Option<Address>,
    /// What it is, where it has no address.
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<&'static str>,
    /// Which key of the wallet it is.
    owner: Option<String>,
}

impl Line {
    fn of(output: Option<&Output>, purse: Option<&Purse<'_>>) -> Self {
        let address = output.and_then(|output| script::paid_address(&output.script));
        let owner = address.and_then(|address| purse?.owner(&address));
        let kind = match (output, address) {
            (Some(output), None) if script::is_data(&output.script) => Some("data"),
            (Some(_), None) => Some("other"),
            _ => None,
        };
        Self {
            spends: None,
            signed: None,
            satoshis: output.map(|output| output.satoshis),
            address,
            script: kind,
            owner,
        }
    }

    fn cells(&self, index: usize, what: &str) -> Vec<String> {
        let to = match (&self.address, self.script) {
            (Some(address), _) => address.to_string(),
            (None, Some("data")) => "data".to_owned(),
            (None, Some(_)) => "another script".to_owned(),
            (None, None) => self.spends.clone().unwrap_or_default(),
        };
        vec![
            format!("{what} {index}"),
            self.satoshis
                .map_or_else(|| "unknown".to_owned(), |satoshis| satoshis.to_string()),
            to,
            self.owner.clone().unwrap_or_default(),
        ]
    }
}

impl Shown {
    /// `spent` is what each input spends, as far as it is known.
    pub(super) fn new(
        transaction: &Transaction,
        spent: &[Option<Output>],
        purse: Option<&Purse<'_>>,
    ) -> Self {
        let inputs = transaction.inputs.iter().zip(spent);
        let inputs: Vec<_> = inputs
            .map(|(input, spent)| Line {
                spends: Some(input.outpoint.to_string()),
                signed: Some(!input.script.is_empty()),
                ..Line::of(spent.as_ref(), purse)
            })
            .collect();
        let outputs: Vec<_> = transaction
            .outputs
            .iter()
            .map(|output| Line::of(Some(output), purse))
            .collect();
        let sum = |lines: &[Line]| {
            lines
                .iter()
                .try_fold(Satoshis(0), |sum, line| sum.checked_add(line.satoshis?))
        };
        let fee = match (sum(&inputs), sum(&outputs)) {
            (Some(inputs), Some(outputs)) => inputs.checked_sub(outputs),
            _ => None,
        };
        Self {
            txid: transaction.txid().to_string(),
            size: transaction.size(),
            version: transaction.version,
            lock_time: transaction.lock_time,
            inputs,
            outputs,
            fee,
        }
    }

    /// Line by line, to be read before a question is answered.
    pub(super) fn lines(&self) -> Vec<String> {
        let rows = self.rows().into_iter();
        let rows = rows.map(|row| row.join("  ").trim_end().to_owned());
        let fee = self.fee.map_or_else(String::new, |fee| fee.to_string());
        rows.chain([format!("fee  {fee}")]).collect()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let inputs = self.inputs.iter().enumerate();
        let outputs = self.outputs.iter().enumerate();
        inputs
            .map(|(index, line)| line.cells(index, "input"))
            .chain(outputs.map(|(index, line)| line.cells(index, "output")))
            .collect()
    }
}

impl Outcome for Shown {
    fn text(&self, out: &mut Printout) {
        let fee = self
            .fee
            .map_or_else(|| "unknown".to_owned(), |fee| fee.to_string());
        out.fields(&[
            ("txid", &self.txid),
            ("size", &self.size.to_string()),
            ("fee", &fee),
        ]);
        out.table(&["", "SATOSHIS", "ADDRESS", "YOURS"], &[3], &self.rows());
    }
}
