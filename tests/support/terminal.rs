//! A terminal with the binary on it, and transcripts: what is seen and what
//! is typed, compared exactly.
//!
//! ```text
//! $ tokenpass register            the command line
//! Name: «Ada⏎»                    typed and shown; ⏎ is Enter
//! Name: Ada                       a line that is drawn again is there again
//! New password: ‹secret⏎›         typed and not shown; ^C is a SIGINT
//! (3 lines cleared)               the lines before are gone from the screen
//! (another screen)                an empty one, until `(the screen as it was)`
//! --- stdout                      which is no terminal here, but a pipe
//! 2TvaRsDUKkWW33vR2MtMq8f6EHE5
//! --- exit 0                      or `--- SIGINT`
//! ```
//!
//! `<id>` stands for a BAP ID that is another one each time, `<word>` for a
//! word of a mnemonic with its padding. Blanks at the end of a line are nothing.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use regex::Regex;
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::Home;
use super::run::tokenpass;

/// How long a program may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program on a terminal of its own, which is the one that controls it.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    output: Receiver<Vec<u8>>,
    /// All that was written to the terminal so far.
    written: Vec<u8>,
}

/// How it ended.
pub(crate) struct Ended {
    pub(crate) stdout: String,
    pub(crate) status: ExitStatus,
    /// All that the screen has shown.
    pub(crate) screen: String,
    /// All that was written to the terminal.
    pub(crate) written: Vec<u8>,
}

/// A terminal of this size, from the side of the person in front of it, and how
/// to open the program's side.
pub(crate) fn terminal(columns: u16, rows: u16) -> (File, impl Fn() -> File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let keyboard = openpt(flags).unwrap();
    grantpt(&keyboard).unwrap();
    unlockpt(&keyboard).unwrap();
    set_size(&keyboard, columns, rows);
    let name = ptsname(&keyboard, Vec::new()).unwrap();
    let open = move || {
        let mut options = File::options();
        let options = options.read(true).write(true);
        // Not to be controlled by it ourselves.
        let options = options.custom_flags(OFlags::NOCTTY.bits().cast_signed());
        options.open(name.to_str().unwrap()).unwrap()
    };
    (File::from(keyboard), open)
}

fn set_size(keyboard: impl AsFd, columns: u16, rows: u16) {
    let size = Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(keyboard, size).unwrap();
}

/// The same program, started so that the terminal on its stdin controls it.
fn controlled(command: &Command) -> Command {
    #[cfg(target_os = "linux")]
    let mut starter = {
        // By its path: the program may be given another `PATH`.
        let mut starter = Command::new("/usr/bin/setsid");
        starter.args(["--ctty", "--"]);
        starter
    };
    #[cfg(not(target_os = "linux"))]
    let mut starter = {
        // TIOCSCTTY of the BSDs and macOS.
        let start = "use POSIX; POSIX::setsid(); ioctl(STDIN, 0x20007461, 0); exec @ARGV";
        let mut starter = Command::new("/usr/bin/perl");
        starter.args(["-e", start, "--"]);
        starter
    };
    starter
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            starter.env(name, value);
        }
    }
    starter
}

impl Terminal {
    /// Starts a program on a terminal of this size; only its stdout is a pipe.
    pub(crate) fn start(command: Command, columns: u16, rows: u16) -> Self {
        Self::start_with(command, (columns, rows), |command, _| {
            command.stdout(Stdio::piped());
        })
    }

    /// Starts a program on a terminal, with other streams than that.
    pub(crate) fn start_with(
        command: Command,
        (columns, rows): (u16, u16),
        streams: impl FnOnce(&mut Command, &dyn Fn() -> File),
    ) -> Self {
        let (keyboard, open) = terminal(columns, rows);
        Self::on(keyboard, open, command, streams)
    }

    fn on(
        keyboard: File,
        open: impl Fn() -> File,
        command: Command,
        streams: impl FnOnce(&mut Command, &dyn Fn() -> File),
    ) -> Self {
        let mut command = controlled(&command);
        command.stdin(open()).stdout(open()).stderr(open());
        streams(&mut command, &open);
        let child = command.spawn().unwrap();
        // So that only the program holds its side open.
        drop(command);
        let output = read_in_parts(keyboard.try_clone().unwrap());
        Self {
            child,
            keyboard,
            output,
            written: Vec::new(),
        }
    }

