//! What goes out comes back, and nothing else does: round trips, every flipped
//! bit, every truncation, wrong keys, arbitrary input.

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tokenpass::testing::crypto::auth_token::{self, AuthToken, Scheme};
use tokenpass::testing::crypto::brc77::{self, Verifier};
use tokenpass::testing::crypto::encoding::Encoding;
use tokenpass::testing::crypto::keys::{Address, PrivateKey, PublicKey};
use tokenpass::testing::crypto::mnemonic::{Mnemonic, Seed, root_key_from_xprv};
use tokenpass::testing::crypto::seal::SealingKey;
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::crypto::vault::{KdfCost, Vault, VaultError};
use tokenpass::testing::crypto::{brc42, brc78, bsm, ecies};

/// 2026-01-02T03:04:05.678Z
const NOW: u64 = 1_767_323_045_678;
const TIMESTAMP: &str = "2026-01-02T03:04:05.678Z";
const TEST_COST: KdfCost = KdfCost::lowered_for_tests(16);

fn key(byte: u8) -> PrivateKey {
    PrivateKey::from_bytes(&[byte; 32]).unwrap()
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

/// All the bytes that differ from these in one bit, then all their beginnings.
fn damaged(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let flipped = (0..bytes.len() * 8).map(move |bit| {
        let mut copy = bytes.to_vec();
        copy[bit / 8] ^= 1 << (bit % 8);
        copy
    });
    flipped.chain((0..bytes.len()).map(|len| bytes[..len].to_vec()))
}

/// A failing case prints its inputs, which a [`PrivateKey`] rightly refuses.
struct TestKey(PrivateKey);

impl std::ops::Deref for TestKey {
    type Target = PrivateKey;

    fn deref(&self) -> &PrivateKey {
        &self.0
    }
}

impl std::fmt::Debug for TestKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(*self.0.expose_bytes()))
    }
}

fn any_key() -> impl Strategy<Value = TestKey> {
    any::<[u8; 32]>().prop_filter_map("out of range", |bytes| {
        PrivateKey::from_bytes(&bytes).ok().map(TestKey)
    })
}

fn any_message() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
}

#[test]
fn a_damaged_bsm_signature_does_not_verify() {
    let address = key(1).public_key().address();
    let signature = bsm::sign(b"message", &key(1));
    for bytes in damaged(&signature.to_bytes()) {
        let verifies = <[u8; 65]>::try_from(bytes)
            .ok()
            .and_then(|bytes| bsm::Signature::from_bytes(bytes).ok())
            .is_some_and(|signature| bsm::verify(b"message", &signature, &address));
        assert!(!verifies);
    }
    for message in damaged(b"message") {
        assert!(!bsm::verify(&message, &signature, &address));
    }
    for text in damaged(signature.to_string().as_bytes()) {
        let verifies = String::from_utf8(text)
            .ok()
            .and_then(|text| text.parse().ok())
            .is_some_and(|signature| bsm::verify(b"message", &signature, &address));
        assert!(!verifies);
    }
}

#[test]
fn a_damaged_ecies_ciphertext_does_not_decrypt() {
    let ciphertext = ecies::encrypt(b"plaintext", &key(2).public_key(), &key(1));
    for ciphertext in damaged(&ciphertext) {
        assert!(ecies::decrypt(&ciphertext, &key(2)).is_err());
    }
    assert!(ecies::decrypt(&[&ciphertext[..], b"x"].concat(), &key(2)).is_err());
}

#[test]
fn a_damaged_brc77_signature_does_not_verify() {
    let named = Verifier::Key(key(2).public_key());
    for verifier in [Verifier::Anyone, named] {
        let signature = brc77::sign(b"message", &key(1), verifier, [3; 32]);
        for recipient in [Some(&key(2)), None] {
            for signature in damaged(&signature) {
                assert!(brc77::verify(b"message", &signature, recipient).is_err());
            }
        }
        let longer = [&signature[..], &[0]].concat();
        assert!(brc77::verify(b"message", &longer, Some(&key(2))).is_err());
    }
}

