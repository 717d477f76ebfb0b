//! Identities, backups and TokenPass Desktop folders, held to what the
//! ecosystem's libraries (`bsv-bap` 0.1.24, `bitcoin-backup` 0.0.7) and
//! TokenPass Desktop 0.0.8 made.

use serde_json::Value;
use tokenpass::testing::crypto::backup_file::{self, BackupFileError};
use tokenpass::testing::crypto::keys::PrivateKey;
use tokenpass::testing::crypto::mnemonic::{Mnemonic, Seed};
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::crypto::{bsm, ecies};
use tokenpass::testing::identity::aip::{self, Preimage};
use tokenpass::testing::identity::attributes::{AttestationHash, attestation};
use tokenpass::testing::identity::ids::{self, IdsError};
use tokenpass::testing::identity::{
    Identity, IdentityBook, IdentityError, derive, member, op_return,
};
use tokenpass::testing::wallet::moving::payload::{self, BackupKind, PayloadError};

use crate::support::vectors;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    list(value).iter().map(text).collect()
}

fn password(value: &Value) -> Password {
    Password::new(text(value).to_owned())
}

fn wif(value: &Value) -> PrivateKey {
    PrivateKey::from_wif(text(value)).unwrap()
}

fn address(key: &PrivateKey) -> String {
    key.public_key().address().to_string()
}

fn pushes(hex_lines: &Value) -> Vec<Vec<u8>> {
    let lines = texts(hex_lines);
    lines
        .iter()
        .map(|line| hex::decode(line).unwrap())
        .collect()
}

fn ephemeral() -> PrivateKey {
    PrivateKey::from_bytes(&[7; 32]).unwrap()
}

#[test]
fn hosts_friends_and_labels_have_the_keys_of_the_vectors() {
    for case in list(&vectors("wallet")["cases"]) {
        let root = wif(&case["root"]["wif"]);
        for host in list(&case["host_keys"]) {
            let name = text(&host["host"]);
            let key = derive::host_key(&root, name).unwrap();
            assert_eq!(derive::host_invoice(name), text(&host["path"]));
            assert_eq!(key.public_key().to_string(), text(&host["public_key"]));
            assert_eq!(address(&key), text(&host["address"]));
        }
        for friend in list(&case["friend_keys"]) {
            let id = text(&friend["friend_bap_id"]);
            let public_key = |key: PrivateKey| key.public_key().to_string();
            assert_eq!(
                public_key(derive::friend_key(&root, id).unwrap()),
                text(&friend["friend_public_key"])
            );
            assert_eq!(
                public_key(derive::own_encryption_key(&root, id).unwrap()),
                text(&friend["self_encrypt_public_key"])
            );
        }
    }
}

#[test]
fn two_people_share_a_key_for_a_label() {
    let [alice, bob] = [[1; 32], [2; 32]].map(|key| PrivateKey::from_bytes(&key).unwrap());
    let for_bob =
        derive::shared_encryption_public_key(&alice, &bob.public_key(), "default").unwrap();
    let of_bob = derive::shared_encryption_key(&bob, &alice.public_key(), "default").unwrap();
    assert_eq!(for_bob, of_bob.public_key());
}

