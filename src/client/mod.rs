//! The running server of this home, found by its `server.json` and proven.
//!
//! Nobody can stop another user from listening on a port before the server
//! does, or from forwarding what arrives there. So the command line asks for a
//! proof ([`crate::wire::proof`]) before it sends anything secret, and seals
//! that to the key which the proof covers: somebody in the middle learns
//! nothing.

mod error;
mod home_server;
mod http;
pub(crate) mod reply;
mod sighting;

pub(crate) use self::error::ClientError;
pub(crate) use self::home_server::{HomeServer, ProvenServer, proven};
pub(crate) use self::http::ServerUrl;
pub(crate) use self::sighting::{Sighting, look};
