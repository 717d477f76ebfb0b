//! A certifier, as BRC-52 describes one, without the program's own code for it.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokenpass::testing::crypto::brc43::{Invoice, Protocol, SecurityLevel};
use tokenpass::testing::crypto::brc100::{Counterparty, WalletKey};
use tokenpass::testing::crypto::keys::{PrivateKey, PublicKey};
use tokenpass::testing::identity::certificate::CertificateId;
use tokenpass::testing::wallet::UnlockedWallet;

/// The arguments of `acquireCertificate`: fields in the order of their names, all of
/// ASCII.
pub(crate) fn issue(serial: u8, subject: PublicKey, values: &[(&str, &str)]) -> Value {
    let certifier = WalletKey::new(PrivateKey::from_bytes(&[9; 32]).unwrap());
    let invoice = |name: &str, id: &str| -> Invoice {
        let protocol = Protocol::new(SecurityLevel::PerCounterparty, name).unwrap();
        protocol.invoice(id).unwrap()
    };
    let kind = BASE64_STANDARD.encode([1; 32]);
    let serial_number = BASE64_STANDARD.encode([serial; 32]);
    let mut text = [[1; 32], [serial; 32]].concat();
    text.extend(subject.to_bytes());
    text.extend(certifier.identity().to_bytes());
    text.extend([0xab; 32]);
    text.extend([7, u8::try_from(values.len()).unwrap()]);
    let (mut fields, mut keyring) = (BTreeMap::new(), BTreeMap::new());
    for (name, value) in values {
        // Any key will do: here that of an HMAC.
        let key = certifier.hmac(&invoice("test keys", name), Counterparty::Own, &[serial]);
        let key = key.unwrap();
        let sealed = seal(&key, value.as_bytes());
        let value = BASE64_STANDARD.encode(sealed);
        text.push(u8::try_from(name.len()).unwrap());
        text.extend(name.bytes());
        text.push(u8::try_from(value.len()).unwrap());
        text.extend(value.bytes());
        let under = invoice("certificate field encryption", name);
        let sealed = certifier.encrypt(&under, Counterparty::Key(subject), [3; 32], &key);
        keyring.insert(*name, BASE64_STANDARD.encode(sealed.unwrap()));
        fields.insert(*name, value);
    }
    let under = invoice("certificate signature", &format!("{kind} {serial_number}"));
    let digest = Sha256::digest(&text).into();
    let signature = certifier
        .sign(&under, Counterparty::Anyone, digest)
        .unwrap();
    json!({
        "acquisitionProtocol": "direct", "type": kind, "serialNumber": serial_number,
        "certifier": certifier.identity().to_string(), "keyringRevealer": "certifier",
        "revocationOutpoint": format!("{}.7", "ab".repeat(32)),
        "signature": hex::encode(signature), "fields": fields, "keyringForSubject": keyring,
    })
}

/// Takes in a certificate about this wallet.
pub(crate) fn acquire(
    wallet: &UnlockedWallet,
    serial: u8,
    values: &[(&str, &str)],
) -> CertificateId {
    let args = issue(serial, wallet.brc100_key().unwrap().identity(), values);
    let id: CertificateId = serde_json::from_value(args.clone()).unwrap();
    let held = json!({
        "subject": wallet.brc100_key().unwrap().identity().to_string(),
        "revocationOutpoint": args["revocationOutpoint"], "signature": args["signature"],
        "fields": args["fields"], "keyring": args["keyringForSubject"],
        "revealer": args["certifier"],
    });
    let held = serde_json::from_value(held).unwrap();
    wallet.acquire_certificate(&id, held).unwrap();
    id
}

fn seal(key: &[u8; 32], plaintext: &[u8]) -> Vec<u8> {
    use aes_gcm::aead::Aead;
    use aes_gcm::{AesGcm, KeyInit, aead::consts::U32, aes::Aes256};
    let iv = [4; 32];
    let sealed = AesGcm::<Aes256, U32>::new(key.into()).encrypt(&iv.into(), plaintext);
    [&iv[..], &sealed.unwrap()].concat()
}