#[test]
fn nobody_can_turn_a_brc77_signature_into_another() {
    let signature = brc77::sign(b"message", &key(1), Verifier::Anyone, [3; 32]);
    let (head, der) = signature.split_at(4 + 33 + 1 + 32);
    let low = secp256k1::ecdsa::Signature::from_der(der).unwrap();
    let mut compact = low.serialize_compact();
    let s = secp256k1::SecretKey::from_byte_array(compact[32..].try_into().unwrap()).unwrap();
    compact[32..].copy_from_slice(&s.negate().secret_bytes());
    let high = secp256k1::ecdsa::Signature::from_compact(&compact).unwrap();
    let other = [head, &high.serialize_der()].concat();
    assert!(brc77::verify(b"message", &signature, None).is_ok());
    assert!(brc77::verify(b"message", &other, None).is_err());
}

#[test]
fn a_damaged_brc78_message_does_not_decrypt() {
    let message = brc78::encrypt(b"hi", &key(1), &key(2).public_key(), [3; 32], [4; 32]);
    for message in damaged(&message.unwrap()) {
        assert!(brc78::decrypt(&message, &key(2)).is_err());
    }
}

#[test]
fn a_damaged_seal_does_not_open() {
    let sealing_key = SealingKey::derive(&[7; 32], "test");
    let sealed = sealing_key.seal([8; 16], b"row 1", b"plaintext");
    assert_eq!(*sealing_key.open(b"row 1", &sealed).unwrap(), b"plaintext");
    for sealed in damaged(&sealed) {
        assert!(sealing_key.open(b"row 1", &sealed).is_err());
    }
    for aad in damaged(b"row 1") {
        assert!(sealing_key.open(&aad, &sealed).is_err());
    }
    for other in [
        SealingKey::derive(&[7; 32], "other purpose"),
        SealingKey::derive(&[6; 32], "test"),
    ] {
        assert!(other.open(b"row 1", &sealed).is_err());
    }
}

#[test]
fn a_damaged_vault_is_told_from_a_wrong_password() {
    let accepted = 1..=1000;
    let vault = Vault::seal(&password("right"), TEST_COST, [1; 32], [2; 16], b"{}");
    let open = |vault: &Vault, text| vault.open(&password(text), accepted.clone()).map(|_| ());
    assert_eq!(open(&vault, "right"), Ok(()));
    assert_eq!(open(&vault, "wrong"), Err(VaultError::WrongPassword));
    assert_eq!(open(&vault, ""), Err(VaultError::WrongPassword));

    let fields: [fn(&mut Vault) -> &mut [u8]; 5] = [
        |vault| &mut vault.salt,
        |vault| &mut vault.iv,
        |vault| &mut vault.ciphertext,
        |vault| &mut vault.mac,
        |vault| &mut vault.checksum,
    ];
    for field in fields {
        let original = field(&mut vault.clone()).to_vec();
        for bytes in damaged(&original).filter(|bytes| bytes.len() == original.len()) {
            let mut copy = vault.clone();
            field(&mut copy).copy_from_slice(&bytes);
            let error = open(&copy, "right").unwrap_err();
            assert!(matches!(error, VaultError::Damaged { .. }), "{error}");
        }
    }
    for len in 0..vault.ciphertext.len() {
        let mut copy = vault.clone();
        copy.ciphertext.truncate(len);
        let error = open(&copy, "right").unwrap_err();
        assert!(matches!(error, VaultError::Damaged { .. }), "{error}");
    }
    // A flipped bit is damage, not another version; where the checksum was made
    // anew it is what it says.
    let check = |change: &dyn Fn(&mut Vault), expected: fn(&Vault) -> VaultError| {
        let mut copy = vault.clone();
        change(&mut copy);
        let error = open(&copy, "right").unwrap_err();
        assert!(matches!(error, VaultError::Damaged { .. }), "{error}");
        renew_checksum(&mut copy);
        assert_eq!(open(&copy, "right"), Err(expected(&copy)));
    };
    for bit in 0..8 {
        check(&|copy| copy.version ^= 1 << bit, |copy| {
            VaultError::UnsupportedVersion(copy.version)
        });
        check(&|copy| copy.kdf ^= 1 << bit, |copy| {
            VaultError::UnsupportedKdf(copy.kdf)
        });
    }
    for bit in 24..32 {
        check(&|copy| copy.iterations ^= 1 << bit, |copy| {
            VaultError::Iterations(copy.iterations)
        });
    }
}

