//! A command that has done its work, held just before it ends.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::scan::is_allowed;
use crate::support::Home;
use crate::support::run::{tokenpass, under};

/// Killed when dropped.
pub(crate) struct Held {
    strace: Child,
    pid: u32,
}

impl Held {
    /// `None` where `strace` is not there, or memory cannot be read.
    pub(crate) fn at_its_end(home: &Home, args: &[&str], stdin: &str) -> Option<Self> {
        let mut command = tokenpass(&home.path());
        command.args(args).env("TOKENPASS_PORT", "1");
        // Rust's runtime asks for the stack of its signal handlers twice before
        // `main`, and gives it back after it.
        let hold = "inject=sigaltstack:signal=SIGSTOP:when=3";
        let strace = under(&command, "strace", &["-e", "trace=sigaltstack", "-e", hold])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut held = Self { strace, pid: 0 };
        let mut input = held.strace.stdin.take().unwrap();
        // One that does not read it may have closed it.
        let _ = input.write_all(stdin.as_bytes());
        drop(input);
        let said = BufReader::new(held.strace.stderr.take().unwrap());
        let mut lines = said.lines().map_while(Result::ok);
        let mut before = Vec::new();
        while !before
            .last()
            .is_some_and(|line: &String| line.contains("stopped by SIGSTOP"))
        {
            let Some(line) = lines.next() else {
                panic!("{args:?} was not held: {before:#?}");
            };
            before.push(line);
        }
        let strace = held.strace.id();
        let children = fs::read_to_string(format!("/proc/{strace}/task/{strace}/children"));
        held.pid = children.unwrap().trim().parse().unwrap();
        is_allowed(held.pid).then_some(held)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(pid) = Pid::from_raw(self.pid.cast_signed()) {
            let _ = kill_process(pid, Signal::KILL);
        }
        let _ = self.strace.kill();
        let _ = self.strace.wait();
    }
}
