//! The keys are apart: no call reaches a key that the wallet uses for anything else.

use std::collections::BTreeSet;

use serde_json::json;
use tokenpass::Password;
use tokenpass::testing::crypto::brc42::derive_self;
use tokenpass::testing::crypto::keys::{PrivateKey, PublicKey};
use tokenpass::testing::wallet::{KeySelector, Registration};

use super::Wire;
use crate::harness::{Home, PASSWORD};

/// Invoices that the formats reserve, as far as they are those of BRC-43: a
/// protocol's name can hold no `-`, so a key id has to bring it.
const RESERVED: [(u8, &str, &str); 6] = [
    (2, "tokenpass", "example.com"),
    (2, "brc100", "wallet"),
    (1, "sigma", "identity"),
    (2, "message signing", "AQ=="),
    (
        2,
        "friend",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
    (
        2,
        "encrypt",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
];

#[test]
fn no_call_shows_or_uses_a_key_of_the_wallets_own() {
    let home = Home::new();
    let wallet = home.wallet();
    let password = Password::new(PASSWORD.into());
    let registered = wallet.register(&password, Registration::default()).unwrap();
    let exported = wallet.export(&password).unwrap();
    let root = exported.seed.unwrap().root_key().unwrap();
    let host = "example.com".parse().unwrap();

    let mut own: BTreeSet<PublicKey> = BTreeSet::new();
    let mut parents: Vec<PrivateKey> = vec![root.duplicate()];
    for (level, name, id) in RESERVED {
        parents.push(derive_self(&root, &format!("{level}-{name}-{id}")).unwrap());
    }
    for parent in &parents {
        own.insert(parent.public_key());
        for (level, name, id) in RESERVED {
            let child = derive_self(parent, &format!("{level}-{name}-{id}")).unwrap();
            own.insert(child.public_key());
        }
        for invoice in ["bap:0", "bap:0:1", "m/424150'/2147483647'/2147483647'"] {
            own.insert(derive_self(parent, invoice).unwrap().public_key());
        }
    }
    let unlocked = &registered.wallet;
    let of_host = unlocked
        .public_key(&KeySelector::Host(host))
        .unwrap()
        .public_key;
    assert!(own.contains(&of_host));
    let id = unlocked.bap_id().unwrap();
    own.insert(
        unlocked
            .public_key(&KeySelector::Identity(id))
            .unwrap()
            .public_key,
    );

    // What derives from the apps' key is theirs; that key itself is shown, as the
    // identity key.
    let apps = derive_self(&root, "2-brc100-wallet").unwrap();
    own.remove(&apps.public_key());
    for (level, name, id) in RESERVED {
        let child = derive_self(&apps, &format!("{level}-{name}-{id}")).unwrap();
        own.remove(&child.public_key());
    }
    for invoice in ["bap:0", "bap:0:1", "m/424150'/2147483647'/2147483647'"] {
        own.remove(&derive_self(&apps, invoice).unwrap().public_key());
    }
    assert!(own.len() > 50, "{}", own.len());

    wallet.allow_origin(&super::PAGE.parse().unwrap()).unwrap();
    let site = Wire::serve(home, Some(registered.wallet)).allow_all();
    let mut shown = BTreeSet::new();
    let identity = site
        .page("getPublicKey", json!({"identityKey": true}))
        .send()
        .ok();
    shown.insert(identity["publicKey"].as_str().unwrap().to_owned());
    let root_key = root.public_key().to_string();
    for (level, name, id) in RESERVED {
        for level in [0, 1, level] {
            for with in ["self", "anyone", &of_host.to_string(), &root_key] {
                for for_self in [true, false] {
                    let args = json!({"protocolID": [level, name], "keyID": id,
                                      "counterparty": with, "forSelf": for_self});
                    let answer = site.page("getPublicKey", args).send();
                    if let Some(key) = answer.json()["publicKey"].as_str() {
                        shown.insert(key.to_owned());
                    }
                }
            }
        }
    }
    assert!(shown.len() > 50, "{}", shown.len());
    for key in &own {
        assert!(!shown.contains(&key.to_string()), "{key}");
    }
}
