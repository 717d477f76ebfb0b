//! The golden data of the ecosystem's own libraries, byte for byte where they
//! are deterministic. What each file holds is said in its `about`.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokenpass::testing::crypto::auth_token::{self, AuthToken, Scheme};
use tokenpass::testing::crypto::brc77::{self, Brc77Error, Verifier};
use tokenpass::testing::crypto::encoding::Encoding;
use tokenpass::testing::crypto::keys::{Address, PrivateKey, PublicKey};
use tokenpass::testing::crypto::mnemonic::{Mnemonic, Seed, root_key_from_xprv};
use tokenpass::testing::crypto::seal::SealingKey;
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::crypto::vault::{KdfCost, Vault};
use tokenpass::testing::crypto::{brc42, brc78, bsm, ecies};

fn cases<T: DeserializeOwned>(json: &str) -> Vec<T> {
    #[derive(Deserialize)]
    struct File<T> {
        cases: Vec<T>,
    }
    let file: File<T> = serde_json::from_str(json).unwrap();
    assert!(!file.cases.is_empty());
    file.cases
}

fn private_key(hex_text: &str) -> PrivateKey {
    let mut bytes = [0; 32];
    hex::decode_to_slice(hex_text, &mut bytes).unwrap();
    PrivateKey::from_bytes(&bytes).unwrap()
}

/// A key in all the forms a vector gives.
#[derive(Deserialize)]
struct KeyForms {
    private_key: String,
    wif: String,
    public_key: String,
    address: String,
}

impl KeyForms {
    /// The key, after all its forms were found to agree.
    fn checked(&self) -> PrivateKey {
        let key = private_key(&self.private_key);
        assert_eq!(hex::encode(*key.expose_bytes()), self.private_key);
        assert_eq!(*key.expose_wif(), self.wif);
        assert_eq!(key.public_key().to_string(), self.public_key);
        assert_eq!(key.public_key().address().to_string(), self.address);
        assert_eq!(self.public_key.parse(), Ok(key.public_key()));
        assert_eq!(self.address.parse(), Ok(key.public_key().address()));
        PrivateKey::from_wif(&self.wif).unwrap()
    }
}

#[test]
fn bsm_signs_byte_for_byte() {
    #[derive(Deserialize)]
    struct Case {
        #[serde(flatten)]
        key: KeyForms,
        message: String,
        encoding: Encoding,
        signature: String,
    }
    for case in cases::<Case>(include_str!("../vectors/bsm.json")) {
        let key = case.key.checked();
        let message = case.encoding.decode(&case.message).unwrap();
        let signature = bsm::sign(&message, &key);
        assert_eq!(signature.to_string(), case.signature);
        assert_eq!(case.signature.parse(), Ok(signature));
        assert_eq!(bsm::recover(&message, &signature), Some(key.public_key()));
        let address: Address = case.key.address.parse().unwrap();
        assert!(bsm::verify(&message, &signature, &address));
        assert!(!bsm::verify(b"another message", &signature, &address));
    }
}

#[test]
fn ecies_encrypts_byte_for_byte() {
    #[derive(Deserialize)]
    struct Case {
        recipient: KeyForms,
        sender: KeyForms,
        plaintext: String,
        ciphertext_from_sender: String,
        ciphertext_ephemeral: String,
    }
    for case in cases::<Case>(include_str!("../vectors/ecies.json")) {
        let (recipient, sender) = (case.recipient.checked(), case.sender.checked());
        let plaintext = case.plaintext.as_bytes();
        let ciphertext = ecies::encrypt(plaintext, &recipient.public_key(), &sender);
        assert_eq!(hex::encode(&ciphertext), case.ciphertext_from_sender);
        for ciphertext in [case.ciphertext_from_sender, case.ciphertext_ephemeral] {
            let ciphertext = hex::decode(ciphertext).unwrap();
            assert_eq!(*ecies::decrypt(&ciphertext, &recipient).unwrap(), plaintext);
            assert!(ecies::decrypt(&ciphertext, &sender).is_err());
        }
    }
}

