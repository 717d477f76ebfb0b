//! Readers of foreign bytes, each as a function that any bytes may be given: it
//! says whether they were taken, and panics where something does not hold. For
//! `cargo test` (`main.rs` beside it) and for `cargo fuzz` (`fuzz/` of the
//! repository) alike.

#[path = "request.rs"]
pub(crate) mod request;

use std::str::from_utf8;

use tokenpass::testing::crypto::auth_token::explain::explain;
use tokenpass::testing::crypto::auth_token::{self, AuthToken};
use tokenpass::testing::crypto::brc43::{Protocol, SecurityLevel, check_key_id};
use tokenpass::testing::crypto::brc100::WalletKey;
use tokenpass::testing::crypto::ecies::stream::{Check, HEAD_LEN, TAIL_LEN};
use tokenpass::testing::crypto::encoding::Encoding;
use tokenpass::testing::crypto::keys::{Address, PrivateKey, PublicKey};
use tokenpass::testing::crypto::mnemonic::{Mnemonic, Seed, root_key_from_xprv};
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::crypto::signer_address::SignerAddress;
use tokenpass::testing::crypto::vault::Vault;
use tokenpass::testing::crypto::{
    backup_file, brc77, brc78, bsm, desktop_seed, ecies, recognise, seal,
};
use tokenpass::testing::http::read_whole;
use tokenpass::testing::identity::certificate::{Certificate, CertificateId};
use tokenpass::testing::identity::certificate_book::CertificateBook;
use tokenpass::testing::identity::{IdentityBook, aip, ids, published};
use tokenpass::testing::platform::service::{CommandLine, plist, run_key, unit};
use tokenpass::testing::readers;
use tokenpass::testing::server::PublicName;
use tokenpass::testing::text::{self, envelope, forms, guessable, marks, secrecy};
use tokenpass::testing::transaction::{Brought, Draft, script};
use tokenpass::testing::wallet::moving::desktop::{DesktopFiles, DesktopWallet};
use tokenpass::testing::wallet::moving::payload;
use tokenpass::testing::wallet::{
    ContactName, ContactTarget, FileSignature, Host, Origin, Right, SessionKey, TokenId,
};

/// Whether the bytes were taken.
pub(crate) type Target = fn(&[u8]) -> bool;

/// All of them, by name.
pub(crate) const TARGETS: [(&str, Target); 36] = [
    ("address", address),
    ("aip", aip_pushes),
    ("auth_token", token),
    ("backup", backup),
    ("bie1", bie1),
    ("brc100", brc100_arguments),
    ("brc43", brc43_names),
    ("brc77", brc77_signature),
    ("brc78", brc78_message),
    ("certificate", certificate),
    ("contact", contact),
    ("desktop", desktop_folder),
    ("desktop_seed", old_seed),
    ("device_code", device_code),
    ("envelope", signed_message),
    ("file_signature", file_signature),
    ("form", form),
    ("host", host),
    ("http", http),
    ("identities", identities),
    ("json", json),
    ("key", key),
    ("nedb", nedb),
    ("oauth", oauth),
    ("origin", origin),
    ("reply", reply),
    ("request", request::request),
    ("right", right),
    ("script", pushes),
    ("server_file", server_file),
    ("service", service_files),
    ("signature", signature),
    ("text", foreign_text),
    ("transaction", transaction),
    ("vault", vault),
    ("words", words),
];

/// The target of this name, on these bytes.
///
/// # Panics
/// There is none, or something does not hold.
pub(crate) fn run(name: &str, bytes: &[u8]) -> bool {
    let (_, target) = TARGETS
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("`{name}` is no target"));
    target(bytes)
}

/// The key that ciphertexts are for, where a target takes one.
pub(crate) fn own_key() -> PrivateKey {
    PrivateKey::from_bytes(&[1; 32]).expect("it is in range")
}

/// The password of vaults.
pub(crate) fn password() -> Password {
    Password::new("correct horse battery".to_owned())
}

