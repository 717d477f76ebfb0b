//! Backups and moving in: what comes out of a `.bep` or a folder of TokenPass
//! Desktop is the same wallet, and a failure leaves things as they were.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use tokenpass::testing::crypto::backup_file::{self, Cost};
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::wallet::moving::desktop::MAX_FILE_LEN;
use tokenpass::testing::wallet::{
    Host, ImportSource, Imported, KeySelector, Merge, Page, Registration, Replace, Sender, Signer,
    UnlockedWallet, Wallet, WalletError,
};

use crate::support::{Home, PASSWORD, vectors};

const NO_TOKENS: &str = "access tokens were not taken over, since they were stored unencrypted: \
                         each app asks for a new one";

fn vector() -> Value {
    vectors("tokenpass_desktop")
}

fn password(text: &str) -> Password {
    Password::new(text.into())
}

/// A backup as another program writes it.
pub(crate) fn backup_of(payload: &Value, passphrase: &Password) -> String {
    let payload = payload.to_string();
    backup_file::encrypt(
        payload.as_bytes(),
        passphrase,
        Cost::STANDARD,
        [1; 16],
        [2; 12],
    )
}

fn host(text: &str) -> Host {
    text.parse().unwrap()
}

/// A folder as TokenPass Desktop leaves it: open to everybody.
fn desktop_folder(path: PathBuf) -> PathBuf {
    fs::create_dir(&path).unwrap();
    for (name, content) in vector()["files"].as_object().unwrap() {
        fs::write(path.join(name), content.as_str().unwrap()).unwrap();
    }
    path
}

