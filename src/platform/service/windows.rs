//! The Run key of Windows: what starts when its owner logs in.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use windows_registry::CURRENT_USER;

use super::change::{Change, Installed, ServiceError, Starts, remove};
use super::command_line::{Wanted, text};
use super::run_key;

const KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const NAME: &str = "TokenPass";

/// `ERROR_FILE_NOT_FOUND` as an `HRESULT`: there is no such key or value.
const NOT_FOUND: u32 = 0x8007_0002;

/// The Run key of the user who runs this program.
pub struct RunKey {
    log: PathBuf,
    without: &'static [&'static str],
}

impl RunKey {
    /// What has services start with the machine instead of a login.
    pub const WITH_MACHINE: Option<&str> = None;

    /// Whether a service that is installed runs at once.
    pub const STARTS_NOW: bool = false;

    /// Programs that are called are not given the variables in `without`. `None`
    /// where the system names no home folder.
    #[must_use]
    pub fn of_user(without: &'static [&'static str]) -> Option<Self> {
        let folders = directories::BaseDirs::new()?;
        let log = folders.data_local_dir().join(r"TokenPass\serve.log");
        Some(Self { log, without })
    }

    /// Writes the entry: the service starts with the next login. Started from here
    /// it would hold on to the caller's standard output for as long as it runs.
    ///
    /// # Errors
    /// Sockets and limits are systemd's.
    pub fn install(&self, wanted: &Wanted) -> Result<Change, ServiceError> {
        let started = run_key::in_background(wanted.plain()?, &text(&self.log)?);
        let line = run_key::line(&started);
        if entry()?.as_ref() == Some(&line) {
            return Ok(Change::Nothing);
        }
        let key = CURRENT_USER.create(KEY).map_err(in_key)?;
        key.set_string(NAME, &line).map_err(in_key)?;
        Ok(Change::Made)
    }

    /// Removes the entry and the log. The service goes on until its owner logs out.
    pub fn uninstall(&self) -> Result<Change, ServiceError> {
        if entry()?.is_none() {
            return Ok(Change::Nothing);
        }
        let key = CURRENT_USER.create(KEY).map_err(in_key)?;
        key.remove_value(NAME).map_err(in_key)?;
        for path in [Some(self.log.as_path()), self.log.parent()]
            .into_iter()
            .flatten()
        {
            remove(path)?;
        }
        Ok(Change::Made)
    }

    /// What is in place.
    pub fn installed(&self) -> Result<Option<Installed>, ServiceError> {
        Ok(entry()?.map(|line| Installed {
            place: format!(r"HKCU\{KEY}\{NAME}"),
            command: run_key::command(&line).and_then(run_key::from_background),
            starts: Starts::WithLogin,
            is_active: None,
        }))
    }

    /// The program that shows the last lines of the service's log.
    #[must_use]
    pub fn logs(&self, lines: u32, follow: bool) -> Command {
        let log = self.log.display().to_string().replace('\'', "''");
        let wait = if follow { " -Wait" } else { "" };
        let script = format!("Get-Content -LiteralPath '{log}' -Tail {lines}{wait}");
        let mut command = Command::new("powershell");
        command.args(["-NoProfile", "-Command", &script]);
        for name in self.without {
            command.env_remove(name);
        }
        command
    }
}

fn entry() -> Result<Option<String>, ServiceError> {
    let read = CURRENT_USER.open(KEY).and_then(|key| key.get_string(NAME));
    match read {
        Ok(line) => Ok(Some(line)),
        Err(error) if error.code().0.cast_unsigned() == NOT_FOUND => Ok(None),
        Err(cause) => Err(in_key(cause)),
    }
}

fn in_key(cause: impl Into<io::Error>) -> ServiceError {
    ServiceError::File {
        path: format!(r"HKCU\{KEY}").into(),
        cause: cause.into(),
    }
}
