//! What BRC-100 apps may do, and who decided it.

use serde::Serialize;

use super::audit::Event;
use super::rights::Right;
use crate::store::{OriginStatus, PermissionRow, RightRow};
use crate::wallet::{Host, Timestamp, UnlockedWallet, Wallet, WalletError};

/// A permission in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PermissionInfo {
    /// Which app: the host of its pages.
    pub originator: Host,
    /// What it is about.
    #[serde(flatten)]
    #[cfg_attr(test, schemars(with = "super::rights::RightDocument"))]
    pub right: Right,
    /// What was decided.
    pub status: OriginStatus,
    /// When it was decided, or first asked.
    pub seen: Timestamp,
}

impl Wallet {
    /// Permits something to an app. Everything replaces all that was decided about
    /// it.
    pub fn allow_permission(&self, originator: &Host, right: &Right) -> Result<(), WalletError> {
        let event = Event::PermissionAllowed;
        self.decide_permission(originator, right, OriginStatus::Approved, event)
    }

    /// Denies something to an app, or takes it back: it is refused without being
    /// asked for again.
    pub fn deny_permission(&self, originator: &Host, right: &Right) -> Result<(), WalletError> {
        let event = Event::PermissionDenied;
        self.decide_permission(originator, right, OriginStatus::Denied, event)
    }

    /// All permissions: approved, denied, pending.
    pub fn permissions(&self) -> Result<Vec<PermissionInfo>, WalletError> {
        let rows = self.store().state.permissions(self.current()?)?;
        let info = |row: PermissionRow| {
            Some(PermissionInfo {
                originator: row.originator.parse().ok()?,
                right: Right::of_row(&row.right)?,
                status: row.status,
                seen: Timestamp::from_millis(row.seen),
            })
        };
        Ok(rows.into_iter().filter_map(info).collect())
    }

    fn decide_permission(
        &self,
        originator: &Host,
        right: &Right,
        status: OriginStatus,
        event: Event,
    ) -> Result<(), WalletError> {
        let row = PermissionRow {
            originator: originator.to_string(),
            right: right.row(),
            status,
            seen: self.now().as_millis(),
        };
        self.store().state.set_permission(self.current()?, &row)?;
        self.record(event, originator.as_str(), &right.to_string());
        Ok(())
    }
}

impl UnlockedWallet {
    /// What was decided about a right: of itself, else about everything. Looks at
    /// the file each time, so that what another process decided counts at once.
    pub fn permission(
        &self,
        originator: &Host,
        right: &Right,
    ) -> Result<Option<OriginStatus>, WalletError> {
        let state = &self.wallet().store().state;
        let known = &self.apps.permissions;
        let key = (originator.clone(), right.clone());
        if let Some(status) = state.version().and_then(|version| known.get(&key, version)) {
            return Ok(status);
        }
        let wanted = right.row();
        let (rows, version) = state.permission(self.id(), originator.as_str(), &wanted)?;
        let of = |right: &RightRow| rows.iter().find(|row| row.right == *right);
        let all = of(&Right::All.row()).map(|row| row.status);
        let own = of(&wanted).map(|row| row.status);
        let status = own
            .filter(|own| *own != OriginStatus::Pending || all.is_none())
            .or(all);
        if let Some(version) = version {
            known.note(key, &status, version);
        }
        Ok(status)
    }

    /// Notes that an app asks for something that nobody has decided about.
    pub fn note_pending_permission(
        &self,
        originator: &Host,
        right: &Right,
    ) -> Result<(), WalletError> {
        let wallet = self.wallet();
        let (state, now) = (&wallet.store().state, wallet.now().as_millis());
        Ok(state.note_pending_permission(self.id(), originator.as_str(), &right.row(), now)?)
    }
}