fn listing(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn move_in(wallet: &Wallet, folder: &Path) -> Result<Imported, WalletError> {
    let secret = vector()["password"].as_str().unwrap().to_owned();
    wallet.import(
        &password(&secret),
        ImportSource::Desktop(folder.into()),
        Replace::No,
    )
}

/// Holds an imported wallet to what TokenPass Desktop answered.
fn check_against_desktop(unlocked: &UnlockedWallet) {
    let vector = vector();
    for case in vector["hosts"].as_array().unwrap() {
        let text = |name: &str| case[name].as_str().unwrap();
        let name = host(text("host"));
        let signed = unlocked
            .sign(&Signer::Host(name.clone()), text("message").as_bytes())
            .unwrap();
        assert_eq!(signed.address.to_string(), text("address"));
        assert_eq!(signed.signature.to_string(), text("signature"));
        let sealed = hex::decode(text("encrypted_data")).unwrap();
        let opened = unlocked
            .decrypt(&Sender::Host(name.clone()), &sealed)
            .unwrap();
        assert_eq!(*opened, *text("plaintext").as_bytes());
        let friend = text("friend_bap_id").to_owned();
        let key = unlocked
            .public_key(&KeySelector::Friend {
                host: Some(name.clone()),
                label: friend.clone(),
            })
            .unwrap();
        assert_eq!(key.public_key.to_string(), text("friend_public_key"));
        let sender = Sender::Friend {
            host: Some(name),
            label: friend,
            public_key: None,
        };
        let sealed = hex::decode(text("friend_ciphertext")).unwrap();
        assert_eq!(
            *unlocked.decrypt(&sender, &sealed).unwrap(),
            *text("friend_plaintext").as_bytes()
        );
    }
    let book = unlocked.identities().unwrap();
    let identities: Vec<_> = book
        .iter()
        .map(|identity| {
            json!({
                "idKey": identity.id(), "name": identity.name(),
                "rootAddress": identity.root_address(), "counter": identity.counter(),
            })
        })
        .collect();
    assert_eq!(json!(identities), vector["identities"]["identities"]);
    assert_eq!(
        json!(book.primary().unwrap().id()),
        vector["identities"]["primaryId"]
    );
    assert_eq!(
        Value::Object(unlocked.wallet().profile().unwrap()),
        vector["profile"]
    );
    let hosts: Vec<_> = unlocked
        .wallet()
        .host_keys(Page::all())
        .unwrap()
        .into_iter()
        .map(|key| key.host)
        .collect();
    assert_eq!(hosts, ["app.example.org", "example.com", "localhost:3000"]);
    assert!(
        unlocked
            .wallet()
            .tokens(None, Page::all())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_desktop_folder_becomes_the_same_wallet_and_is_left_as_it_was() {
    let home = Home::new();
    let desktop = desktop_folder(home.beside("desktop"));
    let before = listing(&desktop);
    let imported = move_in(&home.wallet(), &desktop).unwrap();
    check_against_desktop(&imported.wallet);
    assert_eq!(listing(&desktop), before);
    assert_eq!(imported.notes, [NO_TOKENS]);
}

#[test]
fn what_an_old_desktop_folder_does_not_give_is_told() {
    let home = Home::new();
    let known = &vectors("bap_more")["desktop_2023"];
    let folder = home.beside("desktop");
    fs::create_dir(&folder).unwrap();
    for name in ["seed.db", "keys.db", "state.db"] {
        // A write that was interrupted.
        let content = format!("{}{{\"torn", known[name].as_str().unwrap());
        fs::write(folder.join(name), content).unwrap();
    }
    let imported = move_in(&home.wallet(), &folder).unwrap();
    assert_eq!(
        imported.notes,
        [
            NO_TOKENS,
            "this folder is of 2023, when keys were derived in another way: \
             hosts have new addresses here",
            "the host `example.com` has a new address here",
            "3 damaged lines of its files were skipped",
        ]
    );
}

#[test]
fn a_file_that_cannot_be_read_whole_is_not_passed_over() {
    let home = Home::new();
    let folder = desktop_folder(home.beside("desktop"));
    let keys = folder.join("keys.db");
    let large = fs::File::create(&keys).unwrap();
    large.set_len(MAX_FILE_LEN as u64 + 1).unwrap();
    let refused = move_in(&home.wallet(), &folder).err().unwrap();
    assert_eq!(
        refused.to_string(),
        "`keys.db` is larger than 16777216 bytes"
    );
    #[cfg(unix)]
    {
        fs::remove_file(&keys).unwrap();
        std::os::unix::fs::symlink("keys.db", &keys).unwrap();
        let refused = move_in(&home.wallet(), &folder);
        assert!(matches!(refused, Err(WalletError::File { path, .. }) if path == keys));
    }
    assert!(!home.path().exists());
}

#[test]
fn a_desktop_folder_that_is_the_home_itself_moves_aside_and_stays_whole() {
    let home = Home::new();
    let path = desktop_folder(home.path());
    let before = listing(&path);
    check_against_desktop(&move_in(&home.wallet(), &path).unwrap().wallet);
    let aside: Vec<_> = fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    assert_eq!(aside.len(), 1);
    let kept: Vec<_> = listing(&aside[0])
        .into_iter()
        .map(|(_, content)| content)
        .collect();
    assert_eq!(
        kept,
        before
            .into_iter()
            .map(|(_, content)| content)
            .collect::<Vec<_>>()
    );
    let reopened = home.wallet().unlock(&password("secure-password")).unwrap();
    check_against_desktop(&reopened);
}

#[test]
fn a_move_that_was_interrupted_goes_on_where_it_stopped() {
    let names = ["backup.bep", "keys.db", "state.db"];
    for moved in 0..=names.len() {
        let home = Home::new();
        let path = desktop_folder(home.path());
        let aside = path.join("tokenpass-desktop-20260101T000000Z");
        fs::create_dir(&aside).unwrap();
        for name in &names[..moved] {
            fs::rename(path.join(name), aside.join(name)).unwrap();
        }
        check_against_desktop(&move_in(&home.wallet(), &path).unwrap().wallet);
    }
}

#[test]
fn a_wrong_password_moves_nothing() {
    let home = Home::new();
    let path = desktop_folder(home.path());
    let before = listing(&path);
    let refused = home.wallet().import(
        &password("not the password"),
        ImportSource::Desktop(path.clone()),
        Replace::No,
    );
    assert!(matches!(refused, Err(WalletError::Desktop(_))));
    assert_eq!(listing(&path), before);
    assert_eq!(fs::read_dir(&path).unwrap().count(), before.len());
}

#[test]
fn replacing_a_wallet_first_writes_it_beside_and_needs_its_password() {
    let home = Home::new();
    let wallet = home.wallet();
    let old = wallet
        .register(&password("first password"), Registration::default())
        .unwrap();
    let seed = || {
        let words = tokenpass::testing::crypto::mnemonic::Mnemonic::from_entropy(&[9; 16]).unwrap();
        ImportSource::Seed(words.seed(""))
    };
    let refused = wallet.import(&password("other password"), seed(), Replace::Yes);
    assert!(matches!(refused, Err(WalletError::WrongPassword)));
    assert!(wallet.unlock(&password("first password")).is_ok());

    let imported = wallet
        .import(&password("first password"), seed(), Replace::Yes)
        .unwrap();
    assert_ne!(imported.bap_id, old.bap_id);
    let text = fs::read_to_string(imported.replaced.unwrap()).unwrap();
    let again = home.wallet_beside("again");
    let passphrase = password("first password");
    let source = ImportSource::Backup { text, passphrase };
    let restored = again
        .import(&password("third password"), source, Replace::No)
        .unwrap();
    assert_eq!(restored.bap_id, old.bap_id);
}

#[test]
fn two_wallets_are_put_aside_within_a_second() {
    let home = Home::new();
    let (wallet, _) = home.register();
    let replace = |byte| {
        let words = tokenpass::Mnemonic::from_entropy(&[byte; 16]).unwrap();
        let source = ImportSource::Seed(words.seed(""));
        let imported = wallet.import(&password(PASSWORD), source, Replace::Yes);
        imported.unwrap().replaced.unwrap()
    };
    assert_ne!(replace(7), replace(8));
}

/// BIP-39's passphrase may be the one that the backup is under.
#[test]
fn words_that_lead_to_the_key_with_the_backups_passphrase_come_with_it() {
    let words = tokenpass::Mnemonic::from_entropy(&[7; 16]).unwrap();
    let phrase = words.expose_phrase();
    let import = |wallet_passphrase: &str| {
        let root = words.seed(wallet_passphrase).root_key().unwrap();
        let payload = json!({"ids": "", "rootPk": *root.expose_wif(), "mnemonic": *phrase});
        let passphrase = password("a passphrase");
        let text = backup_of(&payload, &passphrase);
        let home = Home::new();
        let wallet = home.wallet();
        let source = ImportSource::Backup { text, passphrase };
        let imported = wallet.import(&password(PASSWORD), source, Replace::No);
        imported?;
        wallet.export(&password(PASSWORD))
    };
    let exported = import("a passphrase").unwrap();
    assert_eq!(exported.mnemonic.unwrap().expose_phrase(), phrase);
    assert!(exported.has_passphrase);
    assert!(!import("").unwrap().has_passphrase);
    let foreign = import("another").err().unwrap().to_string();
    assert!(
        foreign.contains("does not belong to its root key"),
        "{foreign}"
    );
}

#[test]
fn identities_with_a_gap_between_them_are_all_kept_and_the_gap_is_told() {
    use tokenpass::testing::crypto::keys::PrivateKey;
    use tokenpass::testing::identity::{IdentityBook, ids};
    let home = Home::new();
    let root = PrivateKey::from_bytes(&[7; 32]).unwrap();
    // As another wallet writes them after its second identity was removed.
    let mut book = IdentityBook::new();
    for name in ["First", "Second", "Third"] {
        book.create(&root, name).unwrap();
    }
    let removed = book.iter().nth(1).unwrap().id().clone();
    let mut record: Value = serde_json::from_slice(&book.to_json()).unwrap();
    record["identities"].as_array_mut().unwrap().remove(1);
    let book = IdentityBook::from_json(record.to_string().as_bytes()).unwrap();
    let ephemeral = PrivateKey::from_bytes(&[9; 32]).unwrap();
    let payload = json!({
        "ids": ids::export(&book, &root, &ephemeral).unwrap(),
        "rootPk": *root.expose_wif(),
    });
    let passphrase = password("passphrase");
    let text = backup_of(&payload, &passphrase);
    let wallet = home.wallet();
    let source = ImportSource::Backup { text, passphrase };
    let imported = wallet
        .import(&password("some password"), source, Replace::No)
        .unwrap();
    let kept = imported.wallet.identities().unwrap();
    assert_eq!(kept.len(), 2);
    assert!(kept.get(&removed).is_err());
    assert!(imported.notes.iter().any(|note| note.contains("counter 1")));
}

/// Their own passphrase may be another than the backup's.
#[test]
fn words_come_back_with_their_seed_where_they_do_not_lead_to_it_alone() {
    let home = Home::new();
    for (number, wallet_passphrase) in ["", "of the words"].into_iter().enumerate() {
        let wallet = home.wallet_beside(&format!("wallet-{number}"));
        let mnemonic = tokenpass::Mnemonic::from_entropy(&[7; 16]).unwrap();
        let source = ImportSource::Mnemonic {
            mnemonic,
            passphrase: password(wallet_passphrase),
        };
        // There is nothing to replace.
        let imported = wallet.import(&password(PASSWORD), source, Replace::Yes);
        assert_eq!(imported.unwrap().replaced, None);
        let passphrase = || password("a passphrase");
        let text = wallet
            .backup(&password(PASSWORD), &passphrase())
            .unwrap()
            .text;
        let json = backup_file::decrypt(&text, &passphrase()).unwrap();
        let json: Value = serde_json::from_slice(&json).unwrap();
        let needs_seed = !wallet_passphrase.is_empty();
        assert_eq!(json["tokenpass"].get("seed").is_some(), needs_seed);

        let copy = home.wallet_beside(&format!("copy-{number}"));
        let source = ImportSource::Backup {
            text,
            passphrase: passphrase(),
        };
        copy.import(&password(PASSWORD), source, Replace::No)
            .unwrap();
        let secrets = |wallet: &Wallet| {
            let export = wallet.export(&password(PASSWORD)).unwrap();
            let words = export.mnemonic.unwrap().expose_phrase().to_string();
            let seed = export.seed.unwrap().expose_hex().to_string();
            (words, seed, export.has_passphrase)
        };
        assert_eq!(secrets(&copy), secrets(&wallet));
        assert_eq!(secrets(&copy).2, needs_seed);
    }
}

#[test]
fn a_host_that_browsers_write_otherwise_is_left_out_and_told() {
    let root = tokenpass::PrivateKey::from_bytes(&[7; 32]).unwrap();
    let hosts = ["Example.com", "example.com", "localhost:080"];
    let payload = json!({
        "ids": "", "rootPk": *root.expose_wif(),
        "tokenpass": {"version": 1, "hosts": hosts},
    });
    let passphrase = password("passphrase");
    let text = backup_of(&payload, &passphrase);
    let source = ImportSource::Backup { text, passphrase };
    let home = Home::new();
    let wallet = home.wallet();
    let imported = wallet.import(&password(PASSWORD), source, Replace::No);
    let left_out = ["Example.com", "localhost:080"]
        .map(|host| format!("the host `{host}` was left out: browsers do not write it this way"));
    assert_eq!(imported.unwrap().notes, left_out);
    let keys = wallet.host_keys(Page::all()).unwrap();
    let keys: Vec<_> = keys.into_iter().map(|key| key.host).collect();
    assert_eq!(keys, ["example.com"]);
}

#[test]
fn a_backup_that_cannot_be_read_leaves_no_wallet() {
    let home = Home::new();
    let backups = vectors("bep");
    let good = backups["cases"][0]["encrypted"].as_str().unwrap();
    let cases = [
        (good.to_owned(), "wrong passphrase"),
        (good[..good.len() - 8].to_owned(), "correct horse battery"),
        ("not a backup".to_owned(), "correct horse battery"),
    ];
    for (text, passphrase) in cases {
        let wallet = home.wallet();
        let source = ImportSource::Backup {
            text,
            passphrase: password(passphrase),
        };
        assert!(
            wallet
                .import(&password("some password"), source, Replace::No)
                .is_err()
        );
        assert!(!wallet.exists().unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn restoring_a_backup_on_a_fresh_home_gives_the_same_wallet(
        names in prop::collection::vec("[a-zA-Zäöü ]{1,12}", 0..4),
        hosts in prop::collection::btree_set("[a-z]{1,8}\\.example", 0..4),
        profile in prop::collection::btree_map("[a-zA-Z]{3,8}x", "\\PC{0,20}", 0..4),
        rotations in 0..3_usize,
        attribute in "[^\\p{C}]{1,20}",
        primary in any::<prop::sample::Index>(),
    ) {
        let home = Home::new();
        let wallet = home.wallet();
        let registered = wallet.register(&password("some password"), Registration::default()).unwrap();
        let unlocked = registered.wallet;
        for name in &names {
            unlocked.change_identities(|book, root| book.create(root, name).map(drop)).unwrap();
        }
        let book = unlocked.identities().unwrap();
        let ids: Vec<_> = book.iter().map(|identity| identity.id().clone()).collect();
        let chosen = primary.get(&ids);
        unlocked.change_identities(|book, _| book.set_primary(chosen)).unwrap();
        for _ in 0..rotations {
            unlocked.change_identities(|book, _| book.rotate(chosen).map(drop)).unwrap();
        }
        unlocked.set_attributes(chosen, &[("email".into(), attribute)]).unwrap();
        for name in &hosts {
            unlocked.sign(&Signer::Host(host(name)), b"").unwrap();
        }
        let patch = profile.into_iter().map(|(k, v)| (k, v.into())).collect();
        wallet.update_profile(patch, Merge::Keep).unwrap();

        let text = wallet.backup(&password("some password"), &password("passphrase")).unwrap().text;
        let fresh = home.wallet_beside("fresh");
        let source = ImportSource::Backup { text, passphrase: password("passphrase") };
        let restored = fresh.import(&password("new password"), source, Replace::No).unwrap();

        let ids = |wallet: &UnlockedWallet| {
            wallet.identities().unwrap().iter()
                .map(|id| (id.id().clone(), id.name().to_owned(), id.current_path(), id.attributes().urns()))
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(ids(&restored.wallet), ids(&unlocked));
        prop_assert_eq!(&restored.bap_id, chosen);
        let keys = |wallet: &Wallet| wallet.host_keys(Page::all()).unwrap();
        prop_assert_eq!(keys(&fresh), keys(&wallet));
        let friend_key = |wallet: &UnlockedWallet, name| {
            let (host, label) = (Some(host(name)), "alice".into());
            wallet.public_key(&KeySelector::Friend { host, label }).unwrap().public_key
        };
        for name in &hosts {
            prop_assert_eq!(friend_key(&restored.wallet, name), friend_key(&unlocked, name));
        }
        prop_assert_eq!(fresh.profile().unwrap(), wallet.profile().unwrap());
        let words = |wallet: &Wallet, secret| {
            wallet.export(&password(secret)).unwrap().mnemonic.unwrap().expose_phrase().to_string()
        };
        prop_assert_eq!(words(&fresh, "new password"), words(&wallet, "some password"));
    }
}
