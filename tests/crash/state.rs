//! All that is in a home, but for what chance decides.

use std::fs;

use tokenpass::{Host, Level, Page, Password, Signer, UnlockedWallet, Wallet};

use crate::support::{Home, PASSWORD, certificate};

/// The password that some of the commands give the wallet.
pub(crate) const NEW_PASSWORD: &str = "another battery staple";

/// A wallet with something of everything in it.
pub(crate) fn full_home() -> Home {
    let home = Home::golden();
    let friend = "1KcDRiyL8WrqVfP9xfzCXub5ZYwySakQvk";
    for args in [
        &["identity", "create", "--name", "Work"][..],
        &["identity", "set", "Work", "city=Bern"],
        &[
            "auth",
            "--host",
            "a.example",
            "--scopes",
            "sign",
            "--expire",
            "1h",
        ],
        &["origin", "allow", "https://a.example"],
        &["contact", "add", "Ada", friend],
        &["profile", "set", "displayName=Ada"],
    ] {
        home.run(args).password().succeeds();
    }
    home.login();
    let unlocked = home.wallet_now().unlock(&Password::new(PASSWORD.into()));
    certificate::acquire(&unlocked.unwrap(), 1, &[("name", "Ada")]);
    home
}

const SESSION: &str = "a session";

/// Whether nothing has happened. Sessions may have ended: a new password ends them
/// before it counts, since they are in another file.
pub(crate) fn is_as_before(left: &[String], before: &[String]) -> bool {
    let but_sessions = |lines: &[String]| -> Vec<String> {
        let others = lines.iter().filter(|line| *line != SESSION);
        others.cloned().collect()
    };
    left.len() <= before.len() && but_sessions(left) == but_sessions(before)
}

/// What is there, a line for each thing. A host that is known and has no token
/// is nothing.
pub(crate) fn state(home: &Home) -> Vec<String> {
    let wallet = home.wallet_now();
    if !wallet.exists().unwrap() {
        return Vec::new();
    }
    let mut lines = shown(&wallet);
    for password in [PASSWORD, NEW_PASSWORD] {
        if let Ok(unlocked) = wallet.unlock(&Password::new(password.into())) {
            lines.push(format!("opens with `{password}`"));
            lines.extend(kept(&unlocked));
        }
    }
    if let Ok(exported) = fs::read(home.beside("out")) {
        let whole = serde_json::from_slice::<serde_json::Value>(&exported).is_ok();
        lines.push(format!("an export, whole: {whole}"));
    }
    lines
}

fn shown(wallet: &Wallet) -> Vec<String> {
    let mut lines = Vec::new();
    let mut profile = wallet.profile().unwrap();
    profile.remove("bapID");
    lines.push(format!("profile {profile:?}"));
    for token in wallet.tokens(None, Page::all()).unwrap() {
        lines.push(format!("token {} {}", token.host, token.scopes));
    }
    for origin in wallet.origins().unwrap() {
        lines.push(format!("origin {} {:?}", origin.origin, origin.status));
    }
    lines.extend((0..sessions(wallet)).map(|_| SESSION.to_owned()));
    for contact in wallet.contacts().unwrap() {
        lines.push(format!("contact {}", contact.name.as_str()));
    }
    lines
}

/// Those of a wallet that was replaced open nothing.
fn sessions(wallet: &Wallet) -> u32 {
    let open = |name| rusqlite::Connection::open(wallet.home().join(name)).unwrap();
    let id = open("seed.db").query_row("SELECT wallet FROM vault", [], |row| row.get(0));
    let id: Vec<u8> = id.unwrap();
    let count = "SELECT count(*) FROM sessions WHERE wallet = ?";
    let count = open("state.db").query_row(count, [id], |row| row.get(0));
    count.unwrap()
}

fn kept(unlocked: &UnlockedWallet) -> Vec<String> {
    let book = unlocked.identities().unwrap();
    let line = |identity: &tokenpass::Identity| {
        let (name, urns) = (identity.name(), identity.attributes().len());
        format!(
            "identity `{name}`, key {}, attributes {urns}",
            identity.rotation()
        )
    };
    let certificates = unlocked.certificates().unwrap();
    let certificates = certificates.iter();
    let certificates = certificates.map(|(id, _)| format!("certificate {}", id.serial_number));
    book.iter().map(line).chain(certificates).collect()
}

/// It is sound, and can be used; what a killed process left goes with the next
/// start.
#[track_caller]
pub(crate) fn assert_sound(home: &Home, when: &str) {
    let wallet = home.wallet_now();
    let is_there = wallet.exists().unwrap();
    if is_there {
        let host: Host = "a.example".parse().unwrap();
        let opens = |password: &str| wallet.unlock(&Password::new(password.into())).ok();
        let unlocked = opens(PASSWORD).or_else(|| opens(NEW_PASSWORD));
        let unlocked = unlocked.unwrap_or_else(|| panic!("{when}: no password opens it"));
        unlocked.sign(&Signer::Host(host), b"hi").unwrap();
        let folder = home.path();
        let folder = folder.to_str().unwrap();
        for finding in wallet.doctor() {
            // A server that another test has killed leaves a socket elsewhere.
            let elsewhere = finding.subject == "litter" && !finding.message.contains(folder);
            assert!(
                elsewhere || finding.level == Level::Ok,
                "{when}: {finding:?}"
            );
        }
    }
    let litter: Vec<_> = fs::read_dir(home.path())
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| is_there && name.starts_with('.'))
        .collect();
    assert_eq!(litter, Vec::<String>::new(), "{when}");
}
