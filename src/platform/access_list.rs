//! Access lists of Windows, by way of the system's own program: nobody but the
//! owner is on them, and what is made in such a folder inherits that.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind, get_current_pid};

/// Takes everybody but who runs this program off a folder's list.
pub(super) fn only_owner(folder: &Path) -> io::Result<()> {
    // *: a number, not a name; OI, CI: for files and folders in it; F: everything.
    let grant = format!("*{}:(OI)(CI)F", user()?);
    let output = Command::new(icacls())
        .arg(folder)
        .args(["/inheritance:r", "/grant:r", &grant, "/q"])
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        Ok(())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = format!("its access list cannot be set: {}", said.trim());
        Err(io::Error::new(io::ErrorKind::PermissionDenied, said))
    }
}

/// Not looked for beside this program.
fn icacls() -> PathBuf {
    let windows = env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
    Path::new(&windows).join(r"System32\icacls.exe")
}

/// Who runs this program: a security identifier, `S-1-5-21-…`.
fn user() -> io::Result<String> {
    let unknown = || io::Error::other("the system does not say who runs this program");
    let own = get_current_pid().map_err(|_| unknown())?;
    let mut system = System::new();
    let kind = ProcessRefreshKind::nothing().with_user(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), true, kind);
    let user = system.process(own).and_then(|process| process.user_id());
    user.map(|user| user.to_string()).ok_or_else(unknown)
}
