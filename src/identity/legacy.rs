//! The one BIP-32 derivation that is left: the key to the identities which
//! `bsv-bap` exported in its older mode.

use hmac::{Hmac, KeyInit, Mac};
use secp256k1::Scalar;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::crypto::keys::{KeyError, PrivateKey};
use crate::crypto::mnemonic::root_key_from_xprv;

const HARDENED: u32 = 1 << 31;

/// The child at `m/424150'/2147483647'/2147483647'` of a master key (BIP-32,
/// "private parent key → private child key", hardened).
pub(super) fn export_key(xprv: &str) -> Result<PrivateKey, KeyError> {
    let xprv = xprv.trim_ascii();
    // Checks length, checksum and version, and that it is a master key.
    let mut key = root_key_from_xprv(xprv)?;
    // version 4 | depth 1 | parent 4 | child 4 | chain code 32 | key 33 | checksum 4
    let mut extended = Zeroizing::new([0; 82]);
    bs58::decode(xprv)
        .onto(&mut *extended)
        .expect("the master key was read from the same text");
    let mut chain_code = Zeroizing::new([0; 32]);
    chain_code.copy_from_slice(&extended[13..45]);

    for index in [424_150 | HARDENED, u32::MAX, u32::MAX] {
        let mut mac = Hmac::<Sha512>::new_from_slice(&*chain_code).expect("HMAC takes any key");
        mac.update(&[0]);
        mac.update(&*key.expose_bytes());
        mac.update(&index.to_be_bytes());
        let digest = Zeroizing::new(<[u8; 64]>::from(mac.finalize().into_bytes()));
        let (tweak, next) = digest.split_at(32);
        let tweak = Scalar::from_be_bytes(tweak.try_into().expect("half of 64 bytes"))
            .map_err(|_| KeyError::Derivation)?;
        let child = key.secret().add_tweak(&tweak);
        key = child
            .map(PrivateKey::from_secret)
            .map_err(|_| KeyError::Derivation)?;
        chain_code.copy_from_slice(next);
    }
    Ok(key)
}
