//! BSM, the Bitcoin Signed Message: ECDSA with public key recovery over the
//! double SHA-256 of `varint(24) "Bitcoin Signed Message:\n" varint(len) message`.
//!
//! Deterministic nonces (RFC 6979), low S. A signature is `header | r | s`, in
//! base64; header = 31 + recovery id for a compressed public key. Others are only
//! read, never written: 27 for an uncompressed key; 35 and 39, of BIP-137, for the
//! SegWit addresses of a compressed one, within a script and in bech32.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use secp256k1::Message;
use secp256k1::ecdsa::{RecoverableSignature, RecoveryId};
use sha2::{Digest, Sha256};

use super::curve;
use super::hash::sha256;
use super::keys::{Address, PrivateKey, PublicKey};
use super::kind::Kind;
use super::signer_address::SignerAddress;
use crate::text::marks::compact;

const PREFIX: &[u8; 25] = b"\x18Bitcoin Signed Message:\n";

/// The least header of each form; each has four, one a recovery id.
const HEADER_UNCOMPRESSED: u8 = 27;
const HEADER_COMPRESSED: u8 = 31;
const HEADER_NESTED: u8 = 35;
const HEADER_WITNESS: u8 = 39;
const HEADER_END: u8 = 43;

/// A text that is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedSignature {
    /// Not 65 bytes, or of no known form.
    #[error("a signature is base64 of 65 bytes that begin with 27 to 42")]
    Form,
    /// The signatures of newer wallets for SegWit and Taproot addresses.
    #[error("this is a BIP-322 signature, which is not supported")]
    Bip322,
}

/// A signature that says nothing of the address it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the address is {}, and the signature is one for a P2PKH address: it begins with {header}, not with 35 to 42 (BIP-137)",
    .kind
)]
pub struct OtherAddress {
    /// What the address is.
    pub kind: Kind,
    /// The first byte of the signature.
    pub header: u8,
}

/// A recoverable signature of 65 bytes, written in base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature([u8; 65]);

impl Signature {
    /// Takes `header | r | s`.
    ///
    /// # Errors
    /// [`MalformedSignature`] when the header is not 27 to 42. Whether `r` and
    /// `s` are in range turns out on verifying.
    pub fn from_bytes(bytes: [u8; 65]) -> Result<Self, MalformedSignature> {
        (HEADER_UNCOMPRESSED..HEADER_END)
            .contains(&bytes[0])
            .then_some(Self(bytes))
            .ok_or(MalformedSignature::Form)
    }

    /// `header | r | s`.
    pub fn to_bytes(&self) -> [u8; 65] {
        self.0
    }

    /// Which of the up to four keys that fit signed: 0 to 3.
    pub fn recovery_id(&self) -> u8 {
        (self.0[0] - HEADER_UNCOMPRESSED) & 3
    }

    /// The address of the signer's key that the header speaks of.
    fn address_of(&self, key: &PublicKey) -> SignerAddress {
        match self.0[0] {
            HEADER_WITNESS.. => SignerAddress::witness(key),
            HEADER_NESTED.. => SignerAddress::nested(key),
            HEADER_COMPRESSED.. => key.address().into(),
            _ => key.uncompressed_address().into(),
        }
    }
}

impl FromStr for Signature {
    type Err = MalformedSignature;

    /// Reads base64 with padding, and with any white space.
    fn from_str(text: &str) -> Result<Self, MalformedSignature> {
        let text = compact(text);
        // 65 bytes are 88 characters; the decoder asks for room for 66.
        let mut bytes = [0; 66];
        if text.len() != 88 || BASE64_STANDARD.decode_slice(&*text, &mut bytes) != Ok(65) {
            return Err(match is_bip322(&text) {
                true => MalformedSignature::Bip322,
                false => MalformedSignature::Form,
            });
        }
        let (signature, _) = bytes.split_first_chunk().ok_or(MalformedSignature::Form)?;
        Self::from_bytes(*signature)
    }
}

