//! BIE1 piece by piece, for what does not fit in memory; the ciphertexts are
//! the same.
//!
//! The MAC stands at the end, and nothing may be decrypted before it was
//! checked, so a ciphertext is read twice: [`Check`] takes it in and, if the
//! MAC is right, turns into a [`Decryption`], which takes the same pieces
//! again. Between the two somebody could change the file. [`Check`] therefore
//! keeps the MAC of all that it has seen after each piece (32 bytes), and
//! [`Decryption`] decrypts no piece for which it comes to another.

use std::vec;

use aes::Aes128;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{EciesError, KEY_LEN, MAC_LEN, MAGIC, MessageKeys};
use crate::crypto::keys::{PrivateKey, PublicKey};
use crate::crypto::symmetric::{BLOCK_LEN, hmac_sha256};

/// What a ciphertext begins with: `"BIE1" | sender public key 33`.
pub const HEAD_LEN: usize = MAGIC.len() + KEY_LEN;

/// What it ends with: the last block, which is never missing, and the MAC.
pub const TAIL_LEN: usize = BLOCK_LEN + MAC_LEN;

/// What a piece consists of.
pub type Block = [u8; BLOCK_LEN];

/// A message on its way to a ciphertext.
pub struct Encryption {
    cipher: cbc::Encryptor<Aes128>,
    mac: Hmac<Sha256>,
}

impl Encryption {
    /// Begins a message for `recipient`; also returns what the ciphertext
    /// begins with. The sender's key must be fresh.
    pub fn start(recipient: &PublicKey, sender: &PrivateKey) -> (Self, [u8; HEAD_LEN]) {
        let keys = MessageKeys::agree(sender, recipient);
        let mut head = [0; HEAD_LEN];
        head[..MAGIC.len()].copy_from_slice(MAGIC);
        head[MAGIC.len()..].copy_from_slice(&sender.public_key().to_bytes());
        let encryption = Self {
            cipher: cbc::Encryptor::inner_iv_init(keys.cipher(), keys.iv().into()),
            mac: hmac_sha256(keys.mac_key(), &[&head]),
        };
        (encryption, head)
    }

    /// Encrypts the next piece in its place.
    pub fn piece(&mut self, piece: &mut [Block]) {
        self.cipher
            .encrypt_blocks(Array::cast_slice_from_core_mut(piece));
        self.mac.update(piece.as_flattened());
    }

    /// Encrypts the rest; returns what the ciphertext ends with.
    pub fn finish(mut self, rest: &[u8]) -> Vec<u8> {
        let mut end = self.cipher.encrypt_padded_vec::<Pkcs7>(rest);
        self.mac.update(&end);
        end.extend_from_slice(&self.mac.finalize().into_bytes());
        end
    }
}

/// A ciphertext that is read for the first time.
pub struct Check {
    keys: MessageKeys,
    mac: Hmac<Sha256>,
    seen: Vec<[u8; MAC_LEN]>,
}

impl Check {
    /// Begins a ciphertext for `recipient`.
    ///
    /// # Errors
    /// [`EciesError`] where it does not begin as one.
    pub fn start(head: &[u8; HEAD_LEN], recipient: &PrivateKey) -> Result<Self, EciesError> {
        let key = head.strip_prefix(MAGIC).ok_or(EciesError)?;
        let sender = PublicKey::from_bytes(key).map_err(|_| EciesError)?;
        let keys = MessageKeys::agree(recipient, &sender);
        Ok(Self {
            mac: hmac_sha256(keys.mac_key(), &[head]),
            keys,
            seen: Vec::new(),
        })
    }

    /// Takes in the next piece.
    pub fn piece(&mut self, piece: &[Block]) {
        self.mac.update(piece.as_flattened());
        self.seen.push(so_far(&self.mac));
    }

    /// Takes in the end, and checks the MAC in constant time.
    ///
    /// # Errors
    /// [`EciesError`]: damaged, or for another key.
    pub fn finish(mut self, tail: &[u8; TAIL_LEN]) -> Result<Decryption, EciesError> {
        let (block, mac) = tail.split_at(BLOCK_LEN);
        let start = hmac_sha256(self.keys.mac_key(), &[]);
        self.mac.update(block);
        self.mac.verify_slice(mac).map_err(|_| EciesError)?;
        Ok(Decryption {
            cipher: cbc::Decryptor::inner_iv_init(self.keys.cipher(), self.keys.iv().into()),
            mac: start,
            seen: self.seen.into_iter(),
        })
    }
}

/// A ciphertext whose MAC was right, read for the second time.
pub struct Decryption {
    cipher: cbc::Decryptor<Aes128>,
    mac: Hmac<Sha256>,
    seen: vec::IntoIter<[u8; MAC_LEN]>,
}

impl Decryption {
    /// Takes in the head again.
    pub fn head(&mut self, head: &[u8; HEAD_LEN]) {
        self.mac.update(head);
    }

