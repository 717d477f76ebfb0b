//! `server.json`: how the command line finds the running server of a home.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::proof::ProofKey;

/// Its name in the home folder.
pub(crate) const SERVER_FILE: &str = "server.json";
/// The file beside it that a running server holds locked.
pub(crate) const LOCK_FILE: &str = "server.lock";
/// No `server.json` is longer, in bytes.
pub(crate) const MAX_LEN: usize = 4096;

/// What `serve` writes when it accepts connections, and removes at its end.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerFile {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its process.
    pub(crate) pid: u32,
    /// When it started, ISO 8601.
    pub(crate) started: String,
    /// The wallet that was there then, in hex.
    pub(crate) wallet_id: Option<String>,
    /// What both sides prove to know.
    pub(crate) key: ProofKey,
}

impl ServerFile {
    /// As it stands in the file.
    #[must_use]
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // Room for all of it, so that growing leaves no copy of the key behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
        serde_json::to_writer(&mut *bytes, self).expect("five plain fields always serialize");
        bytes.push(b'\n');
        bytes
    }

    /// Reads the file's text; `None` if it is not one of ours.
    #[must_use]
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}
