//! `tokenpass serve`

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::app::App;
use super::error::CliError;
use super::exit::Exit;
use super::password::PasswordArgs;
use super::values;

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

impl Serve {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let _ = (self.listen, self.unlock, self.auto_lock, self.log);
        let _ = (self.password.read(app)?, app.wallet()?);
        Err(CliError::input("`serve` is not part of this build"))
    }
}
