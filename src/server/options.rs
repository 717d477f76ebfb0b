//! How to serve.

use std::net::TcpListener;
use std::time::Duration;

use super::authorize::ConsentBy;
use super::caller::host_names::PublicName;
use super::listen::Listen;
use super::log::LogFormat;
use crate::wallet::{Origin, UnlockedWallet};
use crate::wire::DEFAULT_PORT;

/// How to serve.
pub struct ServeOptions {
    /// Where to listen, unless sockets are handed over.
    pub listen: Vec<Listen>,
    /// Sockets that are open already (socket activation); they win.
    pub sockets: Vec<TcpListener>,
    /// More names that the `Host` header may have.
    pub hosts: Vec<PublicName>,
    /// Origins that are approved in addition to those in the wallet's list.
    pub origins: Vec<Origin>,
    /// The wallet, to serve it unlocked from the start.
    pub unlocked: Option<UnlockedWallet>,
    /// Lock after this long without use; `None` is never.
    pub auto_lock: Option<Duration>,
    /// What allows an app in, on the consent page.
    pub consent: ConsentBy,
    /// Where to listen for BRC-100 apps, if at all.
    pub brc100: Option<Listen>,
    /// Requests a second that one token or one origin may make; 0 is no limit.
    pub requests_per_second: u32,
    /// Whether commands of the wallet's owner get a short session while the
    /// wallet is unlocked, and so need no password.
    pub agent: bool,
    /// The access log on stderr.
    pub log: LogFormat,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            listen: vec![Listen::Localhost(DEFAULT_PORT)],
            sockets: Vec::new(),
            hosts: Vec::new(),
            origins: Vec::new(),
            unlocked: None,
            auto_lock: Some(Duration::from_secs(30 * 60)),
            consent: ConsentBy::default(),
            brc100: None,
            requests_per_second: 20_000,
            agent: true,
            log: LogFormat::default(),
        }
    }
}
