//! `tokenpass backup status`

use std::time::Duration;

use serde::Serialize;

use crate::cli::app::App;
use crate::cli::durations;
use crate::cli::error::CliError;
use crate::cli::terminal::{Outcome, Printout};
use crate::wallet::{Timestamp, WalletError};
use crate::wire::backup::BackupState;

/// How it stands with the backups.
#[derive(Serialize)]
#[serde(transparent)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(transparent))]
pub(crate) struct Standing {
    state: BackupState,
    #[serde(skip)]
    now: Timestamp,
}

impl Standing {
    pub(super) fn of(app: &App) -> Result<Self, CliError> {
        let wallet = app.wallet()?;
        let status = wallet.backup_status()?.ok_or(WalletError::NoWallet)?;
        Ok(Self {
            state: status.into(),
            now: wallet.environment().now(),
        })
    }
}

/// Whether what there is now is in a backup, in a line.
pub(crate) fn in_short(state: &BackupState, now: Timestamp) -> String {
    let Some(last) = state.last_time else {
        return "none yet: `tokenpass backup --to DIR` makes one".to_owned();
    };
    let ago = format!("{} ago", durations::in_words(now.since(last)));
    let failure = state.schedule.as_ref().and_then(|one| one.failure.as_ref());
    match (state.unsaved, failure) {
        (true, Some(failure)) => format!("{ago}; the next one failed: {}", failure.error),
        (true, None) => format!("{ago}; what was changed since is in none"),
        (false, _) => format!("{ago}, nothing was changed since"),
    }
}

impl Outcome for Standing {
    fn text(&self, out: &mut Printout) {
        let state = &self.state;
        let mut fields = vec![("last", in_short(state, self.now))];
        fields.extend(state.file.clone().map(|file| ("file", file)));
        match &state.schedule {
            None => fields.push(("schedule", "none".to_owned())),
            Some(schedule) => {
                let every = durations::in_words(Duration::from_millis(schedule.every));
                let when = format!("every {every}, while a server is unlocked");
                let keep = schedule
                    .keep
                    .map_or("all".to_owned(), |keep| keep.to_string());
                fields.extend([
                    ("schedule", when),
                    ("to", schedule.to.clone()),
                    ("keep", keep),
                    ("passphrase in", schedule.password_file.clone()),
                ]);
                if let Some(failure) = &schedule.failure {
                    let tries = match failure.count {
                        1 => String::new(),
                        count => format!("{count} times, "),
                    };
                    let at = failure.time;
                    fields.push(("failed", format!("{tries}last at {at}: {}", failure.error)));
                }
            }
        }
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        out.fields(&fields);
    }
}