/// As anybody can: it has no key.
fn renew_checksum(vault: &mut Vault) {
    vault.checksum = Sha256::new()
        .chain_update([vault.version, vault.kdf])
        .chain_update(vault.iterations.to_be_bytes())
        .chain_update(vault.salt)
        .chain_update(vault.iv)
        .chain_update(&vault.ciphertext)
        .chain_update(vault.mac)
        .finalize()
        .into();
}

/// Were the key derivation to run, this test would take hours.
#[test]
fn a_vault_out_of_bounds_is_refused_before_any_work() {
    let mut vault = Vault::seal(&password("right"), TEST_COST, [1; 32], [2; 16], b"{}");
    let bounds = Vault::ACCEPTED_ITERATIONS;
    for iterations in [0, 1, 99_999, 10_000_001, u32::MAX] {
        vault.iterations = iterations;
        renew_checksum(&mut vault);
        assert_eq!(
            vault.open(&password("right"), bounds.clone()).err(),
            Some(VaultError::Iterations(iterations))
        );
    }
    vault.iterations = 10_000_000;
    let error = vault.open(&password("right"), bounds).err().unwrap();
    assert!(matches!(error, VaultError::Damaged { .. }), "{error}");
    assert!(Vault::ACCEPTED_ITERATIONS.contains(&KdfCost::STANDARD.iterations()));
}

