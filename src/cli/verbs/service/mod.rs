//! `tokenpass service`

mod install;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

pub(crate) use self::install::Changed;
use self::install::{Install, this_program};
use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::platform::child::{Relay, SECRETS};
use crate::platform::service::{Installed, Manager, Starts, background};

/// Have the server start by itself, and look after it
///
/// It runs as you and needs no administrator: as a unit of your own systemd, as
/// an agent of launchd, or by the Run key of Windows.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Service {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Install(Install),
    /// Stop the service and leave nothing of it; the wallet stays
    Uninstall,
    /// Tell whether the service is installed, what it runs and whether it runs
    ///
    /// Exits with 1 if it is not installed, does not run, or runs another program
    /// than this one, as after a move.
    Status,
    /// Show the end of the service's log
    Logs {
        /// How many lines
        #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
        lines: u32,
        /// Go on with what comes, until interrupted
        #[arg(short, long)]
        follow: bool,
    },
    /// Run this program without a window: what the Run key of Windows holds
    #[command(hide = true)]
    Background {
        #[arg(long, value_name = "FILE")]
        log: PathBuf,
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
}

/// What is installed, and whether it is as it should be.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ServiceState"))]
pub(crate) struct State {
    installed: bool,
    /// Where the service is written down.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// What it runs; missing where somebody else wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    command: Vec<String>,
    /// `machine`, `login` or `connection`.
    #[serde(skip_serializing_if = "Option::is_none")]
    starts: Option<&'static str>,
    /// Whether it runs, or waits for a connection; missing where the system does
    /// not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    /// Whether it runs this program.
    current: bool,
}

impl Service {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let manager = Manager::of_user(&SECRETS).ok_or(CliError::NoHomeFolder)?;
        match self.command {
            Command::Install(install) => Ok(app.terminal.show(&install.run(app, &manager)?)?),
            Command::Uninstall => {
                let changed = Changed::new(manager.uninstall()?);
                if !changed.changed {
                    app.terminal.note("no service was installed");
                }
                Ok(app.terminal.show(&changed)?)
            }
            Command::Status => {
                let state = State::new(manager.installed()?);
                state.advise(app);
                Ok(app.terminal.show(&state)?)
            }
            Command::Logs { lines, follow } => logs(&manager, lines, follow),
            Command::Background { log, arguments } => {
                let program = this_program()?;
                background::start(&program, &arguments, &log, &SECRETS)
                    .map(|()| Exit::Done)
                    .map_err(|cause| not_started(program.into(), cause))
            }
        }
    }
}

fn logs(manager: &Manager, lines: u32, follow: bool) -> Result<Exit, CliError> {
    if manager.installed()?.is_none() {
        return Err(CliError::NotFound {
            message: "no service is installed".to_owned(),
            hint: INSTALL,
        });
    }
    let mut command = manager.logs(lines, follow);
    let relay = Relay::watch().map_err(CliError::Signals)?;
    match relay.run(&mut command) {
        Ok(code) => Ok(Exit::OfProgram(code)),
        Err(cause) => Err(not_started(command.get_program().to_owned(), cause)),
    }
}

const INSTALL: &str = "`tokenpass service install` installs it";

fn not_started(program: OsString, cause: std::io::Error) -> CliError {
    CliError::NotStarted { program, cause }
}

impl State {
    fn new(installed: Option<Installed>) -> Self {
        let Some(service) = installed else {
            return Self {
                installed: false,
                file: None,
                command: Vec::new(),
                starts: None,
                active: None,
                current: false,
            };
        };
        let command = service.command.as_ref();
        Self {
            installed: true,
            file: Some(service.place),
            current: command.is_some_and(|command| is_this_program(Path::new(&command.program))),
            command: command.map_or_else(Vec::new, |command| {
                command.words().map(str::to_owned).collect()
            }),
            starts: Some(match service.starts {
                Starts::WithMachine => "machine",
                Starts::WithLogin => "login",
                Starts::WithConnection => "connection",
            }),
            active: service.is_active,
        }
    }

    /// What is to be done about it.
    fn advise(&self, app: &App) {
        if !self.installed {
            app.terminal.note(INSTALL);
        } else if self.command.is_empty() {
            app.terminal
                .warn("this service was not written by `tokenpass service install`");
        } else if !self.current {
            app.terminal.warn(
                "the service runs another program than this one: `tokenpass service install` \
                 has it run this one",
            );
        } else if self.active == Some(false) {
            app.terminal
                .warn("the service does not run: `tokenpass service logs` may say why");
        }
    }
}

/// Whether a path leads to this program, by whatever name.
fn is_this_program(path: &Path) -> bool {
    let this = env::current_exe().and_then(|this| this.canonicalize());
    matches!((path.canonicalize(), this), (Ok(path), Ok(this)) if path == this)
}

impl Outcome for State {
    fn text(&self, out: &mut Printout) {
        let Some(file) = &self.file else {
            out.line("not installed");
            return;
        };
        let command = self.command.join(" ");
        let starts = match self.starts {
            Some("machine") => "with the machine",
            Some("connection") => "when the first program connects",
            _ => "when you log in",
        };
        let mut fields = vec![("file", file.as_str())];
        if !command.is_empty() {
            fields.push(("runs", &command));
        }
        fields.push(("starts", starts));
        match self.active {
            Some(true) => fields.push(("now", "active")),
            Some(false) => fields.push(("now", "not active")),
            None => {}
        }
        out.fields(&fields);
    }

    fn exit(&self) -> Exit {
        match self.installed && self.current && self.active != Some(false) {
            true => Exit::Done,
            false => Exit::Failed,
        }
    }
}
