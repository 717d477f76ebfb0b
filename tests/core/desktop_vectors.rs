//! Folders of TokenPass Desktop, held to what the application itself answered
//! (0.0.8) and to the forms it had before.

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokenpass::testing::crypto::keys::PrivateKey;
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::crypto::{bsm, ecies};
use tokenpass::testing::identity::derive;
use tokenpass::testing::store::LabelParent;
use tokenpass::testing::wallet::moving::desktop::{
    DesktopError, DesktopFile, DesktopFiles, DesktopForm, DesktopWallet, MAX_FILE_LEN,
};
use tokenpass::testing::wallet::moving::payload::KnownHost;

use crate::support::vectors;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes(value: &Value) -> Option<&[u8]> {
    value.as_str().map(str::as_bytes)
}

fn password(value: &Value) -> Password {
    Password::new(text(value).to_owned())
}

fn refusal(files: DesktopFiles<'_>, password: &str) -> Option<DesktopError> {
    DesktopWallet::read(files, &Password::new(password.to_owned())).err()
}

/// The hosts that came over; all keep the label keys that they had.
fn names_of(hosts: &[KnownHost]) -> Vec<&str> {
    hosts
        .iter()
        .map(|KnownHost { host, labels }| {
            assert_eq!(*labels, LabelParent::Root);
            host.as_str()
        })
        .collect()
}

#[test]
fn a_folder_gives_what_the_application_answered() {
    let known = vectors("tokenpass_desktop");
    let files = DesktopFiles {
        backup: bytes(&known["files"]["backup.bep"]),
        seed: None,
        keys: bytes(&known["files"]["keys.db"]),
        state: bytes(&known["files"]["state.db"]),
    };
    let wallet = DesktopWallet::read(files, &password(&known["password"])).unwrap();
    assert_eq!(wallet.form, DesktopForm::Backup);
    assert_eq!(wallet.skipped_lines, 0);
    assert!(wallet.changed_hosts.is_empty());
    let root = &wallet.restored.root;

    let hosts = known["hosts"].as_array().unwrap();
    let names: Vec<_> = hosts.iter().map(|host| text(&host["host"])).collect();
    assert_eq!(names_of(&wallet.restored.hosts), names);
    for host in hosts {
        let key = derive::host_key(root, text(&host["host"])).unwrap();
        assert_eq!(
            key.public_key().address().to_string(),
            text(&host["address"])
        );
        let signature = bsm::sign(text(&host["message"]).as_bytes(), &key);
        assert_eq!(signature.to_string(), text(&host["signature"]));
        assert_eq!(
            decrypt(&host["encrypted_data"], &key),
            text(&host["plaintext"])
        );

        let friend = text(&host["friend_bap_id"]);
        let key = derive::friend_key(root, friend).unwrap();
        assert_eq!(
            key.public_key().to_string(),
            text(&host["friend_public_key"])
        );
        let key = derive::own_encryption_key(root, friend).unwrap();
        assert_eq!(
            decrypt(&host["friend_ciphertext"], &key),
            text(&host["friend_plaintext"])
        );
    }

    let identities = known["identities"]["identities"].as_array().unwrap();
    assert_eq!(wallet.restored.identities.len(), identities.len());
    for (identity, known) in wallet.restored.identities.iter().zip(identities) {
        assert_eq!(identity.id().as_str(), text(&known["idKey"]));
        assert_eq!(identity.name(), text(&known["name"]));
        assert_eq!(
            identity.root_address().to_string(),
            text(&known["rootAddress"])
        );
        assert_eq!(u64::from(identity.counter()), known["counter"]);
    }
    let primary = wallet.restored.identities.primary().unwrap();
    assert_eq!(
        primary.id().as_str(),
        text(&known["identities"]["primaryId"])
    );
    let mut profile = wallet.restored.profile;
    profile.insert("host".to_owned(), "global".into());
    profile.insert("bapID".to_owned(), primary.id().as_str().into());
    assert_eq!(Value::Object(profile), known["profile"]);
}

fn decrypt(ciphertext: &Value, key: &PrivateKey) -> String {
    let ciphertext = hex::decode(text(ciphertext)).unwrap();
    String::from_utf8(ecies::decrypt(&ciphertext, key).unwrap().to_vec()).unwrap()
}

