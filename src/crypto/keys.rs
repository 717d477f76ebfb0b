//! Private keys, public keys and addresses on secp256k1.
//!
//! SEC 1 point encodings, WIF (Bitcoin's wallet import format), mainnet P2PKH
//! addresses. All curve work is libsecp256k1's.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use secp256k1::SecretKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

use super::curve;
pub use super::flaw::Flaw;
use super::hash::hash160;
use super::kind::Kind;
use super::{base58, recognise};
use crate::text::marks::{compact, compact_secret};

/// Version byte of a mainnet WIF private key.
const WIF_VERSION: u8 = 0x80;
/// Trailing byte of a WIF key whose public key is compressed.
const WIF_COMPRESSED: u8 = 0x01;
/// Version byte of a mainnet P2PKH address.
const ADDRESS_VERSION: u8 = 0x00;

/// A key that could not be read or derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a private key of 32 bytes.
    #[error("not a private key: {0}")]
    PrivateKey(Flaw),
    /// Not a WIF private key.
    #[error("not a WIF private key: {0}")]
    Wif(Flaw),
    /// Not a BIP-32 extended private key.
    #[error("not an extended private key: {0}")]
    ExtendedKey(Flaw),
    /// Not a public key.
    #[error("not a public key: {0}")]
    PublicKey(Flaw),
    /// Not a mainnet P2PKH address.
    #[error("not a bitcoin address: {0}")]
    Address(Flaw),
    /// Not a seed of 64 bytes.
    #[error("not a seed of 128 hex digits: {0}")]
    Seed(Flaw),
    /// The derived key would be zero. Chance: one in 2^256.
    #[error("this derivation has no key")]
    Derivation,
}

/// A private key. Wipes itself; has no `Debug`, `Clone` or `Serialize`.
///
/// It stays in one place on the heap, however often its owner moves: a move
/// leaves a copy behind, and nobody wipes that.
pub struct PrivateKey(Box<SecretKey>);

impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.0.non_secure_erase();
    }
}

impl PrivateKey {
    /// Reads a big-endian scalar.
    ///
    /// # Errors
    /// [`KeyError::PrivateKey`] when it is zero or not below the curve's order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        SecretKey::from_byte_array(*bytes)
            .map(Self::from_secret)
            .map_err(|_| KeyError::PrivateKey(Flaw::Range))
    }

    /// Reads a mainnet WIF key, with any white space. Whether it asks for a
    /// compressed public key is read and dropped: everything here is compressed.
    ///
    /// # Errors
    /// [`KeyError::Wif`] with what is wrong, or what it is instead.
    pub fn from_wif(wif: &str) -> Result<Self, KeyError> {
        Self::of_wif(&compact_secret(wif))
            .map_err(|flaw| KeyError::Wif(instead(wif, Kind::Wif).unwrap_or(flaw)))
    }

    fn of_wif(wif: &str) -> Result<Self, Flaw> {
        let payload = base58::decode_check(wif)?;
        let key = match payload.as_slice() {
            [WIF_VERSION, key @ .., WIF_COMPRESSED] if key.len() == 32 => key,
            [WIF_VERSION, key @ ..] => key,
            _ => return Err(Flaw::Version),
        };
        let key = key.try_into().map_err(|_| Flaw::Length)?;
        Self::from_bytes(key).map_err(|_| Flaw::Range)
    }

    /// The public key.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(curve::with_secret(|curve| self.0.public_key(curve)))
    }

    /// The scalar, big-endian.
    pub fn expose_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.secret_bytes())
    }

    /// Mainnet WIF for a compressed public key.
    pub fn expose_wif(&self) -> Zeroizing<String> {
        let mut payload = Zeroizing::new([0; 34]);
        payload[0] = WIF_VERSION;
        payload[1..33].copy_from_slice((*self.0).as_ref());
        payload[33] = WIF_COMPRESSED;
        base58::encode_check(&*payload)
    }

    /// Signs a digest: ECDSA (RFC 6979, low S), in DER. What is hashed is the
    /// caller's care.
    pub(crate) fn sign_digest(&self, digest: [u8; 32]) -> Vec<u8> {
        let message = secp256k1::Message::from_digest(digest);
        curve::with_secret(|curve| curve.sign_ecdsa(message, &self.0))
            .serialize_der()
            .to_vec()
    }

    /// A second copy, for a cache that outlives this one.
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// Takes a key over, and erases the one handed in.
    pub(crate) fn from_secret(mut secret: SecretKey) -> Self {
        let key = Self(Box::new(secret));
        secret.non_secure_erase();
        key
    }

    pub(crate) fn secret(&self) -> &SecretKey {
        &self.0
    }

    /// The ECDH point (own scalar times the other's point), compressed. The
    /// multiplication is constant time; libsecp256k1 gives both coordinates.
    pub(crate) fn shared_point(&self, other: &PublicKey) -> Zeroizing<[u8; 33]> {
        let xy = Zeroizing::new(secp256k1::ecdh::shared_secret_point(&other.0, &self.0));
        let mut point = Zeroizing::new([0; 33]);
        point[0] = 0x02 | (xy[63] & 1);
        point[1..].copy_from_slice(&xy[..32]);
        point
    }
}

