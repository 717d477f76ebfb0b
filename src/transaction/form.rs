//! The forms in which a transaction comes and goes: raw, extended (EF, BRC-30:
//! each input with the output that it spends), BEEF.

use std::fmt;
use std::str::FromStr;

use super::beef::{Beef, is_beef};
use super::bytes::{Reader, push_sized, push_varint};
use super::outpoint::Outpoint;
use super::raw::{Input, Output, Transaction};
use super::unspent::{Known, Unspent};
use super::{Satoshis, TransactionError};
use crate::text::excerpt;

/// What marks the extended form, between version and inputs: where a raw
/// transaction would have no inputs, no outputs and a lock time.
const EF_MARKER: [u8; 6] = [0, 0, 0, 0, 0, 0xef];

/// The least that an input of the extended form takes.
const MIN_EF_INPUT: usize = 36 + 1 + 4 + 8 + 1;

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionForm {
    /// As it is hashed.
    Raw,
    /// With the outputs that it spends.
    Extended,
    /// With the transactions that it spends.
    Beef,
}

impl TransactionForm {
    /// All forms.
    pub const ALL: [Self; 3] = [Self::Raw, Self::Extended, Self::Beef];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Extended => "ef",
            Self::Beef => "beef",
        }
    }
}

impl fmt::Display for TransactionForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that no form has.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown format `{0}`: it is one of `raw`, `ef`, `beef`")]
pub struct FormError(String);

impl FromStr for TransactionForm {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        Self::ALL
            .into_iter()
            .find(|form| form.as_str() == text)
            .ok_or_else(|| FormError(excerpt(text, 40)))
    }
}

/// A transaction as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The transaction.
    pub transaction: Transaction,
    /// The form that it came in.
    pub form: TransactionForm,
    pub(super) around: Around,
}

/// What came with a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Around {
    #[default]
    Nothing,
    /// The outputs that it spends, one for each input.
    Outputs(Vec<Output>),
    Ancestors(Beef),
}

impl Brought {
    /// Reads a transaction in any of the forms, and nothing after it.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn read(bytes: &[u8]) -> Result<Self, TransactionError> {
        let mut reader = Reader::new(bytes);
        let read = if is_beef(&reader) {
            let (transaction, beef) = Beef::read(&mut reader)?;
            Self {
                transaction,
                form: TransactionForm::Beef,
                around: Around::Ancestors(beef),
            }
        } else if bytes.get(4..10) == Some(&EF_MARKER[..]) {
            read_extended(&mut reader)?
        } else {
            Self {
                transaction: Transaction::read(&mut reader)?,
                form: TransactionForm::Raw,
                around: Around::Nothing,
            }
        };
        reader.end()?;
        Ok(read)
    }

    /// What each input spends, as far as it came with it or beside it.
    ///
    /// # Errors
    /// The accounts of an output differ, or one holds more than there is.
    pub fn spent(&self, unspent: &[Unspent]) -> Result<Vec<Option<Output>>, TransactionError> {
        let mut known = self.known()?;
        known.add_all(unspent)?;
        let inputs = self.transaction.inputs.iter();
        Ok(inputs.map(|input| known.get(&input.outpoint)).collect())
    }

    /// What came with it, for those outputs that it spends.
    pub(super) fn known(&self) -> Result<Known, TransactionError> {
        let mut known = Known::default();
        match &self.around {
            Around::Nothing => {}
            Around::Outputs(outputs) => {
                for (input, output) in self.transaction.inputs.iter().zip(outputs) {
                    known.add(input.outpoint, output.clone())?;
                }
            }
            Around::Ancestors(beef) => {
                let outputs = beef.outputs();
                for input in &self.transaction.inputs {
                    let Outpoint { txid, vout } = input.outpoint;
                    let of = outputs.get(&txid).copied().unwrap_or_default();
                    let one = usize::try_from(vout).ok().and_then(|vout| of.get(vout));
                    if let Some(output) = one {
                        known.add(input.outpoint, output.clone())?;
                    }
                }
            }
        }
        Ok(known)
    }
}

fn read_extended(reader: &mut Reader<'_>) -> Result<Brought, TransactionError> {
    let version = reader.u32()?;
    let _marker: [u8; 6] = reader.array()?;
    let count = reader.count(MIN_EF_INPUT)?;
    let mut inputs = Vec::with_capacity(count);
    let mut outputs = Vec::with_capacity(count);
    for _ in 0..count {
        inputs.push(Input::read(reader)?);
        outputs.push(Output {
            satoshis: Satoshis(reader.u64()?),
            script: reader.sized()?.to_vec(),
        });
    }
    Ok(Brought {
        transaction: Transaction::read_rest(reader, version, inputs)?,
        form: TransactionForm::Extended,
        around: Around::Outputs(outputs),
    })
}

/// The extended form of a transaction; `spent` is what each input spends.
pub(super) fn write_extended(transaction: &Transaction, spent: &[Output]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&transaction.version.to_le_bytes());
    bytes.extend_from_slice(&EF_MARKER);
    push_varint(&mut bytes, transaction.inputs.len());
    for (input, output) in transaction.inputs.iter().zip(spent) {
        input.write(&mut bytes);
        bytes.extend_from_slice(&output.satoshis.0.to_le_bytes());
        push_sized(&mut bytes, &output.script);
    }
    transaction.write_outputs(&mut bytes);
    bytes
}
