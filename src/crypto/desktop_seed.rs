//! How TokenPass kept its seed in 2023: AES-256-CBC under the SHA-256 of the
//! password, without a MAC. Only read, to move such a wallet in.

use aes::Aes256;
use aes::cipher::KeyInit;
use zeroize::Zeroizing;

use super::hash::sha256;
use super::secret::Password;
use super::symmetric::{BLOCK_LEN, decrypt_cbc};

/// Decrypts one field; `None` where the padding is wrong. With a wrong password
/// one in 256 gets past that: the caller must know the plaintext by its form.
pub fn decrypt(
    iv: &[u8; BLOCK_LEN],
    ciphertext: &[u8],
    password: &Password,
) -> Option<Zeroizing<Vec<u8>>> {
    if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK_LEN) {
        return None;
    }
    let key = Zeroizing::new(sha256(password.as_bytes()));
    let cipher = Aes256::new_from_slice(&*key).expect("an AES-256 key has 32 bytes");
    decrypt_cbc(cipher, iv, ciphertext)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_blocks_is_refused() {
        let password = Password::new("password".to_owned());
        for length in [0, 1, 15, 17] {
            let ciphertext = vec![7; length];
            assert_eq!(decrypt(&[7; 16], &ciphertext, &password), None, "{length}");
        }
    }
}
