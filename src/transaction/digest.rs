//! What a signature signs (BIP-143, with Bitcoin SV's FORKID): all inputs, all
//! outputs, and the amount of the output that the input spends.

use super::raw::{Input, Output, Transaction};
use crate::crypto::hash::sha256d;

/// `SIGHASH_ALL | SIGHASH_FORKID`: the signature holds for this transaction as a
/// whole, and on this chain only.
pub(super) const SIGHASH: u8 = 0x01 | 0x40;

/// The parts of all digests of a transaction that are the same for each input,
/// hashed once: so ten thousand inputs take as long as ten thousand signatures.
pub(super) struct Digests {
    version: u32,
    outpoints: [u8; 32],
    sequences: [u8; 32],
    outputs: [u8; 32],
    lock_time: u32,
}

impl Digests {
    pub(super) fn of(transaction: &Transaction) -> Self {
        let mut outpoints = Vec::with_capacity(transaction.inputs.len() * 36);
        let mut sequences = Vec::with_capacity(transaction.inputs.len() * 4);
        for input in &transaction.inputs {
            input.outpoint.write(&mut outpoints);
            sequences.extend_from_slice(&input.sequence.to_le_bytes());
        }
        let mut outputs = Vec::new();
        for output in &transaction.outputs {
            output.write(&mut outputs);
        }
        Self {
            version: transaction.version,
            outpoints: sha256d(&outpoints),
            sequences: sha256d(&sequences),
            outputs: sha256d(&outputs),
            lock_time: transaction.lock_time,
        }
    }

    /// The digest for an input and the output that it spends.
    pub(super) fn of_input(&self, input: &Input, spent: &Output) -> [u8; 32] {
        let mut bytes = Vec::with_capacity(182);
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes.extend_from_slice(&self.outpoints);
        bytes.extend_from_slice(&self.sequences);
        input.outpoint.write(&mut bytes);
        super::bytes::push_sized(&mut bytes, &spent.script);
        bytes.extend_from_slice(&spent.satoshis.0.to_le_bytes());
        bytes.extend_from_slice(&input.sequence.to_le_bytes());
        bytes.extend_from_slice(&self.outputs);
        bytes.extend_from_slice(&self.lock_time.to_le_bytes());
        bytes.extend_from_slice(&u32::from(SIGHASH).to_le_bytes());
        sha256d(&bytes)
    }
}
