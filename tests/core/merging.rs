//! Copies of one wallet that were changed apart become the same by merging each
//! other's backups: in any order, again and again, and nothing is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use tokenpass::testing::crypto::backup_file::Opener;
use tokenpass::testing::crypto::keys::PrivateKey;
use tokenpass::testing::identity::IdentityBook;
use tokenpass::testing::wallet::{
    ContactName, ContactTarget, Gained, ImportSource, KeySelector, Merge, Page, Registration,
    Replace, Signer, UnlockedWallet, Wallet, WalletError,
};
use tokenpass::{Host, Password};

use crate::moving::backup_of;
use crate::support::Home;
use crate::support::certificate::acquire;

const PASSPHRASE: &str = "passphrase";

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

fn opener() -> Opener {
    Opener::new(&password(PASSPHRASE))
}

fn host(name: &str) -> Host {
    name.parse().unwrap()
}

/// What is done to a copy.
#[derive(Debug, Clone)]
enum Step {
    Create(String),
    Rotate(Index),
    Rename(Index, String),
    Attribute(Index, &'static str, String),
    Primary(Index),
    Profile(&'static str, Option<String>),
    ClearProfile,
    Contact(&'static str, u8),
    RemoveContact(&'static str),
    Visit(&'static str),
}

fn step() -> impl Strategy<Value = Step> {
    let name = || "[a-zé]{1,6}";
    let key = || prop::sample::select(vec!["a", "b", "c"]);
    prop_oneof![
        name().prop_map(Step::Create),
        any::<Index>().prop_map(Step::Rotate),
        (any::<Index>(), name()).prop_map(|(of, name)| Step::Rename(of, name)),
        // An empty value removes.
        (any::<Index>(), key(), "[x-z]{0,2}").prop_map(|(of, k, v)| Step::Attribute(of, k, v)),
        any::<Index>().prop_map(Step::Primary),
        (key(), prop::option::of("[x-z]{1,2}")).prop_map(|(k, v)| Step::Profile(k, v)),
        Just(Step::ClearProfile),
        (key(), 0..3_u8).prop_map(|(name, who)| Step::Contact(name, who)),
        key().prop_map(Step::RemoveContact),
        key().prop_map(Step::Visit),
    ]
}

fn change_book(book: &mut IdentityBook, root: &PrivateKey, step: &Step) {
    let id = |of: &Index, book: &IdentityBook| {
        let one = book.iter().nth(of.index(book.len())).unwrap();
        one.id().clone()
    };
    match step {
        Step::Create(name) => drop(book.create(root, name).unwrap().clone()),
        Step::Rotate(of) => drop(book.rotate(&id(of, book)).unwrap().clone()),
        Step::Rename(of, name) => book.rename(&id(of, book), name).unwrap(),
        Step::Attribute(of, name, value) if value.is_empty() => {
            book.remove_attribute(&id(of, book), name).unwrap();
        }
        Step::Attribute(of, name, value) => {
            let nonce = [value.len() as u8; 32];
            let id = id(of, book);
            book.set_attribute(&id, name, value, nonce).unwrap();
        }
        Step::Primary(of) => book.set_primary(&id(of, book)).unwrap(),
        _ => {}
    }
}

fn change(copy: &UnlockedWallet, step: &Step) {
    let wallet = copy.wallet();
    match step {
        Step::Profile(field, value) => {
            let patch = [((*field).to_owned(), json!(value))];
            let patch = patch.into_iter().collect();
            wallet.update_profile(patch, Merge::Keep).unwrap();
        }
        Step::ClearProfile => wallet
            .update_profile(Default::default(), Merge::Clear)
            .unwrap(),
        Step::Contact(name, who) => {
            let key = PrivateKey::from_bytes(&[who + 1; 32]).unwrap().public_key();
            let target: ContactTarget = key.to_string().parse().unwrap();
            let name: ContactName = name.parse().unwrap();
            let _ = wallet.remove_contact(&name);
            wallet.add_contact(&name, &target).unwrap();
        }
        Step::RemoveContact(name) => drop(wallet.remove_contact(&name.parse().unwrap())),
        Step::Visit(name) => {
            copy.sign(&Signer::Host(host(name)), b"").unwrap();
        }
        _ => copy
            .change_identities(|book, root| {
                change_book(book, root, step);
                Ok(())
            })
            .unwrap(),
    }
}

/// All that a copy holds, as text that can be compared.
fn seen(copy: &UnlockedWallet) -> Value {
    let wallet = copy.wallet();
    let contacts = wallet.contacts().unwrap();
    let hosts = wallet
        .host_keys(Page::all())
        .unwrap()
        .into_iter()
        .map(|key| {
            let friend = KeySelector::Friend {
                host: Some(host(&key.host)),
                label: "alice".into(),
            };
            let friend = copy.public_key(&friend).unwrap();
            json!([key.host, key.address, friend.path])
        });
    json!({
        "identities": book_seen(&copy.identities().unwrap()),
        "bapID": copy.bap_id().unwrap(),
        "profile": wallet.profile().unwrap(),
        "contacts": contacts.iter().map(|one| json!([one.name, one.target])).collect::<Vec<_>>(),
        "hosts": hosts.collect::<Vec<_>>(),
    })
}

fn book_seen(book: &IdentityBook) -> Value {
    let one = book.iter().map(|identity| {
        json!([
            identity.id(),
            identity.name(),
            identity.current_path(),
            identity.attributes().urns()
        ])
    });
    json!([one.collect::<Vec<_>>(), book.primary().map(|one| one.id())])
}

fn copy_of(home: &Home, name: &str, text: &str) -> UnlockedWallet {
    let source = ImportSource::Backup {
        text: text.to_owned(),
        passphrase: password(PASSPHRASE),
    };
    let wallet = home.wallet_beside(name);
    let imported = wallet.import(&password("some password"), source, Replace::No);
    imported.unwrap().wallet
}

fn backup(wallet: &Wallet) -> String {
    let passphrase = password(PASSPHRASE);
    wallet
        .backup(&password("some password"), &passphrase)
        .unwrap()
        .text
}

fn registered(home: &Home) -> UnlockedWallet {
    let password = password("some password");
    let made = home.wallet().register(&password, Registration::default());
    made.unwrap().wallet
}

/// The names and fields that no copy ever removed must be there.
fn kept(steps: &[(usize, i64, Step)], result: &Value) -> Result<(), TestCaseError> {
    let mut fields: BTreeMap<&str, bool> = BTreeMap::new();
    let mut contacts: BTreeMap<&str, bool> = BTreeMap::new();
    let mut hosts = BTreeSet::new();
    for (_, _, step) in steps {
        match step {
            Step::Profile(field, value) => {
                let kept = fields.entry(field).or_insert(true);
                *kept &= value.is_some();
            }
            Step::ClearProfile => fields.extend(["a", "b", "c"].map(|field| (field, false))),
            Step::Contact(name, _) => drop(contacts.entry(name).or_insert(true)),
            Step::RemoveContact(name) => drop(contacts.insert(name, false)),
            Step::Visit(name) => drop(hosts.insert(*name)),
            _ => {}
        }
    }
    for (field, _) in fields.iter().filter(|(_, kept)| **kept) {
        prop_assert!(result["profile"].get(field).is_some(), "{field}");
    }
    let names = |list: &Value| -> BTreeSet<String> {
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row[0].as_str().unwrap().to_owned())
            .collect()
    };
    let there = names(&result["contacts"]);
    for (name, _) in contacts.iter().filter(|(_, kept)| **kept) {
        prop_assert!(there.contains(*name), "{name}");
    }
    let there = names(&result["hosts"]);
    prop_assert!(hosts.iter().all(|host| there.contains(*host)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, ..ProptestConfig::default() })]

    #[test]
    fn three_copies_become_one_in_any_order_and_nothing_is_lost(
        steps in prop::collection::vec((0..3_usize, -5..20_i64, step()), 0..60),
        order in Just(vec![0, 1, 2, 0, 1, 2]).prop_shuffle(),
    ) {
        let home = Home::new();
        let first = registered(&home);
        let text = backup(first.wallet());
        let copies = [copy_of(&home, "one", &text), copy_of(&home, "two", &text), first];
        for (which, seconds, step) in &steps {
            // Clocks are set back, too.
            let by = Duration::from_secs(seconds.unsigned_abs());
            match seconds {
                0.. => home.pass(by),
                _ => home.set_back(by),
            }
            change(&copies[*which], step);
        }
        let counters: usize = copies.iter().map(|copy| copy.identities().unwrap().len()).max().unwrap();
        let texts = copies.each_ref().map(|copy| backup(copy.wallet()));
        let mut opener = opener();
        for (turn, copy) in copies.iter().enumerate() {
            for from in &order {
                copy.merge(&texts[(from + turn) % 3], &mut opener).unwrap();
            }
        }
        let [one, two, three] = copies.each_ref().map(seen);
        prop_assert_eq!(&one, &two);
        prop_assert_eq!(&one, &three);
        prop_assert_eq!(copies[0].identities().unwrap().len(), counters);
        kept(&steps, &one)?;
        for copy in &copies {
            for text in &texts {
                prop_assert!(copy.merge(text, &mut opener).unwrap().0.is_nothing());
            }
        }
        prop_assert_eq!(seen(&copies[0]), one);
    }
}

proptest! {
    #[test]
    fn books_merge_like_sets(
        steps in prop::collection::vec((0..3_usize, 0..4_u64, step()), 0..30),
    ) {
        let root = PrivateKey::from_bytes(&[7; 32]).unwrap();
        let mut first = IdentityBook::new();
        first.create(&root, "Primary Identity").unwrap();
        let mut books = [first.clone(), first.clone(), first];
        for (which, now, step) in steps {
            let before = books[which].clone();
            change_book(&mut books[which], &root, &step);
            books[which].note_changes(&before, now);
        }
        let merged = |one: &IdentityBook, two: &IdentityBook| {
            let mut one = one.clone();
            one.merge(two).unwrap();
            one
        };
        let [a, b, c] = &books;
        let all = merged(&merged(a, b), c);
        let same = |one: &IdentityBook, two: &IdentityBook| one.to_json() == two.to_json();
        prop_assert!(same(&merged(a, b), &merged(b, a)));
        prop_assert!(same(&all, &merged(a, &merged(b, c))));
        prop_assert!(same(&all, &merged(&merged(c, b), a)));
        prop_assert!(same(&all, &merged(&all, b)));
        prop_assert!(same(&merged(a, a), &merged(&merged(a, a), a)));
        let again = all.clone().merge(c).unwrap();
        prop_assert_eq!(again, Default::default());
    }
}

#[test]
fn what_was_changed_last_counts_also_where_it_was_removed() {
    let home = Home::new();
    let here = registered(&home);
    let wallet = here.wallet();
    let set = |wallet: &Wallet, field: &str, value: Value| {
        let patch = [(field.to_owned(), value)].into_iter().collect();
        wallet.update_profile(patch, Merge::Keep).unwrap();
    };
    set(wallet, "displayName", json!("Ada"));
    set(wallet, "paymail", json!("ada@example.com"));
    let there = copy_of(&home, "there", &backup(wallet));

    home.pass(Duration::from_secs(1));
    set(there.wallet(), "paymail", Value::Null);
    set(wallet, "displayName", json!("Countess"));
    home.pass(Duration::from_secs(1));
    set(there.wallet(), "displayName", json!("Ada L."));
    let (brought, notes) = here.merge(&backup(there.wallet()), &mut opener()).unwrap();
    assert_eq!((brought.profile, notes.len()), (2, 0));
    let profile = wallet.profile().unwrap();
    assert_eq!(profile["displayName"], "Ada L.");
    assert!(!profile.contains_key("paymail"));

    // The clock of this machine stands still: a change counts all the same.
    home.set_back(Duration::from_secs(3600));
    set(wallet, "displayName", json!("A. L."));
    let (brought, _) = there.merge(&backup(wallet), &mut opener()).unwrap();
    assert_eq!(brought.profile, 1);
    assert_eq!(there.wallet().profile().unwrap()["displayName"], "A. L.");
}

#[test]
fn a_backup_of_another_wallet_or_one_that_is_damaged_changes_nothing() {
    let (home, other) = (Home::new(), Home::new());
    let here = registered(&home);
    let before = seen(&here);
    let foreign = backup(registered(&other).wallet());
    let refused = here.merge(&foreign, &mut opener());
    assert!(matches!(refused, Err(WalletError::OtherWallet)));
    let own = backup(here.wallet());
    let wrong = here.merge(&own, &mut Opener::new(&password("wrong passphrase")));
    assert!(matches!(wrong, Err(WalletError::BackupFile(_))));
    let cut = here.merge(&own[..own.len() / 2], &mut opener());
    assert!(matches!(cut, Err(WalletError::BackupFile(_))));
    assert_eq!(seen(&here), before);
}

#[test]
fn a_backup_without_identities_and_times_takes_nothing_away() {
    let home = Home::new();
    let here = registered(&home);
    here.change_identities(|book, root| {
        let id = book.create(root, "Work")?.id().clone();
        book.set_primary(&id)
    })
    .unwrap();
    let before = seen(&here);
    let export = here.wallet().export(&password("some password")).unwrap();
    let payload = json!({"rootPk": *export.root.expose_wif(), "ids": ""});
    let text = backup_of(&payload, &password(PASSPHRASE));
    let (brought, _) = here.merge(&text, &mut opener()).unwrap();
    assert_eq!(brought, Gained::default());
    assert_eq!(seen(&here), before);
}

#[test]
fn of_a_contact_the_later_change_counts_and_is_counted_once() {
    let home = Home::new();
    let here = registered(&home);
    let contact = |name| Step::Contact(name, 1);
    change(&here, &contact("a"));
    let there = copy_of(&home, "there", &backup(here.wallet()));
    home.pass(Duration::from_secs(1));
    change(&there, &Step::RemoveContact("a"));
    change(&there, &contact("b"));
    change(&there, &contact("c"));
    let text = backup(there.wallet());
    let merge = || here.merge(&text, &mut opener()).unwrap().0.contacts;
    assert_eq!(merge(), 3);
    let contacts = || seen(&here)["contacts"].clone();
    assert_eq!(contacts(), seen(&there)["contacts"]);
    assert_eq!(merge(), 0);

    home.pass(Duration::from_secs(1));
    change(&here, &Step::Contact("b", 2));
    let changed = contacts();
    assert_eq!((merge(), contacts()), (0, changed));
}

#[test]
fn a_merge_brings_certificates_and_is_in_the_trail_if_it_brings_something() {
    let home = Home::new();
    let here = registered(&home);
    let there = copy_of(&home, "there", &backup(here.wallet()));
    let id = acquire(&there, 1, &[("name", "Alice")]);
    let merge = || {
        let text = backup(there.wallet());
        here.merge(&text, &mut opener()).unwrap().0
    };
    let one = Gained {
        certificates: 1,
        ..Gained::default()
    };
    let noted = || {
        let trail = here.wallet().audit(None, 100).unwrap();
        trail.iter().filter(|entry| entry.event == "merged").count()
    };
    assert_eq!((merge(), noted()), (one.clone(), 1));
    assert_eq!(here.certificates().unwrap(), there.certificates().unwrap());
    assert_eq!((merge(), noted()), (Gained::default(), 1));

    home.pass(Duration::from_secs(1));
    there.relinquish_certificate(&id).unwrap();
    assert_eq!((merge(), noted()), (one, 2));
    assert_eq!(here.certificates().unwrap().iter().count(), 0);
}

#[test]
fn a_host_that_a_copy_knew_from_before_opens_what_either_encrypted() {
    use tokenpass::{Recipient, Sender};

    let home = Home::new();
    let here = registered(&home);
    let to = Recipient::Label {
        host: Some(host("app.example")),
        label: "alice".into(),
    };
    let from = Sender::Friend {
        host: Some(host("app.example")),
        label: "alice".into(),
        public_key: None,
    };
    let own = here.encrypt(&to, b"own").unwrap();
    let with_own = backup(here.wallet());
    // As TokenPass 0.1 wrote it: its hosts' labels derive from the root key.
    let export = here.wallet().export(&password("some password")).unwrap();
    let payload = json!({
        "rootPk": *export.root.expose_wif(),
        "ids": "",
        "tokenpass": {"version": 1, "hosts": ["app.example"]},
    });
    let text = backup_of(&payload, &password(PASSPHRASE));
    let old = copy_of(&home, "old", &text);
    let shared = old.encrypt(&to, b"root").unwrap();
    assert!(here.decrypt(&from, &shared).is_err());

    assert_eq!(here.merge(&text, &mut opener()).unwrap().0.hosts, 1);
    assert_eq!(*here.decrypt(&from, &shared).unwrap(), b"root");
    assert_eq!(*here.decrypt(&from, &own).unwrap(), b"own");
    let brought = old.merge(&with_own, &mut opener()).unwrap().0;
    assert_eq!(brought.hosts, 0);
    assert_eq!(*old.decrypt(&from, &own).unwrap(), b"own");
    assert_eq!(*old.decrypt(&from, &shared).unwrap(), b"root");
}