    /// The same, where this was typed before it was started.
    pub(crate) fn start_behind(typed: &str, command: Command, columns: u16, rows: u16) -> Self {
        let (mut keyboard, open) = terminal(columns, rows);
        let held = open();
        keyboard.write_all(typed.as_bytes()).unwrap();
        let started = Self::on(keyboard, open, command, |command, _| {
            command.stdout(Stdio::piped());
        });
        drop(held);
        started
    }

    /// What the screen has shown so far, line after line.
    pub(crate) fn screen(&self) -> String {
        shown(&self.written)
    }

    /// Waits until what the screen has shown is what is waited for.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, what: &str, is_there: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_there(&self.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.written.extend(bytes),
                Err(_) => panic!("waited for:\n{what}\n\nwas shown:\n{}", self.screen()),
            }
        }
    }

    /// The same, where something is done again and again until then.
    #[track_caller]
    pub(crate) fn wait_for_while(
        &mut self,
        what: &str,
        is_there: impl Fn(&str) -> bool,
        meanwhile: impl Fn(&Self),
    ) {
        let deadline = Instant::now() + PATIENCE;
        while !is_there(&self.screen()) {
            assert!(Instant::now() < deadline, "waited for:\n{what}");
            meanwhile(self);
            let part = self.output.recv_timeout(Duration::from_millis(20));
            self.written.extend(part.unwrap_or_default());
        }
    }

    /// Presses a key. What the program shows itself it must have begun to wait for:
    /// before, the terminal would show it, or throw it away.
    pub(crate) fn press(&mut self, key: char) {
        let key = if key == '⏎' { '\n' } else { key };
        self.send(&key.to_string());
    }

    /// Types all of this at once.
    pub(crate) fn send(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Sends the signal that Ctrl-C stands for.
    pub(crate) fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Sends a signal to it and to what it has started.
    pub(crate) fn signal_all(&self, signal: Signal) {
        kill_process_group(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Makes the window another size.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        set_size(&self.keyboard, columns, rows);
    }

    /// All that was written to the terminal so far.
    pub(crate) fn written(&self) -> &[u8] {
        &self.written
    }

    /// Waits until the terminal shows what is typed, as it does for a shell.
    pub(crate) fn wait_until_shown_again(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.echoes() {
            assert!(Instant::now() < deadline, "what is typed is not shown");
            std::thread::yield_now();
        }
    }

    /// Waits until the program reads what is typed, and shows of it what it
    /// wants to.
    pub(crate) fn wait_until_read(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.echoes() {
            assert!(Instant::now() < deadline, "nobody reads what is typed");
            std::thread::yield_now();
        }
    }

    #[track_caller]
    fn wait_until_shown(&mut self, expected: &str) {
        self.wait_for(expected, |screen| is_shown(expected, screen));
    }

    fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.keyboard).unwrap().local_modes;
        modes.contains(LocalModes::ECHO)
    }

    /// Waits for the program's end; a program that does not end is killed.
    pub(crate) fn ends(mut self) -> Ended {
        let process = Pid::from_child(&self.child);
        let (ended, end) = channel::<()>();
        std::thread::spawn(move || {
            if end.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let _ = kill_process(process, Signal::KILL);
            }
        });
        let mut stdout = String::new();
        if let Some(mut pipe) = self.child.stdout.take() {
            pipe.read_to_string(&mut stdout).unwrap();
        }
        let status = self.child.wait().unwrap();
        drop(ended);
        assert!(self.echoes(), "the terminal shows what is typed");
        // Over when the program's end has closed its side.
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.written.extend(bytes);
        }
        Ended {
            stdout,
            status,
            screen: shown(&self.written),
            written: self.written,
        }
    }
}

