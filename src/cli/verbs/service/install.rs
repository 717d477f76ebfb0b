//! `tokenpass service install`

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf, absolute};

use clap::Args;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::durations;
use crate::cli::environment;
use crate::cli::error::CliError;
use crate::cli::password::{Given, from_file};
use crate::cli::terminal::{Outcome, Printout};
use crate::platform::memory::wiped_stack;
use crate::platform::program;
use crate::platform::service::{Change, CommandLine, Manager, ServiceError, Starts, Wanted, text};
use crate::server::Listen;
use crate::wallet::Wallet;

/// Install the service, or change how it is installed, and start it
///
/// It starts when you log in, and again when it fails. On Linux
/// `loginctl enable-linger` lets it start with the machine. It is locked until
/// you unlock it, on the dashboard or with `tokenpass login --server`, unless
/// --unlock-with names a file. To install again what is installed changes nothing.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass service install
  tokenpass service install --socket --hardened
  tokenpass service install --unlock-with ~/.tokenpass-password --auto-lock 0s")]
pub(super) struct Install {
    /// The address to listen on, or the port; may be given again [default:
    /// localhost:21000, which is 127.0.0.1 and ::1]
    #[arg(long, value_name = "ADDRESS")]
    listen: Vec<Listen>,

    /// Unlock the wallet at each start with the password in FILE; whoever can
    /// read it can unlock the wallet
    #[arg(long, value_name = "FILE")]
    unlock_with: Option<PathBuf>,

    /// Lock the wallet after this long without a request; `0s`: never [default:
    /// 30m]
    #[arg(long, value_name = "TIME", value_parser = duration_text)]
    auto_lock: Option<String>,

    /// Let BRC-100 apps find the wallet, at localhost:3321
    #[arg(long)]
    brc100: bool,

    /// The address or port where they find it instead
    #[arg(long, value_name = "ADDRESS")]
    brc100_listen: Option<Listen>,

    /// Start it with the first connection (systemd)
    #[arg(long)]
    socket: bool,

    /// Let it write to the wallet's folder and to nothing else (systemd, where
    /// users may make namespaces)
    #[arg(long)]
    hardened: bool,
}

#[derive(Serialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename = "ServiceChanged")
)]
pub(crate) struct Changed {
    success: bool,
    /// Whether anything was done: all may have been as it is wanted.
    pub(super) changed: bool,
}

impl Changed {
    pub(super) fn new(change: Change) -> Self {
        Self {
            success: true,
            changed: change == Change::Made,
        }
    }
}

impl Outcome for Changed {
    fn text(&self, _: &mut Printout) {}
}

/// Where this program is, by the name that it keeps over upgrades.
pub(super) fn this_program() -> Result<PathBuf, CliError> {
    program::path().map_err(|cause| CliError::NotStarted {
        program: "tokenpass".into(),
        cause,
    })
}

/// A length of time, as it was written.
fn duration_text(text: &str) -> Result<String, String> {
    durations::duration(text).map(|_| text.to_owned())
}

impl Install {
    pub(super) fn run(self, app: &App, manager: &Manager) -> Result<Changed, CliError> {
        let needs_wallet = self.hardened || self.unlock_with.is_some();
        let wallet = match needs_wallet {
            true => app.existing_wallet()?,
            false => app.wallet()?,
        };
        let home = plain(wallet.home())?;
        let installed = manager.installed()?;
        if let Some(other) = installed.and_then(|service| other_home(&service.command?, &home)) {
            return Err(CliError::OtherService(other));
        }
        if let Some(file) = &self.unlock_with {
            wiped_stack(|| unlocks(app, &wallet, file))?;
        }
        let change = manager.install(&self.wanted(home)?)?;
        if !Manager::STARTS_NOW {
            app.terminal
                .note("it starts with your next login; `tokenpass serve` starts one now");
        }
        if self.unlock_with.is_none() {
            app.terminal
                .note("it starts locked: `tokenpass login --server` unlocks it");
        }
        let starts = manager.installed()?.map(|service| service.starts);
        if let (Some(Starts::WithLogin), Some(call)) = (starts, Manager::WITH_MACHINE) {
            app.terminal.note(&format!(
                "it starts when you log in; `{call}` has it start with the machine"
            ));
        }
        Ok(Changed::new(change))
    }

    fn wanted(&self, home: String) -> Result<Wanted, CliError> {
        let mut listen = self.listen.clone();
        if listen.is_empty() {
            listen.push(Listen::Localhost(environment::port()?));
        }
        let mut arguments = vec!["serve".to_owned(), HOME.to_owned(), home.clone()];
        let mut add = |option: &str, value: String| {
            arguments.extend([option.to_owned(), value]);
        };
        if !self.socket {
            for place in &listen {
                add("--listen", place.to_string());
            }
        }
        if let Some(length) = &self.auto_lock {
            add("--auto-lock", length.clone());
        }
        if let Some(place) = &self.brc100_listen {
            add("--brc100-listen", place.to_string());
        }
        if let Some(file) = &self.unlock_with {
            add("--password-file", plain(file)?);
            arguments.push("--unlock".to_owned());
        }
        if self.brc100 {
            arguments.push("--brc100".to_owned());
        }
        let sockets = if self.socket {
            sockets(&listen)?
        } else {
            Vec::new()
        };
        Ok(Wanted {
            command: CommandLine {
                program: plain(&this_program()?)?,
                arguments,
            },
            sockets,
            confined_to: self.hardened.then_some(home),
        })
    }
}

const HOME: &str = "--home";

/// A path that means the same everywhere, as a service's text can hold it.
fn plain(path: &Path) -> Result<String, CliError> {
    let path = absolute(path).map_err(CliError::writing(path))?;
    Ok(text(&path).map_err(ServiceError::from)?)
}

/// The home that an installed service serves, if it is another.
fn other_home(command: &CommandLine, home: &str) -> Option<String> {
    let mut words = command.words().skip_while(|word| *word != HOME);
    let served = words.nth(1)?;
    (served != home).then(|| served.to_owned())
}

/// Makes sure of the password now: later nobody would see that it is wrong.
fn unlocks(app: &App, wallet: &Wallet, file: &Path) -> Result<(), CliError> {
    let password = from_file(app.terminal, file)?;
    app.unlock_with_password(wallet, Given::Explicitly(password))
        .map(drop)
}

/// Where the service manager listens: it takes no names, and no free port that
/// nobody would find.
fn sockets(places: &[Listen]) -> Result<Vec<SocketAddr>, CliError> {
    let mut sockets = Vec::new();
    for place in places {
        match *place {
            Listen::At(address) => sockets.push(address),
            Listen::Localhost(port) => {
                sockets.push((Ipv4Addr::LOCALHOST, port).into());
                // Where there is no IPv6 the manager would give up both.
                if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
                    sockets.push((Ipv6Addr::LOCALHOST, port).into());
                }
            }
        }
    }
    if sockets.iter().any(|socket| socket.port() == 0) {
        return Err(CliError::input(
            "port 0 picks a free one: with `--socket` name one",
        ));
    }
    Ok(sockets)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn another_home_is_told_from_this_one() {
        let command = |arguments: &[&str]| CommandLine {
            program: "tokenpass".to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        };
        let served = command(&["serve", "--home", "/a b/home", "--listen", "1"]);
        assert_eq!(other_home(&served, "/a b/home"), None);
        assert_eq!(other_home(&served, "/home"), Some("/a b/home".to_owned()));
        assert_eq!(other_home(&command(&["serve"]), "/home"), None);
    }
}
