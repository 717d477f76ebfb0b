//! What holds for every set of identities and every backup.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value};
use tokenpass::testing::crypto::backup_file;
use tokenpass::testing::crypto::keys::PrivateKey;
use tokenpass::testing::crypto::mnemonic::{Mnemonic, Seed};
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::identity::aip::{self, Preimage};
use tokenpass::testing::identity::{IdentityBook, ids};
use tokenpass::testing::store::LabelParent;
use tokenpass::testing::wallet::moving::desktop::{DesktopFiles, DesktopWallet};
use tokenpass::testing::wallet::moving::payload::{self, Backup, KnownHost};

/// What is done to a book.
#[derive(Debug, Clone)]
enum Step {
    Create(String),
    Rotate(Index),
    Rename(Index, String),
    Set(Index, String, String, [u8; 32]),
    Remove(Index, Index),
    Primary(Index),
}

fn step() -> impl Strategy<Value = Step> {
    let name = "[^\\p{C}]{1,20}";
    prop_oneof![
        name.prop_map(Step::Create),
        any::<Index>().prop_map(Step::Rotate),
        (any::<Index>(), name).prop_map(|(of, name)| Step::Rename(of, name)),
        (
            any::<Index>(),
            "[^:\\p{C}]{1,12}",
            "(?s).{1,40}",
            any::<[u8; 32]>()
        )
            .prop_map(|(of, name, value, nonce)| Step::Set(of, name, value, nonce)),
        (any::<Index>(), any::<Index>()).prop_map(|(of, which)| Step::Remove(of, which)),
        any::<Index>().prop_map(Step::Primary),
    ]
}

fn key() -> impl Strategy<Value = [u8; 32]> {
    any::<[u8; 32]>().prop_filter("a scalar", |key| PrivateKey::from_bytes(key).is_ok())
}

fn book(root: &PrivateKey, steps: Vec<Step>) -> IdentityBook {
    let mut book = IdentityBook::new();
    book.create(root, "Primary Identity").unwrap();
    for step in steps {
        let id = |index: Index| {
            book.iter()
                .nth(index.index(book.len()))
                .unwrap()
                .id()
                .clone()
        };
        match step {
            Step::Create(name) => drop(book.create(root, &name).map(|_| ())),
            Step::Rotate(of) => drop(book.rotate(&id(of)).map(|_| ())),
            Step::Rename(of, name) => book.rename(&id(of), &name).unwrap(),
            Step::Set(of, name, value, nonce) => {
                book.set_attribute(&id(of), &name, &value, nonce).unwrap();
            }
            Step::Remove(of, which) => {
                let id = id(of);
                let attributes = book.get(&id).unwrap().attributes();
                let count = attributes.len();
                if count > 0 {
                    let (name, _) = attributes.iter().nth(which.index(count)).unwrap();
                    let name = name.to_string();
                    assert!(book.remove_attribute(&id, &name).unwrap());
                }
            }
            Step::Primary(of) => book.set_primary(&id(of)).unwrap(),
        }
    }
    book
}

/// The same but for the primary identity, which an export does not tell.
fn same_identities(a: &IdentityBook, b: &IdentityBook) -> bool {
    a.iter().eq(b.iter())
}

/// Bytes of any kind, and JSON lines that come near to what is read.
fn readable() -> impl Strategy<Value = Vec<u8>> {
    let field = "(\"(_id|hex|iv|encryptedData|encrypted|host|wif|rootPk|ids|tokenpass)\":(\"[0-9a-f]{0,8}\"|5|\\{\\}|null))";
    let lines = format!("(\\{{{field}(,{field}){{0,4}}\\}}\n){{1,3}}");
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        proptest::string::string_regex(&lines)
            .expect("a regular expression")
            .prop_map(String::into_bytes),
    ]
}

