//! What a BRC-100 wallet computes with its key, as `ProtoWallet` of `@bsv/sdk`
//! does: keys by BRC-42 from an invoice number and a counterparty, and with them
//! signatures, MACs, ciphertexts and revelations.
//!
//! Ciphertexts are `iv 32 | AES-256-GCM | tag 16`. The key for them is the x
//! coordinate of a shared point with its leading zeros; the key of a MAC is the
//! same *without* them, since the SDK writes a number there.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::Mac;
use secp256k1::{Message, ecdsa};
use zeroize::Zeroizing;

use super::brc42;
use super::brc43::Invoice;
use super::curve;
use super::gcm;
use super::keys::{KeyError, PrivateKey, PublicKey};
use super::linkage::{self, Proven};
use super::symmetric::{hmac_of, hmac_sha256};

/// Derived private keys kept at hand.
const MAX_CACHED: usize = 256;

/// The generator, which is the public key of private key 1: whoever is "anyone"
/// has that.
const GENERATOR: [u8; 33] = [
    0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b,
    0x07, 0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17,
    0x98,
];

/// Whom a key is shared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counterparty {
    /// Nobody.
    Own,
    /// Everybody.
    Anyone,
    /// The holder of this key.
    Key(PublicKey),
}

/// No counterparty; in the SDK's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("counterparty must be self, anyone or a public key!")]
pub struct NoCounterparty;

impl FromStr for Counterparty {
    type Err = NoCounterparty;

    fn from_str(text: &str) -> Result<Self, NoCounterparty> {
        match text {
            "self" => Ok(Self::Own),
            "anyone" => Ok(Self::Anyone),
            key => key.parse().map(Self::Key).map_err(|_| NoCounterparty),
        }
    }
}

impl fmt::Display for Counterparty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("self"),
            Self::Anyone => f.write_str("anyone"),
            Self::Key(key) => key.fmt(f),
        }
    }
}

/// Whose half of a derived pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// This wallet's, which it signs with.
    Own,
    /// The counterparty's.
    Theirs,
}

/// The key of a BRC-100 wallet, and keys that were derived from it lately. All
/// wipe themselves.
pub struct WalletKey {
    root: PrivateKey,
    identity: PublicKey,
    derived: Mutex<HashMap<(PublicKey, Invoice), Arc<PrivateKey>>>,
}

impl WalletKey {
    /// Takes the key over.
    #[must_use]
    pub fn new(root: PrivateKey) -> Self {
        Self {
            identity: root.public_key(),
            root,
            derived: Mutex::default(),
        }
    }

    /// The wallet whose private key is 1: that of anyone.
    #[must_use]
    pub fn anyones() -> Self {
        let mut one = [0; 32];
        one[31] = 1;
        Self::new(PrivateKey::from_bytes(&one).expect("1 is a private key"))
    }

    /// The wallet's identity key.
    #[must_use]
    pub fn identity(&self) -> PublicKey {
        self.identity
    }

    /// A counterparty in the one form that it has, however it was named.
    #[must_use]
    pub fn known_as(&self, who: Counterparty) -> Counterparty {
        match who {
            Counterparty::Key(key) if key == self.identity => Counterparty::Own,
            Counterparty::Key(key) if key.to_bytes() == GENERATOR => Counterparty::Anyone,
            who => who,
        }
    }

    /// The public half of a derived pair.
    ///
    /// # Errors
    /// [`KeyError::Derivation`], one chance in 2^256; as for all others here.
    pub fn public_key(
        &self,
        invoice: &Invoice,
        with: Counterparty,
        whose: Half,
    ) -> Result<PublicKey, KeyError> {
        match whose {
            Half::Own => Ok(self.private_key(invoice, with)?.public_key()),
            Half::Theirs => brc42::derive_public(&self.point(with), &self.root, invoice.as_str()),
        }
    }

    /// Signs a digest (RFC 6979, low S), in DER.
    pub fn sign(
        &self,
        invoice: &Invoice,
        with: Counterparty,
        digest: [u8; 32],
    ) -> Result<Vec<u8>, KeyError> {
        Ok(self.private_key(invoice, with)?.sign_digest(digest))
    }

    /// Whether a signature in DER is that half's over the digest.
    pub fn verify(
        &self,
        invoice: &Invoice,
        with: Counterparty,
        whose: Half,
        digest: [u8; 32],
        signature: &[u8],
    ) -> Result<bool, KeyError> {
        let key = self.public_key(invoice, with, whose)?;
        Ok(verify_digest(&key, digest, signature))
    }

