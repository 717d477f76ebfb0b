//! AES-256-GCM as the SDKs write it: `iv 32 | ciphertext | tag 16`.

use aes_gcm::aead::Aead;
use aes_gcm::aead::consts::U32;
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, KeyInit};
use zeroize::Zeroizing;

/// With an IV of 32 bytes, so that GHASH makes the first counter of it.
type Cipher = AesGcm<Aes256, U32>;

/// Encrypts. The IV must be fresh and random.
pub(super) fn seal(key: &[u8; 32], iv: [u8; 32], plaintext: &[u8]) -> Vec<u8> {
    let ciphertext = Cipher::new(key.into())
        .encrypt(&iv.into(), plaintext)
        .expect("what fits in memory is below GCM's 64 GiB");
    [&iv[..], &ciphertext].concat()
}

/// Decrypts; `None` where the tag does not fit.
pub(super) fn open(key: &[u8; 32], message: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (iv, ciphertext) = message.split_first_chunk::<32>()?;
    let plaintext = Cipher::new(key.into())
        .decrypt(iv.into(), ciphertext)
        .ok()?;
    Some(Zeroizing::new(plaintext))
}
