//! The profile, and each host's own state.

use super::{done, ok};
use crate::server::call::{Call, TokenCall};
use crate::server::error::{ApiError, Outcome};
use crate::wallet::{Merge, Wallet};
use crate::wire::Body;
use crate::wire::profile::{Profile, State};

/// `GET /api/profile`
pub(in crate::server) fn read(call: Call<'_>) -> Outcome {
    ok(&Profile(call.lock.wallet().profile()?))
}

/// The same, with a token.
pub(in crate::server) fn read_with_token(call: TokenCall<'_>) -> Outcome {
    ok(&Profile(call.wallet.wallet().profile()?))
}

/// `POST /api/profile[?mode=clear]`
pub(in crate::server) fn write(call: Call<'_>) -> Outcome {
    update(call.lock.wallet(), &call.request.query, call.body)
}

/// The same, with a token.
pub(in crate::server) fn write_with_token(call: TokenCall<'_>) -> Outcome {
    update(call.wallet.wallet(), &call.request.query, call.body)
}

fn update(wallet: &Wallet, query: &str, patch: Body) -> Outcome {
    wallet.update_profile(patch.into_object(), mode(query)?)?;
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