#[test]
fn what_fits_into_a_book_fits_into_a_backup() {
    let root = PrivateKey::from_bytes(&[1; 32]).unwrap();
    let mut book = book(&root, Vec::new());
    let id = book.primary().unwrap().id().clone();
    // What JSON makes longest: six characters for one byte.
    let value = "\u{1}".repeat(1000);
    let mut count = 0;
    while book
        .set_attribute(&id, &count.to_string(), &value, [0; 32])
        .is_ok()
    {
        count += 1;
    }
    assert!(count > 100);
    assert_eq!(book.primary().unwrap().attributes().len(), count);
    let backup = Backup {
        root: &root,
        seed: None,
        mnemonic: None,
        identities: &book,
        profile: &Map::new(),
        profile_times: &Default::default(),
        hosts: &[],
        contacts: &[],
        certificates: &Default::default(),
        label: "TokenPass",
        created_at: "2026-01-02T03:04:05.678Z",
    };
    let json = backup.to_json(&root).unwrap();
    assert!(json.len() * 4 / 3 < backup_file::MAX_TEXT_LEN - 1024 * 1024);
    assert!(payload::restore(&json, &[]).unwrap().identities == book);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_book_survives_sealing_and_export(
        root in key(),
        ephemeral in key(),
        steps in prop::collection::vec(step(), 0..20),
    ) {
        let root = PrivateKey::from_bytes(&root).unwrap();
        let ephemeral = PrivateKey::from_bytes(&ephemeral).unwrap();
        let book = book(&root, steps);
        prop_assert!(IdentityBook::from_json(&book.to_json()).unwrap() == book);
        let exported = ids::export(&book, &root, &ephemeral).unwrap();
        prop_assert!(same_identities(&ids::import(&exported, &root).unwrap(), &book));
    }

    #[test]
    fn a_wallet_survives_its_backup(
        entropy in any::<[u8; 16]>(),
        passphrase in "[a-z]{0,6}",
        with_words in any::<bool>(),
        ephemeral in key(),
        steps in prop::collection::vec(step(), 0..8),
        hosts in prop::collection::btree_map("[a-z]{1,8}\\.com", any::<bool>(), 0..3),
        display_name in "(?s).{0,20}",
    ) {
        let words = Mnemonic::from_entropy(&entropy).unwrap();
        let seed = words.seed(&passphrase);
        let root = seed.root_key().unwrap();
        let book = book(&root, steps);
        let profile = Map::from_iter([("displayName".to_owned(), Value::from(display_name))]);
        let hosts: Vec<_> = hosts
            .into_iter()
            .map(|(host, own)| KnownHost {
                host,
                labels: if own { LabelParent::Host } else { LabelParent::Root },
            })
            .collect();
        let backup = Backup {
            root: &root,
            seed: Some(&seed),
            mnemonic: with_words.then_some(&words),
            identities: &book,
            profile: &profile,
            profile_times: &Default::default(),
            hosts: &hosts,
            contacts: &[],
        certificates: &Default::default(),
            label: "TokenPass",
            created_at: "2026-01-02T03:04:05.678Z",
        };
        let ephemeral = PrivateKey::from_bytes(&ephemeral).unwrap();
        let json = backup.to_json(&ephemeral).unwrap();
        let restored = payload::restore(&json, &[]).unwrap();
        prop_assert_eq!(restored.root.expose_bytes(), root.expose_bytes());
        prop_assert_eq!(
            restored.seed.as_ref().map(Seed::expose_bytes),
            Some(seed.expose_bytes())
        );
        prop_assert_eq!(
            restored.mnemonic.map(|words| words.expose_phrase()),
            with_words.then(|| words.expose_phrase())
        );
        prop_assert!(restored.identities == book);
        prop_assert_eq!(restored.profile, profile);
        prop_assert_eq!(restored.hosts, hosts);
    }

    #[test]
    fn a_damaged_export_is_refused(position in any::<Index>(), bit in 0..8u32, cut in any::<Index>()) {
        use base64::Engine as _;
        use base64::prelude::BASE64_STANDARD;
        let root = PrivateKey::from_bytes(&[1; 32]).unwrap();
        let exported = ids::export(&book(&root, Vec::new()), &root, &root).unwrap();
        let good = BASE64_STANDARD.decode(&exported).unwrap();
        let mut bad = good.clone();
        bad[position.index(good.len())] ^= 1 << bit;
        prop_assert!(ids::import(&BASE64_STANDARD.encode(bad), &root).is_err());
        let short = &good[..cut.index(good.len())];
        prop_assert!(ids::import(&BASE64_STANDARD.encode(short), &root).is_err());
    }

    #[test]
    fn a_signature_covers_every_push(
        data in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 1..5),
        with_bar in any::<bool>(),
        push in any::<Index>(),
        byte in any::<Index>(),
        bit in 0..8u32,
    ) {
        let key = PrivateKey::from_bytes(&[9; 32]).unwrap();
        let preimage = if with_bar { Preimage::WithBar } else { Preimage::WithoutBar };
        let mut pushes = data;
        let suffix = aip::sign(&key, &pushes, preimage);
        pushes.extend(suffix);
        let signed = aip::verify(&pushes).unwrap();
        prop_assert_eq!(signed.address, key.public_key().address());
        prop_assert_eq!(signed.preimage, preimage);
        let push = push.index(pushes.len());
        let byte = byte.index(pushes[push].len());
        pushes[push][byte] ^= 1 << bit;
        prop_assert!(aip::verify(&pushes).is_err());
    }

    #[test]
    fn no_bytes_upset_a_reader(bytes in readable()) {
        let _ = payload::restore(&bytes, &[]);
        let _ = IdentityBook::from_json(&bytes);
        let _ = ids::import(&String::from_utf8_lossy(&bytes), &PrivateKey::from_bytes(&[1; 32]).unwrap());
        let files = DesktopFiles {
            backup: None,
            seed: Some(&bytes),
            keys: Some(&bytes),
            state: Some(&bytes),
        };
        let _ = DesktopWallet::read(files, &Password::new("password".to_owned()));
        let _ = aip::verify(&bytes.chunks(7).map(<[u8]>::to_vec).collect::<Vec<_>>());
    }
}
