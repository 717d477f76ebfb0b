//! `/dev/tty`.

use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use dialoguer::console::Term;
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTSTP, SIGWINCH};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::{emulate_default_handler, unregister};
use zeroize::Zeroizing;

use super::{Hold, MAX_ANSWER};
use crate::platform::signals::{self, Taken};

/// The controlling terminal.
pub struct Tty(File);

impl Tty {
    /// Opens it.
    ///
    /// # Errors
    /// The process has none.
    pub fn open() -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).open("/dev/tty").map(Self)
    }

    /// Another handle.
    pub fn try_clone(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// For questions that are drawn, where there can be any.
    pub fn term(&self) -> io::Result<Option<Term>> {
        let (read, write) = (self.0.try_clone()?, self.0.try_clone()?);
        Ok(Some(Term::read_write_pair(read, write)))
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        match tcgetwinsize(&self.0) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
                (usize::from(size.ws_col), usize::from(size.ws_row))
            }
            _ => (80, 24),
        }
    }

    /// Writes text as it is.
    pub fn write(&self, text: &str) -> io::Result<()> {
        (&self.0).write_all(text.as_bytes())
    }

    /// Shows text, and then what is typed: a line, or nothing where there are no
    /// more.
    pub fn ask(&self, text: &str) -> io::Result<Option<String>> {
        self.write(text)?;
        let line = self.read_line(MAX_ANSWER)?;
        Ok(line.map(|line| String::from_utf8_lossy(&line).into_owned()))
    }

    /// The next line that is typed, without its end, in memory that is wiped.
    fn read_line(&self, limit: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let mut line = Zeroizing::new(Vec::with_capacity(limit + 1));
        let mut byte = Zeroizing::new([0]);
        loop {
            match (&self.0).read(&mut *byte) {
                Ok(0) if line.is_empty() => return Ok(None),
                Ok(0) => return Ok(Some(line)),
                Ok(_) if byte[0] == b'\n' => return Ok(Some(line)),
                Ok(_) if line.len() == limit => {
                    let long = "the line is too long";
                    return Err(io::Error::new(io::ErrorKind::InvalidInput, long));
                }
                Ok(_) => line.push(byte[0]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Holds the terminal; what was typed before is dropped. `draw` draws what
    /// is asked or shown: now, when the program is continued after it was
    /// stopped, and, on a screen of its own, when that changes its size.
    pub fn hold(&self, hold: Hold, draw: impl Fn() + Send + Sync + 'static) -> io::Result<Held> {
        let shown = tcgetattr(&self.0)?;
        let taken = signals::take(|_| true)?;
        let mut hidden = shown.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        if hold == Hold::HiddenLine {
            hidden.local_modes.insert(LocalModes::ECHONL);
        }
        let mut held = Held {
            tty: self.try_clone()?,
            hold,
            draw: Arc::new(draw),
            shown,
            interrupt: Flag::of(SIGINT)?,
            heard: Arc::default(),
            is_answered: false,
            watch: None,
            taken: Some(taken),
        };
        // Before anything changes, or a signal could come between.
        let signals = Signals::new(held.watched())?;
        tcsetattr(&held.tty.0, OptionalActions::Flush, &hidden)?;
        held.tty.write(hold.enter())?;
        held.draw();
        held.watch(signals)?;
        Ok(held)
    }
}

/// While this lives, the terminal shows nothing of what is typed.
pub struct Held {
    tty: Tty,
    hold: Hold,
    draw: Arc<dyn Fn() + Send + Sync>,
    shown: Termios,
    interrupt: Flag,
    /// Whether who reads keys knows of the interrupt.
    heard: Arc<AtomicBool>,
    /// Whether the interrupt was taken for the answer.
    is_answered: bool,
    /// Ends with what came as it was closed.
    watch: Option<(Handle, JoinHandle<Vec<i32>>)>,
    taken: Option<Taken>,
}

impl Held {
    /// Draws again.
    pub fn draw(&self) {
        (self.draw)();
    }

    /// The next line that is typed, without its end, in memory that is wiped;
    /// `None` where there are no more. `limit` is in bytes; a longer line is an
    /// error.
    pub fn read_line(&self, limit: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        self.tty.read_line(limit)
    }

    /// Whether SIGINT was the answer, once reading a key was interrupted; if
    /// not, it can be read again. Does not return where SIGINT ends the program.
    pub fn is_interrupted(&mut self) -> bool {
        if !self.interrupt.is_raised() {
            return false;
        }
        self.heard.store(true, Ordering::SeqCst);
        self.is_answered = true;
        if self.hold != Hold::KeysOrInterrupt
            && let Some((_, watch)) = self.watch.take()
        {
            // It is about to end the program.
            let _ = watch.join();
        }
        true
    }

    fn watched(&self) -> Vec<i32> {
        let mut signals = self
            .taken
            .as_ref()
            .map_or(Vec::new(), |taken| taken.signals().to_vec());
        // Elsewhere it would only interrupt who reads keys.
        if self.hold == Hold::Screen {
            signals.push(SIGWINCH);
        }
        signals
    }

    fn watch(&mut self, mut signals: Signals) -> io::Result<()> {
        let handle = signals.handle();
        let tty = self.tty.try_clone()?;
        let heard = Arc::clone(&self.heard);
        let (hold, shown, draw) = (self.hold, self.shown.clone(), Arc::clone(&self.draw));
        let watch = thread::spawn(move || {
            for signal in signals.forever() {
                if signal == SIGWINCH {
                    draw();
                    continue;
                }
                if signal == SIGINT && hold == Hold::KeysOrInterrupt {
                    interrupt_until(&heard);
                    continue;
                }
                let hidden = tcgetattr(&tty.0);
                let _ = tcsetattr(&tty.0, OptionalActions::Now, &shown);
                let _ = tty.write(hold.leave());
                if hold != Hold::Screen {
                    let _ = tty.write("\n");
                }
                let _ = emulate_default_handler(signal);
                // It was stopped, and goes on.
                if signal == SIGTSTP {
                    if let Ok(hidden) = hidden {
                        let _ = tcsetattr(&tty.0, OptionalActions::Now, &hidden);
                    }
                    let _ = tty.write(hold.enter());
                    draw();
                }
            }
            signals.pending().collect()
        });
        self.watch = Some((handle, watch));
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.tty.write(self.hold.leave());
        let typed = match self.hold {
            // What was pasted beyond the end of a secret is not for the shell.
            Hold::HiddenLine | Hold::Screen => OptionalActions::Flush,
            Hold::Keys | Hold::KeysOrInterrupt => OptionalActions::Now,
        };
        let _ = tcsetattr(&self.tty.0, typed, &self.shown);
        self.heard.store(true, Ordering::SeqCst);
        if self.hold != Hold::KeysOrInterrupt {
            // First the defaults again, so that no signal goes unheard. There,
            // the watch may still repeat the interrupt, which is none any more.
            self.taken = None;
        }
        let mut late = Vec::new();
        if let Some((handle, watch)) = self.watch.take() {
            handle.close();
            late = watch.join().unwrap_or_default();
        }
        self.taken = None;
        late.retain(|signal| ![SIGINT, SIGWINCH].contains(signal));
        if self.interrupt.is_raised() && !self.is_answered {
            late.push(SIGINT);
        }
        // What came after the answer is for the program.
        for signal in late.into_iter().filter_map(Signal::from_named_raw) {
            let _ = kill_process(getpid(), signal);
        }
    }
}

/// Interrupts reading a key. An interrupt that comes just before is not noticed
/// by who then waits for one, so it comes again.
fn interrupt_until(heard: &AtomicBool) {
    while !heard.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(20));
        if !heard.load(Ordering::SeqCst) {
            let _ = kill_process(getpid(), Signal::INT);
        }
    }
}

/// Whether a signal came.
struct Flag {
    raised: Arc<AtomicBool>,
    handler: SigId,
}

impl Flag {
    fn of(signal: i32) -> io::Result<Self> {
        let raised = Arc::new(AtomicBool::new(false));
        let handler = signal_hook::flag::register(signal, Arc::clone(&raised))?;
        Ok(Self { raised, handler })
    }

    fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }
}

impl Drop for Flag {
    fn drop(&mut self) {
        unregister(self.handler);
    }
}
