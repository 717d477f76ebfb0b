//! Output and input scripts, as far as they are known here: P2PKH and data.

use crate::crypto::keys::{Address, PublicKey};
use crate::crypto::pushes::{push_data, read_pushes};

const OP_FALSE: u8 = 0x00;
const OP_RETURN: u8 = 0x6a;
const OP_DUP: u8 = 0x76;
const OP_EQUALVERIFY: u8 = 0x88;
const OP_HASH160: u8 = 0xa9;
const OP_CHECKSIG: u8 = 0xac;

/// `OP_DUP OP_HASH160 <20 bytes> OP_EQUALVERIFY OP_CHECKSIG`: pays to an address.
#[must_use]
pub fn p2pkh(address: &Address) -> Vec<u8> {
    let mut script = vec![OP_DUP, OP_HASH160, 20];
    script.extend_from_slice(address.hash());
    script.extend_from_slice(&[OP_EQUALVERIFY, OP_CHECKSIG]);
    script
}

/// The address that a script pays to, if it is P2PKH.
#[must_use]
pub fn paid_address(script: &[u8]) -> Option<Address> {
    match script {
        [
            OP_DUP,
            OP_HASH160,
            20,
            hash @ ..,
            OP_EQUALVERIFY,
            OP_CHECKSIG,
        ] => Some(Address::from_hash(hash.try_into().ok()?)),
        _ => None,
    }
}

/// `OP_FALSE OP_RETURN <push>…`: an output that holds data and can provably
/// not be spent.
#[must_use]
pub fn data(pushes: &[Vec<u8>]) -> Vec<u8> {
    let mut script = vec![OP_FALSE, OP_RETURN];
    for push in pushes {
        push_data(&mut script, push);
    }
    script
}

/// The data that a script pushes after `OP_RETURN`, with `OP_FALSE` before it or
/// without; `None` if it is no such script.
#[must_use]
pub fn data_pushes(script: &[u8]) -> Option<Vec<Vec<u8>>> {
    match script {
        [OP_FALSE, OP_RETURN, rest @ ..] | [OP_RETURN, rest @ ..] => read_pushes(rest),
        _ => None,
    }
}

/// Whether a script holds data and cannot be spent.
#[must_use]
pub fn is_data(script: &[u8]) -> bool {
    script.starts_with(&[OP_FALSE, OP_RETURN]) || script.starts_with(&[OP_RETURN])
}

/// What spends P2PKH: signature, public key.
pub(super) fn unlock_p2pkh(signature: &[u8], key: &PublicKey) -> Vec<u8> {
    let mut script = Vec::with_capacity(UNLOCK_P2PKH_LEN);
    push_data(&mut script, signature);
    push_data(&mut script, &key.to_bytes());
    script
}

/// The longest script that spends P2PKH: a DER signature with low S takes 71
/// bytes at most, the sighash type one, a compressed key 33, and a byte of
/// length before each.
pub(super) const UNLOCK_P2PKH_LEN: usize = 1 + 71 + 1 + 1 + 33;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn p2pkh_is_known_by_its_form_alone() {
        let address: Address = "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH".parse().unwrap();
        let script = p2pkh(&address);
        assert_eq!(
            hex::encode(&script),
            "76a914751e76e8199196d454941c45d1b3a323f1433bd688ac"
        );
        assert_eq!(paid_address(&script), Some(address));
        for other in [
            &script[1..],
            &script[..24],
            &[&script[..], &[0]].concat(),
            &[],
        ] {
            assert_eq!(paid_address(other), None);
        }
    }

    #[test]
    fn data_is_read_as_it_is_written() {
        let pushes = vec![b"1BAP".to_vec(), vec![], vec![7; 300], vec![1; 70_000]];
        let script = data(&pushes);
        assert_eq!(data_pushes(&script), Some(pushes.clone()));
        assert_eq!(data_pushes(&script[1..]), Some(pushes));
        assert_eq!(data_pushes(&script[..script.len() - 1]), None);
        assert_eq!(data_pushes(&[0x6a, 0x61]), None);
        assert_eq!(data_pushes(&p2pkh(&Address::from_hash([0; 20]))), None);
    }
}