#[test]
fn a_damaged_auth_token_is_refused() {
    for scheme in [Scheme::Brc77, Scheme::Bsm] {
        let token = auth_token::sign(&key(1), scheme, "/api/x", b"body", TIMESTAMP, [3; 32]);
        let text = token.unwrap().to_string();
        let accepts = |text: Vec<u8>, path, body| {
            String::from_utf8(text)
                .ok()
                .and_then(|text| text.parse::<AuthToken>().ok())
                .is_some_and(|token| auth_token::verify(&token, path, body, NOW, u64::MAX).is_ok())
        };
        assert!(accepts(text.clone().into(), "/api/x", b"body"));
        assert!(!accepts(text.clone().into(), "/api/x", b"other"));
        assert!(!accepts(text.clone().into(), "/api/x", b""));
        assert!(!accepts(text.clone().into(), "/api/x/", b"body"));
        for text in damaged(text.as_bytes()) {
            assert!(!accepts(text, "/api/x", b"body"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn keys_come_back_from_every_form(key in any_key()) {
        let bytes = key.expose_bytes();
        prop_assert_eq!(&*PrivateKey::from_bytes(&bytes).unwrap().expose_bytes(), &*bytes);
        let from_wif = PrivateKey::from_wif(&key.expose_wif()).unwrap();
        prop_assert_eq!(&*from_wif.expose_bytes(), &*bytes);
        prop_assert_eq!(&*key.duplicate().expose_bytes(), &*bytes);
        let public = key.public_key();
        prop_assert_eq!(PublicKey::from_bytes(&public.to_bytes()), Ok(public));
        prop_assert_eq!(public.to_string().parse(), Ok(public));
        prop_assert_eq!(public.address().to_string().parse(), Ok(public.address()));
        let json = serde_json::to_string(&(public, public.address())).unwrap();
        let back: (PublicKey, Address) = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(back, (public, public.address()));
    }

    /// The crate `bsv` is another implementation of the same formats.
    #[test]
    fn crate_bsv_agrees(key in any_key(), other in any_key(), seed: [u8; 32], text in any_message()) {
        let theirs = bsv::PrivateKey::from_bytes(&*key.expose_bytes()).unwrap();
        prop_assert_eq!(theirs.to_wif().unwrap(), &**key.expose_wif());
        let their_public = bsv::PublicKey::from_private_key(&theirs);
        prop_assert_eq!(their_public.to_hex().unwrap(), key.public_key().to_string());
        let their_address = bsv::P2PKHAddress::from_pubkey(&their_public).unwrap();
        prop_assert_eq!(their_address.to_string().unwrap(), key.public_key().address().to_string());

        let seed = Seed::from_bytes([seed, seed].concat().try_into().unwrap());
        let node = bsv::ExtendedPrivateKey::from_seed(seed.expose_bytes()).unwrap();
        let root = node.get_private_key().to_bytes();
        prop_assert_eq!(&seed.root_key().unwrap().expose_bytes()[..], &root);
        let xprv = node.to_string().unwrap();
        prop_assert_eq!(&root_key_from_xprv(&xprv).unwrap().expose_bytes()[..], &root);
        let child = node.derive(0).unwrap().to_string().unwrap();
        prop_assert!(root_key_from_xprv(&child).is_err());

        let ours = ecies::encrypt(&text, &other.public_key(), &key);
        let recipient = bsv::PublicKey::from_bytes(&other.public_key().to_bytes()).unwrap();
        let theirs = bsv::ECIES::encrypt(&text, &theirs, &recipient, false).unwrap();
        prop_assert_eq!(ours, theirs.to_bytes());
    }

    #[test]
    fn bsm_round_trip(key in any_key(), other in any_key(), message in any_message()) {
        let signature = bsm::sign(&message, &key);
        prop_assert_eq!(signature.to_string().parse(), Ok(signature));
        prop_assert_eq!(bsm::recover(&message, &signature), Some(key.public_key()));
        prop_assert!(bsm::verify(&message, &signature, &key.public_key().address()));
        prop_assert!(!bsm::verify(&message, &signature, &other.public_key().address()));
    }

    #[test]
    fn ecies_round_trip(from in any_key(), to in any_key(), wrong in any_key(), text in any_message()) {
        let ciphertext = ecies::encrypt(&text, &to.public_key(), &from);
        prop_assert_eq!(&*ecies::decrypt(&ciphertext, &to).unwrap(), &text);
        prop_assert!(ecies::decrypt(&ciphertext, &wrong).is_err());
    }

    #[test]
    fn brc42_has_two_sides(a in any_key(), b in any_key(), invoice in ".*") {
        let private = brc42::derive_private(&a, &b.public_key(), &invoice).unwrap();
        let public = brc42::derive_public(&a.public_key(), &b, &invoice).unwrap();
        prop_assert_eq!(private.public_key(), public);
        let own = brc42::derive_self(&a, &invoice).unwrap();
        let own_public = brc42::derive_public(&a.public_key(), &a, &invoice).unwrap();
        prop_assert_eq!(own.public_key(), own_public);
    }

    #[test]
    fn brc77_round_trip(a in any_key(), b in any_key(), wrong in any_key(), text in any_message(), id: [u8; 32]) {
        let open = brc77::sign(&text, &a, Verifier::Anyone, id);
        prop_assert_eq!(brc77::verify(&text, &open, None), Ok(a.public_key()));
        prop_assert_eq!(brc77::verify(&text, &open, Some(&b)), Ok(a.public_key()));
        let named = brc77::sign(&text, &a, Verifier::Key(b.public_key()), id);
        prop_assert_eq!(brc77::verify(&text, &named, Some(&b)), Ok(a.public_key()));
        prop_assert!(brc77::verify(&text, &named, Some(&wrong)).is_err());
        prop_assert!(brc77::verify(&text, &named, None).is_err());
    }

    #[test]
    fn brc78_round_trip(a in any_key(), b in any_key(), text in any_message(), id: [u8; 32], iv: [u8; 32]) {
        let message = brc78::encrypt(&text, &a, &b.public_key(), id, iv).unwrap();
        let (plaintext, sender) = brc78::decrypt(&message, &b).unwrap();
        prop_assert_eq!(&*plaintext, &text);
        prop_assert_eq!(sender, a.public_key());
        prop_assert!(brc78::decrypt(&message, &a).is_err());
    }

    #[test]
    fn vault_and_seal_round_trip(word in ".*", salt: [u8; 32], iv: [u8; 16], text in any_message(), aad in any_message()) {
        let vault = Vault::seal(&password(&word), TEST_COST, salt, iv, &text);
        prop_assert_eq!(&*vault.open(&password(&word), 1..=16).unwrap(), &text);
        prop_assert!(vault.open(&password(&(word + "x")), 1..=16).is_err());
        let sealing_key = SealingKey::derive(&salt, "test");
        let sealed = sealing_key.seal(iv, &aad, &text);
        prop_assert_eq!(&*sealing_key.open(&aad, &sealed).unwrap(), &text);
    }

    #[test]
    fn mnemonics_survive_case_and_spacing(entropy: [u8; 32], words in 0..5_usize) {
        let mnemonic = Mnemonic::from_entropy(&entropy[..16 + 4 * words]).unwrap();
        prop_assert_eq!(mnemonic.word_count(), 12 + 3 * words);
        let phrase = mnemonic.expose_phrase();
        let shouted = format!("\n {} \t", phrase.to_uppercase().replace(' ', " \r\n"));
        let again = Mnemonic::parse(&shouted).unwrap();
        prop_assert_eq!(&*again.expose_phrase(), &*phrase);
        prop_assert_eq!(&*again.seed("").expose_hex(), &*mnemonic.seed("").expose_hex());
    }

    #[test]
    fn texts_come_back_from_their_encoding(bytes in any_message(), text in ".*") {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        prop_assert_eq!(Encoding::Hex.decode(&hex::encode(&bytes)), Ok(bytes.clone()));
        prop_assert_eq!(Encoding::Hex.decode(&hex::encode_upper(&bytes)), Ok(bytes.clone()));
        prop_assert_eq!(Encoding::Base64.decode(&BASE64_STANDARD.encode(&bytes)), Ok(bytes));
        prop_assert_eq!(Encoding::Utf8.decode(&text), Ok(text.into_bytes()));
    }

    /// Nothing to assert but that nothing panics.
    #[test]
    fn arbitrary_text_is_an_error(text in ".{0,200}", base58 in "[1-9A-HJ-NP-Za-km-z]{0,130}", hex in "[0-9a-fA-F]{0,140}") {
        for text in [text, base58, hex] {
            let _ = PrivateKey::from_wif(&text);
            let _ = root_key_from_xprv(&text);
            let _ = Seed::from_hex(&text);
            let _ = text.parse::<PublicKey>();
            let _ = text.parse::<Address>();
            let _ = text.parse::<bsm::Signature>();
            let _ = text.parse::<AuthToken>();
            let _ = Mnemonic::parse(&text);
            let _ = Encoding::Hex.decode(&text);
            let _ = Encoding::Base64.decode(&text);
            let _ = auth_token::sign(&key(1), Scheme::Bsm, &text, b"", &text, [0; 32]);
        }
    }

    #[test]
    fn arbitrary_bytes_are_an_error(
        bytes in any_message(),
        magic in prop::sample::select(vec![&b""[..], b"BIE1", b"BB3\x01", b"BB\x103", b"\x01"]),
        signature in prop::collection::vec(any::<u8>(), 65),
    ) {
        let bytes = [magic, &bytes].concat();
        prop_assert!(ecies::decrypt(&bytes, &key(1)).is_err());
        prop_assert!(brc77::verify(b"", &bytes, Some(&key(1))).is_err());
        prop_assert!(brc78::decrypt(&bytes, &key(1)).is_err());
        prop_assert!(SealingKey::derive(&[1; 32], "test").open(b"", &bytes).is_err());
        prop_assert!(PublicKey::from_bytes(&bytes).is_err() || bytes.len() == 33);
        if let Ok(signature) = bsm::Signature::from_bytes(signature.try_into().unwrap()) {
            prop_assert!(!bsm::verify(b"", &signature, &key(1).public_key().address()));
        }
    }
}
