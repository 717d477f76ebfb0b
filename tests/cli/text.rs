//! Text as people have it: byte-order marks, line ends, white space, Unicode
//! forms, words as they were written down, keys and addresses of other kinds.

use std::process::Command;

use crate::support::{Home, PASSWORD, golden};

const MARK: &str = "\u{feff}";

/// The words of many wallets' tests, and what they lead to.
const WINNER: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// Imports what a file holds; the BAP ID.
#[track_caller]
fn imported(option: &str, contents: impl AsRef<[u8]>) -> String {
    let home = Home::new();
    let file = home.beside("secret");
    write(&file, contents.as_ref());
    let import = ["import", option, file.to_str().unwrap()];
    home.run(import).password().prints()
}

/// What is said of a file that is refused; nothing is made.
#[track_caller]
fn refused(option: &str, contents: impl AsRef<[u8]>) -> String {
    let home = Home::new();
    let file = home.beside("secret");
    write(&file, contents.as_ref());
    let import = ["import", option, file.to_str().unwrap()];
    let done = home.run(import).password().done();
    assert_eq!((done.code, done.stdout.len()), (2, 0), "{}", done.stderr);
    assert!(!home.path().exists());
    let first = done.stderr.lines().next().unwrap();
    let said = first.strip_prefix(&format!("error: `{}`: ", file.display()));
    said.unwrap_or(first).to_owned()
}

fn write(path: &std::path::Path, contents: &[u8]) {
    use tokenpass::testing::platform::files;
    files::write_private(path, contents, true).unwrap();
}

#[test]
fn a_mark_is_no_content_of_a_secret() {
    let golden = golden();
    let id = golden["bap_ids"][0]["identity_key"].as_str().unwrap();
    for (option, secret) in [
        ("--mnemonic-file", &golden["mnemonic"]),
        ("--seed-file", &golden["seed"]),
        ("--xprv-file", &golden["xprv"]),
        ("--wif-file", &golden["root"]["wif"]),
    ] {
        let secret = secret.as_str().unwrap();
        for text in [
            format!("{MARK}{secret}\r\n"),
            format!(" {secret}\n\n"),
            format!("{secret}\r"),
        ] {
            assert_eq!(imported(option, &text).trim(), id, "{option} {text:?}");
        }
        let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for utf16 in [[&b"\xff\xfe"[..], &utf16].concat(), utf16] {
            let said = refused(option, utf16);
            assert!(said.ends_with("is UTF-16, save it as UTF-8"), "{said}");
        }
    }
    // A line may be broken where a mail program likes.
    for (option, secret) in [
        ("--xprv-file", &golden["xprv"]),
        ("--seed-file", &golden["seed"]),
    ] {
        let (first, second) = secret.as_str().unwrap().split_at(50);
        assert_eq!(
            imported(option, format!("{first}\r\n {second}\n")).trim(),
            id
        );
    }
}

#[test]
fn a_password_is_its_one_line_wherever_it_comes_from() {
    let home = Home::new();
    let marked = home.secret_file("marked", &format!("{MARK}plainpass-99\r\n"));
    let words = home.secret_file("words", &format!("{MARK}{WINNER}\n"));
    home.run([
        "import",
        "--mnemonic-file",
        &words,
        "--password-file",
        &marked,
    ])
    .prints();
    let key = home
        .run(["key"])
        .env("TOKENPASS_PASSWORD", "plainpass-99")
        .prints();
    for password in ["plainpass-99\n", "plainpass-99\r\n", "\u{feff}plainpass-99"] {
        let file = home.secret_file("password", password);
        let again = [
            home.run(["key"]).env("TOKENPASS_PASSWORD", password),
            home.run(["key", "--password-file", &file]),
            home.run(["key", "--password-file", "-"]).stdin(password),
            home.run(["key", "--password-stdin"]).stdin(password),
        ];
        for run in again {
            assert_eq!(run.prints(), key, "{password:?}");
        }
    }
    for password in ["plainpass-99\n\n", "plainpass-99\nmore"] {
        let file = home.secret_file("password", password);
        let of_file = home.run(["key", "--password-file", &file]);
        of_file.fails(2, &format!("error: `{file}` holds more than one line\n"));
        let of_environment = home.run(["key"]).env("TOKENPASS_PASSWORD", password);
        of_environment.fails(2, "error: `TOKENPASS_PASSWORD` holds more than one line\n");
    }
}

const COMPOSED: &str = "caf\u{e9}-password";
const DECOMPOSED: &str = "cafe\u{301}-password";