/// What a text target does with bytes that are no text: nothing.
fn of_text(bytes: &[u8], target: impl FnOnce(&str) -> bool) -> bool {
    from_utf8(bytes).is_ok_and(target)
}

/// What is read back from how it is written is the same.
fn reads_back<T>(value: &T) -> bool
where
    T: ToString + std::str::FromStr + PartialEq,
{
    value
        .to_string()
        .parse()
        .is_ok_and(|read: T| read == *value)
}

fn address(bytes: &[u8]) -> bool {
    let binary = PublicKey::from_bytes(bytes).is_ok_and(|key| {
        assert!(reads_back(&key));
        true
    });
    binary
        || of_text(bytes, |text| {
            let address = text.parse::<Address>();
            let key = text.parse::<PublicKey>();
            assert!(address.as_ref().is_ok_and(reads_back) || address.is_err());
            assert!(key.as_ref().is_ok_and(reads_back) || key.is_err());
            assert!(address.is_err() || text.parse::<SignerAddress>().is_ok());
            text.parse::<SignerAddress>().is_ok() || key.is_ok()
        })
}

/// Pushes with a length byte before each.
fn aip_pushes(bytes: &[u8]) -> bool {
    let mut pushes = Vec::new();
    let mut rest = bytes;
    while let [length, after @ ..] = rest {
        let (push, after) = after.split_at(after.len().min((*length).into()));
        pushes.push(push.to_vec());
        rest = after;
    }
    let signed = aip::verify(&pushes);
    if let Some(Ok(published)) = published::read(&pushes) {
        assert_eq!(signed.as_ref().ok(), Some(&published.signed));
    }
    signed.is_ok()
}

fn token(bytes: &[u8]) -> bool {
    const TIME: u64 = 1_767_323_045_678;
    of_text(bytes, |text| {
        text.parse::<AuthToken>().is_ok_and(|token| {
            assert!(reads_back(&token));
            let accepted = auth_token::verify(&token, &token.path, b"body", TIME, u64::MAX);
            let parts = explain(&token, &token.path, b"body", TIME, u64::MAX);
            assert_eq!(accepted.is_ok(), parts.iter().all(|part| part.ok));
            true
        })
    })
}

/// What is in a `.bep` file; its container is read as far as there is no key to
/// derive.
fn backup(bytes: &[u8]) -> bool {
    // A container has 60 characters at least.
    if bytes.len() < 60 {
        let decrypted = of_text(bytes, |text| {
            backup_file::decrypt(text, &password()).is_ok()
        });
        assert!(!decrypted);
    }
    payload::restore(bytes, &[]).is_ok_and(|restored| {
        let root = restored.root.public_key();
        assert!(
            restored
                .seed
                .is_none_or(|seed| { seed.root_key().is_ok_and(|key| key.public_key() == root) })
        );
        true
    })
}

/// At once and piece by piece it is the same.
fn bie1(bytes: &[u8]) -> bool {
    let whole = ecies::decrypt(bytes, &own_key()).ok();
    let pieces = in_pieces(bytes, &own_key());
    assert_eq!(whole.as_deref(), pieces.as_ref());
    assert!(whole.is_none() || ecies::check_form(bytes).is_ok());
    whole.is_some()
}

fn in_pieces(bytes: &[u8], key: &PrivateKey) -> Option<Vec<u8>> {
    let (head, rest) = bytes.split_first_chunk::<HEAD_LEN>()?;
    let (middle, tail) = rest.split_last_chunk::<TAIL_LEN>()?;
    let (blocks, []) = middle.as_chunks() else {
        return None;
    };
    let mut check = Check::start(head, key).ok()?;
    blocks.chunks(3).for_each(|piece| check.piece(piece));
    let mut decryption = check.finish(tail).ok()?;
    decryption.head(head);
    let mut blocks = blocks.to_vec();
    for piece in blocks.chunks_mut(3) {
        decryption.piece(piece).ok()?;
    }
    let mut tail = *tail;
    let end = decryption.finish(&mut tail).ok()?;
    Some([blocks.as_flattened(), end].concat())
}

