//! A disk that fails to sync: what is done is never reported as failed, and what
//! failed changed nothing. Takes `strace`; skipped elsewhere.

use std::fs;

use tokenpass::Password;

use crate::support::run::Done;
use crate::support::strace::can_trace;
use crate::support::{Home, PASSWORD, golden};

const OTHER_PASSWORD: &str = "another correct horse";

/// Runs the command on a fresh home, with one of its syncs failing where that is
/// asked for.
struct Traced {
    home: Home,
    done: Done,
    syncs: usize,
}

impl Traced {
    fn new(args: &[&str], failing: Option<usize>) -> Self {
        let home = Home::golden();
        let seed = home.secret_file("seed", &"07".repeat(64));
        let password = home.secret_file("password", OTHER_PASSWORD);
        let log = home.beside("trace");
        let inject = failing.map(|nth| format!("inject=fsync,fdatasync:error=EIO:when={nth}"));
        let mut trace = vec!["-f", "--seccomp-bpf", "-e", "trace=fsync,fdatasync"];
        trace.extend(["-o", log.to_str().unwrap()]);
        trace.extend(inject.iter().flat_map(|inject| ["-e", inject]));
        let args = args.iter().map(|arg| match *arg {
            "SEED" => &*seed,
            "PASSWORD" => &*password,
            arg => arg,
        });
        let done = home.run(args).password().under("strace", &trace).done();
        let log = fs::read_to_string(&log).unwrap();
        assert_eq!(log.contains("(INJECTED)"), failing.is_some(), "{log}");
        Self {
            home,
            done,
            syncs: log.lines().filter(|line| line.contains("sync(")).count(),
        }
    }
}

fn opens(home: &Home, password: &str) -> bool {
    home.wallet()
        .unlock(&Password::new(password.into()))
        .is_ok()
}

#[test]
fn a_new_password_counts_from_when_it_is_reported() {
    if !can_trace() {
        return;
    }
    let passwd = ["passwd", "-q", "--new-password-file", "PASSWORD"];
    let all = Traced::new(&passwd, None).syncs;
    assert!(all > 3, "{all}");
    for nth in 1..=all {
        let Traced { home, done, .. } = Traced::new(&passwd, Some(nth));
        assert!([0, 1].contains(&done.code), "{nth}: {}", done.stderr);
        let works = (opens(&home, PASSWORD), opens(&home, OTHER_PASSWORD));
        let reported = (done.code == 1, done.code == 0);
        assert_eq!(works, reported, "{nth}: {}", done.stderr);
    }
}

#[test]
fn a_wallet_is_replaced_when_that_is_reported() {
    if !can_trace() {
        return;
    }
    let golden = golden();
    let before = golden["bap_ids"][0]["identity_key"].as_str().unwrap();
    let import = ["import", "-q", "--force", "--seed-file", "SEED"];
    let all = Traced::new(&import, None).syncs;
    let mut replaced = 0;
    // The first third are those of the backup, which takes its time.
    for nth in all / 3..=all {
        let Traced { home, done, .. } = Traced::new(&import, Some(nth));
        assert!([0, 1].contains(&done.code), "{nth}: {}", done.stderr);
        assert!(opens(&home, PASSWORD), "{nth}");
        let now = home.wallet().profile().unwrap()["bapID"].clone();
        assert_eq!(now == before, done.code == 1, "{nth}: {}", done.stderr);
        replaced += usize::from(now != before);
    }
    assert!(replaced < all - all / 3, "none came before the commit");
}
