//! `tokenpass serve`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::app::App;
use super::error::CliError;
use super::exit::Exit;
use super::password::PasswordArgs;
use super::{output, values};
use crate::platform::signals::StopSignals;
use crate::platform::systemd;
use crate::server::{DEFAULT_PORT, ServeError, ServeOptions, Server};
use crate::wallet::{Host, Origin, WalletError};

/// Serve the REST API on this machine
///
/// Prints its address when it accepts connections and logs to standard error
/// until SIGINT or SIGTERM; requests under way are finished first. The wallet
/// is locked until a client logs in, `tokenpass login --server` is run, or
/// --unlock asks for the password at start.
#[derive(Args)]
#[command(after_help = "Environment:
  TOKENPASS_HOST              an address to listen on, and a name to answer to
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

    /// Requests a second that one token or origin may make; 0 is any number
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    rate_limit: u32,

    /// How the access log is written: text, json, off
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
    /// Warnings only.
    Off,
}

impl Serve {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.wallet()?;
        let given = self.password.read(app)?;
        let unlocked = match (self.unlock, wallet.exists()?) {
            (false, _) => None,
            (true, false) => return Err(WalletError::NoWallet.into()),
            (true, true) => Some(app.unlock_with_password(&wallet, given)?),
        };
        let name = environment("TOKENPASS_HOST");
        let address = name.as_deref().and_then(|name| name.parse::<IpAddr>().ok());
        let options = ServeOptions {
            listen: self.addresses(address)?,
            sockets: systemd::listen_fds()
                .map_err(|error| CliError::from(ServeError::Start(error)))?,
            host: host_name(name.as_deref(), address)?,
            origins: origins()?,
            unlocked,
            auto_lock: Some(self.auto_lock).filter(|after| !after.is_zero()),
            requests_per_second: self.rate_limit,
            log: self.log.into(),
        };
        if options
            .listen
            .iter()
            .any(|address| !address.ip().is_loopback())
        {
            app.output.warn(
                "other machines can reach this server, and what they send is not encrypted on the way",
            );
        }
        let mut signals = StopSignals::watch().map_err(ServeError::Start)?;
        let server = Server::start(wallet, options)?;
        for address in server.addresses() {
            output::write_stdout(format!("http://{address}\n").as_bytes())?;
        }
        // Without a service manager there is nobody to tell.
        let _ = systemd::notify_ready();
        signals.wait();
        let _ = systemd::notify_stopping();
        server.stop();
        Ok(Exit::Done)
    }

    fn addresses(&self, address: Option<IpAddr>) -> Result<Vec<SocketAddr>, CliError> {
        if let Some(listen) = self.listen {
            return Ok(vec![listen]);
        }
        let port = match environment("TOKENPASS_PORT") {
            None => DEFAULT_PORT,
            Some(text) => text.parse().map_err(|_| {
                CliError::input(format!("`TOKENPASS_PORT`: `{text}` is not a port"))
            })?,
        };
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        Ok(vec![SocketAddr::new(address, port)])
    }
}

/// What `TOKENPASS_HOST` adds to the names that the `Host` header may have;
/// never the address that stands for all.
fn host_name(name: Option<&str>, address: Option<IpAddr>) -> Result<Option<Host>, CliError> {
    let Some(name) = name.filter(|_| !address.is_some_and(|address| address.is_unspecified()))
    else {
        return Ok(None);
    };
    let name = match address {
        Some(IpAddr::V6(address)) => format!("[{address}]"),
        _ => name.to_owned(),
    };
    match name.parse::<Host>() {
        Ok(host) => Ok(Some(host)),
        Err(error) => Err(CliError::input(format!("`TOKENPASS_HOST`: {error}"))),
    }
}

/// `TOKENPASS_ORIGIN_WHITELIST`: one origin that is none stops the start,
/// since who wrote it believes it to be approved.
fn origins() -> Result<Vec<Origin>, CliError> {
    let list = environment("TOKENPASS_ORIGIN_WHITELIST").unwrap_or_default();
    list.split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| {
            text.parse()
                .map_err(|error| CliError::input(format!("`TOKENPASS_ORIGIN_WHITELIST`: {error}")))
        })
        .collect()
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl From<LogFormat> for crate::server::LogFormat {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text,
            LogFormat::Json => Self::Json,
            LogFormat::Off => Self::Off,
        }
    }
}