/// More than the question which certificates are to be listed, which anything
/// answers.
fn brc100_arguments(bytes: &[u8]) -> bool {
    readers::brc100_arguments(bytes) > 3
}

/// What this wallet keeps of it is what it reads again.
fn certificate(bytes: &[u8]) -> bool {
    if let Some(book) = CertificateBook::from_json(bytes) {
        let again = CertificateBook::from_json(&book.to_json());
        assert!(again.is_some_and(|again| again.to_json() == book.to_json()));
        for record in book.records() {
            let _ = book.clone().set(&record.id, None, 0);
        }
    }
    let keys = WalletKey::new(own_key());
    readers::certificate(bytes, keys.identity()).is_some_and(|(id, certificate)| {
        let _ = certificate.check(&id, &keys);
        for name in certificate.fields.keys() {
            let _ = certificate.value(&keys, name);
        }
        let written = serde_json::to_vec(&(&id, &certificate)).expect("texts are JSON");
        let again: Result<(CertificateId, Certificate), _> = serde_json::from_slice(&written);
        assert!(again.is_ok_and(|again| again == (id, certificate)));
        true
    })
}

/// The name of a protocol, a line's end, the id of a key.
fn brc43_names(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        let (name, id) = text.split_once('\n').unwrap_or((text, ""));
        let protocol = Protocol::new(SecurityLevel::PerProtocol, name);
        protocol.is_ok_and(|protocol| {
            let invoice = protocol.invoice(id);
            assert_eq!(invoice.is_ok(), check_key_id(id).is_ok());
            invoice.is_ok_and(|invoice| {
                assert_eq!(invoice.as_str(), format!("1-{}-{id}", protocol.name()));
                true
            })
        })
    })
}

fn brc77_signature(bytes: &[u8]) -> bool {
    let signer = brc77::verify(b"message", bytes, Some(&own_key()));
    if let Ok(signer) = signer {
        assert_eq!(brc77::claimed_signer(bytes), Ok(signer));
        // Nobody makes another of it.
        assert!(brc77::verify(b"message", &[bytes, &[0]].concat(), Some(&own_key())).is_err());
    }
    signer.is_ok()
}

fn brc78_message(bytes: &[u8]) -> bool {
    brc78::decrypt(bytes, &own_key()).is_ok()
}

fn contact(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        let name = text.parse::<ContactName>();
        let target = text.parse::<ContactTarget>();
        // Nobody is called like a key.
        assert!(name.is_err() || target.is_err());
        name.as_ref().is_ok_and(reads_back)
    })
}

/// `seed.db`, `keys.db` and `state.db`, an empty line between them.
fn desktop_folder(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        // A container, for which a dear key would be derived each time.
        if text.contains("\"encrypted\"") {
            return false;
        }
        let password = Password::new("secure-password".to_owned());
        let mut files = text.splitn(3, "\n\n").map(str::as_bytes);
        let files = DesktopFiles {
            backup: None,
            seed: files.next(),
            keys: files.next(),
            state: files.next(),
        };
        DesktopWallet::read(files, &password).is_ok_and(|wallet| {
            assert!(wallet.skipped_lines <= text.lines().count());
            assert!(wallet.changed_hosts.len() <= wallet.restored.hosts.len());
            !wallet.restored.hosts.is_empty()
        })
    })
}

/// `iv 16 | ciphertext`
fn old_seed(bytes: &[u8]) -> bool {
    bytes.split_first_chunk().is_some_and(|(iv, ciphertext)| {
        desktop_seed::decrypt(iv, ciphertext, &password()).is_some()
    })
}

fn device_code(bytes: &[u8]) -> bool {
    of_text(bytes, |typed| {
        readers::user_code(typed).is_some_and(|shown| {
            assert_eq!(readers::user_code(&shown).as_deref(), Some(&*shown));
            true
        })
    })
}

