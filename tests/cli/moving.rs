//! Wallets that come from elsewhere, and backups.

use crate::support::{Home, PASSWORD, golden};

fn words() -> String {
    golden()["mnemonic"].as_str().unwrap().to_owned()
}

#[test]
fn seed_xprv_and_root_key_give_the_same_wallet() {
    let golden = golden();
    for (option, secret) in [
        ("--seed-file", &golden["seed"]),
        ("--xprv-file", &golden["xprv"]),
        ("--wif-file", &golden["root"]["wif"]),
    ] {
        let home = Home::new();
        let file = home.secret_file("secret", &format!("{}\n", secret.as_str().unwrap()));
        let answer = home.run(["import", option, &file]).password().json();
        assert_eq!(answer["bapID"], golden["bap_ids"][0]["identity_key"]);
        assert_eq!(answer["address"], golden["bap_ids"][0]["root_address"]);
    }
}

#[test]
fn a_wallet_from_a_root_key_has_no_words_to_show() {
    let home = Home::new();
    let wif = golden()["root"]["wif"].as_str().unwrap().to_owned();
    home.run(["import", "--wif-file", "-"])
        .password()
        .stdin(wif)
        .prints();
    home.run(["export"]).password().fails(
        1,
        "error: this wallet was made from a bare root key: it has no seed and no mnemonic
hint: back it up: `tokenpass export --format bep --output wallet.bep`
",
    );
}

#[test]
fn a_bip39_passphrase_makes_another_wallet() {
    let (plain, other) = (Home::golden(), Home::new());
    let file = other.secret_file("words", &words());
    let passphrase = other.secret_file("passphrase", "TREZOR");
    other
        .run([
            "import",
            "--mnemonic-file",
            &file,
            "--bip39-passphrase-file",
            &passphrase,
        ])
        .password()
        .prints();
    let id = |home: &Home| home.run(["status"]).json()["bapID"].clone();
    assert_ne!(id(&plain), id(&other));
    let export = other.run(["export"]).password().done();
    assert_eq!(export.code, 0);
    assert_eq!(
        export.stderr,
        "warning: the words alone do not restore this wallet: they need their BIP-39 passphrase too\n"
    );
}

#[test]
fn what_is_wrong_with_a_secret_is_told_without_the_secret() {
    let wrong_word = words().replace("virtual", "virtuell");
    let wrong_order = words().replace("vehicle enough", "enough vehicle");
    for (option, secret, message) in [
        (
            "--mnemonic-file",
            wrong_word.as_str(),
            "word 5, `virtuell`, is not in the BIP-39 English word list",
        ),
        (
            "--mnemonic-file",
            &wrong_order,
            "the words do not fit together: one is wrong or they are in the wrong order",
        ),
        (
            "--mnemonic-file",
            "vehicle enough",
            "a mnemonic has 12, 15, 18, 21 or 24 words, not 2",
        ),
        (
            "--seed-file",
            "abcd",
            "not a seed of 128 hex digits: it is too long or too short",
        ),
        (
            "--wif-file",
            "KyRKu9VUC8zj4bwtju1zG6pvKHq9g9e9AxhzfBGYeRJ3KcDujXip",
            "not a WIF private key: its checksum is wrong, look for a typing error",
        ),
        ("--xprv-file", "xprv9s21", "not an extended private key: "),
    ] {
        let home = Home::new();
        let done = home
            .run(["import", option, "-"])
            .password()
            .stdin(secret)
            .done();
        assert_eq!(done.code, 2);
        let start = format!("error: `-`: {message}");
        assert!(
            done.stderr.starts_with(&start),
            "{:?} is not {start:?}",
            done.stderr
        );
        assert!(!home.path().exists());
    }
}

#[test]
fn exactly_one_source_is_wanted() {
    let home = Home::new();
    let none = home.run(["import"]).password().done();
    assert_eq!(none.code, 2);
    assert!(
        none.stderr
            .starts_with("error: missing one of `--mnemonic-file <FILE>`, `--seed-file <FILE>`, "),
        "{}",
        none.stderr
    );
    home.run(["import", "--seed-file", "a", "--wif-file", "b"])
        .password()
        .fails(
            2,
            "error: `--seed-file <FILE>` cannot be used with `--wif-file <FILE>`
hint: `tokenpass import --help` says more
",
        );
    home.run([
        "import",
        "--mnemonic-file",
        "-",
        "--bip39-passphrase-file",
        "-",
    ])
    .password()
    .fails(2, "error: only one file can be standard input\n");
}

#[test]
fn a_secret_that_others_can_read_is_warned_of() {
    let home = Home::new();
    let file = home.beside("words");
    std::fs::write(&file, words()).unwrap();
    let file = file.to_str().unwrap();
    let done = home
        .run(["import", "--mnemonic-file", file])
        .password()
        .done();
    assert_eq!(done.code, 0);
    if cfg!(unix) {
        assert_eq!(
            done.stderr,
            format!("warning: `{file}` can be read by others (mode 0644)\n")
        );
    }
}

