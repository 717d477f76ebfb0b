//! The addresses whose owners sign messages: P2PKH, and those of BIP-137, whose
//! signatures say in their first byte which kind of address they are for.

use std::str::FromStr;

use super::base58;
use super::bech32::{self, Network};
use super::hash::hash160;
use super::keys::{Address, Flaw, KeyError, PublicKey};
use super::kind::Kind;
use crate::text::marks::compact;

/// Version byte of a mainnet P2SH address.
const SCRIPT_VERSION: u8 = 0x05;

/// An address that a signature can be held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignerAddress {
    /// P2PKH.
    KeyHash(Address),
    /// P2SH; of use only where its script is that of a SegWit key.
    ScriptHash([u8; 20]),
    /// P2WPKH, in bech32.
    WitnessKeyHash([u8; 20]),
}

impl SignerAddress {
    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::KeyHash(_) => Kind::Address,
            Self::ScriptHash(_) => Kind::ScriptAddress,
            Self::WitnessKeyHash(_) => Kind::Bech32Address,
        }
    }

    /// The P2WPKH address of a key within a script (BIP-141, P2SH-P2WPKH).
    pub(super) fn nested(key: &PublicKey) -> Self {
        let mut script = [0; 22];
        script[1] = 20;
        script[2..].copy_from_slice(&hash160(&key.to_bytes()));
        Self::ScriptHash(hash160(&script))
    }

    /// The P2WPKH address of a key.
    pub(super) fn witness(key: &PublicKey) -> Self {
        Self::WitnessKeyHash(hash160(&key.to_bytes()))
    }
}

impl From<Address> for SignerAddress {
    fn from(address: Address) -> Self {
        Self::KeyHash(address)
    }
}

impl FromStr for SignerAddress {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let refused = match text.parse() {
            Ok(address) => return Ok(Self::KeyHash(address)),
            Err(error) => error,
        };
        let text = compact(text);
        let hash = match refused {
            KeyError::Address(Flaw::Other(Kind::ScriptAddress)) => base58::decode_check(&text)
                .ok()
                .and_then(|payload| payload.strip_prefix(&[SCRIPT_VERSION])?.try_into().ok())
                .map(Self::ScriptHash),
            KeyError::Address(Flaw::Other(Kind::Bech32Address)) => bech32::decode(&text)
                .filter(|witness| witness.network == Network::Main)
                .and_then(|witness| witness.program.try_into().ok())
                .map(Self::WitnessKeyHash),
            _ => None,
        };
        hash.ok_or(refused)
    }
}