    /// Decrypts the next piece in its place; the pieces are those of the first
    /// time.
    ///
    /// # Errors
    /// [`EciesError`] where it is not what was checked. It then was not
    /// decrypted.
    pub fn piece(&mut self, piece: &mut [Block]) -> Result<(), EciesError> {
        self.mac.update(piece.as_flattened());
        let seen = self.seen.next().ok_or(EciesError)?;
        if !bool::from(so_far(&self.mac).ct_eq(&seen)) {
            return Err(EciesError);
        }
        self.cipher
            .decrypt_blocks(Array::cast_slice_from_core_mut(piece));
        Ok(())
    }

    /// Checks the MAC again; returns the end of the message, in its place.
    ///
    /// # Errors
    /// [`EciesError`]: not what was checked, or the padding is wrong.
    pub fn finish(mut self, tail: &mut [u8; TAIL_LEN]) -> Result<&[u8], EciesError> {
        let (block, mac) = tail.split_at_mut(BLOCK_LEN);
        self.mac.update(block);
        self.mac.verify_slice(mac).map_err(|_| EciesError)?;
        if self.seen.next().is_some() {
            return Err(EciesError);
        }
        let last = self.cipher.decrypt_padded::<Pkcs7>(block);
        last.map_err(|_| EciesError)
    }
}

fn so_far(mac: &Hmac<Sha256>) -> [u8; MAC_LEN] {
    mac.clone().finalize().into_bytes().into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::{decrypt, encrypt};
    use super::*;

    fn key(byte: u8) -> PrivateKey {
        PrivateKey::from_bytes(&[byte; 32]).unwrap()
    }

    fn message(length: usize) -> Vec<u8> {
        (0..length).map(|n| (n * 7) as u8).collect()
    }

    fn encrypted(message: &[u8], blocks: usize) -> Vec<u8> {
        let (mut encryption, head) = Encryption::start(&key(2).public_key(), &key(1));
        let mut ciphertext = head.to_vec();
        let mut whole = message.to_vec();
        let (pieces, rest) = whole.as_chunks_mut();
        for piece in pieces.chunks_mut(blocks) {
            encryption.piece(piece);
            ciphertext.extend_from_slice(piece.as_flattened());
        }
        let end = encryption.finish(rest);
        [ciphertext, end].concat()
    }

    /// Reads `first`, then `second`; what was decrypted until it failed.
    fn decrypted(first: &[u8], second: &[u8], blocks: usize) -> (Vec<u8>, Result<(), EciesError>) {
        let mut plaintext = Vec::new();
        let result = decrypt_into(&mut plaintext, first, second, blocks);
        (plaintext, result)
    }

    fn decrypt_into(
        plaintext: &mut Vec<u8>,
        first: &[u8],
        second: &[u8],
        blocks: usize,
    ) -> Result<(), EciesError> {
        let parts = |ciphertext: &[u8]| {
            let (head, rest) = ciphertext.split_first_chunk().ok_or(EciesError)?;
            let (body, tail) = rest.split_last_chunk().ok_or(EciesError)?;
            let (body, odd) = body.as_chunks();
            odd.is_empty()
                .then(|| (*head, body.to_vec(), *tail))
                .ok_or(EciesError)
        };
        let (head, body, tail) = parts(first)?;
        let mut check = Check::start(&head, &key(2))?;
        body.chunks(blocks).for_each(|piece| check.piece(piece));
        let mut decryption = check.finish(&tail)?;
        let (head, mut body, mut tail) = parts(second)?;
        decryption.head(&head);
        for piece in body.chunks_mut(blocks) {
            decryption.piece(piece)?;
            plaintext.extend_from_slice(piece.as_flattened());
        }
        plaintext.extend_from_slice(decryption.finish(&mut tail)?);
        Ok(())
    }

    #[test]
    fn pieces_give_the_ciphertext_of_the_whole() {
        for length in [0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 1000] {
            let message = message(length);
            let whole = encrypt(&message, &key(2).public_key(), &key(1));
            for blocks in [1, 2, 7, 1000] {
                assert_eq!(encrypted(&message, blocks), whole, "{length}, {blocks}");
                let (plaintext, result) = decrypted(&whole, &whole, blocks);
                assert_eq!((plaintext, result), (message.clone(), Ok(())));
            }
        }
    }

    #[test]
    fn damage_at_any_place_and_a_cut_at_any_place_are_found_before_decrypting() {
        let whole = encrypted(&message(100), 2);
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            for bad in [&damaged[..], &whole[..at]] {
                assert_eq!(
                    decrypted(bad, bad, 2),
                    (Vec::new(), Err(EciesError)),
                    "{at}"
                );
                assert_eq!(decrypt(bad, &key(2)).err(), Some(EciesError), "{at}");
            }
        }
    }

    #[test]
    fn what_changes_between_the_two_times_is_never_decrypted() {
        let message = message(100);
        let whole = encrypted(&message, 2);
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            let longer = [&whole[..at], &[7; 32], &whole[at..]].concat();
            let shorter = [&whole[..at], whole.get(at + 32..).unwrap_or_default()].concat();
            for second in [changed, longer, shorter] {
                let (plaintext, result) = decrypted(&whole, &second, 2);
                assert_eq!(result, Err(EciesError), "{at}");
                assert!(message.starts_with(&plaintext), "{at}");
            }
        }
    }
}