#[test]
fn a_password_opens_in_whatever_form_it_is_typed() {
    for (made, typed) in [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)] {
        let home = Home::new();
        let with = |args: &[&str], password: &str| {
            home.run(args).env("TOKENPASS_PASSWORD", password).done()
        };
        assert_eq!(with(&["register", "-q"], made).code, 0);
        for password in [typed, made] {
            assert_eq!(with(&["key"], password).code, 0);
        }
        assert_eq!(with(&["key"], "cafe-password").code, 1);
    }
}

#[test]
fn a_backup_opens_with_the_other_form_of_its_passphrase() {
    let (home, elsewhere) = (Home::golden(), Home::new());
    let file = home.beside("wallet.bep");
    let file = file.to_str().unwrap();
    let passphrase = home.secret_file("made", DECOMPOSED);
    let export = [
        "export",
        "--format",
        "bep",
        "--output",
        file,
        "--backup-password-file",
    ];
    let done = home
        .run(export.into_iter().chain([&passphrase[..]]))
        .password()
        .done();
    assert_eq!(done.code, 0, "{}", done.stderr);
    let text = std::fs::read_to_string(file).unwrap();
    let marked = home.secret_file("marked.bep", &format!("{MARK}{text}\r\n"));
    let typed = home.secret_file("typed", &format!("{MARK}{COMPOSED}\r\n"));
    let import = [
        "import",
        "--backup",
        &marked,
        "--backup-password-file",
        &typed,
    ];
    let id = elsewhere.run(import).password().prints();
    assert_eq!(id.trim(), golden()["bap_ids"][0]["identity_key"]);
}

#[test]
fn words_are_taken_as_they_were_written_down() {
    let numbered = |mark: &str, between: &str| -> String {
        let words = WINNER.split(' ').enumerate();
        words
            .map(|(index, word)| format!("{}{mark}{word}{between}", index + 1))
            .collect()
    };
    let id = imported("--mnemonic-file", WINNER);
    for text in [
        numbered(". ", "\n"),
        numbered(") ", "\r\n"),
        numbered(": ", ", "),
        format!("{}.", WINNER.replace(' ', ", ")),
        WINNER.to_uppercase().replace(' ', "\t\n"),
        "lega winn than year wave saus wort usef lega winn than yell".to_owned(),
    ] {
        assert_eq!(imported("--mnemonic-file", &text), id, "{text:?}");
    }
}

#[test]
fn what_is_wrong_with_words_is_said() {
    for (text, said) in [
        (
            WINNER.replace("yellow", "yellwo"),
            "word 12, `yellwo`, is not in the BIP-39 English word list: did you mean `yellow`?",
        ),
        (
            WINNER.replace("yellow", "winner"),
            "the words do not fit together: one is wrong or they are in the wrong order",
        ),
        (
            "napkin remember anger mean exile order drift return ski toss breeze blade".to_owned(),
            "these words are an Electrum seed, which is no BIP-39 mnemonic: it makes other keys",
        ),
        (
            "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn".to_owned(),
            "these are no words, but a private key in WIF",
        ),
        (
            golden()["seed"].as_str().unwrap().to_owned(),
            "these are no words, but 64 bytes of hex, like a BIP-39 seed",
        ),
        (
            golden()["xprv"].as_str().unwrap().to_owned(),
            "these are no words, but an extended private key (xprv)",
        ),
        (
            format!("{{\"phrase\":\"{WINNER}\"}}"),
            "these are no words, but JSON",
        ),
    ] {
        assert_eq!(refused("--mnemonic-file", text), said);
    }
    assert_eq!(
        refused("--seed-file", WINNER),
        "not a seed of 128 hex digits: it is words, like a mnemonic"
    );
}

#[test]
fn our_own_export_is_imported() {
    let home = Home::golden();
    let id = golden()["bap_ids"][0]["identity_key"]
        .as_str()
        .unwrap()
        .to_owned();
    for format in ["json", "text"] {
        let export = home.run(["export", "--format", format]).password().prints();
        for option in ["--mnemonic-file", "--seed-file"] {
            let export = format!("{MARK}{}", export.replace('\n', "\r\n"));
            assert_eq!(imported(option, export).trim(), id, "{format} {option}");
        }
    }
}

