//! `tokenpass log`

use std::time::Duration;

use clap::Args;

use crate::cli::app::App;
use crate::cli::durations;
use crate::cli::error::CliError;
use crate::cli::terminal::{Outcome, Printout};
use crate::wallet::AuditEntry;
use crate::wire::activity::Activity;

/// Show the audit trail: unlocks, grants, refusals, exports
///
/// The oldest entry first. It holds no secrets and no messages.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass log --since 1d
  tokenpass log --json | jq '.entries[] | select(.event == \"unlock-failed\")'")]
pub(crate) struct Log {
    /// Only entries no older than this
    #[arg(long, value_name = "TIME", value_parser = durations::duration)]
    since: Option<Duration>,

    /// At most this many entries, the newest
    #[arg(long, value_name = "N", default_value_t = 1000)]
    limit: u32,
}

impl Log {
    pub(crate) fn run(self, app: &App) -> Result<Activity, CliError> {
        let wallet = app.existing_wallet()?;
        let now = wallet.environment().now();
        let since = self.since.map(|age| now.minus(age));
        Ok(Activity {
            entries: wallet.audit(since, self.limit)?,
        })
    }
}

impl Outcome for Activity {
    fn text(&self, out: &mut Printout) {
        let row = |entry: &AuditEntry| {
            vec![
                entry.at.to_string(),
                entry.event.clone(),
                entry.subject.clone(),
                entry.detail.clone(),
            ]
        };
        let rows: Vec<_> = self.entries.iter().map(row).collect();
        out.count(rows.len(), "entry", "entries");
        out.table(&["TIME", "EVENT", "SUBJECT", "DETAIL"], &[2, 3], &rows);
    }
}