/// A public key: a point of the curve, written compressed in lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(secp256k1::PublicKey);

impl PublicKey {
    /// Reads a compressed (33 bytes) or uncompressed (65 bytes) point.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`]: wrong length, or no point of the curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        match (bytes.len(), bytes.first()) {
            (33, _) => {}
            // libsecp256k1 also reads the hybrid forms 06 and 07.
            (65, Some(0x04)) => {}
            (65, _) => return Err(KeyError::PublicKey(Flaw::Point)),
            _ => return Err(KeyError::PublicKey(Flaw::Length)),
        }
        secp256k1::PublicKey::from_slice(bytes)
            .map(Self)
            .map_err(|_| KeyError::PublicKey(Flaw::Point))
    }

    /// The compressed encoding.
    pub fn to_bytes(&self) -> [u8; 33] {
        self.0.serialize()
    }

    /// The mainnet P2PKH address of the compressed encoding.
    pub fn address(&self) -> Address {
        Address(hash160(&self.0.serialize()))
    }

    /// The address of the uncompressed encoding, as old wallets used it.
    pub(crate) fn uncompressed_address(&self) -> Address {
        Address(hash160(&self.0.serialize_uncompressed()))
    }

    pub(crate) fn from_point(point: secp256k1::PublicKey) -> Self {
        Self(point)
    }

    pub(crate) fn point(&self) -> &secp256k1::PublicKey {
        &self.0
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    /// Reads hex of either case, with any white space.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let compact = compact(text);
        let mut bytes = [0; 65];
        let other = |flaw| KeyError::PublicKey(instead(text, Kind::PublicKey).unwrap_or(flaw));
        let bytes = match compact.len() {
            66 => &mut bytes[..33],
            130 => &mut bytes[..],
            _ => return Err(other(Flaw::Length)),
        };
        decode_hex(&compact, bytes).map_err(other)?;
        Self::from_bytes(bytes)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.to_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A mainnet P2PKH address: the hash of a public key, written in Base58Check.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address([u8; 20]);

impl Address {
    /// The address of a public key's hash.
    pub(crate) fn from_hash(hash: [u8; 20]) -> Self {
        Self(hash)
    }

    /// The hash of the public key.
    pub(crate) fn hash(&self) -> &[u8; 20] {
        &self.0
    }
}

impl FromStr for Address {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::of_text(&compact(text))
            .map_err(|flaw| KeyError::Address(instead(text, Kind::Address).unwrap_or(flaw)))
    }
}

