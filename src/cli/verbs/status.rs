//! `tokenpass status`

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::backup;
use super::token::TokenRow;
use crate::cli::app::{self, App};
use crate::cli::durations;
use crate::cli::environment;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::sharing;
use crate::cli::terminal::{Outcome, Printout};
use crate::client::{self, Sighting};
use crate::identity::BapId;
use crate::wallet::{self, HostKeyInfo, Timestamp};
use crate::wire::backup::BackupState;

/// Show the wallet, this shell's session, a server, hosts and tokens
///
/// Needs no password: what it shows is public to whoever may read the
/// wallet's folder.
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass status
  tokenpass status --check && tokenpass sign \"Hello\"
  tokenpass status --json | jq .unlocked")]
pub(crate) struct Status {
    /// Print nothing; exit with 0 if unlocked, 4 if locked, 3 if there is no wallet
    #[arg(long, conflicts_with_all = ["limit", "offset"])]
    check: bool,

    /// Draw the BAP ID as a QR code
    #[arg(long, conflicts_with_all = ["check", "limit", "offset"])]
    qr: bool,

    /// How many hosts and tokens to show at most [default: all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// How many hosts and tokens to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
}

/// As `GET /api/status` has it, and what a shell wants to know.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "StatusReport"))]
pub(crate) struct Report {
    seed: bool,
    unlocked: bool,
    #[cfg_attr(test, schemars(with = "String"))]
    home: PathBuf,
    #[serde(rename = "bapID")]
    bap_id: Option<BapId>,
    session: Option<Session>,
    /// The one of this wallet.
    server: Option<Running>,
    /// Another wallet's, where this one's was looked for.
    #[serde(rename = "otherServer", skip_serializing_if = "Option::is_none")]
    other_server: Option<Running>,
    /// How it stands with the backups; `null` without a wallet.
    backup: Option<BackupState>,
    #[serde(skip)]
    now: Timestamp,
    keys: Vec<HostKeyInfo>,
    #[serde(rename = "keyCount")]
    key_count: u64,
    states: Vec<TokenRow>,
    #[serde(rename = "stateCount")]
    state_count: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ShellSession"))]
pub(crate) struct Session {
    live: bool,
    #[serde(rename = "expireTime")]
    expires: Option<Timestamp>,
    #[serde(skip)]
    left: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "RunningServer"))]
pub(crate) struct Running {
    url: String,
    unlocked: bool,
    proven: bool,
}

impl From<Sighting> for Running {
    fn from(seen: Sighting) -> Self {
        Self {
            url: seen.url.to_string(),
            unlocked: seen.is_unlocked,
            proven: seen.is_proven,
        }
    }
}

impl Status {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        if self.check {
            // A prompt or a script asks, for which even an error is noise.
            return Ok(check(app).unwrap_or_else(|error| error.complaint().exit));
        }
        if self.qr {
            let id = app.existing_wallet()?.bap_id()?;
            return sharing::draw(app, id.as_str());
        }
        Ok(app.terminal.show(&self.report(app)?)?)
    }

    fn report(self, app: &App) -> Result<Report, CliError> {
        let wallet = app.wallet()?;
        let page = wallet::Page {
            offset: self.offset,
            limit: self.limit.unwrap_or(wallet::Page::all().limit),
        };
        let status = wallet.status(page)?;
        let now = wallet.environment().now();
        let session = app::session().map(|key| {
            let expires = match key {
                Ok(key) => wallet.session_expiry(&key)?,
                Err(_) => None,
            };
            Ok::<_, CliError>(Session {
                live: expires.is_some(),
                expires,
                left: expires.map_or_else(String::new, |end| durations::in_words(end.since(now))),
            })
        });
        let session = session.transpose()?;
        let id = wallet.id()?.map(|id| id.to_string());
        let seen = client::look(wallet.home(), id.as_deref(), &environment::usual_server()?)?;
        let (server, other_server) = match seen {
            Some(seen) if seen.is_ours => (Some(Running::from(seen)), None),
            Some(seen) => (None, Some(Running::from(seen))),
            None => (None, None),
        };
        Ok(Report {
            seed: status.exists,
            unlocked: session.as_ref().is_some_and(|session| session.live),
            home: wallet.home().to_owned(),
            bap_id: status.bap_id,
            session,
            server,
            other_server,
            backup: wallet.backup_status()?.map(BackupState::from),
            now,
            keys: status.hosts,
            key_count: status.host_count,
            states: status.tokens.into_iter().map(TokenRow::from).collect(),
            state_count: status.token_count,
        })
    }
}

/// Whether a command that needs keys would ask for the password: never asks
/// for it itself.
fn check(app: &App) -> Result<Exit, CliError> {
    let wallet = app.wallet()?;
    if !wallet.exists()? {
        return Ok(Exit::NoWallet);
    }
    if let Some(Ok(key)) = app::session()
        && wallet.session_expiry(&key)?.is_some()
    {
        return Ok(Exit::Done);
    }
    let is_unlocked = || app.proven_server(None).ok()?.is_unlocked().ok();
    Ok(match !app.no_agent && is_unlocked() == Some(true) {
        true => Exit::Done,
        false => Exit::Locked,
    })
}

impl fmt::Display for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.unlocked { "unlocked" } else { "locked" };
        write!(f, "{state} at {}", self.url)?;
        if !self.proven {
            f.write_str(", but it cannot prove that it is this wallet's")?;
        }
        Ok(())
    }
}

impl Outcome for Report {
    fn text(&self, out: &mut Printout) {
        let home = self.home.display().to_string();
        let wallet = match (&self.bap_id, self.seed) {
            (Some(id), _) => id.to_string(),
            (None, true) => "exists".to_owned(),
            (None, false) => "none yet: `tokenpass register` makes one".to_owned(),
        };
        let session = match &self.session {
            Some(session) if session.live => format!("live, {} left", session.left),
            Some(_) => "ended".to_owned(),
            None => "none".to_owned(),
        };
        let server = match (&self.server, &self.other_server) {
            (Some(server), _) => server.to_string(),
            (None, Some(other)) => format!("not running; {} is another wallet's", other.url),
            (None, None) => "not running".to_owned(),
        };
        let mut fields = vec![
            ("home", home.as_str()),
            ("wallet", &wallet),
            ("session", &session),
            ("server", &server),
        ];
        let backup = (self.backup.as_ref()).map(|state| backup::status::in_short(state, self.now));
        fields.extend(backup.as_deref().map(|backup| ("backup", backup)));
        out.fields(&fields);
        if !self.keys.is_empty() {
            out.aside(&format!("\nHosts ({})", self.key_count));
            let row = |key: &HostKeyInfo| vec![key.host.clone(), key.address.clone()];
            let rows: Vec<_> = self.keys.iter().map(row).collect();
            out.table(&["HOST", "ADDRESS"], &[0], &rows);
        }
        if !self.states.is_empty() {
            out.aside(&format!("\nAccess tokens ({})", self.state_count));
            TokenRow::table(&self.states, out);
        }
    }

    fn exit(&self) -> Exit {
        if self.seed {
            Exit::Done
        } else {
            Exit::NoWallet
        }
    }
}
