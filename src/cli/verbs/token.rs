//! `tokenpass token`

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::wallet::{self, Host, Revoke, Satoshis, Scopes, TokenId, TokenInfo};
use crate::wire::access::ExpireTime;

/// List and revoke access tokens
///
/// A token is shown by its id, never itself. Neither command needs the
/// password, so that access can always be withdrawn.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Token {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(List),
    Revoke(RevokeArgs),
}

/// List the tokens that have not expired
#[derive(Args)]
#[command(after_help = "Example:
  tokenpass token list --host example.com")]
struct List {
    /// Only this host's
    #[arg(long, value_name = "HOST")]
    host: Option<Host>,

    /// How many to show at most [default: all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// How many to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
}

/// Revoke tokens at once, for every program that uses them
#[derive(Args)]
#[command(after_help = "Examples:
  tokenpass token revoke 3f9ac01be27d
  tokenpass token revoke --host example.com")]
struct RevokeArgs {
    #[command(flatten)]
    which: Which,

    /// Do not ask before all are revoked
    #[arg(long, requires = "all")]
    yes: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The token with this id, as `token list` shows it
    #[arg(value_name = "ID")]
    id: Option<TokenId>,

    /// All tokens of this host
    #[arg(long, value_name = "HOST")]
    host: Option<Host>,

    /// All tokens
    #[arg(long)]
    all: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "TokenList"))]
pub(crate) struct Listed {
    tokens: Vec<ListedRow>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ListedToken"))]
pub(crate) struct ListedRow {
    #[serde(flatten)]
    token: TokenRow,
    /// The OAuth client that it was given to.
    client: Option<String>,
}

/// A token in a list, as `GET /api/status` has it, with its id.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Token"))]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenRow {
    id: TokenId,
    host: Host,
    scopes: Scopes,
    created: u64,
    expire_time: ExpireTime,
    icon: Option<String>,
    /// What it may spend in a day; `None` is no limit.
    max_satoshis: Option<Satoshis>,
    #[serde(skip)]
    expires: String,
}

impl From<TokenInfo> for TokenRow {
    fn from(info: TokenInfo) -> Self {
        Self {
            id: info.id,
            host: info.host,
            scopes: info.scopes,
            created: info.created.as_millis(),
            expire_time: ExpireTime(info.expires),
            icon: info.icon,
            max_satoshis: info.max_satoshis,
            expires: info
                .expires
                .map_or_else(|| "never".to_owned(), |time| time.to_string()),
        }
    }
}

impl TokenRow {
    pub(crate) fn table(rows: &[Self], out: &mut Printout) {
        let rows: Vec<_> = rows.iter().map(Self::cells).collect();
        out.table(&["ID", "EXPIRES", "HOST", "SCOPES"], &[2, 3], &rows);
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.expires.clone(),
            self.host.to_string(),
            self.scopes_with_limit(),
        ]
    }

    fn scopes_with_limit(&self) -> String {
        match self.max_satoshis {
            Some(most) => format!("{} ({most} satoshis a day)", self.scopes),
            None => self.scopes.to_string(),
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Revoked {
    success: bool,
    revoked: usize,
}

impl Token {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        match self.command {
            Command::List(list) => Ok(app.terminal.show(&list.run(app)?)?),
            Command::Revoke(revoke) => Ok(app.terminal.show(&revoke.run(app)?)?),
        }
    }
}

impl List {
    fn run(self, app: &App) -> Result<Listed, CliError> {
        let page = wallet::Page {
            offset: self.offset,
            limit: self.limit.unwrap_or(wallet::Page::all().limit),
        };
        let tokens = app
            .existing_wallet()?
            .listed_tokens(self.host.as_ref(), page)?;
        let row = |(info, client)| ListedRow {
            token: TokenRow::from(info),
            client,
        };
        Ok(Listed {
            tokens: tokens.into_iter().map(row).collect(),
        })
    }
}

impl RevokeArgs {
    fn run(self, app: &App) -> Result<Revoked, CliError> {
        let named = self.which;
        let missing = named
            .id
            .as_ref()
            .map(|id| format!("no token has the id `{id}`"));
        let wallet = app.existing_wallet()?;
        if named.all {
            let count = wallet.tokens(None, wallet::Page::all())?.len();
            let loss = format!("Every app has to be let in again: all {count} access tokens end.");
            app.terminal.confirm_loss(self.yes || count == 0, &loss)?;
        }
        let which = match (named.id, named.host) {
            (Some(id), _) => Revoke::Id(id),
            (None, Some(host)) => Revoke::Host(host),
            (None, None) => Revoke::All,
        };
        let revoked = wallet.revoke(&which)?;
        match missing {
            Some(message) if revoked == 0 => Err(CliError::NotFound {
                message,
                hint: "`tokenpass token list` shows the ids",
            }),
            _ => Ok(Revoked {
                success: true,
                revoked,
            }),
        }
    }
}

impl Outcome for Listed {
    fn text(&self, out: &mut Printout) {
        if self.tokens.is_empty() {
            out.aside("no access tokens");
        }
        out.count(self.tokens.len(), "access token", "access tokens");
        let cells = |row: &ListedRow| {
            let mut cells = row.token.cells();
            cells.push(row.client.clone().unwrap_or_default());
            cells
        };
        let rows: Vec<_> = self.tokens.iter().map(cells).collect();
        out.table(
            &["ID", "EXPIRES", "HOST", "SCOPES", "CLIENT"],
            &[2, 3, 4],
            &rows,
        );
    }
}

impl Outcome for Revoked {
    fn text(&self, out: &mut Printout) {
        out.aside(&match self.revoked {
            1 => "one token is revoked".to_owned(),
            n => format!("{n} tokens are revoked"),
        });
    }
}
