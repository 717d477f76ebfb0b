//! The requests to stop that a service manager or a terminal sends.

use std::io;

#[cfg(unix)]
pub(super) use self::imp::{Taken, ignored, take, take_for_good};

/// SIGTERM, SIGINT and, unless it is ignored, SIGHUP, which comes when the terminal
/// closes; watched from the moment this is made. (Windows: Ctrl-C and the end of the
/// console.)
pub struct StopSignals(imp::Watch);

impl StopSignals {
    /// Starts to watch; make it before the server announces that it is ready.
    pub fn watch() -> io::Result<Self> {
        imp::Watch::new().map(Self)
    }

    /// Blocks until the first of the signals. From then on a second SIGTERM or SIGINT
    /// ends the process at once, with status 128 + its number, so that a person
    /// need not wait for a stop that hangs.
    pub fn wait(&mut self) {
        self.0.wait();
    }
}

/// When one of these signals comes, cleans up and then ends the process as the
/// signal would have done by itself.
pub fn clean_up_when_stopped(clean_up: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut watch = imp::Watch::new()?;
    std::thread::Builder::new().spawn(move || {
        let signal = watch.wait();
        clean_up();
        imp::die_of(signal)
    })?;
    Ok(())
}

#[cfg(unix)]
mod imp {
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex, OnceLock, PoisonError};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    use signal_hook::flag::register_conditional_default;
    use signal_hook::iterator::Signals;

    use super::super::job;

    /// A signal that has a handler does by itself nothing any more, for as long
    /// as the process lives: `signal_hook` takes none away. So these get one
    /// that does what the system would have done, while nobody else wants to.
    struct Default {
        signal: i32,
        applies: Arc<AtomicBool>,
        taken_for_good: AtomicBool,
    }

    fn defaults() -> io::Result<&'static [Default]> {
        static DEFAULTS: OnceLock<Vec<Default>> = OnceLock::new();
        // A handler stays: two threads that come here first at once would leave
        // one set that nobody can switch off.
        static MAKING: Mutex<()> = Mutex::new(());
        let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(defaults) = DEFAULTS.get() {
            return Ok(defaults);
        }
        let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP];
        let mut defaults = Vec::with_capacity(signals.len());
        for signal in signals.into_iter().filter(|signal| !is_ignored(*signal)) {
            let applies = Arc::new(AtomicBool::new(true));
            register_conditional_default(signal, Arc::clone(&applies))?;
            defaults.push(Default {
                signal,
                applies,
                taken_for_good: AtomicBool::new(false),
            });
        }
        Ok(DEFAULTS.get_or_init(|| defaults))
    }

    /// Whether whoever started the program wants it to go on after this signal,
    /// as `nohup` does; and in a session of its own nobody could continue it.
    fn is_ignored(signal: i32) -> bool {
        if signal == SIGTSTP {
            return job::leads_session();
        }
        ignored() >> (signal - 1) & 1 == 1
    }

    /// The signals, as bits, that whoever started us has us ignore.
    pub(in crate::platform) fn ignored() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or(0)
    }

    /// Signals that end or stop a program, while somebody else handles them, or
    /// nobody.
    pub(in crate::platform) struct Taken(Vec<i32>);

    impl Taken {
        /// Which.
        pub(in crate::platform) fn signals(&self) -> &[i32] {
            &self.0
        }
    }

    /// Takes those that `which` names until the value is dropped.
    pub(in crate::platform) fn take(which: impl Fn(i32) -> bool) -> io::Result<Taken> {
        let taken = defaults()?.iter().filter(|default| which(default.signal));
        let take = |default: &Default| {
            default.applies.store(false, Ordering::SeqCst);
            default.signal
        };
        Ok(Taken(taken.map(take).collect()))
    }

    impl Drop for Taken {
        fn drop(&mut self) {
            let defaults = defaults().unwrap_or_default().iter();
            for default in defaults.filter(|default| self.0.contains(&default.signal)) {
                let applies = !default.taken_for_good.load(Ordering::SeqCst);
                default.applies.store(applies, Ordering::SeqCst);
            }
        }
    }

    /// Takes signals for as long as the process lives.
    pub(in crate::platform) fn take_for_good(signals: &[i32]) -> io::Result<()> {
        for default in defaults()? {
            if signals.contains(&default.signal) {
                default.taken_for_good.store(true, Ordering::SeqCst);
                default.applies.store(false, Ordering::SeqCst);
            }
        }
        Ok(())
    }

    pub(super) struct Watch {
        signals: Signals,
        stopping: Arc<AtomicBool>,
    }

    impl Watch {
        pub(super) fn new() -> io::Result<Self> {
            let stopping = Arc::new(AtomicBool::new(false));
            for signal in [SIGTERM, SIGINT] {
                let armed = Arc::clone(&stopping);
                signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, armed)?;
            }
            // Of a terminal that closes the system and the shell both tell.
            let closed = [SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
            let watched: Vec<_> = [SIGTERM, SIGINT].into_iter().chain(closed).collect();
            let signals = Signals::new(&watched)?;
            take_for_good(&watched)?;
            Ok(Self { signals, stopping })
        }

        /// The signal that came.
        pub(super) fn wait(&mut self) -> i32 {
            let signal = self.signals.forever().next();
            self.stopping.store(true, Ordering::SeqCst);
            signal.unwrap_or(SIGTERM)
        }
    }

    /// A shell tells a program that was interrupted from one that failed.
    pub(super) fn die_of(signal: i32) {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Duration;

    use signal_hook::consts::{SIGINT, SIGTERM};

    pub(super) struct Watch(Arc<AtomicBool>);

    impl Watch {
        pub(super) fn new() -> io::Result<Self> {
            let asked = Arc::new(AtomicBool::new(false));
            for signal in [SIGTERM, SIGINT] {
                signal_hook::flag::register_conditional_shutdown(
                    signal,
                    128 + signal,
                    Arc::clone(&asked),
                )?;
                signal_hook::flag::register(signal, Arc::clone(&asked))?;
            }
            Ok(Self(asked))
        }

        // A C signal handler can do no more than set a flag here, so which
        // signal came is not known.
        pub(super) fn wait(&mut self) -> i32 {
            while !self.0.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(100));
            }
            SIGINT
        }
    }

    pub(super) fn die_of(signal: i32) {
        std::process::exit(128 + signal)
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn waits_for_a_signal_that_came_before_the_wait() {
        let mut signals = StopSignals::watch().unwrap();
        signal_hook::low_level::raise(signal_hook::consts::SIGTERM).unwrap();
        signals.wait();
    }
}