fn signed_message(bytes: &[u8]) -> bool {
    of_text(
        bytes,
        |text| matches!(envelope::read(text), Some(Ok(envelope)) if !envelope.signature.is_empty()),
    )
}

fn file_signature(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        text.parse::<FileSignature>().is_ok_and(|signature| {
            let written = signature.to_json();
            let again: Result<FileSignature, _> = from_utf8(&written).expect("JSON").parse();
            assert_eq!(again.as_ref(), Ok(&signature));
            let _ = signature.verify_statement(None);
            true
        })
    })
}

/// A field that comes twice is none.
fn form(bytes: &[u8]) -> bool {
    let [once, of_two] = [&["a"][..], &["a", "a"]].map(|names| readers::form(bytes, names));
    assert_eq!([&once[..], &once].concat(), of_two);
    let twice = [bytes, b"&", bytes].concat();
    assert_eq!(readers::form(&twice, &["a"]), [None]);
    once[0].is_some()
}

fn host(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        assert!(text.parse::<Host>().is_err() || text.parse::<PublicName>().is_ok());
        text.parse::<Host>().as_ref().is_ok_and(reads_back)
    })
}

/// However it is cut, it is the same request, and what goes on cannot be read as
/// two.
fn http(bytes: &[u8]) -> bool {
    const MAX: usize = 1000;
    let whole = read_whole(bytes, usize::MAX, MAX);
    for piece in [1, 7] {
        let pieces = read_whole(bytes, piece, MAX);
        // Why it is refused depends on how much of it is there.
        assert_eq!(whole.as_ref().map_err(drop), pieces.as_ref().map_err(drop));
    }
    let Ok(Some(whole)) = whole else {
        return false;
    };
    assert!(whole.body.len() <= MAX && whole.length <= bytes.len());
    // HTTP/1.0 needs no name; what goes on is HTTP/1.1, with 64 headers at most.
    let mut lines = whole.head.split(|byte| *byte == b'\n');
    let host = match lines.clone().any(|line| line.starts_with(b"Host: ")) {
        true => &b""[..],
        false if lines.by_ref().count() > 64 => return true,
        false => b"Host: a\r\n",
    };
    let head = [&whole.head[..], host, b"\r\n"].concat();
    let again = read_whole(&head, usize::MAX, MAX).expect("what goes on is sound");
    let again = again.expect("and ends");
    assert_eq!((again.length, &again.body[..]), (head.len(), &b""[..]));
    assert_eq!(again.head.len(), whole.head.len() + host.len());
    true
}

fn identities(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        let _ = ids::import(text, &own_key());
        let _ = ids::list_legacy(text, text);
        true
    });
    IdentityBook::from_json(bytes).is_ok_and(|book| {
        let again = IdentityBook::from_json(&book.to_json());
        assert!(again.is_ok_and(|again| again.to_json() == book.to_json()));
        true
    })
}

/// What is taken is what another reader of JSON sees.
fn json(bytes: &[u8]) -> bool {
    readers::json_body(bytes).is_some_and(|(object, kinds)| {
        let other = serde_json::from_slice(marks::unmarked_bytes(bytes));
        assert_eq!(other.ok(), Some(serde_json::Value::Object(object)));
        kinds > 0
    })
}

fn key(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        let wif = PrivateKey::from_wif(text).ok();
        if let Some(key) = &wif {
            let again = PrivateKey::from_wif(&key.expose_wif());
            assert!(again.is_ok_and(|again| again.public_key() == key.public_key()));
        }
        let session = text.parse::<SessionKey>().ok();
        if let Some(key) = &session {
            assert!(key.expose().parse::<SessionKey>().is_ok());
        }
        let _ = text.parse::<TokenId>();
        wif.is_some()
            || session.is_some()
            || root_key_from_xprv(text).is_ok()
            || Seed::from_hex(text).is_ok()
    })
}

fn nedb(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    readers::nedb(&text).is_some_and(|(documents, skipped)| {
        assert!(documents + skipped <= text.lines().count());
        documents > 0
    })
}

