//! How a server and the command line prove to each other that both can read
//! the wallet's home, without sending anything worth relaying.
//!
//! `server.json` ([`super::server_file`]) holds a key that only this user can
//! read. All of it is HMAC-SHA256 under that key:
//!
//! - **The server proves itself**: the MAC of `nonce 32 | public key 33`. The
//!   public key is the one that bodies are sealed to (BRC-78), so somebody who
//!   listens in the server's place and forwards this cannot open what follows.
//! - **A caller of the agent proves itself**: the MAC of `"tokenpass agent v1\0"
//!   | nonce 32`. The two are never of the same length, so neither can be passed
//!   off as the other.
//! - **The agent's answer** is sealed ([`crate::crypto::seal`]) under a key that
//!   is derived from this one, and bound to the caller's nonce. Opening it is
//!   proof enough of who sealed it.

use hmac::Mac;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::crypto::keys::PublicKey;
use crate::crypto::seal::{SealError, SealingKey};
use crate::crypto::symmetric::hmac_sha256;

const CALLER: &[u8] = b"tokenpass agent v1\0";
const ANSWER: &str = "tokenpass agent answer v1";

/// The key in `server.json`: fresh with every start of a server.
pub(crate) struct ProofKey(Zeroizing<[u8; 32]>);

/// 32 random bytes that are used once; hex on the wire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nonce(pub(crate) [u8; 32]);

/// An HMAC-SHA256; hex on the wire. Compares in constant time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof([u8; 32]);

impl ProofKey {
    /// A key of random bytes.
    #[must_use]
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A second one of the same key.
    #[must_use]
    pub(crate) fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// What a server answers to `nonce`.
    #[must_use]
    pub(crate) fn of_server(&self, nonce: &Nonce, public_key: &PublicKey) -> Proof {
        self.mac(&[&nonce.0, &public_key.to_bytes()])
    }

    /// What a caller of the agent sends along with its nonce.
    #[must_use]
    pub(crate) fn of_caller(&self, nonce: &Nonce) -> Proof {
        self.mac(&[CALLER, &nonce.0])
    }

    /// Seals the agent's answer. The IV must be fresh and random.
    #[must_use]
    pub(crate) fn seal(&self, nonce: &Nonce, iv: [u8; 16], answer: &[u8]) -> Vec<u8> {
        SealingKey::derive(&self.0, ANSWER).seal(iv, &nonce.0, answer)
    }

    /// Opens the agent's answer to this nonce.
    ///
    /// # Errors
    /// It was not sealed by who holds the key, or answers something else.
    pub(crate) fn open(
        &self,
        nonce: &Nonce,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        SealingKey::derive(&self.0, ANSWER).open(&nonce.0, sealed)
    }

    fn mac(&self, parts: &[&[u8]]) -> Proof {
        Proof(hmac_sha256(&*self.0, parts).finalize().into_bytes().into())
    }
}

/// In constant time.
impl PartialEq for Proof {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Serialize for ProofKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(hex::encode(*self.0)))
    }
}

impl<'de> Deserialize<'de> for ProofKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(&*text, &mut *key)
            .map_err(|_| serde::de::Error::custom("must be 64 hex digits"))?;
        Ok(Self(key))
    }
}

impl Serialize for Nonce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Nonce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bytes(deserializer).map(Self)
    }
}

impl Serialize for Proof {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Proof {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bytes(deserializer).map(Self)
    }
}

fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| serde::de::Error::custom("must be 64 hex digits"))?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::crypto::keys::PrivateKey;

    const NONCE: Nonce = Nonce([7; 32]);

    fn key(byte: u8) -> ProofKey {
        ProofKey::new([byte; 32])
    }

    fn public_key(byte: u8) -> PublicKey {
        PrivateKey::from_bytes(&[byte; 32]).unwrap().public_key()
    }

    #[test]
    fn a_proof_is_of_one_key_one_nonce_and_one_public_key() {
        let proof = key(1).of_server(&NONCE, &public_key(1));
        assert!(proof == key(1).of_server(&NONCE, &public_key(1)));
        assert!(proof != key(2).of_server(&NONCE, &public_key(1)));
        assert!(proof != key(1).of_server(&Nonce([8; 32]), &public_key(1)));
        assert!(proof != key(1).of_server(&NONCE, &public_key(2)));
        assert!(proof != key(1).of_caller(&NONCE));
    }

    #[test]
    fn a_servers_proof_is_the_mac_of_nonce_and_public_key() {
        let message = [&NONCE.0[..], &public_key(1).to_bytes()].concat();
        let expected = hmac_sha256(&[1; 32], &[&message]).finalize().into_bytes();
        let proof = key(1).of_server(&NONCE, &public_key(1));
        assert_eq!(proof.0, <[u8; 32]>::from(expected));
        // A message of another length is never this one.
        assert_ne!(CALLER.len() + NONCE.0.len(), message.len());
    }

    #[test]
    fn an_answer_opens_for_its_own_nonce_only() {
        let sealed = key(1).seal(&NONCE, [0; 16], b"session");
        assert_eq!(**key(1).open(&NONCE, &sealed).unwrap(), *b"session");
        assert!(key(2).open(&NONCE, &sealed).is_err());
        assert!(key(1).open(&Nonce([8; 32]), &sealed).is_err());
    }
}
