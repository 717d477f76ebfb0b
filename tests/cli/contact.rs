//! `tokenpass contact`, and the options that contacts stand in for.

use serde_json::{Value, json};

use crate::support::Home;

const ADDRESS: &str = "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj";
const KEY: &str = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf";
const BAP_ID: &str = "2ZHQjomPDgD7hMkHEcBioKj8f3y9";

fn add(home: &Home, name: &str, who: &str) {
    let added = home.run(["contact", "add", name, who]).prints();
    assert_eq!(added, format!("{name}\n"));
}

fn names(home: &Home) -> Vec<String> {
    let listed = home.run(["contact", "list"]).json();
    let listed = listed["contacts"].as_array().unwrap();
    let name = |one: &Value| one["name"].as_str().unwrap().to_owned();
    listed.iter().map(name).collect()
}

#[test]
fn contacts_are_added_renamed_and_removed_while_the_wallet_is_locked() {
    let home = Home::registered();
    assert_eq!(home.run(["contact", "list"]).prints(), "");
    add(&home, "Zoe", KEY);
    add(&home, "Alice", BAP_ID);
    add(&home, "Bob from work", ADDRESS);
    // Once more is as good as once.
    add(&home, "Alice", BAP_ID);
    let listed = home.run(["contact", "list"]).json();
    let told = |at: usize| {
        let one = &listed["contacts"][at];
        (
            one["name"].clone(),
            one["kind"].clone(),
            one["value"].clone(),
        )
    };
    assert_eq!(told(0), (json!("Alice"), json!("bapID"), json!(BAP_ID)));
    assert_eq!(
        told(1),
        (json!("Bob from work"), json!("address"), json!(ADDRESS))
    );
    assert_eq!(told(2), (json!("Zoe"), json!("publicKey"), json!(KEY)));
    home.run(["contact", "add", "ALICE", ADDRESS]).fails(
        1,
        "error: there is a contact `Alice` already
hint: choose another name, or remove that contact first: `tokenpass contact remove`\n",
    );
    home.run(["contact", "rename", "zoe", "alice"]).fails(
        1,
        "error: there is a contact `Alice` already
hint: choose another name, or remove that contact first: `tokenpass contact remove`\n",
    );
    home.run(["contact", "rename", "zoe", "Zoë"]).prints();
    home.run(["contact", "rename", "alice", "ALICE"]).prints();
    home.run(["contact", "remove", "bob FROM work"]).prints();
    assert_eq!(names(&home), ["ALICE", "Zoë"]);
    home.run(["contact", "remove", "Bob from work"]).fails(
        2,
        "error: no contact is called `Bob from work`
hint: `tokenpass contact list` shows them\n",
    );
    // The name is free again.
    add(&home, "Bob from work", KEY);
}

#[test]
fn what_cannot_be_a_contact_is_refused_and_no_secret_is_repeated() {
    let home = Home::registered();
    let wif = "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn";
    for (name, who, error) in [
        (
            "Bob",
            wif,
            "a contact is a BAP ID, a public key (hex) or an address",
        ),
        (
            "Bob",
            "robert",
            "a contact is a BAP ID, a public key (hex) or an address",
        ),
        (
            wif,
            KEY,
            "a contact's name cannot look like a key, an address or a BAP ID",
        ),
        (
            BAP_ID,
            KEY,
            "a contact's name cannot look like a key, an address or a BAP ID",
        ),
        ("a\u{1b}[2J", KEY, "a contact's name cannot hold `\\u{1b}`"),
        ("", KEY, "a contact's name has 1 to 64 characters"),
    ] {
        let run = home.run(["contact", "add", name, who]);
        run.fails(2, &format!("error: {error}\n"));
    }
    assert_eq!(names(&home), Vec::<String>::new());
    let none = Home::new();
    assert_eq!(none.run(["contact", "list"]).done().code, 3);
}

