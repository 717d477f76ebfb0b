//! The requests to stop that a service manager or a terminal sends.

use std::io;

/// SIGTERM and SIGINT, watched from the moment this is made. (Windows: Ctrl-C
/// and the end of the console.)
pub struct StopSignals(imp::Watch);

impl StopSignals {
    /// Starts to watch; make it before the server announces that it is ready.
    pub fn watch() -> io::Result<Self> {
        imp::Watch::new().map(Self)
    }

    /// Blocks until the first of the signals. From then on a second one ends
    /// the process at once, with status 128 + its number, so that a person
    /// need not wait for a stop that hangs.
    pub fn wait(&mut self) {
        self.0.wait();
    }
}

/// When SIGTERM or SIGINT comes, cleans up and then ends the process as the
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

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
            let signals = Signals::new([SIGTERM, SIGINT])?;
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
