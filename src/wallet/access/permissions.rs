//! What BRC-100 apps may do, and who decided it.

use serde::Serialize;

use super::audit::Event;
use super::rights::Right;
use crate::store::{OriginStatus, PermissionRow, RightRow};
use crate::wallet::{Host, Timestamp, UnlockedWallet, Wallet, WalletError};

/// A permission in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "Document")]
pub struct PermissionInfo {
    /// Which app: the host of its pages.
    pub originator: Host,
    /// What it is about.
    pub right: Right,
    /// What was decided.
    pub status: OriginStatus,
    /// When it was decided, or first asked.
    pub seen: Timestamp,
}

/// A permission of an app, in a list.
#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "PermissionInfo")
)]
struct Document {
    /// `self`, `anyone` or a public key; absent where it is all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    counterparty: Option<String>,
    /// 1 or 2; absent where it is everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    /// Which app: the host of its pages.
    originator: Host,
    /// The protocol's name; absent where it is everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
    /// When it was decided, or first asked.
    seen: Timestamp,
    /// What was decided.
    status: OriginStatus,
}

impl From<PermissionInfo> for Document {
    fn from(permission: PermissionInfo) -> Self {
        let row = permission.right.row();
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        let protocol = given(row.protocol);
        Self {
            counterparty: given(row.counterparty),
            level: protocol.as_ref().map(|_| row.level),
            originator: permission.originator,
            protocol,
            seen: permission.seen,
            status: permission.status,
        }
    }
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
        let key = (originator.clone(), right.clone());
        let known = &self.apps.permissions;
        known.or_look_up(
            key,
            state.version(),
            |_| true,
            || {
                let wanted = right.row();
                let (rows, version) = state.permission(self.id(), originator.as_str(), &wanted)?;
                let of = |right: &RightRow| rows.iter().find(|row| row.right == *right);
                let all = of(&Right::All.row()).map(|row| row.status);
                let own = of(&wanted).map(|row| row.status);
                let status = own
                    .filter(|own| *own != OriginStatus::Pending || all.is_none())
                    .or(all);
                Ok((status, version))
            },
        )
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

#[cfg(test)]
impl schemars::JsonSchema for PermissionInfo {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Document::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Document::json_schema(generator)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn in_json_what_a_right_does_not_say_is_left_out() {
        let key = "02c0ded2bc1f1305fb0faac5e6c03ee3a1924234985427b6167ca569d13df435cf";
        let app = r#""originator":"app.example""#;
        let rest = r#""seen":1800000000000,"status":"approved"}"#;
        for (right, json) in [
            ("everything", format!("{{{app},{rest}")),
            (
                "1 some tests",
                format!(r#"{{"level":1,{app},"protocol":"some tests",{rest}"#),
            ),
            (
                &format!("2 server hmac {key}"),
                format!(
                    r#"{{"counterparty":"{key}","level":2,{app},"protocol":"server hmac",{rest}"#
                ),
            ),
        ] {
            let permission = PermissionInfo {
                originator: "app.example".parse().unwrap(),
                right: right.parse().unwrap(),
                status: OriginStatus::Approved,
                seen: Timestamp::from_millis(1_800_000_000_000),
            };
            assert_eq!(serde_json::to_string(&permission).unwrap(), json);
        }
    }
}
