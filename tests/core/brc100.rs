//! `ProtoWallet` of `@bsv/sdk`, met both ways.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokenpass::testing::crypto::brc43::{Brc43Error, Protocol, SecurityLevel};
use tokenpass::testing::crypto::brc100::{Counterparty, Half, WalletKey};
use tokenpass::testing::crypto::keys::PrivateKey;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
    refusals: Vec<Refusal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    root: String,
    level: u64,
    protocol: String,
    #[serde(rename = "keyID")]
    key_id: String,
    counterparty: String,
    for_self: bool,
    public_key: String,
    data: String,
    hmac: String,
    signature: String,
    ciphertext: String,
}

#[derive(Deserialize)]
struct Refusal {
    level: i64,
    protocol: String,
    #[serde(rename = "keyID")]
    key_id: String,
    error: String,
}

fn file() -> File {
    serde_json::from_str(include_str!("../vectors/brc100.json")).unwrap()
}

fn wallet(hex_text: &str) -> WalletKey {
    let mut bytes = [0; 32];
    hex::decode_to_slice(hex_text, &mut bytes).unwrap();
    WalletKey::new(PrivateKey::from_bytes(&bytes).unwrap())
}

fn digest(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

#[test]
fn it_computes_what_the_sdk_computes() {
    let cases = file().cases;
    assert!(cases.len() > 70);
    for case in cases {
        let wallet = wallet(&case.root);
        let level = SecurityLevel::try_from(case.level).unwrap();
        let protocol = Protocol::new(level, &case.protocol).unwrap();
        let invoice = protocol.invoice(&case.key_id).unwrap();
        let with = match case.counterparty.as_str() {
            "self" => Counterparty::Own,
            "anyone" => Counterparty::Anyone,
            key => Counterparty::Key(key.parse().unwrap()),
        };
        let whose = if case.for_self {
            Half::Own
        } else {
            Half::Theirs
        };
        let shown = wallet.public_key(&invoice, with, whose).unwrap();
        assert_eq!(shown.to_string(), case.public_key);

        let data = hex::decode(&case.data).unwrap();
        let hmac = wallet.hmac(&invoice, with, &data).unwrap();
        assert_eq!(hex::encode(hmac), case.hmac, "{}", case.protocol);
        assert!(wallet.verify_hmac(&invoice, with, &data, &hmac).unwrap());
        assert!(!wallet.verify_hmac(&invoice, with, b"?", &hmac).unwrap());

        let signature = wallet.sign(&invoice, with, digest(&data)).unwrap();
        assert_eq!(hex::encode(&signature), case.signature);
        let verify = |digest, signature: &[u8]| {
            wallet
                .verify(&invoice, with, Half::Own, digest, signature)
                .unwrap()
        };
        assert!(verify(digest(&data), &signature));
        assert!(!verify(digest(b"?"), &signature));
        assert!(!verify(digest(&data), &signature[1..]));

        let theirs = hex::decode(&case.ciphertext).unwrap();
        let opened = wallet.decrypt(&invoice, with, &theirs).unwrap().unwrap();
        assert_eq!(*opened, data);
        let iv = *theirs.first_chunk().unwrap();
        assert_eq!(wallet.encrypt(&invoice, with, iv, &data).unwrap(), theirs);
        assert!(
            wallet
                .decrypt(&invoice, with, &theirs[1..])
                .unwrap()
                .is_none()
        );
    }
}

#[test]
fn what_the_sdk_refuses_is_refused_in_its_words() {
    for case in file().refusals {
        let tried = u64::try_from(case.level)
            .map_err(|_| Brc43Error::Level)
            .and_then(SecurityLevel::try_from)
            .and_then(|level| Protocol::new(level, &case.protocol))
            .and_then(|protocol| protocol.invoice(&case.key_id));
        assert_eq!(tried.unwrap_err().to_string(), case.error);
    }
}

#[test]
fn one_counterparty_has_one_name() {
    let wallet = wallet(&"07".repeat(32));
    let one = PrivateKey::from_bytes(&{
        let mut one = [0; 32];
        one[31] = 1;
        one
    });
    let named = |key| wallet.known_as(Counterparty::Key(key));
    assert_eq!(named(wallet.identity()), Counterparty::Own);
    assert_eq!(named(one.unwrap().public_key()), Counterparty::Anyone);
}

/// The texts of BRC-2 and BRC-3 end with these.
#[test]
fn it_meets_the_vectors_of_brc_2_and_brc_3() {
    let other = "0294c479f762f6baa97fbcd4393564c1d7bd8336ebd15928135bbcf575cd1a71a1";
    let with = Counterparty::Key(other.parse().unwrap());
    let invoice = |name: &str| {
        let protocol = Protocol::new(SecurityLevel::PerCounterparty, name).unwrap();
        protocol.invoice("42").unwrap()
    };
    let bytes = |text: &str| hex::decode(text).unwrap();

    let signature = bytes(
        "304402202b223a9cdb2032461df09b89583cc85ff3c6c91538528d7045c4aa499c062c30\
         0220767dfec92c57b1aa5d0bc1861246091fea1baab13660b58ca6c4900ee6766a69",
    );
    let said = digest(b"BRC-3 Compliance Validated!");
    let anyone = WalletKey::anyones();
    let holds = anyone.verify(&invoice("BRC3 Test"), with, Half::Theirs, said, &signature);
    assert!(holds.unwrap());

    let wallet = wallet("6a2991c9de20e38b31d7ea147bf55f5039e4bbc073160f5e0d541d1f17e321b8");
    let mac = bytes("51f01299a32dae5509f68e7dd185524cfe672eb6563bdb3d7e1eb0e8e964ea0e");
    let said = b"BRC-2 HMAC Compliance Validated!";
    let holds = wallet.verify_hmac(&invoice("BRC2 Test"), with, said, &mac);
    assert!(holds.unwrap());

    let ciphertext = bytes(
        "fccbd8b81da1dfd410c15e631f8c632b3decb8433669c72f0b13b87f02a57d09bcc3c427\
         7882d55fba59401c015014d59f8562fd806971f7c598ec40a6cf718641263a187f918cce\
         2f469254ba485f239a70b237487c",
    );
    let opened = wallet.decrypt(&invoice("BRC2 Test"), with, &ciphertext);
    assert_eq!(
        **opened.unwrap().unwrap(),
        *b"BRC-2 Encryption Compliance Validated!"
    );
}
