//! A wallet's folder, for the binary and for the library.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokenpass::Password;
use tokenpass::testing::platform::files;
use tokenpass::testing::wallet::{Environment, Registered, Registration, Timestamp, Wallet};

use super::{PASSWORD, Run, golden, path};

/// A wallet's folder, gone when dropped. The folder itself does not exist
/// until something makes it.
///
/// Commands run in it by the system's clock. Handles of the library go by a
/// clock that stands still until the test moves it: those on one home are as
/// many processes.
pub(crate) struct Home {
    dir: TempDir,
    clock: Arc<AtomicU64>,
    /// How far the clock on the wall has been set back.
    behind: Arc<AtomicU64>,
    iterations: u32,
}

impl Home {
    /// No wallet yet.
    pub(crate) fn new() -> Self {
        Self::at_cost(2)
    }

    /// The same, with another cost of key derivation for the library's handles
    /// (in release builds it is always the full one).
    pub(crate) fn at_cost(iterations: u32) -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock: Arc::new(AtomicU64::new(1_800_000_000_000)),
            behind: Arc::default(),
            iterations,
        }
    }

    /// A wallet with fresh words, made by the binary.
    pub(crate) fn registered() -> Self {
        let home = Self::new();
        home.run(["register", "-q"]).password().succeeds();
        home
    }

    /// The first wallet of the golden data, imported by the binary.
    pub(crate) fn golden() -> Self {
        let home = Self::new();
        let words = golden()["mnemonic"].as_str().unwrap().to_owned();
        let id = home
            .run(["import", "--mnemonic-file", "-"])
            .password()
            .stdin(words)
            .prints();
        assert_eq!(id.trim(), golden()["bap_ids"][0]["identity_key"]);
        home
    }

    /// A copy of the home in `tests/homes` that this version made.
    pub(crate) fn of_version(version: &str) -> Self {
        let home = Self::new();
        files::create_private_dir(&home.path()).unwrap();
        for name in ["keys.db", "seed.db", "state.db"] {
            let database = std::fs::read(path(&format!("homes/{version}/{name}"))).unwrap();
            // A checkout does not keep who may read a file.
            files::write_private(&home.path().join(name), &database, true).unwrap();
        }
        home
    }

    /// Where the wallet is.
    pub(crate) fn path(&self) -> PathBuf {
        self.beside("home")
    }

    /// A path beside it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A file beside it that only its owner can read.
    pub(crate) fn secret_file(&self, name: &str, contents: &str) -> String {
        let path = self.beside(name);
        files::write_private(&path, contents.as_bytes(), true).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// From now on no row can be added to this table of `state.db` or `keys.db`: as
    /// neither a full nor a read-only disk fails.
    pub(crate) fn refuse_rows(&self, table: &str) {
        let name = match table {
            "host_keys" => "keys.db",
            _ => "state.db",
        };
        let trigger = format!(
            "CREATE TRIGGER refused BEFORE INSERT ON {table}
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        );
        let db = rusqlite::Connection::open(self.path().join(name)).unwrap();
        db.execute_batch(&trigger).unwrap();
    }

    /// A command line, without a password or session.
    pub(crate) fn run<I>(&self, args: I) -> Run
    where
        I: IntoIterator<Item: AsRef<OsStr>>,
    {
        Run::new(&self.path(), args)
    }

    /// Starts a session; returns what goes into `TOKENPASS_SESSION`.
    pub(crate) fn login(&self) -> String {
        let line = self.run(["login"]).password().prints();
        let session = line.strip_prefix("export TOKENPASS_SESSION=").unwrap();
        session.trim_end().to_owned()
    }

    /// A handle of its own, as another process would have.
    pub(crate) fn wallet(&self) -> Wallet {
        self.wallet_at_cost(self.iterations)
    }

    /// One that goes by the system's clock, as commands do.
    pub(crate) fn wallet_now(&self) -> Wallet {
        let environment = with_cost(Environment::system(), self.iterations);
        Wallet::open(self.path(), environment)
    }

    /// A copy of the wallet's folder, while nobody uses it; in memory, where there
    /// is a folder for that.
    pub(crate) fn copy(&self) -> Self {
        let memory = std::path::Path::new("/dev/shm");
        let mut copy = Self::at_cost(self.iterations);
        if memory.exists() {
            copy.dir = tempfile::tempdir_in(memory).unwrap();
        }
        if self.path().exists() {
            files::create_private_dir(&copy.path()).unwrap();
        }
        for entry in std::fs::read_dir(self.path()).into_iter().flatten() {
            let from = entry.unwrap().path();
            let to = copy.path().join(from.file_name().unwrap());
            std::fs::copy(from, to).unwrap();
        }
        copy
    }

    /// The same, where another version seals at another cost.
    pub(crate) fn wallet_at_cost(&self, iterations: u32) -> Wallet {
        self.wallet_in(self.path(), iterations)
    }

    /// A handle on another folder, which goes by the same clock.
    pub(crate) fn wallet_beside(&self, name: &str) -> Wallet {
        self.wallet_in(self.beside(name), self.iterations)
    }

    fn wallet_in(&self, path: PathBuf, iterations: u32) -> Wallet {
        let (clock, behind) = (Arc::clone(&self.clock), Arc::clone(&self.behind));
        let boot = move || clock.load(Ordering::SeqCst);
        let since_boot = boot.clone();
        let now = move || boot() - behind.load(Ordering::SeqCst);
        let environment = Environment::system()
            .with_clock(move || Timestamp::from_millis(now()))
            .with_boot_clock(move || Duration::from_millis(since_boot()));
        Wallet::open(path, with_cost(environment, iterations))
    }

    /// Makes a wallet with fresh words through the library.
    pub(crate) fn register(&self) -> (Wallet, Registered) {
        let wallet = self.wallet();
        let password = Password::new(PASSWORD.into());
        let registered = wallet.register(&password, Registration::default()).unwrap();
        (wallet, registered)
    }

    /// What the library's clock says, in milliseconds.
    pub(crate) fn now(&self) -> u64 {
        self.clock.load(Ordering::SeqCst) - self.behind.load(Ordering::SeqCst)
    }

    /// The clock of the library's handles is set back; how long anything lasts is
    /// another clock's.
    pub(crate) fn set_back(&self, duration: Duration) {
        let millis = u64::try_from(duration.as_millis()).unwrap();
        self.behind.fetch_add(millis, Ordering::SeqCst);
    }

    /// Lets time pass for the library's handles; threads that wait do not
    /// notice, as when the machine sleeps.
    pub(crate) fn pass(&self, duration: Duration) {
        let millis = u64::try_from(duration.as_millis()).unwrap();
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }
}

#[cfg(debug_assertions)]
fn with_cost(environment: Environment, iterations: u32) -> Environment {
    use tokenpass::testing::wallet::KdfPolicy;
    environment.with_kdf(KdfPolicy::insecure_for_tests(iterations))
}

/// No release has a cheap key derivation, not even for its tests.
#[cfg(not(debug_assertions))]
fn with_cost(environment: Environment, _: u32) -> Environment {
    environment
}
