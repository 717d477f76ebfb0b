//! The profile, and each host's own state.

use super::{done, ok};
use crate::server::call::{Call, TokenCall};
use crate::server::error::{ApiError, Outcome};
use crate::wallet::Merge;
use crate::wire::profile::{Profile, State};

/// `GET /api/profile`
pub(in crate::server) fn read(call: Call<'_>) -> Outcome {
    ok(&Profile(call.lock.wallet().profile()?))
}

/// `POST /api/profile[?mode=clear]`
pub(in crate::server) fn write(call: Call<'_>) -> Outcome {
    let merge = mode(&call.request.query)?;
    let patch = call.body.into_object();
    call.lock.wallet().update_profile(patch, merge)?;
    done()
}

/// `GET /api/state`
pub(in crate::server) fn read_state(call: TokenCall<'_>) -> Outcome {
    ok(&State(call.wallet.wallet().host_state(&call.token.host)?))
}

/// `POST /api/state[?mode=clear]`
pub(in crate::server) fn write_state(call: TokenCall<'_>) -> Outcome {
    let merge = mode(&call.request.query)?;
    let patch = call.body.into_object();
    let wallet = call.wallet.wallet();
    wallet.update_host_state(&call.token.host, patch, merge)?;
    done()
}

/// `DELETE /api/state`
pub(in crate::server) fn clear_state(call: TokenCall<'_>) -> Outcome {
    call.wallet.wallet().clear_host_state(&call.token.host)?;
    done()
}

fn mode(query: &str) -> Result<Merge, ApiError> {
    let mut merge = Merge::Keep;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match (&*name, &*value) {
            ("mode", "clear") => merge = Merge::Clear,
            ("mode", _) => return Err(ApiError::field("mode", "is `clear` or left out")),
            _ => {}
        }
    }
    Ok(merge)
}
