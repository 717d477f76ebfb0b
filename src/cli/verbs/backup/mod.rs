//! `tokenpass backup`

pub(crate) mod made;
pub(crate) mod merge;
pub(crate) mod status;

use clap::{Args, Subcommand};

use self::made::Make;
use self::merge::Merge;
use self::status::Standing;
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;

/// Make encrypted backups, now or by a schedule, and merge them
///
/// Writes a dated `.bep` file into a folder: whole or not at all, only for you to
/// read, and read back before it counts. It holds all that restores the wallet,
/// so it needs the password, also within a session. Without an option, shows how
/// it stands: when the last one was made, and whether something was changed since.
///
/// With --every, a running server makes the next ones while it is unlocked, when
/// something was changed. What is stored for that: the folder, how often, how
/// many stay, the name of the file that the passphrase is in (not the
/// passphrase), and the wallet's words, sealed under that passphrase and under a
/// key of the wallet together. `--every off` removes it.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  tokenpass backup --to ~/Sync/tokenpass --keep 10
  tokenpass backup --to ~/Sync --every 1d --backup-password-file ~/.bep-passphrase
  tokenpass backup --every off
  tokenpass backup merge ~/Sync/tokenpass")]
pub(crate) struct Backup {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    make: Make,
}

#[derive(Subcommand)]
enum Command {
    /// Show how it stands with the backups
    Status,
    Merge(Merge),
}

impl Backup {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        match self.command {
            Some(Command::Merge(merge)) => Ok(app.terminal.show(&merge.run(app)?)?),
            None if self.make.is_asked() => self.make.run(app),
            None | Some(Command::Status) => Ok(app.terminal.show(&Standing::of(app)?)?),
        }
    }
}
