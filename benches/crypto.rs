//! What the wallet does most, and what it does slowest.
//!
//! `sign` stands next to the raw libsecp256k1 call, the floor under it.
#![allow(missing_docs, reason = "criterion's macros write public functions")]

use std::hint::black_box;

use aes::Aes128;
use cbc::cipher::{Array, BlockModeEncrypt, KeyIvInit};
use criterion::{Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secp256k1::{Message, Secp256k1, SecretKey};
use sha2::Sha256;
use tokenpass::testing::crypto::ecies::stream::{Check, Encryption};
use tokenpass::testing::crypto::keys::PrivateKey;
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::crypto::vault::{KdfCost, Vault};
use tokenpass::testing::crypto::{brc42, bsm, ecies};

const MESSAGE: &[u8] = b"hello example.com, this is a message of some sixty-four characters";

fn key(byte: u8) -> PrivateKey {
    PrivateKey::from_bytes(&[byte; 32]).expect("below the order of the curve")
}

fn signatures(c: &mut Criterion) {
    let mut group = c.benchmark_group("sign");
    let secret = SecretKey::from_byte_array([1; 32]).expect("below the order of the curve");
    let digest = Message::from_digest([2; 32]);
    let mut curve = Secp256k1::signing_only();
    curve.seeded_randomize(&[3; 32]);
    group.bench_function("libsecp256k1", |b| {
        b.iter(|| {
            curve
                .sign_ecdsa_recoverable(black_box(digest), &secret)
                .serialize_compact()
        })
    });
    let key = key(1);
    group.bench_function("bsm", |b| b.iter(|| bsm::sign(black_box(MESSAGE), &key)));
    group.bench_function("bsm base64", |b| {
        b.iter(|| bsm::sign(black_box(MESSAGE), &key).to_string())
    });
    group.finish();

    let signature = bsm::sign(MESSAGE, &key);
    let address = key.public_key().address();
    c.bench_function("verify/bsm", |b| {
        b.iter(|| bsm::verify(black_box(MESSAGE), &signature, &address))
    });
}

fn derivation(c: &mut Criterion) {
    let key = key(1);
    let public = key.public_key();
    c.bench_function("brc42/derive", |b| {
        b.iter(|| brc42::derive_private(&key, &public, black_box("2-tokenpass-example.com")))
    });
}

fn encryption(c: &mut Criterion) {
    let (sender, recipient) = (key(1), key(2));
    let public = recipient.public_key();
    let ciphertext = ecies::encrypt(MESSAGE, &public, &sender);
    c.bench_function("ecies/encrypt", |b| {
        b.iter(|| ecies::encrypt(black_box(MESSAGE), &public, &sender))
    });
    c.bench_function("ecies/decrypt", |b| {
        b.iter(|| ecies::decrypt(black_box(&ciphertext), &recipient).expect("own ciphertext"))
    });
}

/// A file piece by piece, next to what it cannot do without.
fn files(c: &mut Criterion) {
    const LENGTH: usize = 256 * 1024;
    let (sender, recipient) = (key(1), key(2));
    let mut buffer = vec![7; LENGTH];
    let mut group = c.benchmark_group("file, 256 KiB");
    group.throughput(criterion::Throughput::Bytes(LENGTH as u64));
    group.bench_function("AES-CBC and HMAC", |b| {
        let mut cipher = cbc::Encryptor::<Aes128>::new(&[1; 16].into(), &[2; 16].into());
        let mut mac = Hmac::<Sha256>::new_from_slice(&[3; 32]).expect("any length");
        b.iter(|| {
            let (blocks, _) = buffer.as_chunks_mut();
            cipher.encrypt_blocks(Array::cast_slice_from_core_mut(blocks));
            mac.update(&buffer);
        });
    });
    group.bench_function("encrypt", |b| {
        let (mut encryption, _) = Encryption::start(&recipient.public_key(), &sender);
        b.iter(|| encryption.piece(buffer.as_chunks_mut().0));
    });
    group.bench_function("HMAC", |b| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&[3; 32]).expect("any length");
        b.iter(|| mac.update(&buffer));
    });
    group.bench_function("check", |b| {
        let (_, head) = Encryption::start(&recipient.public_key(), &sender);
        let mut check = Check::start(&head, &recipient).expect("its head");
        b.iter(|| check.piece(buffer.as_chunks().0));
    });
    group.finish();
}

fn vault(c: &mut Criterion) {
    let password = Password::new("correct horse battery staple".to_owned());
    let vault = Vault::seal(&password, KdfCost::STANDARD, [1; 32], [2; 16], MESSAGE);
    let mut group = c.benchmark_group("vault");
    group.sample_size(10);
    group.bench_function("open", |b| {
        b.iter(|| {
            vault
                .open(&password, Vault::ACCEPTED_ITERATIONS)
                .expect("own vault")
        })
    });
    group.finish();
}

criterion_group!(benches, signatures, derivation, encryption, files, vault);
criterion_main!(benches);