/// The words of such an export lead elsewhere; its seed does not.
#[test]
fn an_export_of_words_with_a_passphrase_gives_the_same_wallet() {
    let home = Home::new();
    let (words, phrase) = (
        home.secret_file("w", WINNER),
        home.secret_file("p", "extra"),
    );
    let import = [
        "import",
        "--mnemonic-file",
        &words,
        "--bip39-passphrase-file",
        &phrase,
    ];
    let id = home.run(import).password().prints();
    assert_ne!(id, imported("--mnemonic-file", WINNER));
    let export = home
        .run(["export", "--format", "json"])
        .password()
        .succeeds();
    assert_eq!(imported("--mnemonic-file", &export), id);
    assert_eq!(imported("--seed-file", &export), id);
}

#[test]
fn other_kinds_of_keys_are_named() {
    for (secret, said) in [
        (
            "cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA",
            "a testnet private key in WIF",
        ),
        (
            "p2pkh:KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
            "a key as Electrum exports it: give only what follows the colon",
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000001",
            "32 bytes of hex, like a bare private key",
        ),
        (
            "6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg",
            "a private key encrypted with a passphrase (BIP-38): decrypt it first",
        ),
        (
            "S6c56bnXQiBjk9mqSYE7ykVQ7NzrRy",
            "a mini private key: convert it to WIF first",
        ),
        ("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "an address"),
        (WINNER, "words, like a mnemonic"),
    ] {
        let expected = format!("not a WIF private key: it is {said}");
        assert_eq!(refused("--wif-file", secret), expected);
    }
}

#[test]
fn addresses_and_signatures_are_taken_as_they_were_copied() {
    let golden = golden();
    let host = &golden["host_keys"][0];
    let [address, message, signature] =
        ["address", "sample_message", "sample_signature"].map(|name| host[name].as_str().unwrap());
    let home = Home::new();
    let verify = |address: &str, signature: &str| {
        home.run([
            "verify",
            message,
            "--address",
            address,
            "--signature",
            signature,
        ])
    };
    let (first, second) = signature.split_at(64);
    for signature in [
        format!("{first}\n{second}"),
        format!("{MARK}{first}\r\n{second}\r\n"),
        format!(" {signature} "),
    ] {
        let around = format!("{MARK} {address}\r");
        assert_eq!(verify(&around, &signature).prints(), "valid\n");
    }
    for (address, kind) in [
        (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "a Taproot (bech32m) address",
        ),
        ("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "a testnet address"),
        (
            "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
            "a testnet SegWit (bech32) address",
        ),
        (
            "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
            "a private key in WIF",
        ),
    ] {
        let done = verify(address, signature).done();
        assert_eq!(done.code, 2);
        let said = format!("not a bitcoin address: it is {kind}");
        assert!(done.stderr.contains(&said), "{}", done.stderr);
        assert!(!done.stderr.contains("KwDiBf89"), "{}", done.stderr);
    }
    // With the older headers nobody knows what a SegWit address means.
    for (address, kind) in [
        (
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "a SegWit (bech32) address",
        ),
        (
            "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN",
            "a script (P2SH) address",
        ),
    ] {
        let done = verify(address, signature).done();
        assert_eq!(done.code, 2);
        assert!(done.stderr.contains(kind), "{}", done.stderr);
    }
    let bip322 = "AkcwRAIgZRfIY3p7/DoVTty6YZbWS71bc5Vct9p9Fia83eRmw2QCICK/ENGfwLtptFluMGs2KsqoNSk89pO7F29zJLUx9a/sASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=";
    let done = verify(address, bip322).done();
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("BIP-322"), "{}", done.stderr);
}

#[test]
fn a_message_in_its_envelope_is_verified() {
    let home = Home::golden();
    let sign = |message: &str| {
        let signed = home.run(["sign", message]).password().json();
        ["address", "sig"].map(|name| signed[name].as_str().unwrap().to_owned())
    };
    let [address, signature] = sign("first line\n\nthird");
    let begin = "-----BEGIN BITCOIN SIGNED MESSAGE-----\nfirst line\n\nthird\n";
    let elsewhere = Home::new();
    for tail in [
        format!(
            "-----BEGIN SIGNATURE-----\n{address}\n{signature}\n-----END BITCOIN SIGNED MESSAGE-----\n"
        ),
        format!(
            "-----BEGIN BITCOIN SIGNATURE-----\nVersion: 1\nAddress: {address}\n\n{signature}\n-----END BITCOIN SIGNATURE-----\n"
        ),
    ] {
        let envelope = format!("{begin}{tail}");
        for text in [
            format!("{MARK}{}", envelope.replace('\n', "\r\n")),
            envelope.clone(),
        ] {
            assert_eq!(
                elsewhere.run(["verify"]).stdin(text.clone()).prints(),
                "valid\n"
            );
            assert_eq!(elsewhere.run(["verify", "--", &text]).prints(), "valid\n");
            let file = elsewhere.secret_file("mail", &text);
            assert_eq!(
                elsewhere.run(["verify", "--file", &file]).prints(),
                "valid\n"
            );
        }
        let forged = envelope.replace("third", "fourth");
        let done = elsewhere.run(["verify"]).stdin(forged).done();
        assert_eq!((done.code, &done.stdout[..]), (1, &b"invalid\n"[..]));
    }
    // Signed with the line ends of Windows.
    let [address, signature] = sign("a\r\nb");
    let text = format!(
        "-----BEGIN BITCOIN SIGNED MESSAGE-----\r\na\r\nb\r\n-----BEGIN SIGNATURE-----\r\n{address}\r\n{signature}\r\n"
    );
    assert_eq!(elsewhere.run(["verify"]).stdin(text).prints(), "valid\n");
    let done = elsewhere.run(["verify"]).stdin(begin).done();
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("no line"), "{}", done.stderr);
}