    /// HMAC-SHA256 of the data.
    pub fn hmac(
        &self,
        invoice: &Invoice,
        with: Counterparty,
        data: &[u8],
    ) -> Result<[u8; 32], KeyError> {
        let key = self.symmetric_key(invoice, with)?;
        Ok(hmac_of(without_leading_zeros(&*key), &[data]))
    }

    /// Whether that is the HMAC-SHA256 of the data; in constant time.
    pub fn verify_hmac(
        &self,
        invoice: &Invoice,
        with: Counterparty,
        data: &[u8],
        hmac: &[u8],
    ) -> Result<bool, KeyError> {
        let key = self.symmetric_key(invoice, with)?;
        let mac = hmac_sha256(without_leading_zeros(&*key), &[data]);
        Ok(mac.verify_slice(hmac).is_ok())
    }

    /// Encrypts. The IV must be fresh and random.
    pub fn encrypt(
        &self,
        invoice: &Invoice,
        with: Counterparty,
        iv: [u8; 32],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        Ok(gcm::seal(
            &*self.symmetric_key(invoice, with)?,
            iv,
            plaintext,
        ))
    }

    /// Decrypts; `None` where it is damaged or for another key.
    pub fn decrypt(
        &self,
        invoice: &Invoice,
        with: Counterparty,
        ciphertext: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        Ok(gcm::open(&*self.symmetric_key(invoice, with)?, ciphertext))
    }

    /// What links one key to the identity key of this wallet (BRC-69).
    pub fn linkage_of_key(&self, invoice: &Invoice, with: Counterparty) -> Zeroizing<[u8; 32]> {
        brc42::linkage(&self.root, &self.point(with), invoice.as_str())
    }

    /// What links all keys that are shared with a counterparty to the identity keys
    /// of both, and the proof that it does (BRC-69, BRC-94). The nonce must be fresh.
    pub fn linkage_with(&self, with: Counterparty, nonce: &PrivateKey) -> Proven {
        linkage::prove(&self.root, &self.point(with), nonce)
    }

    /// The x coordinate of the point that both sides of a derived pair share.
    fn symmetric_key(
        &self,
        invoice: &Invoice,
        with: Counterparty,
    ) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let own = self.private_key(invoice, with)?;
        let theirs = self.public_key(invoice, with, Half::Theirs)?;
        let point = own.shared_point(&theirs);
        let mut x = Zeroizing::new([0; 32]);
        x.copy_from_slice(&point[1..]);
        Ok(x)
    }

    fn private_key(
        &self,
        invoice: &Invoice,
        with: Counterparty,
    ) -> Result<Arc<PrivateKey>, KeyError> {
        let derived = || self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        let name = (self.point(with), invoice.clone());
        if let Some(key) = derived().get(&name) {
            return Ok(Arc::clone(key));
        }
        let key = brc42::derive_private(&self.root, &name.0, invoice.as_str())?;
        let key = Arc::new(key);
        let mut derived = derived();
        if derived.len() >= MAX_CACHED {
            // Rare, and deriving again costs less than keeping an order.
            derived.clear();
        }
        derived.insert(name, Arc::clone(&key));
        Ok(key)
    }

    fn point(&self, with: Counterparty) -> PublicKey {
        match with {
            Counterparty::Own => self.identity,
            Counterparty::Anyone => {
                PublicKey::from_bytes(&GENERATOR).expect("the generator is a point")
            }
            Counterparty::Key(key) => key,
        }
    }
}

/// Decrypts with a bare key, a number of up to 256 bits; `None` where that fails.
#[must_use]
pub fn open(key: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut padded = Zeroizing::new([0; 32]);
    let start = padded.len().checked_sub(key.len())?;
    padded[start..].copy_from_slice(key);
    gcm::open(&padded, ciphertext)
}

/// Whether a signature in DER is the key's over the digest. The SDK takes a
/// high S too.
fn verify_digest(key: &PublicKey, digest: [u8; 32], signature: &[u8]) -> bool {
    let Ok(mut signature) = ecdsa::Signature::from_der(signature) else {
        return false;
    };
    signature.normalize_s();
    let message = Message::from_digest(digest);
    curve::with_public(|curve| curve.verify_ecdsa(message, &signature, key.point())).is_ok()
}

/// The digest that a number of any length stands for: its first 256 bits, modulo
/// the order of the curve (FIPS 186-4; so does the SDK).
#[must_use]
pub fn digest_of_number(number: &[u8]) -> [u8; 32] {
    let number = without_leading_zeros(number);
    let number = &number[..number.len().min(32)];
    let mut padded = [0; 32];
    padded[32 - number.len()..].copy_from_slice(number);
    brc42::reduce(&padded).to_be_bytes()
}

fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}
