//! The access log on stderr: one line per request, as text or JSON. It names
//! host, endpoint, status and time, never a secret, a message or a token.

use std::io::Write;

use serde_json::json;

use crate::http::HttpRequest;
use crate::wallet::{Environment, Host, WalletError};

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

/// See the module.
pub(super) struct AccessLog {
    format: LogFormat,
    environment: Environment,
}

impl AccessLog {
    pub(super) fn new(format: LogFormat, environment: Environment) -> Self {
        Self {
            format,
            environment,
        }
    }

    pub(super) fn request(&self, request: &HttpRequest, status: u16, host: Option<&Host>) {
        let micros = request.received.elapsed().as_micros();
        let at = self.environment.now();
        let method = clean(&request.method);
        let path = clean(&request.path);
        match self.format {
            LogFormat::Off => {}
            LogFormat::Text => {
                let host = host.map_or("-", Host::as_str);
                let millis = micros / 1000;
                let rest = micros % 1000;
                write(&format!(
                    "{at} {status} {method} {path} {host} {millis}.{rest:03}ms\n"
                ));
            }
            LogFormat::Json => write(&format!(
                "{}\n",
                json!({"at": at.to_string(), "status": status, "method": method,
                       "path": path, "host": host, "micros": u64::try_from(micros).ok()})
            )),
        }
    }

    /// Something that never became a request.
    pub(super) fn refused(&self, status: u16, why: &str) {
        let at = self.environment.now();
        match self.format {
            LogFormat::Off => {}
            LogFormat::Text => write(&format!("{at} {status} - - - {}\n", clean(why))),
            LogFormat::Json => write(&format!(
                "{}\n",
                json!({"at": at.to_string(), "status": status, "error": clean(why)})
            )),
        }
    }

    /// Reports a failure that must not fail the request.
    pub(super) fn warn_if_failed(&self, result: Result<(), WalletError>) {
        if let Err(error) = result {
            self.warn(&error.to_string());
        }
    }

    /// Something that the person who runs the server should know.
    pub(super) fn warn(&self, message: &str) {
        let at = self.environment.now();
        match self.format {
            LogFormat::Json => write(&format!(
                "{}\n",
                json!({"at": at.to_string(), "warning": clean(message)})
            )),
            _ => write(&format!("{at} warning: {}\n", clean(message))),
        }
    }
}

/// Foreign text, shortened and without control characters, so that it cannot
/// steer the terminal that shows it.
fn clean(text: &str) -> String {
    text.chars()
        .take(100)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// Serving goes on even if the log cannot be written.
fn write(line: &str) {
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}
