//! What BRC-100 apps may do, on the dashboard.

use super::form::Form;
use super::{Refused, Visit};
use crate::server::error::ApiError;
use crate::server::pages::{PermissionRow, words};
use crate::wallet::{Host, OriginStatus, Right, Timestamp};

/// Permissions of each kind shown at once.
const MOST: usize = 100;

impl Visit<'_> {
    /// It gives something: it asks the password.
    pub(super) fn allow_permission(&self, form: &Form) -> Result<String, Refused> {
        let (app, right) = which(form)?;
        self.prove(form)?;
        self.lock.wallet().allow_permission(&app, &right)?;
        Ok(format!("{app} may do what it asked for."))
    }

    pub(super) fn deny_permission(&self, form: &Form) -> Result<String, Refused> {
        let (app, right) = which(form)?;
        self.lock.wallet().deny_permission(&app, &right)?;
        Ok(format!("{app} may not do that, and will not ask again."))
    }

    /// Those that are asked for, and those that were given.
    pub(super) fn permission_rows(
        &self,
        now: Timestamp,
    ) -> Result<(Vec<PermissionRow>, Vec<PermissionRow>), ApiError> {
        let all = self.lock.wallet().permissions()?;
        let of = |status: OriginStatus| {
            let some = all.iter().filter(move |one| one.status == status);
            let row = |one: &crate::wallet::PermissionInfo| PermissionRow {
                app: one.originator.to_string(),
                what: one.right.to_string(),
                when: words::ago(one.seen, now),
            };
            some.take(MOST).map(row).collect()
        };
        Ok((of(OriginStatus::Pending), of(OriginStatus::Approved)))
    }
}

fn which(form: &Form) -> Result<(Host, Right), Refused> {
    let app = form.get("app").and_then(|app| app.parse().ok());
    let right = form.get("right").and_then(|right| right.parse().ok());
    let none = || Refused::Said(400, "No such permission.".to_owned());
    app.zip(right).ok_or_else(none)
}