#[test]
fn a_name_stands_for_a_key_to_encrypt_to_and_from() {
    let (home, friend) = (Home::registered(), Home::registered());
    let (session, theirs) = (home.login(), friend.login());
    let id = |home: &Home| {
        home.run(["status"]).json()["bapID"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (own_id, friend_id) = (id(&home), id(&friend));
    add(&home, "Alice", &friend_id);
    let key = friend
        .run(["key", "--friend", &own_id])
        .session(&theirs)
        .json();
    add(&home, "Alice's key", key["publicKey"].as_str().unwrap());
    let own = home
        .run(["key", "--friend", "alice"])
        .session(&session)
        .json();
    let same = home.run(["key", "--friend", &friend_id]).session(&session);
    assert_eq!(own, same.json());
    add(&friend, "Bob", own["publicKey"].as_str().unwrap());

    // Somebody else's key needs no password, whoever it is called by.
    let sealed = home.run(["encrypt", "hi", "--to", "alice's key"]).prints();
    let sealed = sealed.trim_end();
    for from in [
        &["--friend", &*own_id][..],
        &["--friend", &own_id, "--from", "bob"],
    ] {
        let opened = friend.run([&["decrypt", sealed], from].concat());
        assert_eq!(opened.session(&theirs).prints(), "hi");
    }
}

#[test]
fn a_contact_of_another_kind_is_told_and_so_is_none() {
    let home = Home::registered();
    add(&home, "Alice", BAP_ID);
    add(&home, "Bob", ADDRESS);
    home.run(["encrypt", "hi", "--to", "alice"]).fails(
        2,
        "error: the contact `Alice` is a BAP ID: `--to` takes a public key\n",
    );
    home.run(["key", "--friend", "bob"]).password().fails(
        2,
        "error: the contact `Bob` is an address: `--friend` takes a BAP ID\n",
    );
    home.run(["encrypt", "hi", "--to", "carol"]).fails(
        2,
        "error: `--to`: `carol` is not a public key, and no contact is called that
hint: `tokenpass contact list` shows them\n",
    );
}

#[test]
fn verify_takes_a_contact_and_says_who_signed() {
    let home = Home::registered();
    let signed = home.run(["sign", "hi"]).password().json();
    let text = |field: &str| signed[field].as_str().unwrap();
    let (address, sig) = (text("address"), text("sig"));
    let verify = |of: &str, message: &str| {
        home.run(["verify", message, "--address", of, "--signature", sig])
    };
    assert_eq!(verify(address, "hi").prints(), "valid\n");
    add(&home, "Myself", address);
    for of in [address, "myself"] {
        let done = verify(of, "hi").done();
        assert_eq!((done.code, &*done.stdout), (0, &b"valid\n"[..]));
        assert_eq!(done.stderr, "signed by `Myself`\n");
        let told = verify(of, "hi").json();
        assert_eq!(told, json!({"valid": true, "contacts": ["Myself"]}));
        // Whoever did not sign is not named.
        let done = verify(of, "ho").done();
        assert_eq!((done.code, &*done.stderr), (1, ""));
    }
}

#[test]
fn contacts_go_into_a_backup_and_come_back() {
    let home = Home::registered();
    add(&home, "Alice", BAP_ID);
    add(&home, "Bob", KEY);
    home.run(["contact", "remove", "Bob"]).prints();
    let backup = home.beside("wallet.bep");
    let backup = backup.to_str().unwrap();
    let passphrase = home.secret_file("passphrase", "another passphrase");
    let options = ["--backup-password-file", &passphrase];
    let export = ["export", "--format", "bep", "--output", backup];
    home.run([&export[..], &options].concat())
        .password()
        .succeeds();
    let other = Home::new();
    let import = ["import", "--backup", backup];
    let done = other
        .run([&import[..], &options].concat())
        .password()
        .done();
    assert_eq!(done.code, 0, "{}", done.stderr);
    let list = ["contact", "list"];
    assert_eq!(other.run(list).json(), home.run(list).json());
    // What was there before goes with the wallet that it belonged to.
    let words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    let import = ["import", "--mnemonic-file", "-", "--force"];
    other.run(import).password().stdin(words).done();
    assert_eq!(names(&other), Vec::<String>::new());
}