#[test]
fn brc42_derives_the_same_children() {
    #[derive(Deserialize)]
    struct Case {
        private_key: String,
        counterparty_private_key: String,
        counterparty_public_key: PublicKey,
        invoice_number: String,
        child_private_key: String,
        child_public_key_for_counterparty: PublicKey,
        self_child_private_key: String,
    }
    for case in cases::<Case>(include_str!("../vectors/brc42.json")) {
        let own = private_key(&case.private_key);
        let other = private_key(&case.counterparty_private_key);
        let invoice = &case.invoice_number;
        assert_eq!(other.public_key(), case.counterparty_public_key);

        let child = brc42::derive_private(&own, &other.public_key(), invoice).unwrap();
        assert_eq!(hex::encode(*child.expose_bytes()), case.child_private_key);
        let seen_by_other = brc42::derive_public(&own.public_key(), &other, invoice).unwrap();
        assert_eq!(seen_by_other, child.public_key());

        let public = brc42::derive_public(&other.public_key(), &own, invoice).unwrap();
        assert_eq!(public, case.child_public_key_for_counterparty);

        let own_child = brc42::derive_self(&own, invoice).unwrap();
        assert_eq!(
            hex::encode(*own_child.expose_bytes()),
            case.self_child_private_key
        );
    }
}

#[test]
fn brc77_verifies_and_signs_alike() {
    #[derive(Deserialize)]
    struct Case {
        signer: KeyForms,
        verifier: KeyForms,
        message: String,
        signature_anyone: String,
        signature_for_verifier: String,
    }
    for case in cases::<Case>(include_str!("../vectors/brc77.json")) {
        let (signer, verifier) = (case.signer.checked(), case.verifier.checked());
        let message = case.message.as_bytes();
        let for_anyone = hex::decode(case.signature_anyone).unwrap();
        let for_verifier = hex::decode(case.signature_for_verifier).unwrap();

        assert_eq!(
            brc77::verify(message, &for_anyone, None),
            Ok(signer.public_key())
        );
        assert_eq!(
            brc77::verify(message, &for_verifier, Some(&verifier)),
            Ok(signer.public_key())
        );
        let refused = Err(Brc77Error::NotForYou(verifier.public_key()));
        assert_eq!(brc77::verify(message, &for_verifier, None), refused);
        assert_eq!(
            brc77::verify(message, &for_verifier, Some(&signer)),
            refused
        );
        assert_eq!(
            brc77::verify(b"another message", &for_anyone, None),
            Err(Brc77Error::Invalid)
        );

        // The only random input is the key id, which stands before the DER.
        let key_id = for_anyone[38..70].try_into().unwrap();
        assert_eq!(
            brc77::sign(message, &signer, Verifier::Anyone, key_id),
            for_anyone
        );
        let key_id = for_verifier[70..102].try_into().unwrap();
        let named = Verifier::Key(verifier.public_key());
        assert_eq!(brc77::sign(message, &signer, named, key_id), for_verifier);
    }
}

#[test]
fn brc78_decrypts_and_encrypts_alike() {
    #[derive(Deserialize)]
    struct Case {
        sender: KeyForms,
        recipient: KeyForms,
        plaintext: String,
        ciphertext: String,
    }
    for case in cases::<Case>(include_str!("../vectors/brc78.json")) {
        let (sender, recipient) = (case.sender.checked(), case.recipient.checked());
        let ciphertext = hex::decode(case.ciphertext).unwrap();
        let (plaintext, from) = brc78::decrypt(&ciphertext, &recipient).unwrap();
        assert_eq!(*plaintext, case.plaintext.as_bytes());
        assert_eq!(from, sender.public_key());
        assert_eq!(
            brc78::decrypt(&ciphertext, &sender).err(),
            Some(brc78::Brc78Error::NotForYou(recipient.public_key()))
        );

        let key_id = ciphertext[70..102].try_into().unwrap();
        let iv = ciphertext[102..134].try_into().unwrap();
        let again = brc78::encrypt(&plaintext, &sender, &recipient.public_key(), key_id, iv);
        assert_eq!(again.unwrap(), ciphertext);
    }
}

#[test]
fn auth_tokens_verify_and_sign_alike() {
    #[derive(Deserialize)]
    struct Case {
        key: KeyForms,
        scheme: Scheme,
        request_path: String,
        body: Option<String>,
        body_encoding: Encoding,
        timestamp: String,
        token: String,
        valid: bool,
    }
    for case in cases::<Case>(include_str!("../vectors/auth_token.json")) {
        let key = case.key.checked();
        let body = case.body_encoding.decode(&case.body.unwrap_or_default());
        let body = body.unwrap();
        let token: AuthToken = case.token.parse().unwrap();
        assert_eq!(token.to_string(), case.token);
        assert_eq!(token.scheme, case.scheme);
        assert_eq!(token.timestamp, case.timestamp);

        let now = humantime::parse_rfc3339(&case.timestamp).unwrap();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
        let now = u64::try_from(now.as_millis()).unwrap();
        let verified = auth_token::verify(&token, &case.request_path, &body, now, 0);
        assert_eq!(verified.is_ok(), case.valid, "{}: {verified:?}", case.token);

        if case.valid {
            let key_id = match case.scheme {
                Scheme::Bsm => [0; 32],
                Scheme::Brc77 => {
                    let signature = BASE64_STANDARD.decode(&token.signature).unwrap();
                    signature[38..70].try_into().unwrap()
                }
            };
            let (path, time) = (&case.request_path, &case.timestamp);
            let again = auth_token::sign(&key, case.scheme, path, &body, time, key_id);
            assert_eq!(again.unwrap().to_string(), case.token);
        }
    }
}

