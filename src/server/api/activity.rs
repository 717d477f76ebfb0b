//! What happened lately, for the owner's other programs.

use super::ok;
use crate::server::call::Call;
use crate::server::error::Outcome;
use crate::wire::activity::Activity;

/// Entries told at once; `tokenpass log` has all.
const MOST: u32 = 20;

/// `GET /api/activity`
pub(in crate::server) fn list(call: Call<'_>) -> Outcome {
    ok(&Activity {
        entries: call.lock.wallet().audit(None, MOST)?,
    })
}
