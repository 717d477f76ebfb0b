//! The environment variables that say where the server is: read here, so that
//! `serve` and the commands that talk to it agree, also on what is wrong.

use std::env;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use super::error::CliError;
use crate::client::ServerUrl;
use crate::text::excerpt;
use crate::wire::DEFAULT_PORT;

/// A variable; an empty one counts as absent.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of a variable; what is wrong names the variable.
pub(crate) fn parse<T: FromStr<Err: Display>>(name: &str, value: &str) -> Result<T, CliError> {
    let wrong = |error| CliError::input(format!("`{name}`: `{}`: {error}", excerpt(value, 80)));
    value.parse().map_err(wrong)
}

/// `TOKENPASS_PORT`, else the port that clients look for.
pub(crate) fn port() -> Result<u16, CliError> {
    match variable("TOKENPASS_PORT") {
        Some(port) => parse("TOKENPASS_PORT", &port),
        None => Ok(DEFAULT_PORT),
    }
}

/// Where `TOKENPASS_PORT` and `TOKENPASS_HOST` say that a server listens on this
/// machine, else 127.0.0.1:21000.
pub(crate) fn usual_server() -> Result<ServerUrl, CliError> {
    let host = variable("TOKENPASS_HOST").and_then(|host| ServerUrl::loopback(&host));
    let ip = host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    Ok(ServerUrl::at(SocketAddr::new(ip, port()?)).expect("both addresses are loopback"))
}
