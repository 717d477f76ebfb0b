//! Hardening of the running process.

/// Forbids core dumps, so that a crash never writes keys to disk. Returns
/// whether the system agreed; where it does not, the program still works.
#[must_use]
pub fn harden() -> bool {
    imp::forbid_core_dumps()
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
}

#[cfg(not(unix))]
mod imp {
    // Windows writes no core file; error reporting is the user's setting.
    pub(super) fn forbid_core_dumps() -> bool {
        true
    }
}
