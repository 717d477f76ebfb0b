//! Identity certificates: those of the SDK, and what becomes of them in a wallet.

use std::collections::BTreeMap;

use serde_json::Value;
use tokenpass::testing::crypto::brc100::WalletKey;
use tokenpass::testing::crypto::keys::PrivateKey;
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::identity::certificate::{Certificate, CertificateError, CertificateId};
use tokenpass::testing::identity::certificate_book::CertificateBook;
use tokenpass::testing::wallet::{ImportSource, Replace, UnlockedWallet};

use crate::support::certificate::acquire;
use crate::support::{Home, PASSWORD, vectors};

fn read(case: &Value) -> (WalletKey, CertificateId, Certificate) {
    let mut root = [0; 32];
    hex::decode_to_slice(case["root"].as_str().unwrap(), &mut root).unwrap();
    (
        WalletKey::new(PrivateKey::from_bytes(&root).unwrap()),
        serde_json::from_value(case.clone()).unwrap(),
        serde_json::from_value(case["certificate"].clone()).unwrap(),
    )
}

#[test]
fn a_certificate_of_the_sdk_is_checked_and_read() {
    for case in vectors("certificate")["cases"].as_array().unwrap() {
        let (keys, id, certificate) = read(case);
        assert_eq!(certificate.check(&id, &keys), Ok(()));
        for (name, value) in case["values"].as_object().unwrap() {
            let read = certificate.value(&keys, name).unwrap();
            assert_eq!(read.as_str(), value.as_str().unwrap());
        }
        let wrong = |change: fn(&mut CertificateId, &mut Certificate)| {
            let (mut id, mut certificate) = (id.clone(), certificate.clone());
            change(&mut id, &mut certificate);
            certificate.check(&id, &keys)
        };
        for change in [
            (|id, _| id.serial_number = id.kind.clone())
                as fn(&mut CertificateId, &mut Certificate),
            |_, one| one.revocation_outpoint.push('1'),
            |_, one| one.signature.truncate(20),
            |_, one| {
                one.fields.insert("more".into(), "AA==".into());
            },
            |id, one| one.subject = id.certifier,
            |id, one| id.certifier = one.subject,
        ] {
            assert_eq!(wrong(change), Err(CertificateError::Signature));
        }
        assert_eq!(
            wrong(|_, one| one.keyring.clear()),
            Err(CertificateError::Fields)
        );
        let other = WalletKey::new(PrivateKey::from_bytes(&[7; 32]).unwrap());
        assert_eq!(
            certificate.check(&id, &other),
            Err(CertificateError::Fields)
        );
        let missing = certificate.key_of_field(&keys, "none").unwrap_err();
        assert_eq!(missing, CertificateError::NoField("none".into()));
    }
}

/// The values of all certificates, by serial number.
fn values(wallet: &UnlockedWallet) -> BTreeMap<String, Vec<String>> {
    let book = wallet.certificates().unwrap();
    let keys = wallet.brc100_key().unwrap();
    let of = |(id, held): (&CertificateId, &Certificate)| {
        let names = held.fields.keys();
        let values = names.map(|name| held.value(keys, name).unwrap().to_string());
        (id.serial_number.clone(), values.collect())
    };
    book.iter().map(of).collect()
}

#[test]
fn certificates_are_sealed_on_disk_and_come_back_from_a_backup() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let unlocked = registered.wallet;
    let first = acquire(
        &unlocked,
        1,
        &[("email", "alice@example.com"), ("name", "Alice")],
    );
    let second = acquire(&unlocked, 2, &[("age", "30")]);
    for entry in std::fs::read_dir(wallet.home()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in [
            "alice@example.com",
            "certifier\"",
            &first.serial_number,
            "\"email",
        ] {
            let secret = secret.as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
    unlocked.relinquish_certificate(&second).unwrap();
    let held = values(&unlocked);
    assert_eq!(held.len(), 1);
    assert_eq!(held[&first.serial_number], ["alice@example.com", "Alice"]);

    let password = Password::new(PASSWORD.into());
    let text = wallet.backup(&password, &password).unwrap().text;
    let passphrase = Password::new(PASSWORD.into());
    let source = ImportSource::Backup { text, passphrase };
    let elsewhere = home.wallet_beside("elsewhere");
    let imported = elsewhere.import(&password, source, Replace::No).unwrap();
    assert_eq!(values(&imported.wallet), held);
    assert_eq!(
        imported.wallet.certificates().unwrap(),
        unlocked.certificates().unwrap()
    );
}

#[test]
fn copies_of_a_wallet_end_up_with_the_same_certificates_in_any_order() {
    let home = Home::new();
    let (_, registered) = home.register();
    let unlocked = registered.wallet;
    let [one, two, three] = [1, 2, 3].map(|serial| acquire(&unlocked, serial, &[("a", "b")]));
    let before = unlocked.certificates().unwrap();
    let mut here = before.clone();
    here.set(&one, None, 5).unwrap();
    let mut there = before.clone();
    there.set(&two, None, 5).unwrap();
    let certificate = before
        .iter()
        .find(|(id, _)| **id == three)
        .unwrap()
        .1
        .clone();
    here.set(&three, None, 5).unwrap();
    there.set(&three, None, 6).unwrap();
    there.set(&three, Some(certificate), 7).unwrap();

    let merged = |a: &CertificateBook, b: &CertificateBook| {
        let mut book = a.clone();
        let count = book.merge(&b.records());
        assert_eq!(book.clone().merge(&b.records()), 0);
        (book, count)
    };
    let (one_way, came) = merged(&here, &there);
    let (other_way, went) = merged(&there, &here);
    assert_eq!(one_way, other_way);
    assert_eq!((came, went), (2, 1));
    let left: Vec<_> = one_way.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(left, [three]);
    assert_eq!(
        CertificateBook::from_json(&one_way.to_json()),
        Some(one_way)
    );
}

#[test]
fn certificates_take_bounded_room() {
    let home = Home::new();
    let (_, registered) = home.register();
    let id = acquire(&registered.wallet, 1, &[("a", "b")]);
    let mut book = registered.wallet.certificates().unwrap();
    let mut large = book.iter().next().unwrap().1.clone();
    large.fields.insert("large".into(), "A".repeat(1024 * 1024));
    let full = book.set(&id, Some(large), 9);
    assert_eq!(full, Err(CertificateError::TooMany));
}