#[test]
fn tokens_and_times_are_taken_as_what_they_are() {
    let home = Home::golden();
    let sign = |timestamp: &str| {
        home.run(["sign", "--path", "/p", "--timestamp", timestamp])
            .password()
            .prints()
    };
    let utc = sign("2026-11-25T10:00:00+00:00");
    assert_eq!(utc.split('|').nth(2), Some("2026-11-25T10:00:00.000Z"));
    let east = sign("2026-11-25T11:30:00.5+01:30");
    assert_eq!(east.split('|').nth(2), Some("2026-11-25T10:00:00.500Z"));
    let token = home.run(["sign", "--path", "/p"]).password().prints();
    for around in [
        format!("{}\r", token.trim()),
        format!("{MARK}{token}"),
        format!(" {token}"),
    ] {
        let verify = ["verify", "--token", &around, "--path", "/p"];
        assert_eq!(home.run(verify).prints(), "valid\n");
    }
}

#[test]
fn hex_and_base64_may_be_wrapped_and_a_mark_is_signed_where_it_is_text() {
    let home = Home::golden();
    let sign = |args: &[&str], stdin: &str| {
        let args = ["sign"].iter().chain(args);
        home.run(args).password().stdin(stdin).prints()
    };
    let hi = sign(&[], "hi");
    for text in ["6869", "\u{feff}68\r\n69\r\n", "6 8 6 9"] {
        assert_eq!(sign(&["--encoding", "hex"], text), hi, "{text:?}");
    }
    for text in ["aGk=", "\u{feff}aG\nk=\n"] {
        assert_eq!(sign(&["--encoding", "base64"], text), hi, "{text:?}");
    }
    assert_ne!(sign(&[], "\u{feff}hi"), hi);
    assert_ne!(sign(&[], "hi\r\n"), sign(&[], "hi\n"));
}

#[test]
fn what_is_no_bie1_is_said_to_be_none() {
    let home = Home::golden();
    let bitcore = format!("03{}", "07".repeat(100));
    for ciphertext in ["", "00", "68656c6c6f", &bitcore] {
        let done = home.run(["decrypt"]).password().stdin(ciphertext).done();
        assert_eq!(done.code, 2, "{ciphertext}");
        assert!(
            done.stderr.contains("not a BIE1 ciphertext"),
            "{}",
            done.stderr
        );
    }
    let sealed = home.run(["encrypt", "hi"]).password().prints();
    let wrapped = sealed.trim().chars().collect::<Vec<_>>();
    let wrapped: Vec<String> = wrapped
        .chunks(60)
        .map(|line| line.iter().collect())
        .collect();
    let text = format!("{MARK}{}\r\n", wrapped.join("\r\n"));
    assert_eq!(home.run(["decrypt"]).password().stdin(text).prints(), "hi");
    let damaged = sealed.trim().to_owned() + "00";
    assert_eq!(
        home.run(["decrypt"]).password().stdin(damaged).done().code,
        1
    );
}

#[test]
fn a_home_with_a_tilde_is_the_users() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_tokenpass"))
            .env_clear()
            .env("HOME", folder.path())
            .env("TOKENPASS_HOME", "~/.tp")
            .env("TOKENPASS_INSECURE_TEST_KDF_ITERATIONS", "1")
            .env("TOKENPASS_PASSWORD", PASSWORD)
            .current_dir(folder.path())
            .args(args)
            .output()
            .unwrap()
    };
    assert!(run(&["register"]).status.success());
    assert!(folder.path().join(".tp/seed.db").exists());
    assert!(!folder.path().join("~").exists());
}
