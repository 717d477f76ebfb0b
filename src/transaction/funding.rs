//! Where the coins of a transaction come from, and where the rest goes.

use std::collections::HashSet;
use std::str::FromStr;

use super::amount::AmountError;
use super::bytes::varint_len;
use super::draft::Draft;
use super::form::{Brought, TransactionForm};
use super::raw::{Input, Output, Transaction, input_len, sum};
use super::script::{UNLOCK_P2PKH_LEN, data, p2pkh, paid_address};
use super::unspent::Unspent;
use super::{Satoshis, TransactionError};
use crate::crypto::keys::Address;

/// Satoshis that miners are paid for 1,000 bytes, where nobody says otherwise.
pub const DEFAULT_FEE_RATE: Satoshis = Satoshis(100);

/// The version that transactions are built with.
const VERSION: u32 = 1;

/// The sequence of an input in a transaction that is final.
const FINAL: u32 = u32::MAX;

/// What a transaction may be built from.
pub struct Funds<'a> {
    /// The outputs that can be spent, in the order in which they are.
    pub unspent: &'a [Unspent],
    /// Whether an address is of the keys that will sign.
    pub is_ours: &'a dyn Fn(&Address) -> bool,
    /// Whom unspent outputs must pay, in words.
    pub whose: &'a str,
    /// Satoshis a kilobyte.
    pub fee_rate: Satoshis,
}

/// How much is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So much; the fee comes on top.
    Exactly(Satoshis),
    /// Everything, less the fee.
    All,
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        match text {
            "all" => Ok(Self::All),
            number => number.parse().map(Self::Exactly),
        }
    }
}

