//! Files of any size: signed, verified, encrypted and decrypted in a stream,
//! written whole or not at all.

use std::fs::{self, File};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::run::Run;
use crate::support::{Home, golden};

/// Lengths around a block, a piece of a stream, and what is held of a pipe.
const LENGTHS: [usize; 12] = [
    0,
    1,
    15,
    16,
    17,
    PIECE - 1,
    PIECE,
    PIECE + 1,
    PIECE + 48,
    3 * PIECE,
    HELD - 1,
    HELD + 1,
];
const PIECE: usize = 256 * 1024;
const HELD: usize = 16 * 1024 * 1024;

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * 31 + n / 251) as u8).collect()
}

struct Desk {
    home: Home,
    session: String,
}

impl Desk {
    fn new() -> Self {
        let home = Home::golden();
        let session = home.login();
        Self { home, session }
    }

    fn run(&self, args: &[&str]) -> Run {
        self.home.run(args).session(&self.session).without("TMPDIR")
    }

    /// A file beside the home.
    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.home.beside(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.home.beside(name).to_str().unwrap().to_owned()
    }

    /// What is beside the home, by name.
    fn names(&self) -> Vec<String> {
        let folder = self.home.beside("");
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn a_file_of_any_length_comes_back_in_every_form() {
    let desk = Desk::new();
    for length in LENGTHS {
        let plain = content(length);
        let file = desk.file("plain", &plain);
        for format in ["hex", "base64", "binary"] {
            if length > PIECE + 48 && format != "binary" {
                continue;
            }
            let sealed = desk.path("sealed");
            let encrypt = ["encrypt", "--file", &file, "--format", format];
            let to_file = [&encrypt[..], &["--output", &sealed, "--force", "-q"]].concat();
            assert!(desk.run(&to_file).succeeds().is_empty());
            let from_file = desk.run(&["decrypt", "--file", &sealed]).succeeds();
            assert!(from_file == plain, "{length} {format}");
            let piped = desk.run(&encrypt).succeeds();
            let from_pipe = desk.run(&["decrypt", "-"]).stdin(piped).succeeds();
            assert!(from_pipe == plain, "{length} {format}");
        }
    }
}

#[test]
fn a_large_file_has_the_signature_of_its_bytes() {
    let desk = Desk::new();
    // More than is held in memory, and as an argument of no command.
    let file = desk.file("large", &content(HELD + 1));
    let signed = desk.run(&["sign", "--file", &file]).prints();
    let address = desk.run(&["key"]).json()["address"].clone();
    let verify = ["verify", "--address", address.as_str().unwrap()];
    let verify = [&verify[..], &["--signature", signed.trim_end()]].concat();
    let by_file = [&verify[..], &["--file", &file]].concat();
    assert_eq!(Home::new().run(by_file).prints(), "valid\n");
    // The same bytes, as hex that is read twice.
    let hex = desk.file("hex", hex::encode(content(HELD + 1)).as_bytes());
    let from_hex = ["sign", "--encoding", "hex", "--file", &hex];
    assert_eq!(desk.run(&from_hex).prints(), signed);
    // A pipe has no length.
    desk.run(&["sign"]).stdin(content(HELD + 1)).fails(
        2,
        "error: standard input holds more than 16 MiB, and how much must be known before it is signed
hint: write it to a file, and give that with `--file`\n",
    );
}

#[test]
fn a_file_is_told_by_its_length_and_hash() {
    let desk = Desk::new();
    let file = desk.file("f", b"hello\n");
    let signed = desk.run(&["sign", "--file", &file]).json();
    let fields: Vec<_> = signed.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["address", "recovery", "sha256", "sig", "size", "ts"]
    );
    assert_eq!(signed["size"], 6);
    let sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
    assert_eq!(signed["sha256"], sha256);
    let message = desk.run(&["sign", "-"]).stdin("hello\n").json();
    assert_eq!(message["sig"], signed["sig"]);
    assert_eq!(message["message"], "hello\n");
}

#[test]
fn a_cut_or_damaged_ciphertext_leaves_no_byte_and_no_file() {
    let desk = Desk::new();
    let plain = desk.file("plain", &content(PIECE + 100));
    let binary = ["encrypt", "--format", "binary", "--file", &plain];
    let sealed = desk.run(&binary).succeeds();
    let output = desk.path("out");
    let before = desk.names();
    let last = sealed.len() - 1;
    for at in [4, 40, 84, 100, PIECE, PIECE + 50, last] {
        let mut damaged = sealed.clone();
        damaged[at] ^= 1;
        for bad in [damaged, sealed[..at].to_vec()] {
            let told =
                "error: cannot decrypt: the ciphertext is damaged or was made for another key
hint: `--host`, `--friend` and `--from` say for which key it was made\n";
            desk.run(&["decrypt"]).stdin(bad.clone()).fails(1, told);
            let bad = desk.file("plain", &bad);
            desk.run(&["decrypt", "--file", &bad, "--output", &output])
                .fails(1, told);
            assert_eq!(desk.names(), before, "{at}");
        }
    }
}

#[test]
fn what_is_no_ciphertext_is_named_without_repeating_it() {
    let desk = Desk::new();
    let hint = "hint: it begins with `42494531` in hex, `QklFM` in base64, `BIE1` as binary data\n";
    for text in ["", "hello", "BI", "4249453", "{\"a\":1}", "Qkl"] {
        let told = format!("error: standard input is not a BIE1 ciphertext\n{hint}");
        desk.run(&["decrypt"]).stdin(text).fails(2, &told);
    }
    for (text, error) in [
        ("42494531 0", "incomplete hex: 9 characters"),
        ("42494531\n0x", "character 11 is not hex"),
        ("QklFMQ=", "incomplete base64: 7 characters"),
    ] {
        desk.run(&["decrypt"])
            .stdin(text)
            .fails(2, &format!("error: {error}\n"));
    }
}

#[test]
fn white_space_and_a_mark_in_a_ciphertext_are_passed_over() {
    let desk = Desk::new();
    for format in ["hex", "base64"] {
        let sealed = desk.run(&["encrypt", "hi", "--format", format]).prints();
        let lines: Vec<_> = sealed
            .trim_end()
            .as_bytes()
            .chunks(10)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let wrapped = format!("\u{feff}{}\r\n", lines.join("\r\n "));
        assert_eq!(desk.run(&["decrypt"]).stdin(wrapped).succeeds(), b"hi");
    }
}

#[test]
fn a_file_is_written_once_and_replaced_only_when_told() {
    let desk = Desk::new();
    let plain = desk.file("plain", b"hi");
    let output = desk.path("out");
    let encrypt = ["encrypt", "--file", &plain, "--output", &output];
    let told = desk.run(&[&encrypt[..], &["--json"]].concat()).done();
    assert_eq!(
        told.stderr,
        format!("`{output}` is written; only you can read it\n")
    );
    let document: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(
        document,
        json!({"output": output, "size": 2, "success": true})
    );
    let first = fs::read(&output).unwrap();
    desk.run(&encrypt).fails(
        1,
        &format!(
            "error: cannot write `{output}`: it exists already
hint: choose another name, or replace the file with `--force`\n"
        ),
    );
    assert_eq!(fs::read(&output).unwrap(), first);
    desk.run(&[&encrypt[..], &["--force"]].concat()).succeeds();
    assert_ne!(fs::read(&output).unwrap(), first);
    assert_eq!(desk.names(), ["home", "out", "plain"]);
}

#[test]
fn a_place_that_cannot_be_written_is_found_before_anything_is_read() {
    let desk = Desk::new();
    let plain = desk.file("plain", b"hi");
    let (missing, folder) = (desk.path("no/such"), desk.path(""));
    for (output, error) in [
        (
            &*plain,
            format!("error: `{plain}` is the file that is read: name another one\n"),
        ),
        (
            &missing,
            format!("error: cannot write `{missing}`: no such file or directory\n"),
        ),
        (
            &folder,
            format!("error: cannot write `{folder}`: is a directory\n"),
        ),
    ] {
        let code = if output == plain { 2 } else { 1 };
        for verb in ["encrypt", "decrypt", "sign"] {
            desk.run(&[verb, "--file", &plain, "--output", output, "--force"])
                .fails(code, &error);
        }
    }
    assert_eq!(fs::read(&plain).unwrap(), b"hi");
    assert_eq!(desk.names(), ["home", "plain"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_was_written_and_a_link_stays_one() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let desk = Desk::new();
    let (real, link) = (desk.file("real", b"old"), desk.path("link"));
    symlink(&real, &link).unwrap();
    desk.run(&["sign", "hi", "--output", &link, "--force"])
        .succeeds();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let signed = desk.run(&["sign", "hi"]).prints();
    assert_eq!(fs::read_to_string(&real).unwrap(), signed);
    let mode = fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    let desk = Desk::new();
    let plain = desk.file("plain", &content(PIECE));
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let sealed = desk.file("sealed", desk.run(&["encrypt", "hi"]).prints().as_bytes());
    for args in [
        ["encrypt", "--file", &plain],
        ["decrypt", "--file", &sealed],
    ] {
        let done = desk.run(&args).stdout(full());
        let told = "error: cannot write to standard output: no space left on device\n";
        assert_eq!((done.code, done.stderr.as_str()), (1, told));
    }
    desk.run(&["sign", "hi", "--output", "/dev/full", "--force"])
        .fails(
            2,
            "error: `/dev/full` is not a regular file, and cannot be replaced
hint: leave out `--output`, and redirect standard output: `> /dev/full`\n",
        );
}

#[test]
fn what_is_no_file_is_named() {
    let desk = Desk::new();
    let folder = desk.path("");
    for verb in ["sign", "encrypt", "decrypt"] {
        desk.run(&[verb, "--file", &folder]).fails(
            1,
            &format!("error: cannot read `{folder}`: is a directory\n"),
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn files_that_are_none_on_a_disk_are_read_too() {
    let desk = Desk::new();
    let by_name = desk.run(&["sign", "--file", "/dev/stdin"]).stdin("hi");
    assert_eq!(by_name.prints(), desk.run(&["sign", "hi"]).prints());
    // The system says of this one that it is empty.
    let version = fs::read("/proc/version").unwrap();
    let by_name = desk.run(&["sign", "--file", "/proc/version"]).prints();
    assert_eq!(by_name, desk.run(&["sign"]).stdin(version).prints());
}

/// A file with its signature beside it.
fn signed(desk: &Desk, args: &[&str]) -> (String, PathBuf, Value) {
    let file = desk.file("release.txt", b"one\n");
    let sign = ["sign", "--detach", "-q", "--file", &file];
    desk.run(&[&sign[..], args].concat()).succeeds();
    let signature = desk.home.beside("release.txt.sig");
    let document = serde_json::from_slice(&fs::read(&signature).unwrap()).unwrap();
    (file, signature, document)
}

#[test]
fn a_detached_signature_says_who_what_and_when() {
    let desk = Desk::new();
    let (file, _, document) = signed(&desk, &[]);
    let key = desk.run(&["key"]).json();
    assert_eq!(document["address"], key["address"]);
    assert_eq!(document["publicKey"], key["publicKey"]);
    assert_eq!(document["file"], "release.txt");
    assert_eq!(document["size"], 4);
    // Whoever knows only the file and the address agrees.
    let text = |name: &str| document[name].as_str().unwrap();
    let bare = ["verify", "--file", &file, "--address", text("address")];
    let bare = [&bare[..], &["--signature", text("signature")]].concat();
    assert_eq!(Home::new().run(bare).prints(), "valid\n");

    let verified = Home::new().run(["verify", "--file", &file]).prints();
    let expected = format!(
        "valid\naddress\t{}\npublic key\t{}\nBAP ID\t{}\nfile\trelease.txt\ntime\t{}\n",
        text("address"),
        text("publicKey"),
        text("bapID"),
        text("time"),
    );
    assert_eq!(verified, expected);
    let verified = Home::new().run(["verify", "--file", &file]).json();
    assert_eq!(verified["valid"], true);
    for field in [
        "address",
        "bapID",
        "file",
        "publicKey",
        "sha256",
        "size",
        "time",
    ] {
        assert_eq!(verified[field], document[field]);
    }
}

#[test]
fn a_host_named_for_a_signature_does_not_give_away_whose_it_is() {
    let desk = Desk::new();
    let (_, _, document) = signed(&desk, &["--host", "app1.com"]);
    assert!(document.get("bapID").is_none());
    let id = golden()["bap_ids"][0]["identity_key"].clone();
    let (_, _, document) = signed(&desk, &["--identity", id.as_str().unwrap(), "--force"]);
    assert_eq!(document["bapID"], id);
}

#[test]
fn nothing_in_a_detached_signature_can_be_altered() {
    let desk = Desk::new();
    let (file, path, document) = signed(&desk, &[]);
    let other = desk.run(&["key", "--host", "app1.com"]).json();
    let other_id = "3fWewv7jmmT4QtwVK9wVRogpsapX";
    let bare = desk.run(&["sign", "two\n"]).prints();
    for (field, value) in [
        ("address", other["address"].clone()),
        ("bapID", json!(other_id)),
        ("file", json!("other.txt")),
        ("publicKey", other["publicKey"].clone()),
        ("sha256", json!("00".repeat(32))),
        ("size", json!(5)),
        ("time", json!("2020-01-02T03:04:05.678Z")),
        ("signature", json!(bare.trim_end())),
        ("statementSignature", json!("QkIzAQ==")),
    ] {
        let mut forged = document.clone();
        forged[field] = value;
        fs::write(&path, forged.to_string()).unwrap();
        let done = Home::new().run(["verify", "--file", &file]).done();
        assert_eq!(
            (done.code, &done.stdout[..]),
            (1, &b"invalid\n"[..]),
            "{field}"
        );
        assert_ne!(done.stderr, "", "{field}");
    }
    for (name, signature) in [
        ("format", json!("tokenpass-file-2")),
        ("more", json!("x")),
        ("size", json!("4")),
        ("time", json!("yesterday")),
    ] {
        let mut forged = document.clone();
        forged[name] = signature;
        fs::write(&path, forged.to_string()).unwrap();
        let done = Home::new().run(["verify", "--file", &file]).done();
        assert_eq!((done.code, done.stdout.len()), (1, 0), "{name}");
        assert!(
            done.stderr.contains("cannot be used: it"),
            "{}",
            done.stderr
        );
    }
}

/// A file that somebody else wrote may be a statement. Who signs it has not
/// signed what it says.
#[test]
fn a_signed_file_that_is_a_statement_binds_nobody() {
    let desk = Desk::new();
    let (file, path, mut document) = signed(&desk, &[]);
    let object = document.as_object_mut().unwrap();
    object.remove("statementSignature");
    let signature = object.remove("signature").unwrap();
    object.insert("time".into(), json!("2020-01-02T03:04:05.678Z"));
    let statement = document.to_string();
    let by_message = desk.run(&["sign"]).stdin(statement).prints();
    document["signature"] = signature;
    document["statementSignature"] = json!(by_message.trim_end());
    fs::write(&path, document.to_string()).unwrap();
    let done = Home::new().run(["verify", "--file", &file]).done();
    assert_eq!((done.code, &done.stdout[..]), (1, &b"invalid\n"[..]));
}

#[test]
fn another_file_another_signer_and_another_name_are_told() {
    let desk = Desk::new();
    let (file, path, _) = signed(&desk, &[]);
    let other = desk.run(&["key", "--host", "app1.com"]).json();
    let other = other["address"].as_str().unwrap();
    let done = desk
        .run(&["verify", "--file", &file, "--address", other])
        .done();
    assert_eq!(done.code, 1);
    assert!(done.stderr.contains(&format!("and not by `{other}`")));

    for (content, reason) in [
        (
            "two\n",
            "the file is not the one that was signed: its SHA-256 is another\n",
        ),
        ("three\n", "the file has 6 bytes, and one of 4 was signed\n"),
    ] {
        fs::write(&file, content).unwrap();
        let done = Home::new().run(["verify", "--file", &file]).done();
        assert_eq!((done.code, done.stderr.as_str()), (1, reason));
    }
    let renamed = desk.file("newer.txt", b"one\n");
    let signature = path.to_str().unwrap();
    let done = Home::new()
        .run(["verify", "--file", &renamed, "--signature-file", signature])
        .done();
    assert_eq!(done.code, 0);
    let warning = "warning: it was signed under the name `release.txt`\n";
    assert_eq!(done.stderr, warning);
}

#[test]
fn a_signature_file_that_is_missing_or_something_else_is_named() {
    let desk = Desk::new();
    let file = desk.file("f", b"hi");
    let hint =
        "hint: `--signature-file` names another one; `--address` and `--signature` do without\n";
    let verify = || desk.run(&["verify", "--file", &file]);
    let told = |why: &str| format!("error: `{file}.sig` cannot be used: {why}\n{hint}");
    verify().fails(1, &told("there is no such file"));
    for (content, why) in [
        (
            &b""[..],
            "it is not a signature as `sign --detach` writes it",
        ),
        (b"\xff\xfe", "it is not text"),
        (b"{}", "its `format` is not `tokenpass-file-1`"),
        (
            b"untrusted comment: minisign",
            "it is not a signature as `sign --detach` writes it",
        ),
        (&[b' '; 70_000], "it is too long for a signature"),
    ] {
        desk.file("f.sig", content);
        verify().fails(1, &told(why));
    }
    // As `sign --file f > f.sig` leaves it, it is one once the signer is named.
    let signed = desk.run(&["sign", "--file", &file]).prints();
    desk.file("f.sig", signed.as_bytes());
    verify().fails(
        2,
        &format!(
            "error: `{file}.sig` does not say who signed
hint: name the signer's address with `--address`\n"
        ),
    );
    let address = desk.run(&["key"]).json()["address"].clone();
    let named = [
        "verify",
        "--file",
        &file,
        "--address",
        address.as_str().unwrap(),
    ];
    assert_eq!(desk.run(&named).prints(), "valid\n");
}

#[test]
fn a_token_is_explained_part_by_part() {
    let desk = Desk::new();
    for scheme in ["brc77", "bsm"] {
        let sign = [
            "sign", "--path", "/api/x", "--body", "hi", "--scheme", scheme,
        ];
        let token = desk.run(&sign).prints();
        let token = token.trim_end();
        let explain = |token: &str, path: &str, body: &str| {
            let verify = ["verify", "--explain", "--token", token, "--path", path];
            let verify = [&verify[..], &["--body", body, "--json"]].concat();
            let done = Home::new().run(verify).done();
            let told: Value = serde_json::from_slice(&done.stdout).unwrap();
            assert_eq!(done.code == 0, told["valid"] == true);
            let parts = told["parts"].as_array().unwrap();
            let wrong = parts.iter().filter(|part| part["ok"] == false);
            let wrong = wrong.map(|part| {
                let text = |name: &str| part[name].as_str().unwrap().to_owned();
                (text("part"), text("found"))
            });
            wrong.collect::<Vec<_>>()
        };
        let one = |part: &str, found: &str| vec![(part.to_owned(), found.to_owned())];
        assert_eq!(explain(token, "/api/x", "hi"), []);
        assert_eq!(explain(token, "/api/y", "hi"), one("path", "/api/x"));
        let body = |body| explain(token, "/api/x", body);
        assert_eq!(
            body("hi\n"),
            one("body", "this body without its final line feed")
        );
        assert_eq!(
            body(""),
            one("body", "signed for another body, or altered since")
        );
        let other = desk.run(&["key", "--host", "app1.com"]).json();
        let (_, rest) = token.split_once('|').unwrap();
        let forged = format!("{}|{rest}", other["publicKey"].as_str().unwrap());
        let part = if scheme == "brc77" { "key" } else { "body" };
        assert_eq!(explain(&forged, "/api/x", "hi")[0].0, part);
    }
    let text = desk.run(&[
        "sign",
        "--path",
        "/",
        "--timestamp",
        "2020-01-02T03:04:05.678Z",
    ]);
    let token = text.prints();
    let done = desk
        .run(&[
            "verify",
            "--explain",
            "--path",
            "/",
            "--token",
            token.trim_end(),
        ])
        .done();
    let text = String::from_utf8(done.stdout).unwrap();
    assert_eq!((done.code, text.lines().next()), (1, Some("invalid")));
    assert!(
        text.contains("time\twrong\texpected: within 5m of now; found: 2020-01-02T03:04:05.678Z, ")
    );
}

/// A file of holes takes no disk.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_file() {
    use crate::support::run::tokenpass;
    use std::io::Read;
    use std::process::Stdio;

    let desk = Desk::new();
    let path = desk.path("holes");
    File::create(&path).unwrap().set_len(300 << 20).unwrap();
    // Held up by a pipe that is read late, it is looked at in its middle.
    let mut child = tokenpass(&desk.home.path())
        .args(["encrypt", "--format", "binary", "--file", &path])
        .env("TOKENPASS_SESSION", &desk.session)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut buffer = vec![0; 1 << 20];
    let mut read = 0;
    while read < 250 << 20 {
        read += out.read(&mut buffer).unwrap();
    }
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = peak
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    assert!(kib < 40 * 1024, "{kib} KiB");
    drop(out);
    // Nobody reads on, which is no failure.
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Ctrl-C in the middle leaves nothing under the name and nothing beside it.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_leaves_no_half_file() {
    use crate::support::run::tokenpass;
    use std::io::Write;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Stdio;

    for signal in [rustix::process::Signal::INT, rustix::process::Signal::TERM] {
        let desk = Desk::new();
        let output = desk.path("out");
        let mut child = tokenpass(&desk.home.path())
            .args(["encrypt", "--format", "binary", "--output", &output])
            .env("TOKENPASS_SESSION", &desk.session)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        // More than a pipe holds: when this returns, it has begun to write.
        pipe.write_all(&content(4 * PIECE)).unwrap();
        assert!(desk.names().len() > 1);
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, signal).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(signal.as_raw()));
        drop(pipe);
        assert_eq!(desk.names(), ["home"]);
    }
}