#[test]
fn the_seed_of_older_forms_is_moved_in_but_not_its_host_keys() {
    let known = &vectors("bap_more")["desktop_2023"];
    for (seed, form, has_words) in [
        ("seed.db", DesktopForm::LegacySeed, false),
        ("seed.db with mnemonic", DesktopForm::LegacySeed, true),
        ("seed.db sealed", DesktopForm::SealedSeed, true),
    ] {
        let files = DesktopFiles {
            backup: None,
            seed: bytes(&known[seed]),
            keys: bytes(&known["keys.db"]),
            state: bytes(&known["state.db"]),
        };
        let wallet = DesktopWallet::read(files, &password(&known["password"])).unwrap();
        assert_eq!(wallet.form, form);
        assert_eq!(*wallet.restored.root.expose_wif(), text(&known["root"]));
        let seed = wallet.restored.seed.unwrap().expose_hex();
        assert_eq!(*seed, text(&known["seed"]));
        assert_eq!(wallet.restored.mnemonic.is_some(), has_words);
        assert!(wallet.restored.identities.is_empty());
        assert_eq!(names_of(&wallet.restored.hosts), ["example.com"]);
        assert_eq!(wallet.changed_hosts, ["example.com"]);
        assert_eq!(wallet.restored.profile["displayName"], "Alice");

        assert_eq!(
            refusal(files, "another password"),
            Some(DesktopError::WrongPassword)
        );
    }
}

#[test]
fn what_is_no_such_folder_is_refused_with_the_reason() {
    assert_eq!(
        refusal(DesktopFiles::default(), "password"),
        Some(DesktopError::NotDesktop)
    );
    let with_seed = |seed| DesktopFiles {
        seed: Some(seed),
        ..DesktopFiles::default()
    };
    assert_eq!(
        refusal(with_seed(b"SQLite format 3\0\x10\x00"), "password"),
        Some(DesktopError::AlreadyMoved)
    );
    for damaged in [
        &b"nonsense\nnonsense\n"[..],
        b"",
        b"{\"_id\":\"a\"}\n",
        b"{\"_id\":\"a\",\"hex\":\"00\"}\n",
        b"{\"_id\":\"a\",\"hex\":{\"iv\":\"00\",\"encryptedData\":\"00\"}}\n",
        b"{\"_id\":\"a\",\"encrypted\":\"AAAA\"}\n",
    ] {
        assert_eq!(
            refusal(with_seed(damaged), "password"),
            Some(DesktopError::Damaged(DesktopFile::Seed))
        );
    }
    let large = vec![b' '; MAX_FILE_LEN + 1];
    assert_eq!(
        refusal(with_seed(&large), "password"),
        Some(DesktopError::TooLarge(DesktopFile::Seed))
    );
    assert_eq!(
        refusal(with_seed(&large[1..]), "password"),
        Some(DesktopError::Damaged(DesktopFile::Seed))
    );
    let not_a_backup = DesktopFiles {
        backup: Some(b"\xff\xfe"),
        ..DesktopFiles::default()
    };
    assert!(matches!(
        refusal(not_a_backup, "password"),
        Some(DesktopError::Backup(_))
    ));
    let bad_keys = DesktopFiles {
        keys: Some(b"a\nb\n"),
        ..DesktopFiles::default()
    };
    assert_eq!(
        refusal(bad_keys, "password"),
        Some(DesktopError::Damaged(DesktopFile::Keys))
    );
}

#[test]
fn a_host_that_only_has_a_token_comes_along() {
    let known = &vectors("bap_more")["desktop_2023"];
    let state = [
        r#"{"_id":"a","host":"token.example","accessToken":"t"}"#,
        r#"{"_id":"b","host":"other.example"}"#,
    ];
    let files = DesktopFiles {
        seed: bytes(&known["seed.db"]),
        state: Some(&state.join("\n").into_bytes()),
        ..DesktopFiles::default()
    };
    let wallet = DesktopWallet::read(files, &password(&known["password"])).unwrap();
    assert_eq!(names_of(&wallet.restored.hosts), ["token.example"]);
}

#[test]
fn a_seed_of_2023_that_is_not_one_of_bip_39_is_refused() {
    let (iv, secret) = ([7; 16], "password");
    let record = |seed: &str| {
        let key = Sha256::digest(secret);
        let sealed = cbc::Encryptor::<Aes256>::new_from_slices(&key, &iv)
            .unwrap()
            .encrypt_padded_vec::<Pkcs7>(seed.as_bytes());
        json!({"_id": "s", "hex": {"iv": hex::encode(iv), "encryptedData": hex::encode(sealed)}})
    };
    for (seed, error) in [
        ("00".repeat(16), DesktopError::SeedLength(16)),
        (String::new(), DesktopError::WrongPassword),
        ("not hex".into(), DesktopError::WrongPassword),
        ("x".repeat(128), DesktopError::WrongPassword),
    ] {
        let record = record(&seed).to_string();
        let files = DesktopFiles {
            seed: Some(record.as_bytes()),
            ..DesktopFiles::default()
        };
        assert_eq!(refusal(files, secret), Some(error), "{seed}");
    }
}
