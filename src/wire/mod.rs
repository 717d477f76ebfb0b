//! What goes over the wire, as types: the requests and answers of the REST
//! API and its error codes. One struct for one shape: the server reads and
//! writes it, the client reads it, `--json` prints it, and the schemas of the
//! contract (OpenAPI) are made from it and its comments.
//!
//! A request is read in two steps. [`Body::parse`] turns bytes into a JSON
//! object in which no field comes twice; a struct of this room then picks its
//! fields from that object, in the order in which it declares them. Unknown
//! fields are ignored, `null` counts as absent, and a mistake names its field.
//!
//! An answer is written as it is declared, so its struct declares the fields in the
//! order of their names; debug builds check it.
//!
//! Texts that may be secret are wiped: in the object, in the types they are
//! read into, and in the bytes that an answer is written to.

pub(crate) mod access;
pub(crate) mod activity;
pub(crate) mod agent;
pub(crate) mod backup;
pub(crate) mod brc100;
pub(crate) mod encrypt;
pub(crate) mod error;
pub(crate) mod files;
pub(crate) mod identity;
pub(crate) mod origin;
pub(crate) mod permission;
pub(crate) mod profile;
pub(crate) mod proof;
pub(crate) mod server;
pub(crate) mod server_file;
pub(crate) mod sign;
pub(crate) mod transaction;
pub(crate) mod wallet;

mod body;
mod encoded;
mod read;
#[cfg(test)]
pub(crate) mod schema;
mod write;

pub(crate) use body::Body;
pub(crate) use error::{ErrorAnswer, ErrorCode};
pub(crate) use read::RequestError;
pub(crate) use write::{Exposed, Success, to_json};

/// The port that the ecosystem's clients look for.
pub(crate) const DEFAULT_PORT: u16 = 21000;