#[test]
fn identities_have_the_keys_of_the_vectors() {
    for case in list(&vectors("wallet")["cases"]) {
        let root = wif(&case["root"]["wif"]);
        for known in list(&case["bap_ids"]) {
            let counter = u32::try_from(known["counter"].as_u64().unwrap()).unwrap();
            assert_eq!(member::root_path(counter), text(&known["root_path"]));
            assert_eq!(
                member::bap_id(&root, counter).unwrap().as_str(),
                text(&known["identity_key"])
            );
            assert_eq!(
                member::root_address(&root, counter).unwrap().to_string(),
                text(&known["root_address"])
            );
            let key = member::member_key(&root, counter, 0).unwrap();
            assert_eq!(
                key.public_key().to_string(),
                text(&known["member_public_key"])
            );
            let key = member::encryption_key(&root, counter).unwrap();
            assert_eq!(
                key.public_key().to_string(),
                text(&known["encryption_public_key"])
            );
            let key = member::signing_key(&root, counter, 0).unwrap();
            assert_eq!(address(&key), text(&known["signing_address"]));
            assert_eq!(known["signed_message"]["address"], known["signing_address"]);
            let key = member::signing_key(&root, counter, 1).unwrap();
            assert_eq!(member::path(counter, 1), text(&known["rotated_path"]));
            assert_eq!(address(&key), text(&known["rotated_signing_address"]));

            let identity = rotated(&root, counter);
            let output = op_return::id(&root, &identity).unwrap();
            assert_eq!(output.hex_lines(), texts(&known["initial_id_op_return"]));
            let signed = aip::verify(output.pushes()).unwrap();
            assert_eq!(signed.preimage, Preimage::WithoutBar);
        }
    }
}

/// The identity at a counter, rotated once.
fn rotated(root: &PrivateKey, counter: u32) -> Identity {
    let mut book = IdentityBook::new();
    for _ in 0..=counter {
        book.create(root, "Primary Identity").unwrap();
    }
    let id = member::bap_id(root, counter).unwrap();
    book.rotate(&id).unwrap().clone()
}

#[test]
fn attributes_attestations_and_exports_are_those_of_the_vectors() {
    for case in list(&vectors("bap")["cases"]) {
        let root = wif(&case["root"]["wif"]);
        let book = ids::import(text(&case["exported_ids_encrypted"]), &root).unwrap();
        let identity = book.primary().unwrap();
        assert_eq!(identity.id().as_str(), text(&case["identity_key"]));
        assert_eq!(identity.name(), "Primary Identity");

        let attributes = identity.attributes();
        assert_eq!(attributes.urns(), text(&case["urns"]));
        let urn = attributes.urn("displayName").unwrap();
        assert_eq!(urn, text(&case["display_name_urn"]));
        assert_eq!(
            attestation(&urn, identity.id()),
            text(&case["attestation_string"])
        );
        let hash = AttestationHash::of(&urn, identity.id());
        assert_eq!(hash.to_string(), text(&case["attestation_hash"]));

        let known = pushes(&case["attest_op_return_seq0"]);
        let made = op_return::attest(&root, identity, &hash, 0, None).unwrap();
        assert_eq!(known[0], [aip::OP_RETURN]);
        assert_eq!(made.pushes(), &known[1..]);
        assert_eq!(aip::verify(&known).unwrap().preimage, Preimage::WithBar);

        let known = pushes(&case["attest_op_return_seq3_with_data"]);
        let data = String::from_utf8(known[9].clone()).unwrap();
        let made = op_return::attest(&root, identity, &hash, 3, Some(&data)).unwrap();
        assert_eq!(made.pushes(), &known[1..]);
        assert_eq!(aip::verify(made.pushes()), aip::verify(&known));

        assert_eq!(
            exported(&book, &root),
            case["exported_ids_plain"],
            "written as it was read"
        );
    }
}

/// What is in an export of ours.
fn exported(book: &IdentityBook, root: &PrivateKey) -> Value {
    let text = ids::export(book, root, &ephemeral()).unwrap();
    let ciphertext = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, text).unwrap();
    let key = member::export_key(root).unwrap();
    serde_json::from_slice(&ecies::decrypt(&ciphertext, &key).unwrap()).unwrap()
}