#[test]
fn a_backup_restores_everything_elsewhere() {
    let (home, elsewhere) = (Home::golden(), Home::new());
    home.run(["profile", "set", "displayName=Ada"]).prints();
    home.run(["key", "--host", "example.com"])
        .password()
        .prints();
    let passphrase = home.secret_file("passphrase", "a backup's own words");
    let file = home.beside("wallet.bep");
    let file = file.to_str().unwrap();
    let export = [
        "export",
        "--format",
        "bep",
        "--output",
        file,
        "--backup-password-file",
        &passphrase,
    ];
    let done = home.run(export).password().done();
    assert_eq!((done.code, done.stdout.len()), (0, 0));
    assert_eq!(
        done.stderr,
        format!("`{file}` is written; only you can read it\n")
    );
    home.run(export).password().fails(
        1,
        &format!(
            "error: cannot write `{file}`: it exists already
hint: choose another name, or replace the file with `--force`\n"
        ),
    );
    let import = ["import", "--backup", file, "--backup-password-file"];
    let wrong = home.secret_file("wrong", "not these words");
    elsewhere
        .run(import.into_iter().chain([&wrong[..]]))
        .password()
        .fails(
            1,
            "error: wrong backup passphrase, or the backup is damaged
hint: it is the passphrase that the backup was made with, not always the password
",
        );
    assert!(!elsewhere.path().exists());
    elsewhere
        .run(import.into_iter().chain([&passphrase[..]]))
        .password()
        .prints();
    for args in [&["profile"][..], &["key", "--host", "example.com"]] {
        let shown = |home: &Home| home.run(args).password().prints();
        assert_eq!(shown(&home), shown(&elsewhere));
    }
    let hosts = elsewhere.run(["status"]).json();
    assert_eq!(hosts["keys"][0]["host"], "example.com");
}

/// How many rows a wallet has in each table that knows of wallets.
fn rows_of(home: &Home, wallet: &[u8]) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for name in ["state.db", "keys.db"] {
        let db = rusqlite::Connection::open(home.path().join(name)).unwrap();
        let tables = "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c
                      WHERE m.type = 'table' AND c.name = 'wallet'";
        let mut tables = db.prepare(tables).unwrap();
        let tables = tables.query_map([], |row| row.get(0)).unwrap();
        for table in tables {
            let table: String = table.unwrap();
            let count = format!("SELECT count(*) FROM {table} WHERE wallet = ?");
            let count = db.query_row(&count, [wallet], |row| row.get(0)).unwrap();
            found.push((table, count));
        }
    }
    found
}

/// Whichever table there is, now or later.
#[test]
fn nothing_of_a_wallet_that_was_replaced_stays() {
    let home = Home::golden();
    let address = "1KcDRiyL8WrqVfP9xfzCXub5ZYwySakQvk";
    for args in [
        &["auth", "--host", "a.example"][..],
        &["contact", "add", "Ada", address],
        &["permission", "allow", "a.example", "--all"],
        &[
            "client",
            "add",
            "desk",
            "--redirect-uri",
            "https://desk.example/back",
        ],
        &["sign", "hi", "--host", "b.example"],
        &["login"],
    ] {
        home.run(args).password().succeeds();
    }
    let seed = rusqlite::Connection::open(home.path().join("seed.db")).unwrap();
    let id = seed.query_row("SELECT wallet FROM vault", [], |row| row.get(0));
    let id: Vec<u8> = id.unwrap();
    let filled = rows_of(&home, &id);
    let filled = filled.iter().filter(|(_, count)| *count > 0).count();
    assert!(filled >= 7, "{:?}", rows_of(&home, &id));
    let seed = home.secret_file("seed", &"07".repeat(64));
    let import = ["import", "--force", "--yes", "--seed-file", &seed];
    home.run(import).password().succeeds();
    let left = rows_of(&home, &id);
    assert!(left.iter().all(|(_, count)| *count == 0), "{left:?}");
}

#[test]
fn a_forced_import_leaves_a_backup_of_the_old_wallet() {
    let home = Home::registered();
    let old = home.run(["status"]).json()["bapID"].clone();
    let force = ["import", "--force", "--mnemonic-file", "-"];
    let wrong = home
        .run(force)
        .env("TOKENPASS_PASSWORD", "wrong horse battery");
    assert_eq!(wrong.stdin(words()).done().code, 1);
    assert_eq!(home.run(["status"]).json()["bapID"], old);
    let answer = home.run(force).password().stdin(words());
    let answer = String::from_utf8(answer.succeeds()).unwrap();
    assert_eq!(answer.trim(), golden()["bap_ids"][0]["identity_key"]);
    let backup = std::fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "bep"))
        .unwrap();
    let elsewhere = Home::new();
    let password = elsewhere.secret_file("pw", PASSWORD);
    let restored = elsewhere
        .run([
            "import",
            "--backup",
            backup.to_str().unwrap(),
            "--backup-password-file",
            &password,
        ])
        .password()
        .prints();
    assert_eq!(restored.trim(), old);
}

#[test]
fn a_folder_that_is_no_desktop_wallet_is_refused() {
    let home = Home::new();
    let empty = home.beside("empty");
    std::fs::create_dir(&empty).unwrap();
    home.run(["import", "--desktop", empty.to_str().unwrap()])
        .password()
        .fails(
            2,
            "error: not a TokenPass Desktop folder: there is neither `backup.bep` nor `seed.db`
hint: it is `~/.tokenpass` where it was used
",
        );
}
