//! Outputs that can be spent, as they are told.

use std::collections::HashMap;

use super::outpoint::Outpoint;
use super::raw::{Output, Transaction};
use super::{Satoshis, TransactionError};

/// An output that can be spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unspent {
    /// Where it is.
    pub outpoint: Outpoint,
    /// What it holds, and on which condition.
    pub output: Output,
}

/// The outputs that are known, by where they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(HashMap<Outpoint, Output>);

impl Known {
    /// Adds what came with a transaction, then what came beside it.
    pub(super) fn add(
        &mut self,
        outpoint: Outpoint,
        output: Output,
    ) -> Result<(), TransactionError> {
        if output.satoshis > Satoshis::MAX_MONEY {
            return Err(TransactionError::UnspentTooMuch {
                outpoint,
                satoshis: output.satoshis,
            });
        }
        match self.0.insert(outpoint, output) {
            None => Ok(()),
            Some(_) => Err(TransactionError::DuplicateUnspent(outpoint)),
        }
    }

    /// Adds what came beside a transaction: twice is once too often, and what
    /// came with it must be the same.
    pub(super) fn add_all(&mut self, unspent: &[Unspent]) -> Result<(), TransactionError> {
        let mut beside = Self::default();
        for one in unspent {
            beside.add(one.outpoint, one.output.clone())?;
        }
        for (outpoint, output) in beside.0 {
            let known = self.0.entry(outpoint).or_insert_with(|| output.clone());
            if *known != output {
                return Err(TransactionError::Contradiction(outpoint));
            }
        }
        Ok(())
    }

    /// What an output holds, if it is known.
    pub(super) fn get(&self, outpoint: &Outpoint) -> Option<Output> {
        self.0.get(outpoint).cloned()
    }

    /// What each input of a transaction spends.
    pub(super) fn spent_by(
        &self,
        transaction: &Transaction,
    ) -> Result<Vec<Output>, TransactionError> {
        let inputs = transaction.inputs.iter().enumerate();
        inputs
            .map(|(index, input)| {
                let outpoint = input.outpoint;
                let found = self.get(&outpoint);
                found.ok_or(TransactionError::NotGiven { index, outpoint })
            })
            .collect()
    }
}