#[test]
fn gaps_rotations_and_unicode_survive_the_way_through() {
    let known = vectors("bap_more");
    let root = wif(&known["root"]);
    let book = ids::import(text(&known["exported_ids_encrypted"]), &root).unwrap();
    assert_eq!(exported(&book, &root), known["exported_ids_plain"]);
    let identities: Vec<_> = book.iter().collect();
    let counters: Vec<_> = identities
        .iter()
        .map(|i| (i.counter(), i.rotation()))
        .collect();
    assert_eq!(counters, [(0, 0), (5, 1), (6, 3), (7, 2)]);
    let signing: Vec<_> = identities
        .iter()
        .map(|identity| address(&identity.signing_key(&root).unwrap()))
        .collect();
    assert_eq!(signing, texts(&known["signing_addresses"]));
    let encryption: Vec<_> = identities
        .iter()
        .map(|identity| {
            identity
                .encryption_key(&root)
                .unwrap()
                .public_key()
                .to_string()
        })
        .collect();
    assert_eq!(encryption, texts(&known["encryption_public_keys"]));
    assert_eq!(identities[0].attributes().urns(), text(&known["urns"]));

    let sealed = IdentityBook::from_json(&book.to_json()).unwrap();
    assert!(sealed == book);
    let mut listed = ids::import(text(&known["old_list_encrypted"]), &root).unwrap();
    assert!(listed == book);
    assert_eq!(listed.create(&root, "Next").unwrap().counter(), 8);
}

#[test]
fn op_returns_are_those_of_bsv_bap() {
    let known = vectors("bap_more");
    let root = wif(&known["root"]);
    let book = ids::import(text(&known["exported_ids_encrypted"]), &root).unwrap();
    let identities: Vec<_> = book.iter().collect();
    for (identity, name) in identities.iter().zip([
        "id_not_rotated",
        "id_rotated_once",
        "id_rotated_thrice",
        "id_bare_rotation",
    ]) {
        let output = op_return::id(&root, identity).unwrap();
        assert_eq!(output.hex_lines(), texts(&known[name]), "{name}");
    }
    // The first is signed by the address that the BAP ID was made of.
    let first = op_return::id(&root, identities[0]).unwrap();
    let signer = aip::verify(first.pushes()).unwrap().address;
    assert_eq!(signer, *identities[0].root_address());

    let alias = op_return::alias(&root, identities[2], text(&known["alias_profile"])).unwrap();
    assert_eq!(alias.hex_lines(), texts(&known["alias"]));
    assert_eq!(hex::encode(alias.script()), text(&known["alias_script"]));
    assert_eq!(alias.safe_script()[..2], [0x00, 0x6a]);
    assert!(op_return::alias(&root, identities[2], "[1]").is_err());

    let hash = text(&known["name_attestation_hash"]).parse().unwrap();
    let data = Some(text(&known["attest_data"]));
    let attest = op_return::attest(&root, identities[2], &hash, 7, data).unwrap();
    assert_eq!(attest.hex_lines(), texts(&known["attest_seq7"])[1..]);

    let revoke = op_return::revoke(&root, identities[2], &hash, 8).unwrap();
    assert_eq!(revoke.pushes()[1], b"REVOKE");
    assert!(aip::verify(revoke.pushes()).is_ok());
    let data = op_return::data(&root, identities[2], &hash, "clear").unwrap();
    assert_eq!(data.pushes()[3], b"clear");
    assert!(op_return::data(&root, identities[2], &hash, "").is_err());
}

#[test]
fn exports_that_do_not_fit_are_refused_each_with_its_reason() {
    let known = vectors("bap_more");
    let root = wif(&known["root"]);
    let error = |name: &str| {
        let refused = ids::import(text(&known["refused"][name]), &root);
        refused.err().unwrap().to_string()
    };
    assert_eq!(
        error("colon_in_name"),
        "attribute name `a:b` contains a colon"
    );
    assert!(error("foreign_identity").contains("does not belong to this root key at `bap:5`"));
    assert!(error("foreign_address").contains("does not belong to this root key at `bap:5`"));
    assert!(error("twice").contains("is there already"));
    assert!(error("unsupported_root_path").contains("`m/424150'/0'/0'/0/0/0`"));
    assert!(error("unsupported_current_path").contains("`bap:1:1`"));
    assert!(error("own_seed").contains("a seed of its own"));
    assert!(error("not_identities").contains("not in a known format"));
    let other = ephemeral();
    for text in [text(&known["exported_ids_encrypted"]), "", "%", "QklFMQ=="] {
        let refused = ids::import(text, &other);
        assert!(refused.is_err_and(|error| error == IdsError::Undecryptable));
    }
}

