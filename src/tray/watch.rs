//! The server of this home, as far as the tray shows it.
//!
//! All that is shown comes from the server's API. When to ask is told by the home: whatever
//! happens to a wallet is written there, and to look whether its files were written costs
//! next to nothing, while each request is a line in the server's log.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::{ClientError, HomeServer, ProvenServer};
use crate::platform::stamp::Stamp;

/// A server that was killed wrote nothing about it.
const NOW_AND_THEN: Duration = Duration::from_secs(60);

/// Entries of activity that are shown.
const SHOWN: usize = 8;

/// How it is with the wallet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    /// No server runs, or none that proves to be this home's.
    #[default]
    NoServer,
    /// There is no wallet yet.
    NoWallet,
    /// The wallet is locked.
    Locked,
    /// The wallet is unlocked.
    Unlocked,
}

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) state: State,
    /// What waits for a decision.
    pub(super) asks: Vec<Ask>,
    /// What happened lately, the newest first.
    pub(super) activity: Vec<String>,
    /// Whether something was changed that is in no backup.
    pub(super) is_unsaved: bool,
}

/// A question that the API takes an answer to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ask {
    /// The page or app that asks, in foreign words.
    pub(super) who: String,
    /// What it asks for, likewise.
    pub(super) what: String,
    /// Where the answer goes, and what it is about.
    path: &'static str,
    about: Value,
}

/// See the module.
pub(super) struct Watch {
    home: PathBuf,
    /// The files of the home when they were last looked at.
    known: Option<BTreeMap<OsString, Stamp>>,
    /// Whether what was written has been followed by another look: what is told of it
    /// may come a moment later.
    is_settled: bool,
    /// Whether the server answered, and when it was last asked.
    is_there: bool,
    asked: Instant,
}

/// The part of the answers that is shown, by a server of any version.
#[derive(Deserialize)]
struct Status {
    seed: bool,
    unlocked: bool,
    backup: Option<Backup>,
}

#[derive(Deserialize)]
struct Backup {
    unsaved: bool,
}

#[derive(Default, Deserialize)]
struct Origins {
    origins: Vec<Origin>,
}

#[derive(Deserialize)]
struct Origin {
    origin: String,
    status: String,
}

#[derive(Default, Deserialize)]
struct Permissions {
    permissions: Vec<Permission>,
}

#[derive(Deserialize)]
struct Permission {
    originator: String,
    protocol: Option<String>,
    counterparty: Option<String>,
    status: String,
    level: Option<u64>,
}

#[derive(Default, Deserialize)]
struct Activity {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    event: String,
    subject: String,
}

const PENDING: &str = "pending";

impl Ask {
    /// Whether the pages of an origin may use the wallet.
    pub(super) fn origin(origin: &str) -> Self {
        Self {
            who: origin.to_owned(),
            what: "wants to use the wallet".to_owned(),
            path: "/api/origins",
            about: json!({"origin": origin}),
        }
    }

    fn permission(asked: Permission) -> Self {
        let mut what = match &asked.protocol {
            Some(protocol) => format!("wants to use the protocol “{protocol}”"),
            None => "wants to do everything that it can ask for".to_owned(),
        };
        if let Some(with) = &asked.counterparty {
            what += &format!(" with {with}");
        }
        Self {
            who: asked.originator.clone(),
            what,
            path: "/api/permissions",
            about: json!({
                "originator": asked.originator, "level": asked.level,
                "protocol": asked.protocol, "counterparty": asked.counterparty,
            }),
        }
    }
}

impl Watch {
    pub(super) fn new(home: PathBuf) -> Self {
        Self {
            home,
            known: None,
            is_settled: false,
            is_there: false,
            asked: Instant::now(),
        }
    }

    /// How it is now; `None` where nothing can have changed.
    pub(super) fn look(&mut self) -> Option<Seen> {
        let files = self.files();
        let is_known = self.known.as_ref() == Some(&files);
        if is_known && self.is_settled && !self.is_otherwise() {
            return None;
        }
        self.is_settled = is_known;
        self.known = Some(files);
        self.asked = Instant::now();
        let server = self.server().ok().flatten();
        let seen = server.and_then(|server| see(&server));
        self.is_there = seen.is_some();
        Some(seen.unwrap_or_default())
    }

    /// Whether the server went, or came, without a word; asked now and then.
    fn is_otherwise(&mut self) -> bool {
        if self.asked.elapsed() < NOW_AND_THEN {
            return false;
        }
        self.asked = Instant::now();
        matches!(self.server(), Ok(Some(_))) != self.is_there
    }

    /// The next look is one in any case.
    pub(super) fn forget(&mut self) {
        self.known = None;
    }

    fn files(&self) -> BTreeMap<OsString, Stamp> {
        // A home that cannot be read has none.
        let entries = fs::read_dir(&self.home).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| Some((entry.file_name(), Stamp::of(&entry.path()).ok()??)))
            .collect()
    }

    /// Proven each time: what it shows is acted on, and its page asks for the password.
    fn server(&self) -> Result<Option<ProvenServer>, ClientError> {
        let server = HomeServer::of(&self.home)?;
        server.map(|server| server.prove()).transpose()
    }

    /// Locks the wallet.
    pub(super) fn lock(&self) -> Result<(), ClientError> {
        self.running()?.logout()
    }

    /// Permits or refuses something.
    pub(super) fn decide(&self, ask: &Ask, allow: bool) -> Result<(), ClientError> {
        let mut answer = ask.about.clone();
        let decision = if allow { "allow" } else { "deny" };
        answer["decision"] = decision.into();
        self.running()?
            .post(ask.path, answer.to_string().as_bytes())
    }

    /// Where the dashboard is.
    pub(super) fn dashboard(&self) -> Result<String, ClientError> {
        Ok(format!("{}/", self.running()?.url()))
    }

    fn running(&self) -> Result<ProvenServer, ClientError> {
        self.server()?.ok_or(ClientError::NotRunning)
    }
}

