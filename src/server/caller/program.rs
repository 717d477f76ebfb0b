//! What makes a request the owner's own program's: the connection, and nothing
//! in the request that speaks against it. Headers can only take this away.

use super::host_names::HostNames;
use crate::http::{ConnectionInfo, HttpRequest};
use crate::platform::peers::{PeerOwner, owner_of};

/// Headers that a proxy or a tunnel adds, beside all that start with
/// [`FORWARDED`].
const OF_A_PROXY: [&str; 3] = ["Forwarded", "Via", "X-Real-IP"];
const FORWARDED: &str = "x-forwarded-";

/// Whose process is at the other end: the kernel's word, asked for once, when
/// the client connects.
pub(in crate::server) fn owner(connection: &ConnectionInfo) -> PeerOwner {
    let asked = || owner_of(connection.local, connection.peer);
    let owner: Option<&PeerOwner> = connection.note(asked);
    owner.copied().unwrap_or(PeerOwner::Unknown)
}

/// Whether a process of the owner made the request itself, and does not pass
/// it on for somebody else. A browser is such a process too.
pub(super) fn is_owners(request: &HttpRequest, names: &HostNames) -> bool {
    owner(&request.connection) == PeerOwner::SameUser
        && names.is_loopback(request)
        && !request.header_names().any(is_of_a_proxy)
}

fn is_of_a_proxy(name: &str) -> bool {
    let start = name.as_bytes().get(..FORWARDED.len());
    OF_A_PROXY.iter().any(|of| of.eq_ignore_ascii_case(name))
        || start.is_some_and(|start| start.eq_ignore_ascii_case(FORWARDED.as_bytes()))
}