impl Address {
    fn of_text(text: &str) -> Result<Self, Flaw> {
        let payload = base58::decode_check(text)?;
        match payload.as_slice() {
            [ADDRESS_VERSION, hash @ ..] => hash.try_into().map(Self).map_err(|_| Flaw::Length),
            _ => Err(Flaw::Version),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut payload = [ADDRESS_VERSION; 21];
        payload[1..].copy_from_slice(&self.0);
        f.write_str(&base58::encode_check(&payload))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An address and its text, for whoever shows it often: writing it down takes two
/// hashes and a division of long numbers.
#[derive(Clone)]
pub struct WrittenAddress {
    address: Address,
    text: Arc<str>,
}

impl From<Address> for WrittenAddress {
    fn from(address: Address) -> Self {
        let text = address.to_string().into();
        Self { address, text }
    }
}

impl Deref for WrittenAddress {
    type Target = Address;

    fn deref(&self) -> &Address {
        &self.address
    }
}

impl fmt::Display for WrittenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for WrittenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for WrittenAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// What a text is that is not of the kind that was expected, if that can be told.
pub(super) fn instead(text: &str, expected: Kind) -> Option<Flaw> {
    // Of hex in place of hex, its length says more.
    let says_nothing = |kind: Kind| {
        kind == expected || (kind == Kind::Hex && matches!(expected, Kind::PublicKey | Kind::Hex64))
    };
    recognise::kind(text)
        .filter(|kind| !says_nothing(*kind))
        .map(Flaw::Other)
}

/// Fills `bytes` from hex of either case.
pub(crate) fn decode_hex(text: &str, bytes: &mut [u8]) -> Result<(), Flaw> {
    hex::decode_to_slice(text, bytes).map_err(|error| match error {
        hex::FromHexError::InvalidHexCharacter { index, .. } => Flaw::Character(index + 1),
        _ => Flaw::Length,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn flaw_of_wif(payload: &[u8]) -> Option<KeyError> {
        PrivateKey::from_wif(&base58::encode_check(payload)).err()
    }

    #[test]
    fn wif_of_either_form_is_read_and_nothing_else() {
        // Key 1, uncompressed and compressed.
        for wif in [
            "5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf",
            "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
        ] {
            let key = PrivateKey::from_wif(wif).unwrap();
            assert_eq!(key.expose_bytes()[..31], [0; 31]);
            assert_eq!(key.expose_bytes()[31], 1);
        }
        let with = |version, key: &[u8], end: &[u8]| [&[version], key, end].concat();
        let version = Some(KeyError::Wif(Flaw::Version));
        let testnet = Some(KeyError::Wif(Flaw::Other(Kind::TestnetWif)));
        assert_eq!(flaw_of_wif(&with(0xef, &[1; 32], &[1])), testnet);
        assert_eq!(flaw_of_wif(&[]), version);
        let length = Some(KeyError::Wif(Flaw::Length));
        assert_eq!(flaw_of_wif(&with(0x80, &[1; 32], &[2])), length);
        assert_eq!(flaw_of_wif(&with(0x80, &[1; 31], &[])), length);
        assert_eq!(flaw_of_wif(&with(0x80, &[1; 33], &[1])), length);
        let range = Some(KeyError::Wif(Flaw::Range));
        assert_eq!(flaw_of_wif(&with(0x80, &[0; 32], &[1])), range);
        assert_eq!(flaw_of_wif(&with(0x80, &[0xff; 32], &[])), range);

        let wif = |text: &str| PrivateKey::from_wif(text).err();
        assert_eq!(wif(""), length);
        assert_eq!(wif(&"z".repeat(121)), length);
        assert_eq!(
            wif("KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWm"),
            Some(KeyError::Wif(Flaw::Checksum))
        );
        assert_eq!(wif("Kw0"), Some(KeyError::Wif(Flaw::Character(3))));
        assert_eq!(wif("Ké"), Some(KeyError::Wif(Flaw::Character(2))));
    }

    #[test]
    fn only_sec1_points_are_public_keys() {
        let key = PrivateKey::from_bytes(&[9; 32]).unwrap().public_key();
        let mut uncompressed = key.point().serialize_uncompressed();
        assert_eq!(PublicKey::from_bytes(&uncompressed), Ok(key));
        assert_eq!(hex::encode(uncompressed).parse(), Ok(key));
        assert_eq!(key.to_string().to_uppercase().parse(), Ok(key));

        let point = Err(KeyError::PublicKey(Flaw::Point));
        // The hybrid form: 06 or 07 by the parity of y.
        uncompressed[0] = 0x06 | (uncompressed[64] & 1);
        assert_eq!(PublicKey::from_bytes(&uncompressed), point);
        assert_eq!(PublicKey::from_bytes(&[0x02; 65]), point);
        // No point has the x coordinate 5; p is no x coordinate at all.
        let mut bytes = [0; 33];
        bytes[0] = 0x02;
        bytes[32] = 5;
        assert_eq!(PublicKey::from_bytes(&bytes), point);
        bytes[1..].copy_from_slice(&secp256k1::constants::FIELD_SIZE);
        assert_eq!(PublicKey::from_bytes(&bytes), point);
        bytes[0] = 0x05;
        assert_eq!(PublicKey::from_bytes(&bytes), point);

        let length = Err(KeyError::PublicKey(Flaw::Length));
        assert_eq!(PublicKey::from_bytes(&[]), length);
        assert_eq!(PublicKey::from_bytes(&bytes[..32]), length);
        assert_eq!("02".parse::<PublicKey>(), length);
        assert_eq!(
            "x".repeat(66).parse::<PublicKey>(),
            Err(KeyError::PublicKey(Flaw::Character(1)))
        );
    }

    #[test]
    fn only_mainnet_p2pkh_is_an_address() {
        let parse = |payload: &[u8]| base58::encode_check(payload).parse::<Address>();
        assert_eq!(parse(&[0; 21]), Ok(Address([0; 20])));
        assert_eq!(Address([0; 20]).to_string(), "1111111111111111111114oLvT2");
        let written = WrittenAddress::from(Address([0; 20]));
        assert_eq!(written.to_string(), Address([0; 20]).to_string());
        // Testnet and script addresses.
        let other = |kind| Err(KeyError::Address(Flaw::Other(kind)));
        assert_eq!(parse(&[0x6f; 21]), other(Kind::TestnetAddress));
        assert_eq!(parse(&[0x05; 21]), other(Kind::ScriptAddress));
        let version = Err(KeyError::Address(Flaw::Version));
        assert_eq!(parse(&[0x30; 21]), version);
        let length = Err(KeyError::Address(Flaw::Length));
        assert_eq!(parse(&[0; 20]), length);
        assert_eq!(parse(&[0; 22]), length);
        assert_eq!(
            "1111111111111111111114oLvT3".parse::<Address>(),
            Err(KeyError::Address(Flaw::Checksum))
        );
    }

    #[test]
    fn what_is_around_a_copied_key_is_passed_over() {
        let wif = "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn";
        let key = PrivateKey::from_wif(wif).unwrap().public_key();
        for (before, after) in [("\u{feff}", "\r\n"), (" ", "\t"), ("\n", "")] {
            let around = |text: &str| format!("{before}{}\n{}{after}", &text[..20], &text[20..]);
            let again = PrivateKey::from_wif(&around(wif)).unwrap();
            assert_eq!(again.public_key(), key);
            assert_eq!(around(&key.to_string()).parse(), Ok(key));
            let address = key.address();
            assert_eq!(around(&address.to_string()).parse(), Ok(address));
        }
    }

    #[test]
    fn zero_and_the_order_are_no_private_keys() {
        let order = secp256k1::constants::CURVE_ORDER;
        for bytes in [[0; 32], order, [0xff; 32]] {
            let error = PrivateKey::from_bytes(&bytes).err();
            assert_eq!(error, Some(KeyError::PrivateKey(Flaw::Range)));
        }
    }

    #[test]
    fn what_is_public_is_shown_as_it_is_written() {
        let key = PrivateKey::from_bytes(&[7; 32]).unwrap().public_key();
        assert!(format!("{key:?}").contains(&key.to_string()));
        let address = key.address();
        assert!(format!("{address:?}").contains(&address.to_string()));
    }
}
