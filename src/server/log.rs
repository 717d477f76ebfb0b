//! The access log on stderr: one line per request, as text or JSON. It names
//! host, endpoint, status and time, never a secret, a message or a token.
//!
//! It never holds up an answer: a thread of its own writes, and lines are
//! dropped and counted while nobody reads them.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::error::ApiError;
use crate::http::HttpRequest;
use crate::text::{excerpt, secrecy, shortened};
use crate::wallet::{Environment, Host, Origin, WalletError};

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
    /// Nothing but warnings.
    Off,
}

/// Writes warnings as a log of this format has them.
pub fn warn_in(format: LogFormat) -> impl Fn(&str) + Send + Sync + 'static {
    let log = AccessLog::new(format, Environment::system());
    move |text| log.warn(text)
}

/// Waits until everything is written, but not for a reader who does not come.
pub(super) fn flush() {
    STDERR.flush(PATIENCE);
}

/// See the module.
pub(super) struct AccessLog {
    format: LogFormat,
    environment: Environment,
}

/// What the log tells of a request beside what the request says itself.
pub(super) struct Logged<'a> {
    pub(super) status: u16,
    /// The host that it was for.
    pub(super) host: Option<&'a Host>,
    /// Why it got no further than the door.
    pub(super) refused: Option<&'a ApiError>,
}

impl AccessLog {
    pub(super) fn new(format: LogFormat, environment: Environment) -> Self {
        Self {
            format,
            environment,
        }
    }

    pub(super) fn request(&self, request: &HttpRequest, logged: &Logged<'_>) {
        if self.format == LogFormat::Off {
            return;
        }
        let micros = request.received.elapsed().as_micros();
        let at = self.environment.now();
        let method = shown(&request.method);
        let path = shown(&secrecy::target(&request.path));
        let Logged {
            status,
            host,
            refused,
        } = *logged;
        match self.format {
            LogFormat::Off => {}
            LogFormat::Text => {
                let host = host.map_or("-", Host::as_str);
                let millis = micros / 1000;
                let rest = micros % 1000;
                let mut line = format!("{at} {status} {method} {path} {host} {millis}.{rest:03}ms");
                match refused {
                    Some(ApiError::OriginNotApproved(origin)) => {
                        line += &format!(" origin {} is not approved", shown(origin.as_str()));
                        if let Some(command) = approval(origin) {
                            line += &format!(", hint: {command}");
                        }
                    }
                    Some(error @ ApiError::Misdirected(_)) => line += &format!(" {error}"),
                    _ => {}
                }
                self.write(line);
            }
            LogFormat::Json => {
                let mut line = json!({
                    "at": at.to_string(), "status": status, "method": method, "path": path,
                    "host": host, "micros": u64::try_from(micros).ok(),
                });
                match refused {
                    Some(ApiError::OriginNotApproved(origin)) => {
                        line["origin"] = shown(origin.as_str()).into();
                        line["hint"] = approval(origin).into();
                    }
                    Some(error @ ApiError::Misdirected(_)) => {
                        line["error"] = error.to_string().into();
                    }
                    _ => {}
                }
                self.write(line.to_string());
            }
        }
    }

    /// Something that never became a request.
    pub(super) fn refused(&self, status: u16, why: &str) {
        let at = self.environment.now();
        let why = shortened(why, SHOWN);
        match self.format {
            LogFormat::Off => {}
            LogFormat::Text => self.write(format!("{at} {status} - - - {why}")),
            LogFormat::Json => {
                let line = json!({"at": at.to_string(), "status": status, "error": why});
                self.write(line.to_string());
            }
        }
    }

    /// Reports a failure that must not fail the request.
    pub(super) fn warn_if_failed(&self, result: Result<(), WalletError>) {
        if let Err(error) = result {
            self.warn(&error.to_string());
        }
    }

    /// Something that the person who runs the server may want to know.
    pub(super) fn note(&self, message: &str) {
        let at = self.environment.now();
        match self.format {
            LogFormat::Off => {}
            LogFormat::Text => self.write(format!("{at} {message}")),
            LogFormat::Json => {
                self.write(json!({"at": at.to_string(), "note": message}).to_string());
            }
        }
    }

