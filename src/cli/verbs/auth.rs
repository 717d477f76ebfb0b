//! `tokenpass auth`

use clap::Args;

use crate::cli::app::App;
use crate::cli::durations::TokenLife;
use crate::cli::error::CliError;
use crate::cli::password::PasswordArgs;
use crate::cli::terminal::{Outcome, Printout};
use crate::cli::values::IdentityName;
use crate::wallet::{Grant, Host, Satoshis, Scopes};
use crate::wire::access::Granted;

/// Grant an access token to an app
///
/// Prints the token, once: the wallet keeps only its hash. With it, programs
/// of that host can use a running server within the scopes, until it expires
/// or is revoked.
///
/// Scopes: sign, encrypt, decrypt, read_profile, write_profile, read_state,
/// write_state, fund, transfer. A token without scopes only proves its host.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass auth --host example.com --scopes sign --expire 1d
  curl -H \"Authorization: $(tokenpass auth --host localhost --scopes sign)\" …")]
pub(crate) struct Auth {
    /// The host that may use the token
    #[arg(long, value_name = "HOST")]
    host: Host,

    /// How long it lives: once (10 seconds), month, forever, or a time like 12h or 7d
    #[arg(long, value_name = "EXPIRY", default_value = "once", value_parser = TokenLife::parse)]
    expire: TokenLife,

    /// What it allows, separated by commas
    #[arg(
        long,
        value_name = "SCOPES",
        default_value = "",
        hide_default_value = true
    )]
    scopes: Scopes,

    /// The app's icon, shown in lists
    #[arg(long, value_name = "URL")]
    icon: Option<String>,

    /// The identity it may sign as
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<IdentityName>,

    /// What it may spend in a day, fees included [default: no limit]
    #[arg(long, value_name = "N")]
    max_satoshis: Option<Satoshis>,

    #[command(flatten)]
    password: PasswordArgs,
}

impl Auth {
    pub(crate) fn run(self, app: &App) -> Result<Granted, CliError> {
        let given = self.password.read(app.terminal)?;
        let unlocked = app.unlock(given)?;
        let identity = self.identity.map(|name| name.find(&unlocked));
        let primary = unlocked.bap_id()?;
        let granted = unlocked.grant(&Grant {
            host: self.host,
            scopes: self.scopes,
            expiry: self.expire.expiry(app.terminal),
            icon: self.icon,
            identity: identity.transpose()?,
            max_satoshis: self.max_satoshis,
        })?;
        Ok(Granted::new(granted, primary))
    }
}

impl Outcome for Granted {
    fn text(&self, out: &mut Printout) {
        out.line(&self.access_token.0);
    }
}
