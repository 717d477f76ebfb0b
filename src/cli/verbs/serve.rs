//! `tokenpass serve`

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::durations;
use crate::cli::environment::{self, parse, variable};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::platform::memory::wiped_stack;
use crate::platform::signals::StopSignals;
use crate::platform::systemd;
use crate::server::{self, Listen, PublicName, ServeError, ServeOptions, Server};
use crate::wallet::{UnlockedWallet, Wallet};
use crate::wire::brc100;

/// Serve the REST API on this machine
///
/// Prints its address when it accepts connections and logs to standard error
/// until SIGINT, SIGTERM or the end of its terminal; requests under way are
/// finished first. The wallet is locked until a client logs in, `tokenpass
/// login --server` is run, or --unlock asks for the password at start.
#[derive(Args)]
#[command(after_help = "Environment:
  TOKENPASS_HOST              more names to answer to, separated by commas
  TOKENPASS_PORT              the port to listen on
  TOKENPASS_ORIGIN_WHITELIST  approved origins, separated by commas

Examples:
  tokenpass serve --unlock
  tokenpass serve --brc100
  tokenpass serve --listen 127.0.0.1:0 --log json
  tokenpass serve --listen 21000 --listen 192.168.1.5:21000")]
pub(crate) struct Serve {
    /// The address to listen on, or the port; may be given again; port 0 picks a
    /// free one [default: localhost:21000, which is 127.0.0.1 and ::1]
    #[arg(long, value_name = "ADDRESS")]
    listen: Vec<Listen>,

    /// Unlock the wallet before serving
    #[arg(long)]
    unlock: bool,

    /// Lock the wallet after this long without a request; `0s`: never
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = durations::duration)]
    auto_lock: Duration,

    /// What “Allow” on a consent page asks for: password, or click for a click
    /// while the wallet is unlocked
    #[arg(
        long,
        value_name = "WITH",
        default_value = "password",
        hide_possible_values = true
    )]
    consent: Consent,

    /// Let BRC-100 apps find the wallet, at localhost:3321
    #[arg(long)]
    brc100: bool,

    /// The address or port where they find it instead
    #[arg(long, value_name = "ADDRESS")]
    brc100_listen: Option<Listen>,

    /// Requests a second that one token or origin may make; 0: unlimited
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    rate_limit: u32,

    /// The format of the access log: text, json, off
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

/// Where BRC-100 apps look for a wallet.
const BRC100: Listen = Listen::Localhost(brc100::DEFAULT_PORT);

/// What allows an app in.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Consent {
    /// The password, each time.
    Password,
    /// A click, by a browser of the owner's while the wallet is unlocked.
    Click,
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

/// Where it listens, printed once it accepts connections.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Ready {
    url: String,
    /// Where else.
    #[serde(rename = "otherUrls", skip_serializing_if = "Vec::is_empty")]
    others: Vec<String>,
    /// Where BRC-100 apps find the wallet.
    #[serde(rename = "brc100Url", skip_serializing_if = "Option::is_none")]
    brc100: Option<String>,
    unlocked: bool,
}

impl Serve {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let wallet = app.wallet_warning(server::warn_in(self.log_format()))?;
        // This thread does nothing from now on but wait.
        let unlocked = wiped_stack(|| self.unlocked(app, &wallet))?;
        let is_unlocked = unlocked.is_some();
        // Before the address is printed: whoever reads it may ask for a stop
        // at once.
        let mut signals = StopSignals::watch().map_err(ServeError::Start)?;
        let server = Server::start(wallet, self.options(app, unlocked)?)?;
        let brc100 = server.brc100_addresses();
        let mut addresses = server.addresses().iter().chain(brc100);
        if addresses.any(|address| !address.ip().is_loopback()) {
            app.terminal
                .warn("other machines can reach this server, and nothing on the way is encrypted");
        }
        let mut urls = told(server.addresses()).map(url);
        app.terminal.show(&Ready {
            url: urls.next().unwrap_or_default(),
            others: urls.collect(),
            brc100: brc100.first().map(|address| url(*address)),
            unlocked: is_unlocked,
        })?;
        if systemd::notify_ready().is_err() {
            app.terminal
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
        let given = self.password.read(app.terminal)?;
        app.unlock_with_password(wallet, given).map(Some)
    }

