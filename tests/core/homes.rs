//! Homes that earlier versions made open, with everything in them. What must
//! be there is what that version itself printed; see `tests/homes`.

use serde::Deserialize;
use tokenpass::{
    Environment, Host, Identity, KeySelector, Level, Object, Page, Password, Recipient, Sender,
    Signer, UnlockedWallet, Wallet,
};

use crate::support::{self, Home};

#[derive(Deserialize)]
struct Expected {
    password: String,
    mnemonic: String,
    primary: String,
    identities: Vec<ExpectedIdentity>,
    profile: Object,
    hosts: Vec<ExpectedHost>,
    tokens: Vec<ExpectedToken>,
    state: ExpectedState,
    origins: Vec<ExpectedOrigin>,
    signatures: Vec<ExpectedSignature>,
    ciphertexts: Vec<ExpectedCiphertext>,
    friend_keys: Vec<ExpectedFriendKey>,
}

#[derive(Deserialize)]
struct ExpectedIdentity {
    bap_id: String,
    name: String,
    root_address: String,
    path: String,
    attributes: Vec<ExpectedAttribute>,
}

#[derive(Deserialize)]
struct ExpectedAttribute {
    name: String,
    value: String,
    nonce: String,
}

#[derive(Deserialize)]
struct ExpectedHost {
    host: String,
    address: String,
    public_key: String,
    path: String,
}

#[derive(Deserialize)]
struct ExpectedToken {
    token: String,
    host: String,
    scopes: Vec<String>,
    icon: Option<String>,
    identity: Option<String>,
    created: u64,
}

#[derive(Deserialize)]
struct ExpectedState {
    host: String,
    state: Object,
}

#[derive(Deserialize)]
struct ExpectedOrigin {
    origin: String,
    status: String,
}

#[derive(Deserialize)]
struct ExpectedSignature {
    host: String,
    message: String,
    signature: String,
}

#[derive(Deserialize)]
struct ExpectedCiphertext {
    host: Option<String>,
    label: Option<String>,
    ciphertext: String,
    plaintext: String,
}

#[derive(Deserialize)]
struct ExpectedFriendKey {
    label: String,
    public_key: String,
}

fn host(name: &str) -> Host {
    name.parse().unwrap()
}

/// The same whatever the machine's clock says: no token of it ever expires.
#[test]
fn a_home_of_0_1_0_opens_with_everything_in_it() {
    let home = Home::of_version("0.1.0");
    let expected = support::path("homes/0.1.0/expected.json");
    let expected: Expected = serde_json::from_slice(&std::fs::read(expected).unwrap()).unwrap();
    let wallet = Wallet::open(home.path(), Environment::system());
    check_locked(&wallet, &expected);
    let password = Password::new(expected.password.clone());
    check_unlocked(&wallet.unlock(&password).unwrap(), &expected);
    // Opening it has changed nothing of what is there.
    check_locked(&wallet, &expected);
    let words = wallet.export(&password).unwrap().mnemonic.unwrap();
    assert_eq!(*words.expose_phrase(), expected.mnemonic);
    let problems = wallet.doctor();
    assert!(problems.iter().all(|finding| finding.level == Level::Ok));
}

