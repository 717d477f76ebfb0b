//! The audit trail: who was let in, who was not, and what left the wallet.

use serde::Serialize;

use crate::store::AuditRow;
use crate::wallet::{Timestamp, Wallet, WalletError};

/// What the trail records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A wallet was made.
    Registered,
    /// A wallet was brought in.
    Imported,
    /// The password was right.
    Unlocked,
    /// The password was wrong.
    UnlockFailed,
    /// A running server forgot the keys.
    Locked,
    /// A session was started.
    SessionStarted,
    /// Sessions were ended.
    SessionsEnded,
    /// A token was granted.
    Granted,
    /// A request for a token, or one with a token, was refused.
    Refused,
    /// Tokens were revoked.
    Revoked,
    /// The seed or a backup was exported.
    Exported,
    /// What another copy of the wallet has was brought in from its backup.
    Merged,
    /// The password was changed.
    PasswordChanged,
    /// An origin was approved.
    OriginAllowed,
    /// An origin was refused.
    OriginDenied,
    /// An identity was made, changed or chosen.
    IdentityChanged,
    /// A transaction was signed.
    TransactionSigned,
    /// An OAuth client was added.
    ClientAdded,
    /// An OAuth client was removed.
    ClientRemoved,
    /// A certificate was acquired or given up.
    CertificateChanged,
    /// A BRC-100 app was permitted something.
    PermissionAllowed,
    /// A BRC-100 app was denied something.
    PermissionDenied,
}

impl Event {
    /// The word that is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Imported => "imported",
            Self::Unlocked => "unlocked",
            Self::UnlockFailed => "unlock-failed",
            Self::Locked => "locked",
            Self::SessionStarted => "session-started",
            Self::SessionsEnded => "sessions-ended",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Revoked => "revoked",
            Self::Exported => "exported",
            Self::Merged => "merged",
            Self::PasswordChanged => "password-changed",
            Self::OriginAllowed => "origin-allowed",
            Self::OriginDenied => "origin-denied",
            Self::IdentityChanged => "identity-changed",
            Self::TransactionSigned => "transaction-signed",
            Self::ClientAdded => "client-added",
            Self::ClientRemoved => "client-removed",
            Self::CertificateChanged => "certificate-changed",
            Self::PermissionAllowed => "permission-allowed",
            Self::PermissionDenied => "permission-denied",
        }
    }
}

/// One entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// More, or nothing.
    pub detail: String,
    /// What: the words of [`Event::as_str`].
    pub event: String,
    /// The host or origin it was about, or nothing.
    pub subject: String,
}

impl Wallet {
    /// Adds to the trail. `detail` must hold no secret.
    ///
    /// Where the disk is full or read-only, what happened is not undone by
    /// that: it is warned of, and all else goes on.
    pub fn record(&self, event: Event, subject: &str, detail: &str) {
        let event = event.as_str();
        let written = self.store().state.put_audit(&AuditRow {
            at: self.now().as_millis(),
            event: event.into(),
            subject: subject.into(),
            detail: detail.into(),
        });
        if let Err(error) = written {
            let missing = format!("`{event}` is missing from the audit trail: {error}");
            self.environment().warn(&missing);
        }
    }

    /// The newest `limit` entries not older than `since`, oldest first.
    pub fn audit(
        &self,
        since: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, WalletError> {
        let since = since.map_or(0, Timestamp::as_millis);
        let rows = self.store().state.audit(since, limit)?;
        Ok(rows
            .into_iter()
            .map(|row| AuditEntry {
                at: Timestamp::from_millis(row.at),
                event: row.event,
                subject: row.subject,
                detail: row.detail,
            })
            .collect())
    }
}
