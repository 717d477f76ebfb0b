//! A secret typed on the terminal.

use std::io;

use zeroize::Zeroizing;

/// Reads a line from the terminal on standard input without showing it, into
/// memory that is wiped. `limit` is in bytes; what is typed beyond it is an
/// error. A signal that ends the program meanwhile first makes the terminal
/// show again what is typed.
pub fn read_hidden_line(limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    imp::read_hidden_line(limit)
}

#[cfg(unix)]
mod imp {
    use std::fs::File;
    use std::io::{self, Read, Write};
    use std::thread::{self, JoinHandle};

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::{Handle, Signals};
    use signal_hook::low_level::emulate_default_handler;
    use zeroize::Zeroizing;

    use super::super::stdin;

    pub(super) fn read_hidden_line(limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut terminal = stdin::unbuffered()?;
        let hidden = Hidden::set(&terminal)?;
        let mut line = Zeroizing::new(Vec::with_capacity(limit + 1));
        let mut byte = Zeroizing::new([0]);
        while line.len() <= limit {
            match terminal.read(&mut *byte) {
                Ok(0) => break,
                Ok(_) if byte[0] == b'\n' => break,
                Ok(_) => line.push(byte[0]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        drop(hidden);
        if line.len() > limit {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the line is too long",
            ));
        }
        Ok(line)
    }

    /// While this lives, the terminal shows nothing but the end of the line.
    struct Hidden {
        terminal: File,
        shown: Termios,
        signals: Handle,
        watch: Option<JoinHandle<()>>,
    }

    impl Hidden {
        fn set(terminal: &File) -> io::Result<Self> {
            let shown = tcgetattr(terminal)?;
            let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
            let handle = signals.handle();
            let (theirs, restored) = (terminal.try_clone()?, shown.clone());
            let watch = thread::spawn(move || {
                if let Some(signal) = signals.forever().next() {
                    let _ = tcsetattr(&theirs, OptionalActions::Now, &restored);
                    let _ = io::stderr().write_all(b"\n");
                    let _ = emulate_default_handler(signal);
                }
            });
            let hidden = Self {
                terminal: terminal.try_clone()?,
                shown,
                signals: handle,
                watch: Some(watch),
            };
            let mut modes = hidden.shown.clone();
            modes.local_modes.remove(LocalModes::ECHO);
            modes.local_modes.insert(LocalModes::ECHONL);
            tcsetattr(terminal, OptionalActions::Flush, &modes)?;
            Ok(hidden)
        }
    }

    impl Drop for Hidden {
        fn drop(&mut self) {
            let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.shown);
            self.signals.close();
            if let Some(watch) = self.watch.take() {
                let _ = watch.join();
            }
        }
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io;

    use dialoguer::console::Term;
    use zeroize::Zeroizing;

    pub(super) fn read_hidden_line(limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let line = Zeroizing::new(Term::stderr().read_secure_line()?.into_bytes());
        if line.len() > limit {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the line is too long",
            ));
        }
        Ok(line)
    }
}
