//! A clock that goes on while the machine sleeps.

use std::time::Duration;

/// The time since some moment before this process began. Nobody can set it, and
/// time asleep counts: [`std::time::Instant`] leaves that out on most systems.
#[must_use]
pub fn since_boot() -> Duration {
    imp::since_boot()
}

#[cfg(unix)]
mod imp {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    #[cfg(any(target_os = "linux", target_os = "android", target_os = "openbsd"))]
    const CLOCK: ClockId = ClockId::Boottime;

    // On macOS this one counts sleep.
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "openbsd")))]
    const CLOCK: ClockId = ClockId::Monotonic;

    pub(super) fn since_boot() -> Duration {
        Duration::try_from(clock_gettime(CLOCK)).unwrap_or_default()
    }
}

#[cfg(not(unix))]
mod imp {
    use std::sync::LazyLock;
    use std::time::{Duration, Instant};

    // On Windows `Instant` counts sleep.
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);

    pub(super) fn since_boot() -> Duration {
        START.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn it_goes_on_and_is_never_behind_the_clock_that_sleeps() {
        let (clock, instant) = (since_boot(), Instant::now());
        let passed = loop {
            let passed = instant.elapsed();
            if !passed.is_zero() {
                break passed;
            }
        };
        assert!(since_boot() - clock >= passed);
    }
}