impl Funds<'_> {
    /// Adds inputs to a transaction until they pay for its outputs and the fee,
    /// and pays the rest to `change`.
    ///
    /// # Errors
    /// The unspent outputs hold too little, or one of them is not ours.
    pub fn fund(&self, brought: Brought, change: &Address) -> Result<Draft, TransactionError> {
        let mut known = brought.known()?;
        known.add_all(self.unspent)?;
        let spent = known.spent_by(&brought.transaction)?;
        // The ancestors of the new inputs did not come with it.
        let form = match brought.form {
            TransactionForm::Beef => TransactionForm::Extended,
            form => form,
        };
        let (transaction, spent) = self.complete(brought.transaction, spent, change)?;
        Draft::built(transaction, spent, form)
    }

    /// Builds a transaction that pays `amount` to an address. `pushes` are data
    /// in an output of their own. The rest goes to `change`.
    ///
    /// # Errors
    /// Likewise.
    pub fn transfer(
        &self,
        to: &Address,
        amount: Amount,
        pushes: &[Vec<u8>],
        change: &Address,
    ) -> Result<Draft, TransactionError> {
        let mut outputs = vec![Output {
            satoshis: Satoshis(0),
            script: p2pkh(to),
        }];
        if !pushes.is_empty() {
            outputs.push(Output {
                satoshis: Satoshis(0),
                script: data(pushes),
            });
        }
        match amount {
            Amount::Exactly(Satoshis(0)) => Err(TransactionError::NothingToSend),
            Amount::Exactly(satoshis) => {
                outputs[0].satoshis = satoshis;
                self.pay(outputs, change)
            }
            Amount::All => self.pay_all(outputs, to),
        }
    }

    /// Builds a transaction with these outputs; the rest goes to `change`.
    ///
    /// # Errors
    /// Likewise.
    pub fn pay(&self, outputs: Vec<Output>, change: &Address) -> Result<Draft, TransactionError> {
        self.check_unspent()?;
        let transaction = with_outputs(outputs);
        transaction.sum_of_outputs()?;
        let (transaction, spent) = self.complete(transaction, Vec::new(), change)?;
        Draft::built(transaction, spent, TransactionForm::Raw)
    }

    /// Everything to the first output.
    fn pay_all(&self, outputs: Vec<Output>, to: &Address) -> Result<Draft, TransactionError> {
        self.check_unspent()?;
        let mut transaction = with_outputs(outputs);
        let mut spent = Vec::with_capacity(self.unspent.len());
        let mut size = Size::of(&transaction, &spent);
        for one in self.unspent {
            self.add(&mut transaction, &mut spent, &mut size, one)?;
        }
        let fee = self.fee(&size)?;
        let available = sum_of(&spent)?;
        let left = available.checked_sub(fee).filter(|left| left.0 > 0);
        transaction.outputs[0].satoshis = left.ok_or(TransactionError::NothingLeft(*to))?;
        Draft::built(transaction, spent, TransactionForm::Raw)
    }

    /// The same checks for what beside a transaction is checked with it.
    fn check_unspent(&self) -> Result<(), TransactionError> {
        super::unspent::Known::default().add_all(self.unspent)
    }

    fn complete(
        &self,
        mut transaction: Transaction,
        mut spent: Vec<Output>,
        change: &Address,
    ) -> Result<(Transaction, Vec<Output>), TransactionError> {
        let outgoing = transaction.sum_of_outputs()?;
        let mut size = Size::of(&transaction, &spent);
        let used: HashSet<_> = transaction
            .inputs
            .iter()
            .map(|input| input.outpoint)
            .collect();
        let mut free = self
            .unspent
            .iter()
            .filter(|one| !used.contains(&one.outpoint));
        let mut incoming = sum_of(&spent)?;
        loop {
            let fee = self.fee(&size)?;
            let needed = Satoshis(outgoing.0.saturating_add(fee.0));
            // A transaction without inputs is none, whatever the fee rate.
            if incoming >= needed && !transaction.inputs.is_empty() {
                break;
            }
            let Some(one) = free.next() else {
                return Err(TransactionError::NotEnough {
                    needed,
                    available: incoming,
                });
            };
            self.add(&mut transaction, &mut spent, &mut size, one)?;
            let both = [incoming, one.output.satoshis].into_iter();
            incoming = sum(both).ok_or(TransactionError::SumTooMuch("inputs"))?;
        }
        let rest = Output {
            satoshis: Satoshis(0),
            script: p2pkh(change),
        };
        size.add_output(&rest);
        let needed = Satoshis(outgoing.0.saturating_add(self.fee(&size)?.0));
        // An output of one satoshi is as good as any: nodes of this chain have
        // no other threshold for dust. Less than that is the miner's.
        if let Some(satoshis) = incoming.checked_sub(needed).filter(|left| left.0 > 0) {
            transaction.outputs.push(Output { satoshis, ..rest });
        }
        Ok((transaction, spent))
    }

    fn add(
        &self,
        transaction: &mut Transaction,
        spent: &mut Vec<Output>,
        size: &mut Size,
        one: &Unspent,
    ) -> Result<(), TransactionError> {
        let address = paid_address(&one.output.script);
        if !address.is_some_and(|address| (self.is_ours)(&address)) {
            return Err(TransactionError::ForeignUnspent {
                outpoint: one.outpoint,
                whose: self.whose.to_owned(),
            });
        }
        transaction.inputs.push(Input {
            outpoint: one.outpoint,
            script: Vec::new(),
            sequence: FINAL,
        });
        spent.push(one.output.clone());
        size.add_input(0, &one.output);
        Ok(())
    }

    /// The fee of a transaction of this size, rounded up.
    fn fee(&self, size: &Size) -> Result<Satoshis, TransactionError> {
        let fee = (u128::from(self.fee_rate.0) * size.total() as u128).div_ceil(1_000);
        u64::try_from(fee)
            .ok()
            .map(Satoshis)
            .filter(|fee| *fee <= Satoshis::MAX_MONEY)
            .ok_or(TransactionError::FeeRate(self.fee_rate))
    }
}

fn with_outputs(outputs: Vec<Output>) -> Transaction {
    Transaction {
        version: VERSION,
        inputs: Vec::new(),
        outputs,
        lock_time: 0,
    }
}

fn sum_of(outputs: &[Output]) -> Result<Satoshis, TransactionError> {
    sum(outputs.iter().map(|output| output.satoshis)).ok_or(TransactionError::SumTooMuch("inputs"))
}

/// How large a transaction will be once it is signed.
struct Size {
    inputs: (usize, usize),
    outputs: (usize, usize),
}

impl Size {
    fn of(transaction: &Transaction, spent: &[Output]) -> Self {
        let mut size = Self {
            inputs: (0, 0),
            outputs: (0, 0),
        };
        for (input, output) in transaction.inputs.iter().zip(spent) {
            size.add_input(input.script.len(), output);
        }
        for output in &transaction.outputs {
            size.add_output(output);
        }
        size
    }

    /// `script` is what is there already.
    fn add_input(&mut self, script: usize, spent: &Output) {
        let script = match paid_address(&spent.script) {
            Some(_) => script.max(UNLOCK_P2PKH_LEN),
            None => script,
        };
        self.inputs.0 += 1;
        self.inputs.1 += input_len(script);
    }

    fn add_output(&mut self, output: &Output) {
        self.outputs.0 += 1;
        self.outputs.1 += output.len();
    }

    fn total(&self) -> usize {
        let of = |(count, bytes): (usize, usize)| varint_len(count) + bytes;
        8 + of(self.inputs) + of(self.outputs)
    }
}
