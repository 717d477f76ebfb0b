//! What BRC-100 apps may do, for the owner's other programs.

use super::{done, ok};
use crate::server::call::Call;
use crate::server::error::Outcome;
use crate::wire::permission::{DecidePermission, Decision, Permissions};

/// `GET /api/permissions`
pub(in crate::server) fn list(call: Call<'_>) -> Outcome {
    ok(&Permissions {
        permissions: call.lock.wallet().permissions()?,
    })
}

/// `POST /api/permissions`
pub(in crate::server) fn decide(call: Call<'_>) -> Outcome {
    let asked: DecidePermission = call.body.read()?;
    let (decision, app, right) = asked.read()?;
    let wallet = call.lock.wallet();
    match decision {
        Decision::Allow => wallet.allow_permission(&app, &right)?,
        Decision::Deny => wallet.deny_permission(&app, &right)?,
    }
    done()
}
