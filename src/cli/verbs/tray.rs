//! `tokenpass tray`

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::platform::child::{Relay, SECRETS};

/// The program that shows the icon.
const PROGRAM: &str = "tokenpass-tray";

/// Show the wallet's state in the panel, until it is quit
///
/// An open padlock is an unlocked wallet, a closed one a locked wallet, an outline
/// says that no server runs; a badge, that a page or an app waits for a decision.
/// The menu locks, opens the dashboard to unlock, approves and refuses, and shows
/// what happened lately.
///
/// It is a program of its own, `tokenpass-tray`, that talks to the running server
/// and holds no keys. Exits with 1 where no panel shows icons, with 6 where a tray
/// of this wallet runs already.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass tray
  tokenpass tray --wait &")]
pub(crate) struct Tray {
    /// Where there is no panel yet, wait for one
    #[arg(long)]
    wait: bool,
}

impl Tray {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let mut command = Command::new(program());
        for name in SECRETS {
            command.env_remove(name);
        }
        command.arg("--home").arg(app.wallet()?.home());
        if self.wait {
            command.arg("--wait");
        }
        let relay = Relay::watch().map_err(CliError::Signals)?;
        match relay.run(&mut command) {
            Ok(code) => Ok(Exit::OfProgram(code)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(CliError::NoTray),
            Err(cause) => Err(CliError::NotStarted {
                program: PROGRAM.into(),
                cause,
            }),
        }
    }
}

/// The one of the same installation, else the one that the shell would find.
fn program() -> OsString {
    let name = format!("{PROGRAM}{}", env::consts::EXE_SUFFIX);
    let beside = |own: PathBuf| own.with_file_name(&name);
    let beside = env::current_exe().ok().map(beside);
    match beside.filter(|path| path.is_file()) {
        Some(path) => path.into(),
        None => PROGRAM.into(),
    }
}
