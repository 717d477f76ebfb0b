//! A program that is run in our place: it hears the signals that we get, and we
//! end as it did.

use std::io;
use std::process::{Command, ExitStatus};

/// What no program that we start may find in its environment.
pub const SECRETS: [&str; 2] = ["TOKENPASS_PASSWORD", "TOKENPASS_SESSION"];

/// The signals that a program run in our place is to hear. Watched from the
/// moment this is made: none of them ends this process any more, so that what
/// has to be done after the program's end is done.
pub struct Relay(imp::Relay);

impl Relay {
    /// Starts to watch.
    pub fn watch() -> io::Result<Self> {
        imp::Relay::watch().map(Self)
    }

    /// Runs a program to its end, with the same standard streams; returns what
    /// a shell shows of how it ended: its exit code, or 128 and the number of the
    /// signal that ended it. A signal that came already ends it before its start.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run(mut self, command: &mut Command) -> io::Result<u8> {
        if let Some(signal) = self.0.pending() {
            return Ok(128 + signal);
        }
        let mut child = command.spawn()?;
        self.0.attend(&child);
        child.wait().map(shell_code)
    }
}

fn shell_code(status: ExitStatus) -> u8 {
    let code = status.code().unwrap_or_else(|| imp::code(status));
    // As the system cuts it for whoever waits.
    code as u8
}

/// What a shell says of a program that it cannot start: 127 if there is none of
/// that name, else 126.
#[must_use]
pub fn shell_code_of_failure(error: &io::Error) -> u8 {
    match error.kind() {
        io::ErrorKind::NotFound => 127,
        _ => 126,
    }
}

#[cfg(unix)]
mod imp {
    use std::io;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, ExitStatus};
    use std::thread;

    use rustix::io::retry_on_intr;
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    use signal_hook::iterator::Signals;

    use super::super::{job, signals};

    const PASSED_ON: [i32; 6] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2];

    pub(super) struct Relay(Signals);

    impl Relay {
        pub(super) fn watch() -> io::Result<Self> {
            // The program inherits what is ignored, unless we watch it.
            let ignored = signals::ignored();
            let heard = PASSED_ON
                .into_iter()
                .filter(|n| ignored >> (n - 1) & 1 == 0);
            let watched = Signals::new(heard)?;
            signals::take_for_good(&PASSED_ON)?;
            Ok(Self(watched))
        }

        pub(super) fn pending(&mut self) -> Option<u8> {
            let signal = self.0.pending().next()?;
            u8::try_from(signal).ok()
        }

        /// Passes signals on until the child ends. It is not reaped before the
        /// last one is sent, so that none can reach another process.
        pub(super) fn attend(mut self, child: &Child) {
            let pid = Pid::from_child(child);
            let handle = self.0.handle();
            let relay = thread::spawn(move || {
                for signal in self.0.forever() {
                    pass_on(pid, signal);
                }
            });
            let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            let _ = retry_on_intr(|| waitid(WaitId::Pid(pid), ended));
            handle.close();
            let _ = relay.join();
        }
    }

    fn pass_on(pid: Pid, signal: i32) {
        if is_the_terminals(signal) {
            return;
        }
        if let Some(signal) = Signal::from_named_raw(signal) {
            let _ = kill_process(pid, signal);
        }
    }

    /// Whether a terminal has sent it, to all of its foreground programs: ours
    /// among them. Told twice, many programs end at once.
    fn is_the_terminals(signal: i32) -> bool {
        matches!(signal, SIGINT | SIGQUIT) && job::in_foreground()
    }

    pub(super) fn code(status: ExitStatus) -> i32 {
        128 + status.signal().unwrap_or(0)
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io;
    use std::process::{Child, ExitStatus};

    /// A console tells all of its programs; there is nothing to pass on.
    pub(super) struct Relay;

    impl Relay {
        pub(super) fn watch() -> io::Result<Self> {
            use std::sync::Arc;
            let heard = Arc::default();
            signal_hook::flag::register(signal_hook::consts::SIGINT, heard)?;
            Ok(Self)
        }

        pub(super) fn pending(&mut self) -> Option<u8> {
            None
        }

        pub(super) fn attend(self, _: &Child) {}
    }

    pub(super) fn code(_: ExitStatus) -> i32 {
        1
    }
}