#[test]
fn a_mnemonic_leads_to_the_same_keys() {
    #[derive(Deserialize)]
    struct Case {
        mnemonic: String,
        bip39_passphrase: String,
        seed: String,
        xprv: String,
        root: KeyForms,
        host_keys: Vec<BTreeMap<String, String>>,
    }
    for case in cases::<Case>(include_str!("../vectors/wallet.json")) {
        let mnemonic = Mnemonic::parse(&case.mnemonic).unwrap();
        assert_eq!(*mnemonic.expose_phrase(), case.mnemonic);
        assert_eq!(
            mnemonic.word_count(),
            case.mnemonic.split_whitespace().count()
        );

        let seed = mnemonic.seed(&case.bip39_passphrase);
        assert_eq!(*seed.expose_hex(), case.seed);
        let root = case.root.checked();
        for key in [
            seed.root_key().unwrap(),
            Seed::from_hex(&case.seed).unwrap().root_key().unwrap(),
            root_key_from_xprv(&case.xprv).unwrap(),
        ] {
            assert_eq!(*key.expose_bytes(), *root.expose_bytes());
        }

        for host in case.host_keys {
            let key = brc42::derive_self(&root, &host["path"]).unwrap();
            assert_eq!(key.public_key().to_string(), host["public_key"]);
            assert_eq!(key.public_key().address().to_string(), host["address"]);
            let signature = bsm::sign(host["sample_message"].as_bytes(), &key);
            assert_eq!(signature.to_string(), host["sample_signature"]);
        }
    }
}

/// Made with another implementation (node:crypto) after the words of the format.
#[test]
fn vault_and_seal_are_laid_out_as_written() {
    let salt = std::array::from_fn(|index| index as u8);
    let iv = std::array::from_fn(|index| index as u8 + 100);
    let plaintext = br#"{"version":1}"#;

    let password = Password::new("pässword".to_owned());
    let cost = KdfCost::lowered_for_tests(1000);
    let vault = Vault::seal(&password, cost, salt, iv, plaintext);
    assert_eq!((vault.version, vault.kdf, vault.iterations), (2, 1, 1000));
    assert_eq!((vault.salt, vault.iv), (salt, iv));
    assert_eq!(
        hex::encode(&vault.ciphertext),
        "5446abfaee3b2382ba05e3e1d791024c"
    );
    assert_eq!(
        hex::encode(vault.mac),
        "d7c4d141186945972fa9be4c20d005b906b576091bebd5aa19776734d1f6ab6f"
    );
    assert_eq!(
        hex::encode(vault.checksum),
        "6a6ad6848889fdc72d51a72a138b03e49cadae898a48c5aa199616ee5ccbd2c9"
    );
    // As 0.1 sealed it, under the password as it was typed.
    let mut older = vault.clone();
    older.version = 1;
    for (bytes, hex) in [
        (
            &mut older.mac,
            "20d0909ee1a04c947f40ab29db4d25b6454418f742237902b5e48f9eae140124",
        ),
        (
            &mut older.checksum,
            "0d4d16f9a68be5436db40a794af16439870db9e2ee2c2babf4232b6f45d891a9",
        ),
    ] {
        hex::decode_to_slice(hex, bytes).unwrap();
    }
    for vault in [&vault, &older] {
        for typed in ["pässword", "pa\u{308}ssword"] {
            let opened = vault.open(&Password::new(typed.to_owned()), 1..=1000);
            assert_eq!(opened.unwrap().as_slice(), plaintext);
        }
        let wrong = vault.open(&Password::new("password".to_owned()), 1..=1000);
        assert!(wrong.is_err());
    }

    let sealed = SealingKey::derive(&[7; 32], "tokenpass test").seal(iv, b"row 1", plaintext);
    assert_eq!(
        hex::encode(sealed),
        "016465666768696a6b6c6d6e6f70717273c83809f5392b73cab295f08afb59e168\
         1393e49c9345629d479a4569b33a36784307456d51e8b6ed289cfa397e94ec98"
    );
}
