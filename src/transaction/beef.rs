//! BEEF: a transaction with those that it spends, down to ones that a Merkle
//! path proves to be in a block (BRC-62; BRC-96 for the second version; BRC-95
//! for the atomic form; BRC-74 for the paths).
//!
//! What is taken from it are the outputs that the transaction spends: their
//! transactions hash to the ids that its inputs name, so no proof is needed to
//! believe them. Whether a block really has a path's root is a question for
//! somebody with block headers; the paths are read for their form, held against
//! the transactions that name them, and passed on as they came.

use std::collections::{HashMap, HashSet};

use super::TransactionError;
use super::bytes::{Reader, push_varint};
use super::outpoint::Txid;
use super::raw::{Output, Transaction};

const VERSION_1: [u8; 4] = [0x01, 0x00, 0xbe, 0xef];
const VERSION_2: [u8; 4] = [0x02, 0x00, 0xbe, 0xef];
const ATOMIC: [u8; 4] = [0x01, 0x01, 0x01, 0x01];

/// Kinds of transactions in the second version.
const PLAIN: u8 = 0;
const PROVED: u8 = 1;
const ID_ONLY: u8 = 2;

/// The deepest tree of a block (BRC-74).
const MAX_HEIGHT: u8 = 64;

/// Flags of a node in a Merkle path.
const DUPLICATE: u8 = 1;
const CLIENT_TXID: u8 = 2;

/// What came around a transaction, to be written around it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beef {
    is_second: bool,
    is_atomic: bool,
    /// The Merkle paths, as they came.
    paths: Vec<Vec<u8>>,
    ancestors: Vec<Ancestor>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Ancestor {
    txid: Txid,
    /// `None` where only the id came.
    transaction: Option<Transaction>,
    /// Which Merkle path proves it.
    path: Option<usize>,
}

/// Whether bytes begin as BEEF does.
pub(super) fn is_beef(reader: &Reader<'_>) -> bool {
    [VERSION_1, VERSION_2, ATOMIC]
        .iter()
        .any(|magic| reader.is_at(magic))
}

impl Beef {
    /// Reads all there is: the transaction it is about, and what came around.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<(Transaction, Self), TransactionError> {
        let mut magic: [u8; 4] = reader.array()?;
        let is_atomic = magic == ATOMIC;
        let about = if is_atomic {
            let txid = Txid(reader.array()?);
            magic = reader.array()?;
            Some(txid)
        } else {
            None
        };
        let is_second = match magic {
            VERSION_1 => false,
            VERSION_2 => true,
            _ => return Err(TransactionError::NoSubject),
        };
        let (paths, proved) = read_paths(reader)?;
        let mut ancestors = read_transactions(reader, is_second, &proved)?;
        let about = about.or(ancestors.last().map(|last| last.txid));
        let at = ancestors.iter().position(|one| Some(one.txid) == about);
        let subject = at.ok_or(TransactionError::NoSubject)?;
        let subject = ancestors.remove(subject);
        let transaction = subject.transaction.ok_or(TransactionError::NoSubject)?;
        Ok((
            transaction,
            Self {
                is_second,
                is_atomic,
                paths,
                ancestors,
            },
        ))
    }

    /// All outputs that came, by where they are.
    pub(super) fn outputs(&self) -> HashMap<Txid, &[Output]> {
        self.ancestors
            .iter()
            .filter_map(|one| Some((one.txid, &one.transaction.as_ref()?.outputs[..])))
            .collect()
    }

    /// Writes a transaction with what came around it.
    pub(super) fn write(&self, transaction: &Transaction) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.is_atomic {
            bytes.extend_from_slice(&ATOMIC);
            bytes.extend_from_slice(&transaction.txid().0);
        }
        bytes.extend_from_slice(if self.is_second {
            &VERSION_2
        } else {
            &VERSION_1
        });
        push_varint(&mut bytes, self.paths.len());
        for path in &self.paths {
            bytes.extend_from_slice(path);
        }
        push_varint(&mut bytes, self.ancestors.len() + 1);
        for ancestor in &self.ancestors {
            self.write_ancestor(ancestor, &mut bytes);
        }
        if self.is_second {
            bytes.push(PLAIN);
        }
        bytes.extend_from_slice(&transaction.to_bytes());
        if !self.is_second {
            bytes.push(0);
        }
        bytes
    }

    fn write_ancestor(&self, ancestor: &Ancestor, bytes: &mut Vec<u8>) {
        let Some(transaction) = &ancestor.transaction else {
            bytes.push(ID_ONLY);
            bytes.extend_from_slice(&ancestor.txid.0);
            return;
        };
        let raw = transaction.to_bytes();
        match (self.is_second, ancestor.path) {
            (true, Some(path)) => {
                bytes.push(PROVED);
                push_varint(bytes, path);
                bytes.extend_from_slice(&raw);
            }
            (true, None) => {
                bytes.push(PLAIN);
                bytes.extend_from_slice(&raw);
            }
            (false, Some(path)) => {
                bytes.extend_from_slice(&raw);
                bytes.push(1);
                push_varint(bytes, path);
            }
            (false, None) => {
                bytes.extend_from_slice(&raw);
                bytes.push(0);
            }
        }
    }
}