#[test]
fn a_remote_signer_signs_what_it_is_given() {
    let key = ephemeral();
    let data: Vec<Vec<u8>> = vec![vec![0x6a], b"prefix".to_vec(), b"|".to_vec()];
    let [algorithm, signer, signature] = aip::sign_ops(&key, &data);
    assert_eq!(
        (algorithm.as_str(), signer),
        (aip::ALGORITHM, address(&key))
    );
    let signature: bsm::Signature = signature.parse().unwrap();
    let owner = key.public_key().address();
    assert!(bsm::verify(b"\x6aprefix|", &signature, &owner));
    assert_eq!(aip::sign_ops(&key, &data[1..])[2], signature.to_string());
}

#[test]
fn backups_are_read() {
    for case in list(&vectors("bep")["cases"]) {
        let plain = &case["payload"];
        let passphrase = password(&case["passphrase"]);
        let payload = backup_file::decrypt(text(&case["encrypted"]), &passphrase).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&payload).unwrap(), *plain);

        let restored = payload::restore(&payload, &[]).unwrap();
        let names: Vec<_> = restored.identities.iter().map(Identity::name).collect();
        assert_eq!(restored.label.as_deref(), plain["label"].as_str());
        match text(&case["kind"]) {
            "wif" => {
                assert_eq!(*restored.root.expose_wif(), text(&plain["wif"]));
                assert!(names.is_empty());
            }
            "master-legacy-xprv" => {
                let seed = Mnemonic::parse(text(&plain["mnemonic"])).unwrap().seed("");
                assert_eq!(
                    restored.root.expose_bytes(),
                    seed.root_key().unwrap().expose_bytes()
                );
                assert!(names.is_empty());
                assert_eq!(restored.legacy_identities.len(), 1);
                assert_eq!(restored.legacy_identities[0].name, "Legacy");
            }
            _ => {
                assert_eq!(*restored.root.expose_wif(), text(&plain["rootPk"]));
                assert_eq!(names, ["Primary Identity", "Work"]);
            }
        }
        let words = restored.mnemonic.map(|words| words.expose_phrase());
        assert_eq!(
            words.as_ref().map(|words| words.as_str()),
            plain["mnemonic"].as_str()
        );
        assert_eq!(restored.seed.is_some(), words.is_some());
    }
}

#[test]
fn a_backup_opens_with_its_passphrase_only() {
    let case = &vectors("bep")["cases"][3];
    for wrong in ["", "passphrase", "pässphräse ✓ "] {
        let wrong = Password::new(wrong.to_owned());
        assert_eq!(
            backup_file::decrypt(text(&case["encrypted"]), &wrong).err(),
            Some(BackupFileError::WrongPassphraseOrDamaged)
        );
    }
}

/// Why a payload is refused.
fn refusal(payload: &Value) -> Option<PayloadError> {
    payload::restore(payload.to_string().as_bytes(), &[]).err()
}

#[test]
fn backups_without_a_root_are_refused_by_their_kind() {
    let kind = |payload| match refusal(&payload) {
        Some(PayloadError::NoRoot(kind)) => kind,
        _ => panic!("not refused for its kind"),
    };
    use serde_json::json;
    assert_eq!(kind(json!({"wif": "w", "id": "i"})), BackupKind::Member);
    assert_eq!(
        kind(json!({"ordPk": "o", "payPk": "p", "identityPk": "i"})),
        BackupKind::OneSat
    );
    assert_eq!(
        kind(json!({"ordPk": "o", "payPk": "p", "payDerivationPath": "m"})),
        BackupKind::YoursWallet
    );
    assert_eq!(
        kind(json!({"encryptedVault": "v", "scheme": "vscode-bitcoin-v1"})),
        BackupKind::Vault
    );
    assert_eq!(
        kind(json!({"chromeStorage": {}, "accountData": {}})),
        BackupKind::YoursWalletZip
    );
    for other in [
        json!({"a": 1}),
        json!({"identityPk": "i"}),
        json!({"ordPk": "o"}),
        json!({"payPk": "p"}),
    ] {
        assert_eq!(refusal(&other), Some(PayloadError::UnknownKind), "{other}");
    }
    assert_eq!(
        refusal(&json!({"wif": "w", "id": "i"}))
            .unwrap()
            .to_string(),
        "this is the backup of a single identity: it holds no root key"
    );
    assert!(matches!(
        refusal(&json!({"rootPk": 5})),
        Some(PayloadError::Malformed { .. })
    ));
    assert!(matches!(
        refusal(&json!({"wif": "no wif"})),
        Some(PayloadError::RootKey(_))
    ));
    assert!(matches!(
        payload::restore(b"neither JSON nor WIF", &[]).err(),
        Some(PayloadError::Malformed { .. })
    ));
}