/// An answer goes to the client itself.
fn oauth(bytes: &[u8]) -> bool {
    of_text(bytes, |query| {
        readers::authorization(query).is_some_and(|urls| {
            let [client, redirect, answer] = urls.each_ref().map(|url| name_of(url));
            assert_eq!((client, client), (redirect, answer));
            true
        })
    })
}

/// The host of a URL, without its port.
fn name_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").expect("a URL");
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let port = authority
        .rfind(':')
        .filter(|at| !authority[*at..].contains(']'));
    &authority[..port.unwrap_or(authority.len())]
}

fn origin(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        text.parse::<Origin>().is_ok_and(|origin| {
            assert!(reads_back(&origin));
            assert!(origin.as_str().ends_with(origin.host().as_str()));
            true
        })
    })
}

fn pushes(bytes: &[u8]) -> bool {
    let _ = script::paid_address(bytes);
    let _ = (script::is_data(bytes), script::data_pushes(bytes));
    readers::pushes(bytes).is_some_and(|pushes| {
        let anew: Vec<u8> = pushes.iter().flat_map(|push| readers::push(push)).collect();
        assert!(anew.len() <= bytes.len());
        assert_eq!(readers::pushes(&anew), Some(pushes));
        true
    })
}

/// What was whole stays what it was, whatever follows.
fn reply(bytes: &[u8]) -> bool {
    readers::reply(bytes).is_some_and(|(status, body, kinds)| {
        let again = readers::reply(&[bytes, b"\r\n"].concat());
        assert_eq!(again, Some((status, body, kinds)));
        kinds > 0
    })
}

fn right(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        text.parse::<Right>().is_ok_and(|right| {
            assert!(reads_back(&right));
            true
        })
    })
}

/// What is read is written the same.
fn server_file(bytes: &[u8]) -> bool {
    readers::server_file(bytes).is_some_and(|written| {
        assert_eq!(readers::server_file(&written).as_ref(), Some(&written));
        true
    })
}

/// A unit of systemd, an agent of launchd and a line of the Run key: what one runs, it
/// runs when it is written again.
fn service_files(bytes: &[u8]) -> bool {
    let is_the_same = |read: fn(&str) -> Option<CommandLine>, text: &str, written: String| {
        assert_eq!(read(&written), read(text), "{written}");
    };
    of_text(bytes, |text| {
        // That is what a unit writes where systemd takes no such program's name.
        let in_unit = unit::command(text).filter(|command| command.program != "/bin/sh");
        let in_plist = plist::command(text);
        if let Some(command) = &in_unit {
            is_the_same(unit::command, text, unit::service(command));
        }
        if let Some(command) = &in_plist {
            is_the_same(plist::command, text, plist::agent(command, "/a.log"));
        }
        if let Some(command) = run_key::command(text) {
            is_the_same(run_key::command, text, run_key::line(&command));
        }
        in_unit.is_some() || in_plist.is_some()
    })
}

/// Whoever a signature leads to has signed it.
fn signature(bytes: &[u8]) -> bool {
    let binary = <[u8; 65]>::try_from(bytes).ok();
    let binary = binary.and_then(|bytes| bsm::Signature::from_bytes(bytes).ok());
    let text = from_utf8(bytes).ok().and_then(|text| text.parse().ok());
    binary.or(text).is_some_and(|signature| {
        assert!(reads_back(&signature));
        bsm::recover(b"message", &signature).is_some_and(|key| {
            let digest = bsm::MessageDigest::of(b"message");
            let by_key = bsm::verify(b"message", &signature, &key.address());
            let header = signature.to_bytes()[0];
            // The header speaks of other addresses of that key.
            assert_eq!(by_key, (31..35).contains(&header));
            let address = SignerAddress::from(key.address());
            assert!(bsm::verify_any(digest, &signature, &address).is_ok());
            true
        })
    })
}

