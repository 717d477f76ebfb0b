//! The running process: hardened, and among those of its terminal.

/// Forbids core dumps, so that a crash never writes keys to disk. Returns
/// whether the system agreed; where it does not, the program still works.
#[must_use]
pub fn harden() -> bool {
    imp::forbid_core_dumps()
}

/// Whether this process leads its session.
#[cfg(unix)]
pub(super) fn leads_its_session() -> bool {
    imp::session() == i32::try_from(std::process::id()).ok()
}

/// Whether this process is one of the programs that its terminal's keys reach.
#[cfg(unix)]
pub(super) fn is_in_foreground() -> bool {
    imp::is_in_foreground()
}

#[cfg(unix)]
mod imp {
    use rustix::process::{Resource, Rlimit, setrlimit};

    pub(super) fn forbid_core_dumps() -> bool {
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        let limited = setrlimit(Resource::Core, none).is_ok();
        limited && not_dumpable()
    }

    // Also keeps other processes of the same user from attaching (ptrace)
    // and makes `/proc/self/mem` unreadable to them.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn not_dumpable() -> bool {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn not_dumpable() -> bool {
        true
    }

    // In a container of processes these numbers are 0 where the leader is outside
    // of it: `getsid(2)` and `getpgrp(2)` are then no ids, and what `rustix`
    // makes of them is undefined.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(super) fn session() -> Option<i32> {
        groups().map(|[_, session, _, _]| session)
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(super) fn is_in_foreground() -> bool {
        groups().is_some_and(|[group, _, _, foreground]| group == foreground)
    }

    /// The group, the session, the terminal and its foreground group
    /// (`proc_pid_stat(5)`).
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn groups() -> Option<[i32; 4]> {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        let fields = fields.split_whitespace().skip(2).take(4);
        let fields: Vec<_> = fields.map_while(|field| field.parse().ok()).collect();
        fields.try_into().ok()
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(super) fn session() -> Option<i32> {
        let session = rustix::process::getsid(None).ok()?;
        Some(session.as_raw_nonzero().get())
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(super) fn is_in_foreground() -> bool {
        let foreground = || {
            let terminal = std::fs::File::open("/dev/tty").ok()?;
            rustix::termios::tcgetpgrp(&terminal).ok()
        };
        foreground() == Some(rustix::process::getpgrp())
    }
}

#[cfg(not(unix))]
mod imp {
    // Windows writes no core file; error reporting is the user's setting.
    pub(super) fn forbid_core_dumps() -> bool {
        true
    }
}
