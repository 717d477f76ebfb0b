//! A transaction before it is signed: all that it spends is known, and checked.

use super::digest::{Digests, SIGHASH};
use super::form::{Around, Brought, TransactionForm, write_extended};
use super::outpoint::Txid;
use super::raw::{Output, Transaction, sum};
use super::script::{paid_address, unlock_p2pkh};
use super::unspent::Unspent;
use super::{Satoshis, TransactionError};
use crate::crypto::keys::{Address, PrivateKey};

/// A fee up to this is never too high, in satoshis.
const SMALL_FEE: Satoshis = Satoshis(1_000);

/// Nor is one up to this part of what is spent: 1 %.
const FEE_PART: u64 = 100;

/// A transaction that can be signed: each of its inputs spends an output that is
/// known, and no more goes out than comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    transaction: Transaction,
    /// What each input spends.
    spent: Vec<Output>,
    form: TransactionForm,
    around: Around,
}

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    draft: Draft,
    /// Which inputs were signed.
    pub inputs: Vec<usize>,
}

impl Draft {
    /// A transaction to be signed as it is.
    ///
    /// # Errors
    /// An input spends an output that came neither with the transaction nor
    /// beside it, or more goes out than comes in.
    pub fn of(brought: Brought, unspent: &[Unspent]) -> Result<Self, TransactionError> {
        let mut known = brought.known()?;
        known.add_all(unspent)?;
        let spent = known.spent_by(&brought.transaction)?;
        Self::new(brought.transaction, spent, brought.form, brought.around)
    }

    /// One that was built here, of whose inputs none has an ancestor to show.
    pub(super) fn built(
        transaction: Transaction,
        spent: Vec<Output>,
        form: TransactionForm,
    ) -> Result<Self, TransactionError> {
        Self::new(transaction, spent, form, Around::Nothing)
    }

    fn new(
        transaction: Transaction,
        spent: Vec<Output>,
        form: TransactionForm,
        around: Around,
    ) -> Result<Self, TransactionError> {
        transaction.check()?;
        if transaction.inputs.is_empty() {
            return Err(TransactionError::NoInputs);
        }
        let draft = Self {
            transaction,
            spent,
            form,
            around,
        };
        let outputs = draft.transaction.sum_of_outputs()?;
        let inputs = sum(draft.spent.iter().map(|output| output.satoshis))
            .ok_or(TransactionError::SumTooMuch("inputs"))?;
        if outputs > inputs {
            return Err(TransactionError::Overspent { inputs, outputs });
        }
        Ok(draft)
    }

    /// The transaction.
    #[must_use]
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// What each input spends.
    #[must_use]
    pub fn spent(&self) -> &[Output] {
        &self.spent
    }

    /// What comes in and does not go out.
    #[must_use]
    pub fn fee(&self) -> Satoshis {
        Satoshis(self.coming_in().0 - total(&self.transaction.outputs).0)
    }

    /// Refuses a fee that is more than `most`; without it, more than 1 % of what
    /// is spent and more than 1,000 satoshis.
    ///
    /// # Errors
    /// [`TransactionError::FeeTooHigh`].
    pub fn check_fee(&self, most: Option<Satoshis>) -> Result<(), TransactionError> {
        let part = Satoshis(self.coming_in().0 / FEE_PART);
        let most = most.unwrap_or(part.max(SMALL_FEE));
        let fee = self.fee();
        if fee > most {
            return Err(TransactionError::FeeTooHigh { fee, most });
        }
        Ok(())
    }

    /// Refuses a form that it cannot be written in once it is signed.
    ///
    /// # Errors
    /// [`TransactionError::NoAncestors`].
    pub fn check_form(&self, form: Option<TransactionForm>) -> Result<(), TransactionError> {
        match (form, &self.around) {
            (Some(TransactionForm::Beef), Around::Nothing | Around::Outputs(_)) => {
                Err(TransactionError::NoAncestors)
            }
            _ => Ok(()),
        }
    }

    /// What leaves somebody's addresses: what the inputs spend of theirs, less
    /// what the outputs pay back to them. The fee is part of it.
    #[must_use]
    pub fn leaving(&self, is_theirs: impl Fn(&Address) -> bool) -> Satoshis {
        let theirs = |outputs: &[Output]| {
            let theirs = outputs
                .iter()
                .filter(|output| paid_address(&output.script).is_some_and(|to| is_theirs(&to)));
            theirs.map(|output| output.satoshis.0).sum::<u64>()
        };
        Satoshis(theirs(&self.spent).saturating_sub(theirs(&self.transaction.outputs)))
    }

    /// Signs the inputs that spend P2PKH outputs of a key that is at hand, and
    /// leaves the others as they are.
    #[must_use]
    pub fn sign<'a>(mut self, key_of: impl Fn(&Address) -> Option<&'a PrivateKey>) -> Signed {
        let digests = Digests::of(&self.transaction);
        let mut signed = Vec::new();
        let inputs = self.transaction.inputs.iter_mut().zip(&self.spent);
        for (index, (input, spent)) in inputs.enumerate() {
            let key = paid_address(&spent.script).and_then(|address| key_of(&address));
            if let Some(key) = key {
                let digest = digests.of_input(input, spent);
                let mut signature = key.sign_digest(digest);
                signature.push(SIGHASH);
                input.script = unlock_p2pkh(&signature, &key.public_key());
                signed.push(index);
            }
        }
        Signed {
            draft: self,
            inputs: signed,
        }
    }

    fn coming_in(&self) -> Satoshis {
        total(&self.spent)
    }
}

/// The sum of amounts that were checked: it is below 21 million coins.
fn total(outputs: &[Output]) -> Satoshis {
    Satoshis(outputs.iter().map(|output| output.satoshis.0).sum())
}

impl Signed {
    /// What was signed.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Its id: of those that are signed by others too, not yet the last one.
    #[must_use]
    pub fn txid(&self) -> Txid {
        self.draft.transaction.txid()
    }

    /// Its bytes in a form, or in the one that it came in.
    ///
    /// # Errors
    /// [`TransactionError::NoAncestors`].
    pub fn to_bytes(&self, form: Option<TransactionForm>) -> Result<Vec<u8>, TransactionError> {
        let draft = &self.draft;
        match (form.unwrap_or(draft.form), &draft.around) {
            (TransactionForm::Raw, _) => Ok(draft.transaction.to_bytes()),
            (TransactionForm::Extended, _) => Ok(write_extended(&draft.transaction, &draft.spent)),
            (TransactionForm::Beef, Around::Ancestors(beef)) => Ok(beef.write(&draft.transaction)),
            (TransactionForm::Beef, _) => Err(TransactionError::NoAncestors),
        }
    }
}
