//! Requests of all kinds, to a server with an unlocked wallet in which nobody listens.

use std::cell::RefCell;
use std::path::PathBuf;
use std::{env, fs, process};

use tokenpass::testing::crypto::mnemonic::Seed;
use tokenpass::testing::http::{Handler, HttpResponse, read_request};
use tokenpass::testing::platform::peers::PeerOwner;
use tokenpass::testing::server::{ConsentBy, LogFormat, ServeOptions, without_sockets};
use tokenpass::testing::wallet::{
    Environment, Expiry, Grant, ImportSource, Replace, Scope, UnlockedWallet, Wallet,
};

use super::password;

/// What is written in a request where the access token goes.
pub(crate) const TOKEN: &[u8] = b"TOKEN";

/// The largest body.
const MAX_BODY: usize = 64 * 1024;

/// What the wallet is made of.
const SEED: [u8; 64] = [7; 64];

/// Whose connection it is.
const CLIENTS: [PeerOwner; 2] = [PeerOwner::OtherUser, PeerOwner::SameUser];

/// Requests to one server: each may leave something in it.
const MOST: u32 = 2000;

thread_local! {
    static SERVER: RefCell<Option<Server>> = const { RefCell::new(None) };
}

struct Server {
    folder: PathBuf,
    /// The API with the pages, and BRC-100.
    handlers: [Box<dyn Handler>; 2],
    token: String,
    /// What no answer has in it.
    secrets: Vec<String>,
    asked: u32,
}

/// It is answered, by whomever it is sent, and no secret and no right is in the answer.
/// Whether it was let in.
pub(super) fn request(bytes: &[u8]) -> bool {
    if read_request(bytes, MAX_BODY).is_none() {
        return false;
    }
    SERVER.with_borrow_mut(|server| {
        // A panic leaves none.
        let mut asked = server.take().unwrap_or_else(Server::start);
        let is_taken = asked.is_asked(bytes);
        *server = Some(asked).filter(|asked| asked.asked < MOST && asked.is_unlocked());
        is_taken
    })
}

impl Server {
    fn start() -> Self {
        let folder = env::temp_dir().join(format!("tokenpass-fuzz-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        let wallet = Wallet::open(&folder, environment());
        let source = ImportSource::Seed(Seed::from_bytes(SEED));
        let imported = wallet.import(&password(), source, Replace::No);
        let unlocked = imported.expect("a seed is a wallet").wallet;
        let page = "https://a.example".parse().expect("an origin");
        wallet.allow_origin(&page).expect("there is room");
        Self {
            token: grant(&unlocked),
            secrets: secrets(&wallet),
            handlers: handlers(wallet, unlocked),
            folder,
            asked: 0,
        }
    }

    fn is_asked(&mut self, bytes: &[u8]) -> bool {
        let bytes = replaced(bytes, TOKEN, self.token.as_bytes());
        // Who has the password may have the secrets.
        let may_know = contains(&bytes, b"battery");
        let mut is_taken = false;
        for client in CLIENTS {
            for handler in &self.handlers {
                let Some(request) = read_request(&bytes, MAX_BODY) else {
                    continue;
                };
                self.asked += 1;
                request.connection.note(|| client);
                let answer = handler.handle(&request);
                check(&answer);
                let tells = |secret: &String| contains(&answer.body, secret.as_bytes());
                assert!(
                    may_know || !self.secrets.iter().any(tells),
                    "a secret in the answer"
                );
                is_taken |= answer.status < 400;
            }
        }
        is_taken
    }

    fn is_unlocked(&self) -> bool {
        let status = b"GET /api/status?limit=1 HTTP/1.1\r\nHost: localhost:21000\r\n\r\n";
        let request = read_request(status, 0).expect("a request");
        request.connection.note(|| PeerOwner::SameUser);
        let answer = self.handlers[0].handle(&request);
        contains(&answer.body, b"\"unlocked\":true")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn environment() -> Environment {
    let environment = Environment::system();
    #[cfg(debug_assertions)]
    let environment = {
        use tokenpass::testing::wallet::KdfPolicy;
        environment.with_kdf(KdfPolicy::insecure_for_tests(2))
    };
    environment
}

fn grant(wallet: &UnlockedWallet) -> String {
    let grant = Grant {
        host: "a.example".parse().expect("a host"),
        scopes: Scope::ALL.into_iter().collect(),
        expiry: Expiry::Forever,
        icon: None,
        identity: wallet.bap_id().ok(),
        max_satoshis: None,
    };
    let granted = wallet.grant(&grant).expect("there is room");
    granted.token.expose().to_owned()
}

fn secrets(wallet: &Wallet) -> Vec<String> {
    let export = wallet.export(&password()).expect("the password is right");
    vec![
        "07".repeat(SEED.len()),
        export.root.expose_wif().to_string(),
    ]
}

fn handlers(wallet: Wallet, unlocked: UnlockedWallet) -> [Box<dyn Handler>; 2] {
    let options = ServeOptions {
        hosts: vec!["tp.example".parse().expect("a name")],
        unlocked: Some(unlocked),
        auto_lock: None,
        consent: ConsentBy::Click,
        requests_per_second: 0,
        log: LogFormat::Off,
        ..ServeOptions::default()
    };
    without_sockets(wallet, options).expect("nothing is listened on")
}

fn check(answer: &HttpResponse) {
    // 503: it is locked.
    let is_known = matches!(answer.status, 200..500 | 503);
    assert!(is_known, "{}", answer.status);
    for (name, value) in &answer.headers {
        assert!(!value.contains(['\r', '\n', '\0']), "{name}: {value}");
        let is_cookie = name.eq_ignore_ascii_case("Set-Cookie");
        let lets_in = name.eq_ignore_ascii_case("Access-Control-Allow-Credentials");
        assert!(!is_cookie && !lets_in, "{name}: {value}");
        if name.eq_ignore_ascii_case("Access-Control-Allow-Origin") {
            assert!(!matches!(&**value, "*" | "null"), "{value}");
        }
        if value.starts_with("text/html") {
            let page = answer.body.to_ascii_lowercase();
            assert!(!contains(&page, b"<script") && !contains(&page, b"javascript:"));
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|there| there == part)
}

fn replaced(bytes: &[u8], part: &[u8], by: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(part.len()).position(|there| there == part) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(by);
        rest = &rest[at + part.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}
