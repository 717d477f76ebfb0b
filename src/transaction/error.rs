//! Why a transaction is not read, built or signed.

use thiserror::Error;

use super::{Outpoint, Satoshis, Txid};
use crate::crypto::keys::Address;

/// Why a transaction is not read, built or signed. Inputs and outputs count
/// from 0.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TransactionError {
    /// The bytes end too early, or a length or count says more than there is.
    #[error("the transaction is cut short: it ends after {0} bytes")]
    Truncated(usize),
    /// Bytes are left.
    #[error("{0} bytes follow the transaction")]
    Trailing(usize),
    /// A number is written longer than it must be.
    #[error("the number at byte {0} is not written in its shortest form")]
    NotMinimal(usize),
    /// A format byte that nobody knows.
    #[error("the BEEF has a transaction of the unknown kind {0}")]
    BeefKind(u8),
    /// A Merkle path that cannot be one.
    #[error("the BEEF's Merkle path {0} is malformed")]
    MerklePath(usize),
    /// A transaction says it is proved by a Merkle path that does not name it.
    #[error("the BEEF has no Merkle path for `{0}`, which says so")]
    NotProved(Txid),
    /// The one that it is about is missing, or only named.
    #[error("the BEEF does not hold the transaction that it is about")]
    NoSubject,
    /// Not to be written as BEEF.
    #[error("it cannot be written as BEEF: the transactions that it spends did not come with it")]
    NoAncestors,
    /// No output.
    #[error("the transaction has no outputs")]
    NoOutputs,
    /// No input.
    #[error("the transaction has no inputs")]
    NoInputs,
    /// More than 21 million coins.
    #[error("output {index} holds {satoshis} satoshis: more than 21 million coins")]
    TooMuch {
        /// Which output.
        index: usize,
        /// What it holds.
        satoshis: Satoshis,
    },
    /// All outputs, or all inputs, hold more than 21 million coins together.
    #[error("the {0} hold more than 21 million coins together")]
    SumTooMuch(&'static str),
    /// An outpoint that is spent twice.
    #[error("input {index} spends `{outpoint}`, as an input before it does")]
    DuplicateInput {
        /// Which input.
        index: usize,
        /// What it spends.
        outpoint: Outpoint,
    },
    /// An unspent output that holds more than there is.
    #[error(
        "the unspent output `{outpoint}` holds {satoshis} satoshis: more than 21 million coins"
    )]
    UnspentTooMuch {
        /// Where it is.
        outpoint: Outpoint,
        /// What it is said to hold.
        satoshis: Satoshis,
    },
    /// An unspent output that was given twice.
    #[error("the unspent output `{0}` was given twice")]
    DuplicateUnspent(Outpoint),
    /// Two accounts of one output.
    #[error("the output `{0}` came with the transaction and beside it, and they differ")]
    Contradiction(Outpoint),
    /// The output that an input spends is not known.
    #[error("input {index} spends `{outpoint}`, which was not given")]
    NotGiven {
        /// Which input.
        index: usize,
        /// What it spends.
        outpoint: Outpoint,
    },
    /// An unspent output that pays to somebody else.
    #[error("the unspent output `{outpoint}` does not pay to {whose}")]
    ForeignUnspent {
        /// Where it is.
        outpoint: Outpoint,
        /// Whom it should pay.
        whose: String,
    },
    /// Nothing to sign.
    #[error("no input pays to {0}")]
    NothingToSign(String),
    /// More goes out than comes in.
    #[error("the outputs hold {outputs} satoshis, more than the inputs with {inputs}")]
    Overspent {
        /// What comes in.
        inputs: Satoshis,
        /// What goes out.
        outputs: Satoshis,
    },
    /// There are not enough coins.
    #[error("{needed} satoshis are needed, fee included, and the unspent outputs hold {available}")]
    NotEnough {
        /// What is needed.
        needed: Satoshis,
        /// What there is.
        available: Satoshis,
    },
    /// The fee is higher than it may be.
    #[error("the fee is {fee} satoshis, more than the {most} that it may be")]
    FeeTooHigh {
        /// The fee.
        fee: Satoshis,
        /// What it may be.
        most: Satoshis,
    },
    /// A rate whose fee is beyond all numbers.
    #[error("a fee rate of {0} satoshis a kilobyte is more than all coins")]
    FeeRate(Satoshis),
    /// Nothing would be sent.
    #[error("0 satoshis cannot be sent")]
    NothingToSend,
    /// Already there.
    #[error("nothing would be left for `{0}` after the fee")]
    NothingLeft(Address),
}
