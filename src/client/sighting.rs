//! What `status` tells of servers.

use std::path::Path;

use super::error::ClientError;
use super::home_server::{HomeServer, ask};
use super::http::{SOON, ServerUrl};
use crate::wire::wallet::Glance;

/// A server that was seen.
pub(crate) struct Sighting {
    /// Where.
    pub(crate) url: ServerUrl,
    /// Whether its wallet is unlocked.
    pub(crate) is_unlocked: bool,
    /// Whether it is of the wallet that was asked about, as far as it says so
    /// itself.
    pub(crate) is_ours: bool,
    /// Whether it has proved that it is the server that `server.json` tells of.
    pub(crate) is_proven: bool,
}

/// Looks for the server of the wallet with this id: where `server.json` says,
/// else at `usual`, where nobody can prove anything.
pub(crate) fn look(
    home: &Path,
    wallet_id: Option<&str>,
    usual: &ServerUrl,
) -> Result<Option<Sighting>, ClientError> {
    let Some(server) = HomeServer::of(home)? else {
        return Ok(glance(usual, wallet_id));
    };
    match server.prove() {
        Ok(proven) => Ok(Some(Sighting {
            is_unlocked: proven.is_unlocked()?,
            is_ours: proven.wallet_id() == wallet_id,
            is_proven: true,
            url: proven.url().clone(),
        })),
        // It was killed, and somebody else may listen there by now.
        Err(ClientError::NotProven(_)) => Ok(glance(server.url(), wallet_id)),
        Err(_) => Ok(glance(usual, wallet_id)),
    }
}

fn glance(url: &ServerUrl, wallet_id: Option<&str>) -> Option<Sighting> {
    let status: Glance = url.request("GET", "/api/status", b"", SOON).ok()?;
    let said = ask(url).ok().and_then(|(_, said)| said.wallet_id);
    Some(Sighting {
        url: url.clone(),
        is_unlocked: status.unlocked,
        is_ours: said.is_some() && said.as_deref() == wallet_id,
        is_proven: false,
    })
}
