//! `tokenpass serve`

use std::env;
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::app::App;
use super::client;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Answer, Page};
use super::password::PasswordArgs;
use super::values;
use crate::platform::signals::StopSignals;
use crate::platform::{limits, systemd};
use crate::server::{self, ServeError, ServeOptions, Server};
use crate::wallet::{Host, UnlockedWallet, Wallet};

/// Serve the REST API on this machine
///
/// Prints its address when it accepts connections and logs to standard error
/// until SIGINT or SIGTERM; requests under way are finished first. The wallet
/// is locked until a client logs in, `tokenpass login --server` is run, or
/// --unlock asks for the password at start.
#[derive(Args)]
#[command(after_help = "Environment:
  TOKENPASS_HOST              one more name to answer to
  TOKENPASS_PORT              the port to listen on
  TOKENPASS_ORIGIN_WHITELIST  origins that are approved, with commas between

Examples:
  tokenpass serve --unlock
  tokenpass serve --listen 127.0.0.1:0 --log json")]
pub(crate) struct Serve {
    /// The address to listen on; port 0 picks a free one
    /// [default: 127.0.0.1:21000]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// Unlock the wallet before serving
    #[arg(long)]
    unlock: bool,

    /// Lock the wallet after so long without a request; `0s` never does
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = values::duration)]
    auto_lock: Duration,

    /// How the access log is written: text, json
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    log: LogFormat,

    #[command(flatten)]
    password: PasswordArgs,
}

/// How the access log is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    /// A line for a person.
    Text,
    /// A JSON object a line.
    Json,
}

/// Connections and database handles for a crowd of slow clients.
const OPEN_FILES: u64 = 65_536;

/// Where it listens, told when connections are accepted.
#[derive(Serialize)]
struct Ready {
    url: String,
    unlocked: bool,
}

impl Serve {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.wallet()?;
        let unlocked = self.unlocked(app, &wallet)?;
        let is_unlocked = unlocked.is_some();
        let _ = limits::raise_open_files(OPEN_FILES);
        // Before the address is told: a stop may be asked for right after it.
        let mut signals = StopSignals::watch().map_err(ServeError::Start)?;
        let server = Server::start(wallet, self.options(unlocked)?)?;
        let url = server
            .addresses()
            .first()
            .map(|address| format!("http://{address}"));
        app.output.show(&Ready {
            url: url.unwrap_or_default(),
            unlocked: is_unlocked,
        })?;
        if systemd::notify_ready().is_err() {
            app.output
                .warn("the service manager cannot be told that the server is ready");
        }
        signals.wait();
        let _ = systemd::notify_stopping();
        server.stop();
        Ok(Exit::Done)
    }

    fn unlocked(&self, app: &App, wallet: &Wallet) -> Result<Option<UnlockedWallet>, CliError> {
        if !self.unlock {
            return Ok(None);
        }
        let given = self.password.read(app)?;
        app.unlock_with_password(wallet, given).map(Some)
    }

    fn options(&self, unlocked: Option<UnlockedWallet>) -> Result<ServeOptions, CliError> {
        let defaults = ServeOptions::default();
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let host: Option<Host> = parsed("TOKENPASS_HOST", variable("TOKENPASS_HOST"))?;
        let port: Option<u16> = parsed("TOKENPASS_PORT", variable("TOKENPASS_PORT"))?;
        let origins = variable("TOKENPASS_ORIGIN_WHITELIST").unwrap_or_default();
        let origins = origins
            .split(',')
            .map(str::trim)
            .filter(|origin| !origin.is_empty());
        let origins = origins
            .map(|origin| parsed("TOKENPASS_ORIGIN_WHITELIST", Some(origin.to_owned())))
            .filter_map(Result::transpose)
            .collect::<Result<Vec<_>, _>>()?;
        let listen = match self.listen {
            Some(address) => vec![address],
            None => vec![SocketAddr::from((
                Ipv4Addr::LOCALHOST,
                port.unwrap_or(client::DEFAULT_PORT),
            ))],
        };
        Ok(ServeOptions {
            listen,
            sockets: systemd::listen_fds().map_err(ServeError::Start)?,
            host,
            origins,
            unlocked,
            auto_lock: Some(self.auto_lock).filter(|after| !after.is_zero()),
            log: match self.log {
                LogFormat::Text => server::LogFormat::Text,
                LogFormat::Json => server::LogFormat::Json,
            },
            ..defaults
        })
    }
}

/// The value of an environment variable; what is wrong names the variable.
fn parsed<T: FromStr<Err: Display>>(
    name: &str,
    value: Option<String>,
) -> Result<Option<T>, CliError> {
    let parsed = value.map(|value| {
        let wrong = |error| CliError::input(format!("`{name}`: `{value}`: {error}"));
        value.parse().map_err(wrong)
    });
    parsed.transpose()
}

impl Answer for Ready {
    fn text(&self, page: &mut Page) {
        page.line(&self.url);
    }
}