fn read_in_parts(mut from: File) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut part = [0; 1024];
        // Ends with EIO when the program is gone.
        while let Ok(n @ 1..) = from.read(&mut part) {
            if sender.send(part[..n].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

/// What a terminal shows of this, as lines that are never taken back.
fn shown(written: &[u8]) -> String {
    static LINES_CLEARED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\x1b\[(\d+)A(\r\x1b\[2K\x1b\[1B)+\x1b\[\d+A").unwrap());
    static CURSOR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\x1b\[\?25[hl]").unwrap());
    let text = String::from_utf8_lossy(written).replace("\r\n", "\n");
    let text = text.replace("\x1b[?1049h", "(another screen)\n");
    let text = text.replace("\x1b[2J\x1b[H\x1b[?1049l", "\n(the screen as it was)\n");
    let text = text.replace("\x1b[2J\x1b[H", "");
    let text = LINES_CLEARED.replace_all(&text, "($1 lines cleared)\n");
    let text = text.replace("\r\x1b[2K", "\n");
    without_blanks(&CURSOR.replace_all(&text, ""))
}

/// Nobody sees the blanks at the end of a line; the last line may be a
/// question, whose answer stands after one.
fn without_blanks(text: &str) -> String {
    let mut lines: Vec<_> = text.split('\n').collect();
    if let Some((_, ended)) = lines.split_last_mut() {
        ended.iter_mut().for_each(|line| *line = line.trim_end());
    }
    lines.join("\n")
}

/// Plays a transcript on a terminal of 80 columns and 24 rows.
#[track_caller]
pub(crate) fn plays(home: &Home, transcript: &str) -> Ended {
    plays_at(home, (80, 24), transcript)
}

/// Plays a transcript on a terminal of this many columns and rows.
#[track_caller]
pub(crate) fn plays_at(home: &Home, (columns, rows): (u16, u16), transcript: &str) -> Ended {
    let transcript = transcript.trim_start();
    let (line, session) = transcript.split_once('\n').unwrap();
    let (session, end) = session.split_once("--- ").unwrap();
    let mut command = tokenpass(&home.path());
    let line = line.strip_prefix("$ ").unwrap();
    let (variables, args) = line.split_once("tokenpass ").unwrap();
    command.args(args.split(' ')).env("NO_COLOR", "1");
    for (name, value) in variables.split(' ').filter_map(|one| one.split_once('=')) {
        command.env(name, value);
    }
    let in_lines = variables == "TERM=dumb ";
    let mut terminal = Terminal::start(command, columns, rows);
    let mut expected = String::new();
    for step in steps(session) {
        match step {
            Step::Shown(text) => expected += text,
            Step::Interrupted => {
                terminal.wait_until_shown(&expected);
                terminal.wait_until_read();
                terminal.interrupt();
            }
            Step::Typed { keys, echo } => {
                for key in keys.chars() {
                    terminal.wait_until_shown(&expected);
                    // Lines are shown by the terminal, all else by the program.
                    if !(echo && in_lines) {
                        terminal.wait_until_read();
                    }
                    terminal.press(key);
                    if echo && key != '⏎' {
                        expected.push(key);
                    }
                }
            }
        }
    }
    let ended = terminal.ends();
    assert!(is_shown(&expected, &ended.screen), "{}", ended.screen);
    let (stdout, how) = match end.split_once("--- ") {
        Some((stdout, how)) => (stdout.strip_prefix("stdout\n").unwrap(), how),
        None => ("", end),
    };
    assert!(is_shown(stdout, &ended.stdout), "{}", ended.stdout);
    let status = match ended.status.code() {
        Some(code) => format!("exit {code}"),
        None if ended.status.signal() == Some(Signal::INT.as_raw()) => "SIGINT".to_owned(),
        None => format!("{}", ended.status),
    };
    assert_eq!(status, how.trim_end());
    ended
}

/// A part of a transcript.
enum Step<'a> {
    Shown(&'a str),
    Typed { keys: &'a str, echo: bool },
    Interrupted,
}

fn steps(mut session: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    while let Some(start) = session.find(['«', '‹']) {
        steps.push(Step::Shown(&session[..start]));
        let typed = &session[start..];
        let end = typed.find(['»', '›']).expect("what is typed ends");
        let (typed, rest) = typed.split_at(end);
        let mut keys = typed.chars();
        let echo = keys.next() == Some('«');
        steps.push(match keys.as_str() {
            "^C" => Step::Interrupted,
            keys => Step::Typed { keys, echo },
        });
        let mut rest = rest.chars();
        rest.next();
        session = rest.as_str();
    }
    steps.push(Step::Shown(session));
    steps
}

/// Whether this is what was to be shown.
fn is_shown(expected: &str, shown: &str) -> bool {
    let pattern = regex::escape(&without_blanks(expected))
        .replace("<id>", "[1-9A-HJ-NP-Za-km-z]{20,30}")
        .replace("<word>", "[a-z]{3,8} *");
    Regex::new(&format!("^{pattern}$")).unwrap().is_match(shown)
}
