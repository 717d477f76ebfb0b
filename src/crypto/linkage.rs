//! A shared point, and the proof that it is one: Schnorr's, as BRC-94 has it.
//!
//! For keys `A = aG` and `B`, the point `S = aB` and a nonce `r`: `R = rG`,
//! `S' = rB`, `e = SHA-256(A | B | S | S' | R) mod n`, `z = r + ea mod n`. It holds
//! if `zG = R + eA` and `zB = S' + eS`.

use secp256k1::Scalar;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::brc42::reduce;
use super::keys::{PrivateKey, PublicKey};

/// A shared point with its proof.
pub struct Proven {
    /// `S`, compressed.
    pub point: Zeroizing<[u8; 33]>,
    /// `R 33 | S' 33 | z`, where `z` has no leading zeros: the SDK writes a number.
    pub proof: Vec<u8>,
}

/// The point that a key shares with another one, proven.
pub(super) fn prove(own: &PrivateKey, other: &PublicKey, nonce: &PrivateKey) -> Proven {
    let point = own.shared_point(other);
    let (r, s) = (nonce.public_key().to_bytes(), nonce.shared_point(other));
    let mut hash = Sha256::new();
    for part in [
        &own.public_key().to_bytes(),
        &other.to_bytes(),
        &*point,
        &*s,
        &r,
    ] {
        hash.update(part);
    }
    let e = reduce(&hash.finalize().into());
    let z = answer(own, nonce, &e);
    let zeros = z.iter().take_while(|byte| **byte == 0).count();
    Proven {
        point,
        proof: [&r[..], &*s, &z[zeros..]].concat(),
    }
}

fn answer(own: &PrivateKey, nonce: &PrivateKey, e: &Scalar) -> Zeroizing<[u8; 32]> {
    // A challenge of zero, or a sum of zero: one chance in 2^256 each.
    const NEVER: &str = "a hash is not chosen";
    let mut product = own.secret().mul_tweak(e).expect(NEVER);
    let mut r = Scalar::from(*nonce.secret());
    let mut sum = product.add_tweak(&r).expect(NEVER);
    let z = Zeroizing::new(sum.secret_bytes());
    for secret in [&mut product, &mut sum] {
        secret.non_secure_erase();
    }
    r.non_secure_erase();
    z
}
