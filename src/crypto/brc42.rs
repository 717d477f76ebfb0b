//! BRC-42 (Type42) key derivation: two parties derive, from their keys and an
//! invoice number (BRC-43), a key pair whose private half only one of them has.
//!
//! `child = private + HMAC-SHA256(key = compressed ECDH point, invoice) mod n`;
//! the counterparty adds the same amount, times G, to the public key.

use hmac::Mac;
use secp256k1::Scalar;
use secp256k1::constants::CURVE_ORDER;
use zeroize::{Zeroize, Zeroizing};

use super::curve;
use super::keys::{KeyError, PrivateKey, PublicKey};
use super::symmetric::hmac_sha256;

/// The private child of `own` that `counterparty` knows the public half of.
///
/// # Errors
/// [`KeyError::Derivation`] when the child would be zero: one chance in 2^256.
pub fn derive_private(
    own: &PrivateKey,
    counterparty: &PublicKey,
    invoice: &str,
) -> Result<PrivateKey, KeyError> {
    let mut tweak = tweak(own, counterparty, invoice);
    let child = own.secret().add_tweak(&tweak);
    tweak.non_secure_erase();
    child
        .map(PrivateKey::from_secret)
        .map_err(|_| KeyError::Derivation)
}

/// The public child of `counterparty`, whose private half only they have.
///
/// # Errors
/// [`KeyError::Derivation`] when the child would be zero: one chance in 2^256.
pub fn derive_public(
    counterparty: &PublicKey,
    own: &PrivateKey,
    invoice: &str,
) -> Result<PublicKey, KeyError> {
    let mut tweak = tweak(own, counterparty, invoice);
    let child = curve::with_public(|curve| counterparty.point().add_exp_tweak(curve, &tweak));
    tweak.non_secure_erase();
    child
        .map(PublicKey::from_point)
        .map_err(|_| KeyError::Derivation)
}

/// The private child of `own` for oneself: the counterparty is the own public key.
///
/// # Errors
/// [`KeyError::Derivation`] when the child would be zero: one chance in 2^256.
pub fn derive_self(own: &PrivateKey, invoice: &str) -> Result<PrivateKey, KeyError> {
    derive_private(own, &own.public_key(), invoice)
}

/// What is added to the key: both parties arrive at the same.
fn tweak(own: &PrivateKey, other: &PublicKey, invoice: &str) -> Scalar {
    reduce(&linkage(own, other, invoice))
}

/// What links a child to its parent: whoever knows it sees that they belong
/// together (BRC-69, "specific linkage").
pub fn linkage(own: &PrivateKey, other: &PublicKey, invoice: &str) -> Zeroizing<[u8; 32]> {
    let shared = own.shared_point(other);
    let mut mac = hmac_sha256(shared.as_slice(), &[invoice.as_bytes()])
        .finalize()
        .into_bytes();
    let linkage = Zeroizing::new(mac.into());
    mac.as_mut_slice().zeroize();
    linkage
}

/// The number modulo the order of the curve. It is below 2^256, so below twice
/// the order: at most one subtraction.
pub(super) fn reduce(number: &[u8; 32]) -> Scalar {
    Scalar::from_be_bytes(*number).unwrap_or_else(|_| {
        let mut difference = Zeroizing::new([0; 32]);
        let mut borrow = false;
        for index in (0..32).rev() {
            let (byte, first) = number[index].overflowing_sub(CURVE_ORDER[index]);
            let (byte, second) = byte.overflowing_sub(u8::from(borrow));
            difference[index] = byte;
            borrow = first || second;
        }
        Scalar::from_be_bytes(*difference).expect("2^256 - n is below n")
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_mac_above_the_order_is_reduced() {
        let mut number = CURVE_ORDER;
        assert_eq!(reduce(&number), Scalar::ZERO);
        number[31] += 1;
        assert_eq!(reduce(&number), Scalar::ONE);
        number[31] -= 2;
        assert_eq!(reduce(&number), Scalar::MAX);
        // A byte that borrows and one that does not: n - 0x41 + 0x100.
        (number[30], number[31]) = (CURVE_ORDER[30] + 1, 0);
        assert_eq!(reduce(&number).to_be_bytes()[30..], [0, 0xbf]);
        // 2^256 - 1 - n
        assert_eq!(
            hex::encode(reduce(&[0xff; 32]).to_be_bytes()),
            "000000000000000000000000000000014551231950b75fc4402da1732fc9bebe"
        );
    }
}
