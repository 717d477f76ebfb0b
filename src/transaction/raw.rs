//! A transaction as it is hashed: version, inputs, outputs, lock time.

use std::collections::HashSet;

use super::bytes::{Reader, push_sized, push_varint, varint_len};
use super::outpoint::{Outpoint, Txid};
use super::{Satoshis, TransactionError};
use crate::crypto::hash::sha256d;

/// The bytes of an input without its script, and of an output without its: the
/// least that one takes, with the byte that says how long the script is.
const MIN_INPUT: usize = 36 + 1 + 4;
const MIN_OUTPUT: usize = 8 + 1;

/// What a transaction spends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The output that it spends.
    pub outpoint: Outpoint,
    /// What fulfils that output's script; empty until it is signed.
    pub script: Vec<u8>,
    /// `0xffffffff` unless the lock time is to count.
    pub sequence: u32,
}

/// What a transaction pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How much.
    pub satoshis: Satoshis,
    /// On which condition.
    pub script: Vec<u8>,
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// 1 or 2.
    pub version: u32,
    /// What it spends.
    pub inputs: Vec<Input>,
    /// What it pays.
    pub outputs: Vec<Output>,
    /// Before when it does not count: a block or a time.
    pub lock_time: u32,
}

impl Transaction {
    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.size());
        bytes.extend_from_slice(&self.version.to_le_bytes());
        push_varint(&mut bytes, self.inputs.len());
        for input in &self.inputs {
            input.write(&mut bytes);
        }
        self.write_outputs(&mut bytes);
        bytes
    }

    /// How many bytes it has.
    #[must_use]
    pub fn size(&self) -> usize {
        let inputs: usize = self
            .inputs
            .iter()
            .map(|input| input_len(input.script.len()))
            .sum();
        let outputs: usize = self.outputs.iter().map(Output::len).sum();
        8 + varint_len(self.inputs.len()) + inputs + varint_len(self.outputs.len()) + outputs
    }

    /// Its id.
    #[must_use]
    pub fn txid(&self) -> Txid {
        Txid(sha256d(&self.to_bytes()))
    }

    /// What all outputs hold.
    ///
    /// # Errors
    /// More than 21 million coins, one of them or all together.
    pub fn sum_of_outputs(&self) -> Result<Satoshis, TransactionError> {
        for (index, output) in self.outputs.iter().enumerate() {
            if output.satoshis > Satoshis::MAX_MONEY {
                return Err(TransactionError::TooMuch {
                    index,
                    satoshis: output.satoshis,
                });
            }
        }
        sum(self.outputs.iter().map(|output| output.satoshis))
            .ok_or(TransactionError::SumTooMuch("outputs"))
    }

    /// What every transaction must keep, whoever signs it.
    pub(super) fn check(&self) -> Result<(), TransactionError> {
        if self.outputs.is_empty() {
            return Err(TransactionError::NoOutputs);
        }
        self.sum_of_outputs()?;
        let mut spent = HashSet::with_capacity(self.inputs.len());
        for (index, input) in self.inputs.iter().enumerate() {
            let outpoint = input.outpoint;
            if !spent.insert(outpoint) {
                return Err(TransactionError::DuplicateInput { index, outpoint });
            }
        }
        Ok(())
    }

    pub(super) fn write_outputs(&self, bytes: &mut Vec<u8>) {
        push_varint(bytes, self.outputs.len());
        for output in &self.outputs {
            output.write(bytes);
        }
        bytes.extend_from_slice(&self.lock_time.to_le_bytes());
    }

    /// Reads a transaction at the start of what is left.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, TransactionError> {
        let version = reader.u32()?;
        let inputs = (0..reader.count(MIN_INPUT)?)
            .map(|_| Input::read(reader))
            .collect::<Result<_, _>>()?;
        Self::read_rest(reader, version, inputs)
    }

    pub(super) fn read_rest(
        reader: &mut Reader<'_>,
        version: u32,
        inputs: Vec<Input>,
    ) -> Result<Self, TransactionError> {
        let outputs = (0..reader.count(MIN_OUTPUT)?)
            .map(|_| Output::read(reader))
            .collect::<Result<_, _>>()?;
        let transaction = Self {
            version,
            inputs,
            outputs,
            lock_time: reader.u32()?,
        };
        transaction.check()?;
        Ok(transaction)
    }
}

/// The sum of amounts; `None` beyond 21 million coins.
pub(super) fn sum(amounts: impl Iterator<Item = Satoshis>) -> Option<Satoshis> {
    let mut sum = Satoshis(0);
    for amount in amounts {
        sum = sum.checked_add(amount)?;
        if sum > Satoshis::MAX_MONEY {
            return None;
        }
    }
    Some(sum)
}

/// How many bytes an input takes.
pub(super) fn input_len(script: usize) -> usize {
    36 + varint_len(script) + script + 4
}

impl Input {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, TransactionError> {
        Ok(Self {
            outpoint: Outpoint {
                txid: Txid(reader.array()?),
                vout: reader.u32()?,
            },
            script: reader.sized()?.to_vec(),
            sequence: reader.u32()?,
        })
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        self.outpoint.write(bytes);
        push_sized(bytes, &self.script);
        bytes.extend_from_slice(&self.sequence.to_le_bytes());
    }
}

impl Output {
    /// How many bytes it takes.
    pub(super) fn len(&self) -> usize {
        8 + varint_len(self.script.len()) + self.script.len()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, TransactionError> {
        Ok(Self {
            satoshis: Satoshis(reader.u64()?),
            script: reader.sized()?.to_vec(),
        })
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.satoshis.0.to_le_bytes());
        push_sized(bytes, &self.script);
    }
}
