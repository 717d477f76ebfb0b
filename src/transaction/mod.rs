//! Coins: transactions, read, built and signed, without a network.
//!
//! A transaction comes in one of the [`TransactionForm`]s as a [`Brought`]; with the
//! outputs that it spends, from itself or from [`Unspent`] ones beside it, it
//! becomes a [`Draft`], in which every sum is checked. [`Funds`] builds drafts,
//! too. [`Draft::sign`] signs the inputs that spend P2PKH outputs, and nothing
//! else is signed here. Whether an output is still unspent, and whether a block
//! has it, only the network knows: nobody is asked.
//!
//! Everything here is pure, and takes any bytes that a stranger sends: lengths
//! and counts are held against what is there before memory is taken. It is
//! written here rather than taken from the crate `bsv`, which takes memory by
//! lengths that it has not checked; the tests hold it against that crate.

mod amount;
mod beef;
mod bytes;
mod digest;
mod draft;
mod error;
mod form;
mod funding;
mod outpoint;
mod raw;
pub mod script;
mod unspent;

pub use amount::Satoshis;
pub use draft::{Draft, Signed};
pub use error::TransactionError;
pub use form::{Brought, TransactionForm};
pub use funding::{Amount, DEFAULT_FEE_RATE, Funds};
pub use outpoint::{Outpoint, Txid};
pub use raw::{Input, Output, Transaction};
pub use unspent::Unspent;
