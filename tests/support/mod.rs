//! What the tests share: a home, the binary run in it, a server, an HTTP
//! client, a terminal, another user.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod certificate;
mod home;
pub(crate) mod http;
#[cfg(target_os = "linux")]
pub(crate) mod other_network;
#[cfg(unix)]
pub(crate) mod other_user;
pub(crate) mod proof;
pub(crate) mod relay;
pub(crate) mod run;
pub(crate) mod schema;
#[cfg(unix)]
pub(crate) mod screen;
pub(crate) mod serve;
#[cfg(target_os = "linux")]
pub(crate) mod strace;
#[cfg(unix)]
pub(crate) mod terminal;

use std::path::{Path, PathBuf};

use serde_json::Value;

pub(crate) use home::Home;
pub(crate) use run::Run;

/// The password of every wallet in these tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A file or folder beside the tests.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// The data of `tests/vectors/{name}.json`.
pub(crate) fn vectors(name: &str) -> Value {
    let file = std::fs::read(path(&format!("vectors/{name}.json"))).unwrap();
    serde_json::from_slice(&file).unwrap()
}

/// The first case of the golden wallets.
pub(crate) fn golden() -> Value {
    vectors("wallet")["cases"][0].clone()
}
