//! The environment variables that say where the server is: read here, so that
//! `serve` and the commands that talk to it agree, also on what is wrong.

use std::env;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use super::error::CliError;
use crate::client::Server;
use crate::wire::DEFAULT_PORT;

/// A variable; an empty one counts as absent.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of a variable; what is wrong names the variable.
pub(crate) fn parse<T: FromStr<Err: Display>>(name: &str, value: &str) -> Result<T, CliError> {
    let wrong = |error| CliError::input(format!("`{name}`: `{value}`: {error}"));
    value.parse().map_err(wrong)
}

/// `TOKENPASS_PORT`, else the port that clients look for.
pub(crate) fn port() -> Result<u16, CliError> {
    match variable("TOKENPASS_PORT") {
        Some(port) => parse("TOKENPASS_PORT", &port),
        None => Ok(DEFAULT_PORT),
    }
}

/// The server on this machine that `TOKENPASS_PORT` and `TOKENPASS_HOST` point
/// to, else the one at 127.0.0.1:21000.
pub(crate) fn server() -> Result<Server, CliError> {
    let host = variable("TOKENPASS_HOST").and_then(|host| Server::loopback(&host));
    let ip = host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    Ok(Server::at(ip, port()?))
}

/// The value of `--server`: a URL, or nothing for [`server`].
#[derive(Clone, Debug)]
pub(crate) enum ServerArg {
    /// The URL was left out.
    Default,
    /// This one.
    Named(Server),
}

impl ServerArg {
    pub(crate) fn server(self) -> Result<Server, CliError> {
        match self {
            Self::Default => server(),
            Self::Named(server) => Ok(server),
        }
    }
}

impl FromStr for ServerArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self::Default);
        }
        text.parse().map(Self::Named)
    }
}
