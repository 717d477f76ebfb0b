//! Which web pages may use the wallet, for the owner's other programs.

use super::{done, ok};
use crate::server::call::Call;
use crate::server::error::Outcome;
use crate::wire::origin::{DecideOrigin, Origins};
use crate::wire::permission::Decision;

/// `GET /api/origins`
pub(in crate::server) fn list(call: Call<'_>) -> Outcome {
    ok(&Origins {
        origins: call.lock.wallet().origins()?,
    })
}

/// `POST /api/origins`
pub(in crate::server) fn decide(call: Call<'_>) -> Outcome {
    let asked: DecideOrigin = call.body.read()?;
    let (decision, origin) = asked.read()?;
    let wallet = call.lock.wallet();
    match decision {
        Decision::Allow => wallet.allow_origin(&origin)?,
        Decision::Deny => wallet.deny_origin(&origin)?,
    }
    done()
}
