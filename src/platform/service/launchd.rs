//! launchd of macOS.

use std::path::PathBuf;
use std::process::Command;

use super::call::call;
use super::change::{Change, Installed, ServiceError, Starts, remove};
use super::command_line::{Wanted, text};
use super::marked::{MARK, ours, read, write};
use super::plist;

/// As in the agent's property list.
const LABEL: &str = "tokenpass";

/// The agents of the user who runs this program.
pub struct Launchd {
    agent: PathBuf,
    log: PathBuf,
    without: &'static [&'static str],
}

impl Launchd {
    /// What has services start with the machine instead of a login.
    pub const WITH_MACHINE: Option<&str> = None;

    /// Whether a service that is installed runs at once.
    pub const STARTS_NOW: bool = true;

    /// Programs that are called are not given the variables in `without`. `None`
    /// where the system names no home folder.
    #[must_use]
    pub fn of_user(without: &'static [&'static str]) -> Option<Self> {
        let folders = directories::BaseDirs::new()?;
        let library = folders.home_dir().join("Library");
        Some(Self {
            agent: library.join("LaunchAgents/tokenpass.plist"),
            log: library.join("Logs/tokenpass.log"),
            without,
        })
    }

    /// Puts the agent in place and starts it. What is there already and is as it is
    /// wanted goes on undisturbed.
    ///
    /// # Errors
    /// Sockets and limits are systemd's.
    pub fn install(&self, wanted: &Wanted) -> Result<Change, ServiceError> {
        let agent = plist::agent(wanted.plain()?, &text(&self.log)?);
        // No comment comes before the declaration.
        let marked = agent.replacen("<plist", &format!("<!-- {MARK} -->\n<plist"), 1);
        let change = write(&self.agent, &marked)?;
        if change == Change::Made {
            // Fails where none was there.
            let _ = self.launchctl(&["bootout", &service()]);
        }
        if !self.is_loaded() {
            self.launchctl(&["bootstrap", &domain(), &text(&self.agent)?])?;
        }
        Ok(change)
    }

    /// Stops the agent and leaves nothing of it.
    pub fn uninstall(&self) -> Result<Change, ServiceError> {
        if ours(&self.agent)?.is_none() {
            return Ok(Change::Nothing);
        }
        let _ = self.launchctl(&["bootout", &service()]);
        remove(&self.log)?;
        remove(&self.agent)
    }

    /// What is in place.
    pub fn installed(&self) -> Result<Option<Installed>, ServiceError> {
        let Some(text) = read(&self.agent)? else {
            return Ok(None);
        };
        Ok(Some(Installed {
            place: self.agent.display().to_string(),
            command: plist::command(&text).filter(|_| text.contains(MARK)),
            starts: Starts::WithLogin,
            is_active: Some(self.is_loaded()),
        }))
    }

    /// The program that shows the last lines of the service's log.
    #[must_use]
    pub fn logs(&self, lines: u32, follow: bool) -> Command {
        let mut command = Command::new("tail");
        command.args(["-n", &lines.to_string()]);
        if follow {
            command.arg("-F");
        }
        command.arg(&self.log);
        for name in self.without {
            command.env_remove(name);
        }
        command
    }

    fn is_loaded(&self) -> bool {
        self.launchctl(&["print", &service()]).is_ok()
    }

    fn launchctl(&self, args: &[&str]) -> Result<String, ServiceError> {
        call("launchctl", args, self.without)
    }
}

/// What the user's agents belong to.
fn domain() -> String {
    format!("gui/{}", super::super::private::user())
}

fn service() -> String {
    format!("{}/{LABEL}", domain())
}
