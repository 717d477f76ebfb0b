//! All that is in a home, but for what chance decides.

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokenpass::{
    BackupFolder, Host, Level, Merge, Opener, Page, Password, Schedule, Signer, UnlockedWallet,
    Wallet,
};

use crate::support::{Home, PASSWORD, certificate};

/// The password that some of the commands give the wallet.
pub(crate) const NEW_PASSWORD: &str = "another battery staple";

/// A wallet with something of everything in it.
pub(crate) struct Full {
    home: Home,
    /// What `TOKENPASS_SESSION` is in its session.
    pub(crate) session: String,
}

impl Deref for Full {
    type Target = Home;

    fn deref(&self) -> &Home {
        &self.home
    }
}

pub(crate) fn full_home() -> Full {
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
        &[
            "client",
            "add",
            "desk",
            "--redirect-uri",
            "https://desk.example/back",
        ],
        &["permission", "allow", "a.example", "--all"],
    ] {
        home.run(args).password().succeeds();
    }
    let session = home.login();
    let (wallet, password) = (home.wallet_now(), Password::new(PASSWORD.into()));
    let unlocked = wallet.unlock(&password).unwrap();
    certificate::acquire(&unlocked, 1, &[("name", "Ada")]);
    wallet
        .schedule_backups(&password, &schedule(&home))
        .unwrap();
    Full { home, session }
}

/// Such a home whose server has a backup to make, in the place of one that is there.
pub(crate) fn with_due_backup(full: &Home) -> Home {
    let home = full.copy();
    fs::create_dir(backups(&home)).unwrap();
    for backup in backups_made(full) {
        fs::copy(&backup, backups(&home).join(backup.file_name().unwrap())).unwrap();
    }
    let wallet = home.wallet_now();
    let passphrase_file = home.secret_file("new", NEW_PASSWORD);
    let move_to = "UPDATE backup_schedules SET folder = ?, passphrase_file = ?";
    let folder = backups(&home);
    database(&wallet, "state.db")
        .execute(move_to, (folder.to_str().unwrap(), passphrase_file))
        .unwrap();
    let changed = [("displayName".to_owned(), "Eve".into())];
    wallet
        .update_profile(changed.into_iter().collect(), Merge::Keep)
        .unwrap();
    home
}

/// Where backups of a home go.
pub(crate) fn backups(home: &Home) -> PathBuf {
    home.beside("backups")
}

/// Every second, and the latest stays.
fn schedule(home: &Home) -> Schedule {
    fs::create_dir(backups(home)).unwrap();
    let to = BackupFolder {
        path: backups(home),
        keep: 1.try_into().ok(),
    };
    Schedule {
        to,
        every: Duration::from_secs(1),
        passphrase_file: home.secret_file("new", NEW_PASSWORD).into(),
    }
}

const SESSION: &str = "a session";
const BACKUP: &str = "backups, all whole";

/// Whether nothing has happened. Sessions may have ended: a new password ends them
/// before it counts, since they are in another file. A backup may be there that was
/// made and not told of.
pub(crate) fn is_as_before(left: &[String], before: &[String]) -> bool {
    let others = |lines: &[String]| -> Vec<String> {
        let others = lines
            .iter()
            .filter(|line| *line != SESSION && *line != BACKUP);
        others.cloned().collect()
    };
    let sessions = |lines: &[String]| lines.iter().filter(|line| *line == SESSION).count();
    sessions(left) <= sessions(before) && others(left) == others(before)
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
    let mut opener = Opener::new(&Password::new(NEW_PASSWORD.into()));
    let made = backups_made(home);
    for backup in &made {
        let text = fs::read_to_string(backup).unwrap();
        assert!(opener.open(&text).is_ok(), "{}: {text}", backup.display());
    }
    lines.extend((!made.is_empty()).then(|| BACKUP.to_owned()));
    lines
}

/// Those under their names.
pub(crate) fn backups_made(home: &Home) -> Vec<PathBuf> {
    backups_in(&backups(home))
}

pub(crate) fn backups_in(folder: &Path) -> Vec<PathBuf> {
    let all = listed(folder).into_iter();
    all.filter(|path| path.extension().is_some_and(|it| it == "bep"))
        .collect()
}

/// What is in a folder, if that is there.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
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
    lines.extend(rows(wallet, &format!("SELECT '{SESSION}' FROM sessions")));
    let host = "a.example".parse().unwrap();
    lines.push(format!("state {:?}", wallet.host_state(&host).unwrap()));
    for contact in wallet.contacts().unwrap() {
        lines.push(format!("contact {}", contact.name.as_str()));
    }
    for one in wallet.permissions().unwrap() {
        lines.push(format!(
            "permission {} {:?} {:?}",
            one.originator, one.right, one.status
        ));
    }
    let backups = wallet.backup_status().unwrap().unwrap();
    if let Some(schedule) = backups.schedule {
        lines.push(format!("backups every {:?}", schedule.every));
    }
    for name in rows(wallet, "SELECT name FROM oauth_clients") {
        lines.push(format!("client {name}"));
    }
    lines
}

/// What counts for this wallet alone; rows of one that was replaced mean nothing.
fn rows(wallet: &Wallet, of: &str) -> Vec<String> {
    let id = database(wallet, "seed.db");
    let id = id.query_row("SELECT wallet FROM vault", [], |row| row.get(0));
    let id: Vec<u8> = id.unwrap();
    let state = database(wallet, "state.db");
    let mut rows = state.prepare(&format!("{of} WHERE wallet = ?")).unwrap();
    let rows = rows.query_map([id], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn database(wallet: &Wallet, name: &str) -> rusqlite::Connection {
    rusqlite::Connection::open(wallet.home().join(name)).unwrap()
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
    assert!(!is_there || litter(&home.path()).is_empty(), "{when}");
}

/// What was being made in a folder.
pub(crate) fn litter(folder: &Path) -> Vec<PathBuf> {
    let is_hidden = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with('.');
    listed(folder).into_iter().filter(is_hidden).collect()
}