#[test]
fn a_mnemonic_must_belong_to_the_root() {
    let mut payload = vectors("bep")["cases"][0]["payload"].clone();
    assert_eq!(refusal(&payload), None);
    payload["mnemonic"] = "abandon abandon abandon abandon abandon abandon abandon abandon \
                           abandon abandon abandon about"
        .into();
    assert_eq!(refusal(&payload), Some(PayloadError::ForeignMnemonic));
    payload["mnemonic"] = "abandon abandon".into();
    assert!(matches!(refusal(&payload), Some(PayloadError::Mnemonic(_))));
    let legacy = vectors("bep")["cases"][2]["payload"].clone();
    payload["mnemonic"] = legacy["mnemonic"].clone();
    payload["ids"] = legacy["ids"].clone();
    assert_eq!(
        refusal(&payload),
        Some(PayloadError::Ids(IdsError::Undecryptable))
    );
}

#[test]
fn the_mnemonic_of_yours_wallet_and_a_bare_wif_are_roots() {
    let words = text(&vectors("bep")["cases"][0]["payload"]["mnemonic"]).to_owned();
    let root = text(&vectors("bep")["cases"][0]["payload"]["rootPk"]).to_owned();
    let yours = serde_json::json!({"ordPk": "o", "payPk": "p", "mnemonic": words}).to_string();
    for payload in [yours, root.clone(), root.clone() + "\n"] {
        let restored = payload::restore(payload.as_bytes(), &[]).unwrap();
        assert_eq!(*restored.root.expose_wif(), root);
    }
}

#[test]
fn what_is_left_out_of_another_wallets_backup_is_told() {
    let payload = &vectors("bep")["cases"][0]["payload"];
    let (words, wif) = (text(&payload["mnemonic"]), text(&payload["rootPk"]));
    let keys = |more: Value| {
        let mut backup = serde_json::json!({"ordPk": wif, "payPk": wif, "identityPk": wif});
        backup["mnemonic"] = more;
        let restored = payload::restore(backup.to_string().as_bytes(), &[]).unwrap();
        assert_eq!(*restored.root.expose_wif(), wif);
        restored.left_out.concat()
    };
    let said = keys(words.into());
    assert!(
        said.contains("payment, ordinals and identity keys"),
        "{said}"
    );
    let said = keys(Value::Null);
    assert!(said.starts_with("the payment and ordinals keys"), "{said}");
}

#[test]
fn seeds_and_primaries_of_our_own_backups_are_checked() {
    let mut payload = vectors("bep")["cases"][1]["payload"].clone();
    let foreign = Seed::from_bytes([1; 64]).expose_hex();
    payload["tokenpass"] = serde_json::json!({"version": 1, "seed": foreign.as_str()});
    assert_eq!(refusal(&payload), Some(PayloadError::ForeignSeed));
    payload["tokenpass"] =
        serde_json::json!({"version": 1, "primary": "3jNV7pKbXva3nwPx2vq9xv8FqYUS"});
    assert!(matches!(
        refusal(&payload),
        Some(PayloadError::Identity(IdentityError::Unknown(_)))
    ));
    payload["tokenpass"] = serde_json::json!({"version": 2});
    assert_eq!(refusal(&payload), Some(PayloadError::NewerVersion(2)));
}