/// Whether a text is the witness that a wallet signs with by BIP-322: a DER
/// signature and a key, or one Schnorr signature; or it says so.
fn is_bip322(text: &str) -> bool {
    let stated = ["smp", "ful", "pof"]
        .iter()
        .any(|form| text.starts_with(form));
    let witness = |bytes: Vec<u8>| {
        matches!(
            bytes[..],
            [1, 0x40 | 0x41, ..] | [2, 0x45..=0x49, 0x30, ..] | [0 | 2, 0, 0, 0, ..]
        )
    };
    let long = text.len() > 80;
    long && (stated || BASE64_STANDARD.decode(text).is_ok_and(witness))
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_STANDARD.encode(self.0))
    }
}

/// What a signature is over: the double SHA-256 of a message in its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageDigest([u8; 32]);

impl MessageDigest {
    /// The digest of a message that is in memory.
    pub fn of(message: &[u8]) -> Self {
        let mut inner = framed(message.len() as u64);
        inner.update(message);
        Self(sha256(&inner.finalize()))
    }

    fn to_message(self) -> Message {
        Message::from_digest(self.0)
    }
}

/// Takes in a message piece by piece. The frame has the message's length in
/// front of it, so that must be known before the first piece.
pub struct MessageHash {
    inner: Sha256,
    missing: u64,
}

/// The pieces of a message are together shorter or longer than was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message is not as long as it was said to be")]
pub struct WrongLength;

impl MessageHash {
    /// Begins a message of `length` bytes.
    pub fn new(length: u64) -> Self {
        Self {
            inner: framed(length),
            missing: length,
        }
    }

    /// Takes in the next piece.
    ///
    /// # Errors
    /// [`WrongLength`] where that is more than there should be.
    pub fn update(&mut self, piece: &[u8]) -> Result<(), WrongLength> {
        let left = self.missing.checked_sub(piece.len() as u64);
        self.missing = left.ok_or(WrongLength)?;
        self.inner.update(piece);
        Ok(())
    }

    /// The digest of all pieces.
    ///
    /// # Errors
    /// [`WrongLength`] where they are less than there should be.
    pub fn finish(self) -> Result<MessageDigest, WrongLength> {
        if self.missing > 0 {
            return Err(WrongLength);
        }
        Ok(MessageDigest(sha256(&self.inner.finalize())))
    }
}

/// Signs a message; the same key and message always give the same signature.
pub fn sign(message: &[u8], key: &PrivateKey) -> Signature {
    sign_digest(MessageDigest::of(message), key)
}

/// Signs a message of which the digest is known.
pub fn sign_digest(digest: MessageDigest, key: &PrivateKey) -> Signature {
    let message = digest.to_message();
    let signature = curve::with_secret(|curve| curve.sign_ecdsa_recoverable(message, key.secret()));
    let (recovery_id, compact) = signature.serialize_compact();
    let mut bytes = [0; 65];
    bytes[0] = HEADER_COMPRESSED + recovery_id as u8;
    bytes[1..].copy_from_slice(&compact);
    Signature(bytes)
}

/// The public key that made the signature, if any could have.
pub fn recover(message: &[u8], signature: &Signature) -> Option<PublicKey> {
    recover_from_digest(MessageDigest::of(message), signature)
}

fn recover_from_digest(digest: MessageDigest, signature: &Signature) -> Option<PublicKey> {
    let message = digest.to_message();
    let recovery_id = RecoveryId::from_u8_masked(signature.recovery_id());
    RecoverableSignature::from_compact(&signature.0[1..], recovery_id)
        .and_then(|recoverable| {
            curve::with_public(|curve| curve.recover_ecdsa(message, &recoverable))
        })
        .map(PublicKey::from_point)
        .ok()
}

/// Whether the owner of the address signed the message. The header says which
/// form of the public key the address must be of.
pub fn verify(message: &[u8], signature: &Signature, address: &Address) -> bool {
    verify_digest(MessageDigest::of(message), signature, address)
}

