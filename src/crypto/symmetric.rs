//! What vault, seal and ECIES stand on: AES-CBC (NIST SP 800-38A) with PKCS#7
//! padding (RFC 5652, 6.3) and HMAC-SHA256 (RFC 2104, FIPS 198-1); and a secret
//! for one purpose out of another (HKDF-SHA256, RFC 5869).

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser,
    InnerIvInit, KeyInit, consts::U16,
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The block size of AES in bytes.
pub(crate) const BLOCK_LEN: usize = 16;

/// Encrypts with PKCS#7 padding.
pub(crate) fn encrypt_cbc<C>(cipher: C, iv: &[u8; BLOCK_LEN], plaintext: &[u8]) -> Vec<u8>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    cbc::Encryptor::inner_iv_init(cipher, iv.into()).encrypt_padded_vec::<Pkcs7>(plaintext)
}

/// Decrypts and removes the padding; `None` where it is wrong. Only for
/// ciphertexts whose MAC was checked: this answer is a padding oracle.
pub(crate) fn decrypt_cbc<C>(
    cipher: C,
    iv: &[u8; BLOCK_LEN],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>>
where
    C: BlockCipherDecrypt + BlockSizeUser<BlockSize = U16>,
{
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let len = cbc::Decryptor::inner_iv_init(cipher, iv.into())
        .decrypt_padded::<Pkcs7>(&mut buffer)
        .ok()?
        .len();
    buffer.truncate(len);
    Some(buffer)
}

/// An HMAC-SHA256 that has taken in the concatenated parts. Its `verify_slice`
/// compares in constant time.
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    parts.iter().fold(mac, |mac, part| mac.chain_update(part))
}

/// The finished HMAC-SHA256 of the concatenated parts.
pub(crate) fn hmac_of(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    hmac_sha256(key, parts).finalize().into_bytes().into()
}

/// A secret for the purpose `label`, from a uniformly random one.
pub(crate) fn derive_secret(secret: &[u8; 32], label: &str) -> Zeroizing<[u8; 32]> {
    let mut derived = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, secret)
        .expand(label.as_bytes(), &mut *derived)
        .expect("HKDF-SHA256 gives up to 8160 bytes");
    derived
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By Python's `hmac`, as RFC 5869 says.
    #[test]
    fn a_secret_is_of_its_root_and_of_its_purpose() {
        for (label, expected) in [
            (
                "a purpose",
                "2be1604292badce768e060ace7b4c7616bbd060b3f97fd003fc16621b34abd4e",
            ),
            (
                "another",
                "8cbb931494bdf06eee0b0fcf4f735118ed6fc267d4a372b5dc25a06bcd134452",
            ),
        ] {
            assert_eq!(hex::encode(*derive_secret(&[7; 32], label)), expected);
        }
    }
}