/// What is shown is one line, and no secret.
fn foreign_text(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        for shown in [text::escape(text), text::shortened(text, 40).into()] {
            assert!(!shown.chars().any(text::is_unshowable));
        }
        let secret = secrecy::is_likely(text);
        assert!(!secret || !text::excerpt(text, 1000).contains(text));
        let kind = recognise::kind(text);
        let _ = (marks::one_line(text), forms::all(text), forms::opaque(text));
        let _ = guessable::why(text, &[text]);
        for encoding in [Encoding::Hex, Encoding::Base64, Encoding::Utf8] {
            let decoded = encoding.decode(text);
            if let Some(again) = decoded.ok().and_then(|bytes| encoding.encode(&bytes)) {
                assert!(encoding.decode(&again).is_ok());
            }
        }
        kind.is_some()
    })
}

/// What is read is written the same, and what is spent adds up.
fn transaction(bytes: &[u8]) -> bool {
    Brought::read(bytes).is_ok_and(|brought| {
        let raw = brought.transaction.to_bytes();
        assert_eq!(raw.len(), brought.transaction.size());
        // One of such a version would be taken for the beginning of BEEF.
        if brought.transaction.version >> 24 == 0 {
            let again = Brought::read(&raw).expect("what was written");
            assert_eq!(again.transaction, brought.transaction);
        }
        let form = brought.form;
        if let Ok(draft) = Draft::of(brought, &[]) {
            let fee = draft.fee();
            let spent = draft.spent().iter().map(|output| output.satoshis.0);
            let spent: u64 = spent.sum();
            let paid = draft
                .transaction()
                .sum_of_outputs()
                .expect("it was checked");
            assert_eq!(spent, paid.0 + fee.0);
            let key = own_key();
            let own = key.public_key().address();
            let signed = draft.sign(|address| (*address == own).then_some(&key));
            assert!(signed.to_bytes(Some(form)).is_ok());
        }
        true
    })
}

/// `version | kdf | iterations (a byte) | whether to mend the checksum | salt 32 |
/// iv 16 | mac 32 | checksum 32 | ciphertext`
fn vault(bytes: &[u8]) -> bool {
    let Some((&[version, kdf, iterations, mend], rest)) = bytes.split_first_chunk() else {
        return false;
    };
    let mut parts = rest;
    let mut take = || {
        let (part, after) = parts.split_first_chunk::<32>()?;
        parts = after;
        Some(*part)
    };
    let (Some(salt), Some(iv), Some(mac), Some(checksum)) = (take(), take(), take(), take()) else {
        return false;
    };
    let mut vault = Vault {
        version,
        kdf,
        iterations: iterations.into(),
        salt,
        iv: *iv.first_chunk().expect("32 bytes hold 16"),
        ciphertext: parts.to_vec(),
        mac,
        checksum,
    };
    if mend & 1 == 1 {
        vault.checksum = sha256(&vault);
    }
    let sound = vault.check(1..=16).is_ok();
    let opened = vault.open(&password(), 1..=16);
    assert!(sound || opened.is_err());
    let seal = seal::SealingKey::derive(&salt, "fuzz");
    assert!(seal.open(&iv, bytes).is_err());
    opened.is_ok()
}

/// The checksum of a vault, as anybody can make it.
pub(crate) fn sha256(vault: &Vault) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::new()
        .chain_update([vault.version, vault.kdf])
        .chain_update(vault.iterations.to_be_bytes())
        .chain_update(vault.salt)
        .chain_update(vault.iv)
        .chain_update(&vault.ciphertext)
        .chain_update(vault.mac)
        .finalize()
        .into()
}

fn words(bytes: &[u8]) -> bool {
    of_text(bytes, |text| {
        let _ = tokenpass::testing::crypto::restoring::Restoring::of_words(text);
        Mnemonic::parse(text).is_ok_and(|words| {
            let phrase = words.expose_phrase();
            let again = Mnemonic::parse(&phrase);
            assert!(again.is_ok_and(|again| again.expose_phrase() == phrase));
            true
        })
    })
}
