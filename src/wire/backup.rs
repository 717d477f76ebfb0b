//! How it stands with a wallet's backups.

use serde::Serialize;

#[cfg(test)]
use schemars::JsonSchema;

use crate::wallet::{self, BackupStatus, Schedule, Timestamp};

/// How it stands with the backups.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct BackupState {
    /// Where it is.
    pub(crate) file: Option<String>,
    /// When the last one was made; `null`: there is none.
    pub(crate) last_time: Option<Timestamp>,
    /// When a running server makes the next ones; `null`: it makes none.
    pub(crate) schedule: Option<BackupSchedule>,
    /// Whether something was changed that is in no backup.
    pub(crate) unsaved: bool,
}

/// When a running server makes backups.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct BackupSchedule {
    /// Milliseconds from one to the next at least.
    pub(crate) every: u64,
    /// Why the last one was not made, if it was not.
    pub(crate) failure: Option<BackupFailure>,
    /// How many stay there; `null`: all.
    pub(crate) keep: Option<u32>,
    /// The file that their passphrase is in.
    pub(crate) password_file: String,
    /// The folder that they go to.
    pub(crate) to: String,
}

/// A backup that was not made.
#[derive(Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct BackupFailure {
    /// How often, since the last that was made.
    pub(crate) count: u64,
    /// Why it failed.
    pub(crate) error: String,
    /// When it was tried.
    pub(crate) time: Timestamp,
}

impl From<BackupStatus> for BackupState {
    fn from(status: BackupStatus) -> Self {
        let failure = status.failure.map(BackupFailure::from);
        Self {
            last_time: status.last.as_ref().map(|(time, _)| *time),
            file: status.last.map(|(_, file)| file.display().to_string()),
            unsaved: status.unsaved,
            schedule: status.schedule.map(
                |Schedule {
                     to,
                     every,
                     passphrase_file,
                 }| BackupSchedule {
                    to: to.path.display().to_string(),
                    keep: to.keep.map(Into::into),
                    every: u64::try_from(every.as_millis()).unwrap_or(u64::MAX),
                    password_file: passphrase_file.display().to_string(),
                    failure,
                },
            ),
        }
    }
}

impl From<wallet::BackupFailure> for BackupFailure {
    fn from(failure: wallet::BackupFailure) -> Self {
        Self {
            time: failure.at,
            error: failure.why,
            count: failure.count,
        }
    }
}