/// `None` where it does not answer. What an older one does not know of is not there.
fn see(server: &ProvenServer) -> Option<Seen> {
    let status: Status = server.get("/api/status?limit=1").ok()?;
    if !status.seed {
        return Some(Seen {
            state: State::NoWallet,
            ..Seen::default()
        });
    }
    let origins: Origins = server.get("/api/origins").unwrap_or_default();
    let permissions: Permissions = server.get("/api/permissions").unwrap_or_default();
    let activity: Activity = server.get("/api/activity").unwrap_or_default();
    let pages = origins.origins.into_iter();
    let pages = pages.filter(|one| one.status == PENDING);
    let apps = permissions.permissions.into_iter();
    let apps = apps.filter(|one| one.status == PENDING);
    let newest = activity.entries.into_iter().rev().take(SHOWN);
    Some(Seen {
        state: match status.unlocked {
            true => State::Unlocked,
            false => State::Locked,
        },
        // An app waits for its answer, and no longer than a minute.
        asks: apps
            .map(Ask::permission)
            .chain(pages.map(|page| Ask::origin(&page.origin)))
            .collect(),
        activity: newest
            .map(|entry| format!("{} {}", entry.event.replace('-', " "), entry.subject))
            .map(|line| line.trim_end().to_owned())
            .collect(),
        is_unsaved: status.backup.is_some_and(|backup| backup.unsaved),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::net::SocketAddr;

    use super::*;
    use crate::crypto::secret::Password;
    use crate::server::{LogFormat, ServeOptions, Server};
    use crate::wallet::{Environment, Host, KdfPolicy, Registration, Right, Wallet};

    fn serve(wallet: &Wallet) -> Server {
        let options = ServeOptions {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 0)).into()],
            log: LogFormat::Off,
            ..ServeOptions::default()
        };
        Server::start(wallet.clone(), options).unwrap()
    }

    fn news(watch: &mut Watch) -> Seen {
        watch.forget();
        watch.look().unwrap()
    }

    #[test]
    fn what_the_server_says_is_seen_and_what_is_decided_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let cheap = KdfPolicy::insecure_for_tests(2);
        let wallet = Wallet::open(&home, Environment::system().with_kdf(cheap));
        let mut watch = Watch::new(home);
        assert_eq!(watch.look(), Some(Seen::default()));

        let server = serve(&wallet);
        assert_eq!(news(&mut watch).state, State::NoWallet);
        let password = Password::new("correct horse battery".into());
        let registered = wallet.register(&password, Registration::default()).unwrap();
        assert_eq!(news(&mut watch).state, State::Locked);
        drop(server);
        assert_eq!(news(&mut watch), Seen::default());
        let server = serve(&wallet);

        let page = "https://app.example".parse().unwrap();
        wallet.note_pending_origin(&page).unwrap();
        let app: Host = "app.example".parse().unwrap();
        let right = Right::named(2, "server hmac", Some("self")).unwrap();
        let unlocked = &registered.wallet;
        unlocked.note_pending_permission(&app, &right).unwrap();
        let seen = news(&mut watch);
        let asks: Vec<_> = seen
            .asks
            .iter()
            .map(|ask| (&*ask.who, &*ask.what))
            .collect();
        assert_eq!(
            asks,
            [
                (
                    "app.example",
                    "wants to use the protocol “server hmac” with self"
                ),
                ("https://app.example", "wants to use the wallet"),
            ]
        );
        assert_eq!(seen.activity.last().unwrap(), "registered");

        watch.decide(&seen.asks[0], false).unwrap();
        watch.decide(&seen.asks[1], true).unwrap();
        assert!(wallet.is_origin_allowed(&page).unwrap());
        let permissions = wallet.permissions().unwrap();
        assert_eq!(permissions[0].status.as_str(), "denied");
        let seen = news(&mut watch);
        assert_eq!(seen.asks, []);
        assert_eq!(seen.activity[0], "origin allowed https://app.example");
        assert!(watch.dashboard().unwrap().starts_with("http://127.0.0.1:"));
        drop(server);
        assert!(matches!(watch.lock(), Err(ClientError::NotRunning)));

        // One that was killed writes nothing.
        while watch.look().is_some() {}
        watch.is_there = true;
        assert_eq!(watch.look(), None);
        watch.asked = Instant::now().checked_sub(NOW_AND_THEN).unwrap();
        assert_eq!(watch.look(), Some(Seen::default()));
    }

    #[test]
    fn the_server_is_asked_only_when_something_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(folder.path().to_owned());
        let mut looks = || {
            [
                watch.look().is_some(),
                watch.look().is_some(),
                watch.look().is_some(),
            ]
        };
        // Once more after a change: what is told of it may come a moment later.
        assert_eq!(looks(), [true, true, false]);
        assert_eq!(looks(), [false; 3]);
        fs::write(folder.path().join("state.db"), "written").unwrap();
        assert_eq!(looks(), [true, true, false]);
        fs::remove_file(folder.path().join("state.db")).unwrap();
        assert_eq!(looks(), [true, true, false]);
    }
}