    /// Something that the person who runs the server should know.
    pub(super) fn warn(&self, message: &str) {
        self.write(self.warning(message));
    }

    fn warning(&self, message: &str) -> String {
        let at = self.environment.now();
        let message = shortened(message, SHOWN);
        match self.format {
            LogFormat::Json => json!({"at": at.to_string(), "warning": message}).to_string(),
            LogFormat::Text | LogFormat::Off => format!("{at} warning: {message}"),
        }
    }

    fn write(&self, line: String) {
        STDERR.push(line, |dropped| {
            self.warning(&format!("nobody read the log: lines dropped: {dropped}"))
        });
    }
}

/// Characters of a text that a line holds.
const SHOWN: usize = 100;

/// Foreign text as a line of the log may hold it: no secret, even in a path.
fn shown(text: &str) -> String {
    excerpt(text, SHOWN)
}

/// The command that approves an origin; none that a shell would read otherwise.
fn approval(origin: &Origin) -> Option<String> {
    let origin = origin.as_str();
    let plain = |c: char| c.is_ascii_alphanumeric() || ":/.-_[]".contains(c);
    origin
        .chars()
        .all(plain)
        .then(|| format!("tokenpass origin allow {origin}"))
}

/// Lines that wait to be written at most.
const MOST_LINES: usize = 4096;

/// How long a stop waits for the log to be read.
const PATIENCE: Duration = Duration::from_millis(500);

/// There is one stderr in a process, and one thread that writes to it.
static STDERR: Writer = Writer {
    start: Once::new(),
    queue: Mutex::new(Queue {
        lines: VecDeque::new(),
        dropped: 0,
        writing: false,
    }),
    changed: Condvar::new(),
};

struct Writer {
    start: Once,
    queue: Mutex<Queue>,
    changed: Condvar,
}

struct Queue {
    lines: VecDeque<String>,
    /// Lines for which there was no room, and which nobody was told of yet.
    dropped: u64,
    /// Lines have been taken and are being written.
    writing: bool,
}

impl Writer {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a line written as soon as somebody reads it, after what `told` makes
    /// of the number of lines that were dropped before it.
    fn push(&'static self, line: String, told: impl FnOnce(u64) -> String) {
        self.start.call_once(|| {
            let writer = thread::Builder::new().name("log".into());
            // Without the thread nothing is written, and serving goes on.
            let _ = writer.stack_size(256 * 1024).spawn(|| self.write_all());
        });
        let mut queue = self.queue();
        if queue.lines.len() >= MOST_LINES {
            queue.dropped += 1;
            return;
        }
        if queue.dropped > 0 {
            let dropped = std::mem::take(&mut queue.dropped);
            queue.lines.push_back(told(dropped));
        }
        // Else the writer looks again before it waits: no system call a line.
        let waits = queue.lines.is_empty() && !queue.writing;
        queue.lines.push_back(line);
        drop(queue);
        if waits {
            self.changed.notify_all();
        }
    }

    fn write_all(&self) {
        loop {
            let mut queue = self
                .changed
                .wait_while(self.queue(), |queue| queue.lines.is_empty())
                .unwrap_or_else(PoisonError::into_inner);
            let lines = std::mem::take(&mut queue.lines);
            queue.writing = true;
            drop(queue);
            let mut text = String::new();
            for line in lines {
                text += &line;
                text.push('\n');
            }
            // Serving goes on even if the log cannot be written.
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
            self.queue().writing = false;
            self.changed.notify_all();
        }
    }

    fn flush(&self, patience: Duration) {
        let busy = |queue: &mut Queue| queue.writing || !queue.lines.is_empty();
        drop(
            self.changed
                .wait_timeout_while(self.queue(), patience, busy),
        );
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_a_command_that_can_be_pasted() {
        let told = |origin: &str| approval(&origin.parse().unwrap());
        assert_eq!(
            told("https://app.example:8443").as_deref(),
            Some("tokenpass origin allow https://app.example:8443")
        );
        assert!(told("http://[::1]:3000").is_some());
        for origin in ["https://a;reboot", "https://$(reboot)", "https://a&b"] {
            assert_eq!(told(origin), None, "{origin}");
        }
    }
}