/// Once, and not each time.
#[test]
fn the_vault_of_0_1_0_is_sealed_anew_when_it_opens() {
    let home = Home::of_version("0.1.0");
    let expected = support::path("homes/0.1.0/expected.json");
    let expected: Expected = serde_json::from_slice(&std::fs::read(expected).unwrap()).unwrap();
    let sealed = || -> (u8, Vec<u8>) {
        let db = rusqlite::Connection::open(home.path().join("seed.db")).unwrap();
        let row = "SELECT version, salt FROM vault";
        db.query_row(row, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
    };
    let wallet = Wallet::open(home.path(), Environment::system());
    let unlock = || {
        drop(
            wallet
                .unlock(&Password::new(expected.password.clone()))
                .unwrap(),
        )
    };
    let (old, salt) = sealed();
    unlock();
    let new = sealed();
    assert_eq!((old, new.0), (1, 2));
    assert_ne!(salt, new.1);
    unlock();
    assert_eq!(sealed(), new);
}

/// What can be seen without the password.
fn check_locked(wallet: &Wallet, expected: &Expected) {
    assert_eq!(wallet.bap_id().unwrap().to_string(), expected.primary);
    let profile = wallet.profile().unwrap();
    for (field, value) in &expected.profile {
        assert_eq!(profile.get(field), Some(value), "{field}");
    }
    let hosts = wallet.host_keys(Page::all()).unwrap();
    assert_eq!(hosts.len(), expected.hosts.len());
    for (host, expected) in hosts.iter().zip(&expected.hosts) {
        assert_eq!(host.host, expected.host);
        assert_eq!(host.address, expected.address);
        assert_eq!(host.public_key, expected.public_key);
        assert_eq!(host.path, expected.path);
    }
    let tokens = wallet.tokens(None, Page::all()).unwrap();
    assert_eq!(tokens.len(), expected.tokens.len());
    for expected in &expected.tokens {
        let token = wallet.authorize(&expected.token).unwrap();
        assert!(tokens.contains(&token));
        assert_eq!(token.host.as_str(), expected.host);
        let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        assert_eq!(scopes, expected.scopes);
        assert_eq!(token.icon, expected.icon);
        let identity = token.identity.as_ref().map(ToString::to_string);
        assert_eq!(identity, expected.identity);
        assert_eq!(token.created.as_millis(), expected.created);
        assert_eq!(token.expires, None);
    }
    let state = wallet.host_state(&host(&expected.state.host)).unwrap();
    assert_eq!(state, expected.state.state);
    let origins = wallet.origins().unwrap();
    assert_eq!(origins.len(), expected.origins.len());
    for (origin, expected) in origins.iter().zip(&expected.origins) {
        assert_eq!(origin.origin, expected.origin);
        assert_eq!(
            serde_json::to_value(origin.status).unwrap(),
            expected.status
        );
    }
}

/// What the keys are needed for.
fn check_unlocked(unlocked: &UnlockedWallet, expected: &Expected) {
    // Asked for through an app that the home knows: its labels are what they
    // were, and nothing new is recorded.
    let known = || Some(host("example.com"));
    let book = unlocked.identities().unwrap();
    assert_eq!(book.primary().unwrap().id().to_string(), expected.primary);
    assert_eq!(book.len(), expected.identities.len());
    for (identity, expected) in book.iter().zip(&expected.identities) {
        check_identity(identity, expected);
    }
    for expected in &expected.signatures {
        let signer = Signer::Host(host(&expected.host));
        let signed = unlocked.sign(&signer, expected.message.as_bytes()).unwrap();
        assert_eq!(signed.signature.to_string(), expected.signature);
    }
    for expected in &expected.friend_keys {
        let key = KeySelector::Friend {
            host: known(),
            label: expected.label.clone(),
        };
        let key = unlocked.public_key(&key).unwrap().public_key;
        assert_eq!(key.to_string(), expected.public_key);
    }
    for expected in &expected.ciphertexts {
        let (sender, recipient) = match (&expected.host, &expected.label) {
            (Some(name), _) => (Sender::Host(host(name)), Recipient::Host(host(name))),
            (None, label) => {
                let label = label.clone().unwrap();
                let sender = Sender::Friend {
                    host: known(),
                    label: label.clone(),
                    public_key: None,
                };
                let host = known();
                (sender, Recipient::Label { host, label })
            }
        };
        let sealed = hex::decode(&expected.ciphertext).unwrap();
        let plaintext = expected.plaintext.as_bytes();
        assert_eq!(*unlocked.decrypt(&sender, &sealed).unwrap(), *plaintext);
        // And a new one is for the same key.
        let anew = unlocked.encrypt(&recipient, plaintext).unwrap();
        assert_eq!(*unlocked.decrypt(&sender, &anew).unwrap(), *plaintext);
    }
}

fn check_identity(identity: &Identity, expected: &ExpectedIdentity) {
    assert_eq!(identity.id().to_string(), expected.bap_id);
    assert_eq!(identity.name(), expected.name);
    assert_eq!(identity.root_address().to_string(), expected.root_address);
    assert_eq!(identity.current_path().to_string(), expected.path);
    let urns = expected
        .attributes
        .iter()
        .map(|it| format!("urn:bap:id:{}:{}:{}\n", it.name, it.value, it.nonce));
    assert_eq!(identity.attributes().urns(), urns.collect::<String>());
}