type Paths = (Vec<Vec<u8>>, Vec<HashSet<Txid>>);

/// The Merkle paths, and which transactions each of them names.
fn read_paths(reader: &mut Reader<'_>) -> Result<Paths, TransactionError> {
    // Height of the block, of the tree, one level with a count.
    let count = reader.count(1 + 1 + 1)?;
    let mut paths = (Vec::with_capacity(count), Vec::with_capacity(count));
    for index in 0..count {
        let start = reader.position();
        let named = read_path(reader, index)?;
        paths.0.push(reader.since(start).to_vec());
        paths.1.push(named);
    }
    Ok(paths)
}

fn read_path(reader: &mut Reader<'_>, index: usize) -> Result<HashSet<Txid>, TransactionError> {
    let malformed = || TransactionError::MerklePath(index);
    let _block = reader.varint()?;
    let height = reader.byte()?;
    if !(1..=MAX_HEIGHT).contains(&height) {
        return Err(malformed());
    }
    let mut leaves = HashSet::new();
    for level in 0..height {
        // An offset and flags.
        for _ in 0..reader.count(1 + 1)? {
            let _offset = reader.varint()?;
            match reader.byte()? {
                DUPLICATE => {}
                0 | CLIENT_TXID => {
                    let hash = Txid(reader.array()?);
                    if level == 0 {
                        leaves.insert(hash);
                    }
                }
                _ => return Err(malformed()),
            }
        }
    }
    Ok(leaves)
}

fn read_transactions(
    reader: &mut Reader<'_>,
    is_second: bool,
    paths: &[HashSet<Txid>],
) -> Result<Vec<Ancestor>, TransactionError> {
    let mut read: Vec<Ancestor> = Vec::new();
    let mut known = HashSet::new();
    // The shortest: its id, or a transaction of nothing.
    for _ in 0..reader.count(10)? {
        let one = if is_second {
            read_second(reader)?
        } else {
            read_first(reader)?
        };
        let txid = one.txid;
        // Some wallets write a transaction as often as it is spent.
        if !known.insert(txid) {
            continue;
        }
        if let Some(path) = one.path {
            let named = paths.get(path).ok_or(TransactionError::MerklePath(path))?;
            if !named.contains(&txid) {
                return Err(TransactionError::NotProved(txid));
            }
        }
        read.push(one);
    }
    Ok(read)
}

fn read_first(reader: &mut Reader<'_>) -> Result<Ancestor, TransactionError> {
    let transaction = Transaction::read(reader)?;
    let path = match reader.byte()? {
        0 => None,
        1 => Some(read_index(reader)?),
        other => return Err(TransactionError::BeefKind(other)),
    };
    Ok(Ancestor {
        txid: transaction.txid(),
        transaction: Some(transaction),
        path,
    })
}

fn read_second(reader: &mut Reader<'_>) -> Result<Ancestor, TransactionError> {
    let path = match reader.byte()? {
        PLAIN => None,
        PROVED => Some(read_index(reader)?),
        ID_ONLY => {
            return Ok(Ancestor {
                txid: Txid(reader.array()?),
                transaction: None,
                path: None,
            });
        }
        other => return Err(TransactionError::BeefKind(other)),
    };
    let transaction = Transaction::read(reader)?;
    Ok(Ancestor {
        txid: transaction.txid(),
        transaction: Some(transaction),
        path,
    })
}

fn read_index(reader: &mut Reader<'_>) -> Result<usize, TransactionError> {
    Ok(usize::try_from(reader.varint()?).unwrap_or(usize::MAX))
}