/// The same for a message of which the digest is known.
pub fn verify_digest(digest: MessageDigest, signature: &Signature, address: &Address) -> bool {
    signed_by(digest, signature, (*address).into())
}

/// The same for any kind of address.
///
/// # Errors
/// [`OtherAddress`] where the signature is of the older forms and the address is
/// not: wallets differ in what they mean by that.
pub fn verify_any(
    digest: MessageDigest,
    signature: &Signature,
    address: &SignerAddress,
) -> Result<bool, OtherAddress> {
    let header = signature.0[0];
    if header < HEADER_NESTED && address.kind() != Kind::Address {
        return Err(OtherAddress {
            kind: address.kind(),
            header,
        });
    }
    Ok(signed_by(digest, signature, *address))
}

fn signed_by(digest: MessageDigest, signature: &Signature, address: SignerAddress) -> bool {
    recover_from_digest(digest, signature).is_some_and(|key| signature.address_of(&key) == address)
}

/// The frame, up to where the message begins.
fn framed(length: u64) -> Sha256 {
    let (varint, varint_len) = varint(length);
    Sha256::new()
        .chain_update(PREFIX)
        .chain_update(&varint[..varint_len])
}

/// Bitcoin's variable-length integer: little-endian, after a byte that says the
/// width unless the value is below 253.
pub(crate) fn varint(value: u64) -> ([u8; 9], usize) {
    let (marker, width) = match value {
        0..0xfd => (value as u8, 0),
        0xfd..=0xffff => (0xfd, 2),
        0x1_0000..=0xffff_ffff => (0xfe, 4),
        _ => (0xff, 8),
    };
    let mut bytes = [0; 9];
    bytes[0] = marker;
    bytes[1..=width].copy_from_slice(&value.to_le_bytes()[..width]);
    (bytes, 1 + width)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn varint_has_four_widths() {
        let encode = |value| {
            let (bytes, len) = varint(value);
            hex::encode(&bytes[..len])
        };
        assert_eq!(encode(0), "00");
        assert_eq!(encode(252), "fc");
        assert_eq!(encode(253), "fdfd00");
        assert_eq!(encode(65_535), "fdffff");
        assert_eq!(encode(65_536), "fe00000100");
        assert_eq!(encode(u64::from(u32::MAX)), "feffffffff");
        assert_eq!(encode(1 << 32), "ff0000000001000000");
    }

    #[test]
    fn a_message_in_pieces_is_the_whole_message() {
        let message: Vec<u8> = (0..70_000_u32).map(|n| n as u8).collect();
        for length in [0, 1, 63, 64, 252, 253, 65_535, 65_536, 70_000] {
            let message = &message[..length];
            for piece in [1, 64, 1000, 70_000] {
                let mut hash = MessageHash::new(length as u64);
                message
                    .chunks(piece)
                    .for_each(|piece| hash.update(piece).unwrap());
                assert_eq!(hash.finish(), Ok(MessageDigest::of(message)));
            }
        }
    }

    #[test]
    fn a_message_of_another_length_than_was_said_has_no_digest() {
        let mut short = MessageHash::new(3);
        short.update(b"ab").unwrap();
        assert_eq!(short.finish(), Err(WrongLength));
        let mut long = MessageHash::new(3);
        assert_eq!(long.update(b"abcd"), Err(WrongLength));
        assert_eq!(long.update(b"abc"), Ok(()));
        assert_eq!(long.update(b"d"), Err(WrongLength));
    }

    #[test]
    fn header_decides_the_form_of_the_address() {
        let key = PrivateKey::from_bytes(&[7; 32]).unwrap();
        let compressed = sign(b"hi", &key);
        let mut bytes = compressed.to_bytes();
        bytes[0] -= 4;
        let uncompressed = Signature::from_bytes(bytes).unwrap();
        let (new, old) = (
            key.public_key().address(),
            key.public_key().uncompressed_address(),
        );
        assert!(verify(b"hi", &compressed, &new));
        assert!(!verify(b"hi", &compressed, &old));
        assert!(verify(b"hi", &uncompressed, &old));
        assert!(!verify(b"hi", &uncompressed, &new));
        assert_eq!(compressed.recovery_id(), uncompressed.recovery_id());
    }

    /// Key 1: its addresses are those of BIP-173 and of many wallets' tests.
    #[test]
    fn segwit_addresses_are_verified_by_their_headers() {
        let mut one = [0; 32];
        one[31] = 1;
        let key = PrivateKey::from_bytes(&one).unwrap();
        let with = |more| {
            let mut bytes = sign(b"hi", &key).to_bytes();
            bytes[0] += more;
            Signature::from_bytes(bytes).unwrap()
        };
        let [plain, nested, witness] = [0, 4, 8].map(with);
        let address = |text: &str| text.parse::<SignerAddress>().unwrap();
        let [p2pkh, p2sh, p2wpkh] = [
            "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH",
            "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        ]
        .map(address);
        for (signature, address, expected) in [
            (&plain, &p2pkh, Ok(true)),
            (&nested, &p2sh, Ok(true)),
            (&witness, &p2wpkh, Ok(true)),
            (&nested, &p2wpkh, Ok(false)),
            (&witness, &p2sh, Ok(false)),
            (&nested, &p2pkh, Ok(false)),
            (&witness, &p2pkh, Ok(false)),
        ] {
            assert_eq!(
                verify_any(MessageDigest::of(b"hi"), signature, address),
                expected
            );
            let other = verify_any(MessageDigest::of(b"ho"), signature, address);
            assert_eq!(other, Ok(false));
        }
        for address in [&p2sh, &p2wpkh] {
            let said = verify_any(MessageDigest::of(b"hi"), &plain, address).unwrap_err();
            assert_eq!(said.kind, address.kind());
        }
        assert_eq!(nested.recovery_id(), plain.recovery_id());
        // With the lowest header that its form has.
        let signed = (0..=u8::MAX).map(|byte| ([byte], sign(&[byte], &key)));
        let (message, lowest) = signed
            .map(|(message, signature)| (message, signature.to_bytes()))
            .find(|(_, bytes)| bytes[0] == HEADER_NESTED - 4)
            .unwrap();
        let mut bytes = lowest;
        bytes[0] = HEADER_NESTED;
        let signature = Signature::from_bytes(bytes).unwrap();
        let verified = verify_any(MessageDigest::of(&message), &signature, &p2sh);
        assert_eq!(verified, Ok(true));
        assert!(Signature::from_bytes([43; 65]).is_err());
    }

    #[test]
    fn a_signature_may_be_wrapped_and_bip322_is_named() {
        let key = PrivateKey::from_bytes(&[7; 32]).unwrap();
        let signature = sign(b"hi", &key);
        let text = signature.to_string();
        let (first, second) = text.split_at(64);
        for text in [
            format!("{first}\n{second}\n"),
            format!("\u{feff}{first}\r\n{second}\r\n"),
            format!(" {text}\t"),
        ] {
            assert_eq!(text.parse(), Ok(signature));
        }
        // The test vector of BIP-322 for "Hello World".
        let simple = "AkcwRAIgZRfIY3p7/DoVTty6YZbWS71bc5Vct9p9Fia83eRmw2QCICK/ENGfwLtptFluMGs2KsqoNSk89pO7F29zJLUx9a/sASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=";
        assert_eq!(simple.parse::<Signature>(), Err(MalformedSignature::Bip322));
        let short = format!("smp{}", "A".repeat(77));
        for text in ["", "H6eG", "x", &text[..84], &short] {
            assert_eq!(
                text.parse::<Signature>(),
                Err(MalformedSignature::Form),
                "{text}"
            );
        }
    }
}
