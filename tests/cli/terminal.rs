//! What a person meets on a terminal: questions on stderr, the result on
//! stdout, nothing half made when they leave.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::support::{Home, PASSWORD};

/// A program on a terminal of its own; only its stdout is a pipe.
struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    /// What the screen showed and no one waited for yet.
    seen: String,
}

impl Terminal {
    fn run(home: &Home, args: &[&str]) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let keyboard = openpt(flags).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let open = || {
            let mut options = File::options();
            options
                .read(true)
                .write(true)
                .open(name.to_str().unwrap())
                .unwrap()
        };
        let child = Command::new(env!("CARGO_BIN_EXE_tokenpass"))
            .args(args)
            .env_clear()
            .env("NO_COLOR", "1")
            .env("TOKENPASS_HOME", home.path())
            .env("TOKENPASS_INSECURE_TEST_KDF_ITERATIONS", "1")
            .stdin(open())
            .stdout(Stdio::piped())
            .stderr(open())
            .spawn()
            .unwrap();
        let keyboard = File::from(keyboard);
        let mut reader = keyboard.try_clone().unwrap();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut part = [0; 1024];
            // Ends with EIO when the program is gone.
            while let Ok(n @ 1..) = reader.read(&mut part) {
                if sender.send(part[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            keyboard,
            screen,
            seen: String::new(),
        }
    }

    /// Waits until the screen shows this.
    fn expect(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.seen.contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => self.seen += &String::from_utf8_lossy(&bytes),
                Err(_) => panic!("no {text:?} in {:?}", self.seen),
            }
        }
        let end = self.seen.find(text).unwrap() + text.len();
        self.seen.drain(..end);
    }

    fn echoes(&self) -> bool {
        tcgetattr(&self.keyboard)
            .unwrap()
            .local_modes
            .contains(LocalModes::ECHO)
    }

    fn enter(&mut self, text: &str) {
        self.keyboard
            .write_all(format!("{text}\n").as_bytes())
            .unwrap();
    }

    /// Answers a question whose answer is not shown.
    fn enter_hidden(&mut self, question: &str, answer: &str) {
        self.expect(question);
        self.until_hidden();
        self.enter(answer);
    }

    /// What is typed before would be thrown away.
    fn until_hidden(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.echoes() {
            assert!(Instant::now() < deadline, "the answer would be shown");
            std::thread::yield_now();
        }
    }

    /// Its stdout, its exit code (`None` for a signal), and the rest of the screen.
    fn ends(mut self) -> (String, Option<i32>, String) {
        let mut stdout = String::new();
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut stdout)
            .unwrap();
        let code = self.child.wait().unwrap().code();
        assert!(self.echoes(), "the terminal shows what is typed");
        // Ends where the program's end has closed its side.
        while let Ok(bytes) = self.screen.recv_timeout(Duration::from_secs(20)) {
            self.seen += &String::from_utf8_lossy(&bytes);
        }
        (stdout, code, self.seen)
    }
}

#[test]
fn the_wizard_asks_and_shows_the_words_once() {
    let home = Home::empty();
    let mut terminal = Terminal::run(&home, &["register", "--logo", "https://a.example/x.png"]);
    terminal.expect("Name");
    terminal.enter("Ada");
    terminal.expect("Paymail");
    terminal.enter("");
    terminal.enter_hidden("New password", "short");
    terminal.enter_hidden("New password", PASSWORD);
    terminal.enter_hidden("The same again", "something else");
    terminal.enter_hidden("New password", PASSWORD);
    terminal.enter_hidden("The same again", PASSWORD);
    terminal.expect("Show the words");
    terminal.enter("y");
    terminal.expect("Press Enter");
    terminal.enter("");
    let (stdout, code, _) = terminal.ends();
    assert_eq!((code, stdout.lines().count()), (Some(0), 1));
    let profile = home.run(["profile"]).json();
    assert_eq!(
        (&profile["displayName"], profile.get("paymail")),
        (&"Ada".into(), None)
    );
    assert_eq!(profile["bapID"], stdout.trim_end());
}

#[test]
fn leaving_at_a_question_leaves_nothing() {
    let home = Home::empty();
    let mut terminal = Terminal::run(&home, &["register"]);
    for question in ["Name", "Paymail", "Picture"] {
        terminal.expect(question);
        terminal.enter("");
    }
    terminal.enter_hidden("New password", PASSWORD);
    terminal.expect("The same again");
    terminal.until_hidden();
    let pid = Pid::from_child(&terminal.child);
    kill_process(pid, Signal::INT).unwrap();
    let (stdout, code, _) = terminal.ends();
    assert_eq!(
        (code, stdout.as_str()),
        (None, ""),
        "it ended by the signal"
    );
    assert!(!home.path().exists());
}

#[test]
fn no_answer_is_no_password() {
    let home = Home::registered();
    let mut terminal = Terminal::run(&home, &["login"]);
    terminal.enter_hidden("Password: ", "");
    let (stdout, code, screen) = terminal.ends();
    assert_eq!((stdout.as_str(), code), ("", Some(2)));
    assert!(
        screen.contains("error: no answer, so nothing was done"),
        "{screen}"
    );
}

#[test]
fn a_password_typed_on_the_terminal_is_not_shown() {
    let home = Home::registered();
    let expected = home.run(["sign", "hi"]).password().prints();
    let mut terminal = Terminal::run(&home, &["sign", "hi"]);
    terminal.enter_hidden("Password: ", PASSWORD);
    let (stdout, code, screen) = terminal.ends();
    assert_eq!((stdout, code), (expected, Some(0)));
    assert!(!screen.contains("horse"), "{screen:?}");
}

#[test]
fn nobody_is_asked_with_no_input() {
    let home = Home::registered();
    let terminal = Terminal::run(&home, &["sign", "hi", "--no-input"]);
    let (stdout, code, screen) = terminal.ends();
    assert_eq!((stdout.as_str(), code), ("", Some(2)));
    assert!(
        screen.contains("error: the password is missing"),
        "{screen}"
    );
}