    fn options(
        &self,
        app: &App,
        unlocked: Option<UnlockedWallet>,
    ) -> Result<ServeOptions, CliError> {
        let hosts = list("TOKENPASS_HOST");
        let address = hosts.first().and_then(|host| host.parse::<IpAddr>().ok());
        Ok(ServeOptions {
            listen: self.listen_on(address)?,
            sockets: systemd::listen_fds().map_err(ServeError::Start)?,
            hosts: hosts
                .iter()
                .filter_map(|host| host_name(host))
                .collect::<Result<_, _>>()?,
            // An invalid entry stops the start: whoever wrote it believes that
            // it is approved.
            origins: list("TOKENPASS_ORIGIN_WHITELIST")
                .iter()
                .map(|origin| parse("TOKENPASS_ORIGIN_WHITELIST", origin))
                .collect::<Result<_, _>>()?,
            unlocked,
            auto_lock: Some(self.auto_lock).filter(|after| !after.is_zero()),
            consent: match self.consent {
                Consent::Password => server::ConsentBy::Password,
                Consent::Click => server::ConsentBy::Click,
            },
            brc100: self.brc100_listen.or(self.brc100.then_some(BRC100)),
            requests_per_second: self.rate_limit,
            agent: !app.no_agent,
            log: self.log_format(),
        })
    }

    fn log_format(&self) -> server::LogFormat {
        match self.log {
            LogFormat::Text => server::LogFormat::Text,
            LogFormat::Json => server::LogFormat::Json,
            LogFormat::Off => server::LogFormat::Off,
        }
    }

    fn listen_on(&self, host: Option<IpAddr>) -> Result<Vec<Listen>, CliError> {
        if !self.listen.is_empty() {
            return Ok(self.listen.clone());
        }
        let port = environment::port()?;
        Ok(vec![match host {
            Some(host) => Listen::At(SocketAddr::new(host, port)),
            None => Listen::Localhost(port),
        }])
    }
}

/// The addresses that are worth telling: ::1 beside 127.0.0.1 goes without saying.
fn told(addresses: &[SocketAddr]) -> impl Iterator<Item = SocketAddr> {
    addresses.iter().copied().filter(|address| {
        let twin = SocketAddr::from((Ipv4Addr::LOCALHOST, address.port()));
        address.ip() != Ipv6Addr::LOCALHOST || !addresses.contains(&twin)
    })
}

/// An address that works for a client on this machine. The one that stands for
/// all of them is no name of the server.
fn url(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

/// The values of an environment variable, with commas between them.
fn list(name: &str) -> Vec<String> {
    let values = variable(name).unwrap_or_default();
    let values = values.split(',').map(str::trim);
    let given = values.filter(|value| !value.is_empty());
    given.map(str::to_owned).collect()
}

/// A name that `TOKENPASS_HOST` adds to those that the `Host` header may have;
/// never the address that stands for all.
fn host_name(host: &str) -> Option<Result<PublicName, CliError>> {
    let name = match host.parse::<IpAddr>() {
        Ok(address) if address.is_unspecified() => return None,
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        _ => host.to_owned(),
    };
    Some(parse("TOKENPASS_HOST", &name))
}

impl Outcome for Ready {
    fn text(&self, out: &mut Printout) {
        out.line(&self.url);
        for url in &self.others {
            out.line(url);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_is_told_works() {
        for (address, told) in [
            ("127.0.0.1:21000", "http://127.0.0.1:21000"),
            ("0.0.0.0:21000", "http://127.0.0.1:21000"),
            ("[::]:21000", "http://[::1]:21000"),
            ("192.168.1.5:80", "http://192.168.1.5:80"),
        ] {
            assert_eq!(url(address.parse().unwrap()), told);
        }
    }
}
