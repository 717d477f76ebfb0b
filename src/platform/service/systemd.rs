//! A user's own systemd.

use std::path::PathBuf;
use std::process::Command;

use super::call::call;
use super::change::{Change, Installed, ServiceError, Starts, remove};
use super::command_line::Wanted;
use super::marked::{MARK, ours, read, write};
use super::unit;

const SERVICE: &str = "tokenpass.service";
const SOCKET: &str = "tokenpass.socket";
const DROP_INS: &str = "tokenpass.service.d";
const HARDENED: &str = "tokenpass.service.d/hardened.conf";

/// What `systemctl enable` makes; removed here too, since without a manager
/// nobody else does.
const LINKS: [&str; 2] = [
    "default.target.wants/tokenpass.service",
    "sockets.target.wants/tokenpass.socket",
];

/// The systemd of the user who runs this program.
pub struct Systemd {
    units: PathBuf,
    without: &'static [&'static str],
}

impl Systemd {
    /// What has services start with the machine instead of a login.
    pub const WITH_MACHINE: Option<&str> = Some("loginctl enable-linger");

    /// Whether a service that is installed runs at once.
    pub const STARTS_NOW: bool = true;

    /// Programs that are called are not given the variables in `without`. `None`
    /// where the system names no home folder.
    #[must_use]
    pub fn of_user(without: &'static [&'static str]) -> Option<Self> {
        let folders = directories::BaseDirs::new()?;
        let units = folders.config_dir().join("systemd/user");
        Some(Self { units, without })
    }

    /// Puts the service in place and starts it. What is there already and is as it
    /// is wanted goes on undisturbed.
    ///
    /// # Errors
    /// Nothing is changed where there is no systemd, or a unit of somebody else.
    pub fn install(&self, wanted: &Wanted) -> Result<Change, ServiceError> {
        self.is_there()?;
        for name in [SERVICE, SOCKET, HARDENED] {
            ours(&self.units.join(name))?;
        }
        let socket = (!wanted.sockets.is_empty()).then(|| unit::socket(&wanted.sockets));
        let hardened = wanted.confined_to.as_deref().map(unit::hardened);
        let main = if socket.is_some() { SOCKET } else { SERVICE };
        let texts = [
            (SERVICE, Some(unit::service(&wanted.command))),
            (SOCKET, socket),
            (HARDENED, hardened),
        ];
        let mut change = Change::Nothing;
        for (name, text) in texts {
            change = change.and(self.place(name, text)?);
        }
        if change == Change::Made {
            // A socket does not start beside its running service, nor does either
            // take on what is new while it runs.
            self.stop();
            self.systemctl(&["daemon-reload"])?;
        }
        self.systemctl(&["enable", "--now", main])?;
        Ok(change)
    }

    /// Stops the service and leaves nothing of it.
    pub fn uninstall(&self) -> Result<Change, ServiceError> {
        let mut there = Change::Nothing;
        for name in [SERVICE, SOCKET, HARDENED] {
            if ours(&self.units.join(name))?.is_some() {
                there = Change::Made;
            }
        }
        if there == Change::Nothing {
            return Ok(there);
        }
        self.stop();
        for name in [SERVICE, SOCKET, HARDENED, DROP_INS]
            .into_iter()
            .chain(LINKS)
        {
            remove(&self.units.join(name))?;
        }
        let _ = self.systemctl(&["daemon-reload"]);
        let _ = self.systemctl(&["reset-failed", SERVICE, SOCKET]);
        Ok(there)
    }

    /// What is in place.
    pub fn installed(&self) -> Result<Option<Installed>, ServiceError> {
        let place = self.units.join(SERVICE);
        let Some(text) = read(&place)? else {
            return Ok(None);
        };
        let by_socket = read(&self.units.join(SOCKET))?.is_some();
        let main = if by_socket { SOCKET } else { SERVICE };
        let starts = match by_socket {
            true => Starts::WithConnection,
            false if self.lingers() => Starts::WithMachine,
            false => Starts::WithLogin,
        };
        Ok(Some(Installed {
            place: place.display().to_string(),
            command: unit::command(&text).filter(|_| text.contains(MARK)),
            starts,
            is_active: Some(self.systemctl(&["is-active", main]).is_ok()),
        }))
    }

    /// The program that shows the last lines of the service's log.
    #[must_use]
    pub fn logs(&self, lines: u32, follow: bool) -> Command {
        let mut command = Command::new("journalctl");
        command.args(["--user-unit", SERVICE, "--output", "cat", "--quiet"]);
        command.args(["--no-pager", "--lines", &lines.to_string()]);
        if follow {
            command.arg("--follow");
        }
        for name in self.without {
            command.env_remove(name);
        }
        command
    }

    /// Writes one of the files, or takes it away.
    fn place(&self, name: &str, text: Option<String>) -> Result<Change, ServiceError> {
        let path = self.units.join(name);
        match text {
            Some(text) => write(&path, &format!("# {MARK}\n{text}")),
            None => remove(&path),
        }
    }

    fn stop(&self) {
        // Each fails where that one is not there.
        for name in [SOCKET, SERVICE] {
            let _ = self.systemctl(&["disable", "--now", name]);
        }
    }

    fn is_there(&self) -> Result<(), ServiceError> {
        match self.systemctl(&["show", "--property=Version"]) {
            Ok(_) => Ok(()),
            Err(ServiceError::Call { said, .. }) => Err(ServiceError::NoManager(said)),
            Err(other) => Err(other),
        }
    }

    /// Whether the user's services run without a login, from the machine's start.
    fn lingers(&self) -> bool {
        let user = super::super::private::user().to_string();
        let args = ["show-user", &user, "--property=Linger", "--value"];
        call("loginctl", &args, self.without).is_ok_and(|said| said.trim() == "yes")
    }

    fn systemctl(&self, args: &[&str]) -> Result<String, ServiceError> {
        call("systemctl", &[&["--user"], args].concat(), self.without)
    }
}
